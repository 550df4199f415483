"""JSON that isn't quite: whatever could be read in two ways, or takes more than it is worth, is refused."""

from __future__ import annotations

import json
import time

import pytest
from hostile import log as real_log
from hostile import manifest as real_manifest

from switch_bench.submit import canonical, log, manifest
from switch_bench.submit.errors import Refused
from switch_bench.submit.plain import plain

SECONDS = 20.0  # of the processor, to read the worst file there may be: four here


def refused(data: bytes) -> Refused:
    """Why a log of these bytes isn't taken."""
    began = time.process_time()
    with pytest.raises(Refused) as found:
        log.parse(data, "log")
    assert time.process_time() - began < SECONDS
    assert str(found.value).isprintable()
    assert len(str(found.value)) < 800
    return found.value


def edited(old: str, new: str) -> bytes:
    """A real log with `old` in it replaced once."""
    text = json.dumps(real_log())
    assert old in text
    return text.replace(old, new, 1).encode("utf-8", "surrogatepass")


def acting(action: str) -> bytes:
    """A real log with one action, written so."""
    found = real_log()
    found["actions"] = "HERE"
    return json.dumps(found).replace('"HERE"', f"[[0, {action}]]").encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 10**6, "0." + "9" * 10**6, "1e" + "9" * 10**6]
)  # fmt: skip
def test_numbers_are_finite_and_end(number: str) -> None:
    assert refused(acting(f"[{number}]")).code == "json"
    with pytest.raises(Refused, match="json"):
        manifest.parse(json.dumps(real_manifest() | {"seed": "?"}).replace('"?"', number).encode())


@pytest.mark.parametrize(
    "action", ["[" * 10**5 + "]" * 10**5, '{"a":' * 10**5 + "0" + "}" * 10**5, "[" * 10**5, "01", "+1", ".5", "0x1",
               "'a'", "[1,]", '{"a":1,"a":2}', "/**/1", '"\x01"', '"\\x41"', "nan", "True", "1 2", "\u00a01"]
)  # fmt: skip
def test_only_json_and_no_deeper_than_sense(action: str) -> None:
    assert refused(acting(action)).code == "json"


def test_a_key_is_named_once() -> None:
    assert refused(edited('"seed":', '"seed": 1, "seed":')).code == "json"
    assert refused(edited('"track": {', '"track": {"privileged": true, ')).code == "json"
    assert refused(edited('"status": "done"', '"status": "done", "\\u0073tatus": "error"')).code == "json"


def test_text_is_utf_8_and_whole() -> None:
    good = json.dumps(real_log())
    assert refused(b"\xef\xbb\xbf" + good.encode()).code == "json"
    assert refused(good.encode("utf-16")).code == "json"
    assert refused(good.encode("utf-32-le")).code == "json"
    assert refused(edited('"engine": "', '"engine": "\ud800')).code == "json"
    assert refused(edited('"engine": "', '"engine": "\\ud800')).code == "schema"
    assert refused(good.encode().replace(b'"engine": "', b'"engine": "\xc0\xaf')).code == "json"
    assert refused(good.encode() + b"\0").code == "json"
    assert refused(good.encode() + good.encode()).code == "json"
    assert refused(b"").code == "json"


@pytest.mark.parametrize("other", ["null", "[]", "1", '"log"', "{}", "true"])
def test_another_thing_is_no_log(other: str) -> None:
    assert refused(other.encode()).code in ("schema", "version")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seed": ', '"seed": 1.0e3, "x": '), ('"end": ', '"end": -'), ('"episode": 0', '"episode": "0"'),
        ('"episode": 0', '"episode": false'), ('"privileged": false', '"privileged": 0'),
        ('"inputs": null', '"inputs": {}'), ('"format": "', '"evil": 1, "format": "'),
        ('"engine": "mujoco"', '"engine": "mujoco\\u0000"'), ('"engine": "mujoco"', '"engine": "\\u202eocojum"'),
        ('"engine": "mujoco"', '"engine": "mujoco\\n"'), ('"engine": "mujoco"', '"engine": "mu\\u001b[31mjoco"'),
        ('"engine": "mujoco"', '"engine": "muj\\u043eco"'), ('"engine": "mujoco"', '"engine": ["mujoco"]'),
    ],
)  # fmt: skip
def test_fields_are_what_they_are_and_nothing_else(old: str, new: str) -> None:
    assert refused(edited(old, new)).code == "schema"


def test_what_is_wrong_is_told_without_the_strangers_words_acting() -> None:
    evil = "\x1b]0;owned\x07\u202e<script>alert(1)</script>\r\n" * 1000
    found = real_log() | {evil: 1}
    told = refused(json.dumps(found).encode())
    assert told.code == "schema"
    assert "\x1b" not in str(told)
    found = real_log()
    found["versions"] = {"x" + evil: "1"}
    assert "\u202e" not in str(refused(json.dumps(found).encode()))
    assert "\x1b" not in str(Refused("name", evil, evil))
    assert len(str(Refused("name", evil, evil))) < 800


def test_another_version_is_told_as_one() -> None:
    assert refused(edited('"version": 2', '"version": 3')).code == "version"
    assert refused(edited('"switch_bench.episode"', '"switch_bench.episod"')).code == "version"


def test_a_million_of_anything_is_refused_in_seconds() -> None:
    """Lists take twenty times the memory that they take in the file, so that their number is bounded first."""
    million = 10**6
    assert refused(acting("[" + "[]," * million * 5 + "[]]")).code == "too-large"
    found = real_log()
    found["hashes"] = [[0, ""]] * million
    assert refused(json.dumps(found).encode()).code == "schema"
    found = real_log()
    found["actions"] = [[0]] * 400_000
    assert refused(json.dumps(found).encode()).code == "schema"
    assert refused(b"\n" * million + b"{").code == "json"


def test_the_one_form_is_required_of_a_manifest() -> None:
    said = real_manifest()
    assert manifest.parse(canonical.canonical(said)).policy == said["policy"]
    for other in (
        json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n",
        json.dumps(said, sort_keys=True, indent=1),
        json.dumps(dict(reversed(said.items())), separators=(",", ":")),
        json.dumps(said, sort_keys=True, separators=(",", ":")).replace('"seed":11', '"seed":11.0'),
        json.dumps(said, sort_keys=True, separators=(",", ":")).replace('"seed":11', '"seed":1.1e1'),
        json.dumps(said, sort_keys=True, separators=(",", ":")).replace("policy", "\\u0070olicy"),
    ):
        with pytest.raises(Refused) as found:
            manifest.parse(other.encode())
        assert found.value.code == "json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", ""), ("policy", " "), ("policy", "oracle "), ("policy", "or\u0430cle"), ("policy", "a  b"),
        ("policy", "\u202eelcaro"), ("policy", "a\n"), ("policy", "a\x1b[2J"), ("policy", "a" * 201), ("policy", None),
        ("suite", "core\x00"), ("suite", ""), ("suite", "a b"), ("suite", "../core"), ("protocol", "v1\u200b"),
        ("protocol", "v" * 17), ("protocol", " v1"), ("versions", {"mujoco": "3" * 101}),
        ("seed", -1), ("seed", 1.5), ("seed", True),
        ("episodes", 0), ("episodes", 10**9), ("created", "2026-13-01T00:00:00Z"), ("created", "9999-99-99T99:99:99Z"),
        ("created", "2026-02-30T00:00:00Z"), ("created", "2026-01-01T00:00:00Z\n"), ("tasks", {}), ("tasks", []),
        ("hidden", {}), ("hidden", {"commitment": "f" * 63}), ("hidden", {"commitment": "F" * 64}), ("redone", -1),
        ("versions", {"a\x1b": "1"}), ("files", {"card.md": {"sha256": "", "bytes": 1}}), ("success", 1.0),
        ("track", {"act": "teleport", "obs": [], "privileged": False, "size": [64, 64]}),
        ("track", {"act": "skill", "obs": [], "privileged": False, "size": [64, 64], "control_hz": 50}),
        ("track", {"act": "skill", "obs": ["a"] * 21, "privileged": False, "size": [64, 64]}),
        ("track", {"act": "skill", "obs": [], "privileged": False, "size": [64, 10**6]}),
        ("track", {"act": "skill", "obs": [], "privileged": "no", "size": [64, 64]}),
    ],
)  # fmt: skip
def test_what_a_manifest_may_not_say(name: str, value: object) -> None:
    with pytest.raises(Refused) as found:
        manifest.parse(canonical.canonical(real_manifest() | {name: value}))
    assert found.value.code == "schema"
    assert str(found.value).isprintable()


def test_text_is_shown_as_what_it_is() -> None:
    assert plain("a\x1b[31m\u202eb\nc", 99) == "a\\x1b[31m\\u202eb\\nc"
    assert plain("a\n\tb\r\u2066c\ud800", 99, lines=True) == "a\n\tb\\r\\u2066c\\ud800"
    assert plain("Grüße µs 你好 👩\u200d💻", 99, lines=True) == "Grüße µs 你好 👩\u200d💻"
    assert plain("\x1b" * 100, 40) == ("\\x1b" * 10)[:39] + "…"
    assert plain("x" * 100, 10) == "x" * 9 + "…"

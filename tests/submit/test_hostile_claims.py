"""What a submission says of itself that isn't so: signatures, manifests, versions, tracks, hidden rounds."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile import FIRST, Files, attacker, files, first_no, log, manifest, put, sealed, signed, with_log
from rich.console import Console
from submitted_runs import TASK, key
from typer.testing import CliRunner

from switch_bench.cli import app
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.protocol import PROTOCOLS
from switch_bench.submit import form, hidden, signing
from switch_bench.submit.archive import episode_file
from switch_bench.submit.canonical import canonical
from switch_bench.submit.errors import Refused
from switch_bench.submit.manifest import Manifest

sys.path.append(str(Path(__file__).parents[1] / "agents"))

from faults import chunk, remote

L = 2**252 + 27742317777372353535851937790883648493  # the order of Ed25519's base point
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def no_of(found: Files, tmp_path: Path) -> tuple[str, str]:
    """The code and the place of why it isn't taken; it must not be."""
    no = first_no(put(tmp_path / "a.sbz", found), tmp_path / "out")
    assert no is not None, "it was taken"
    return ("unverifiable" if no.unverifiable else no.code), no.where


def test_resealed_and_unedited_it_is_taken(tmp_path: Path) -> None:
    """What these tests build is only refused for what each of them edits. Whoever has an archive can sign it anew."""
    assert first_no(put(tmp_path / "a.sbz", sealed(files())), tmp_path / "out") is None


# ------------------------------------------------------------------ signatures


def test_a_file_that_was_changed_after_signing(tmp_path: Path) -> None:
    for name in sorted(files()):
        if name in ("manifest.json", "signature.json"):
            continue
        changed = files() | {name: files()[name] + b" "}
        assert no_of(changed, tmp_path) == ("hash", name)
        same_length = files() | {name: files()[name][:-1] + bytes([files()[name][-1] ^ 1])}
        assert no_of(same_length, tmp_path) == ("hash", name)


def test_a_signature_of_another_manifest_or_by_another_key(tmp_path: Path) -> None:
    mine = sealed(files(), claim=lambda said: said.update(policy="mine"))
    theirs = files()
    assert no_of(mine | {"signature.json": theirs["signature.json"]}, tmp_path)[0] == "signature"
    told, stolen = json.loads(mine["signature.json"]), json.loads(theirs["signature.json"])
    borrowed = canonical(told | {"key": stolen["key"]})
    assert no_of(mine | {"signature.json": borrowed}, tmp_path)[0] == "signature"
    bare = base64.b64encode(signing.load_key(attacker()).sign(mine["manifest.json"])).decode()
    assert no_of(mine | {"signature.json": canonical(told | {"signature": bare})}, tmp_path)[0] == "signature"


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("signature", lambda text: text[:-2] + ("A=" if text[-3] != "A" else "B=")),
        ("signature", lambda text: text[:-1]),
        ("signature", lambda text: text + "\n"),
        ("signature", lambda text: text.replace("=", "")),
        ("signature", lambda text: " " + text),
        ("key", lambda text: text.lower()),
        ("key", lambda text: base64.b64encode(base64.b64decode(text) + b"\0").decode()),
        ("key", lambda _: None),
        ("key", lambda _: ["a"]),
        ("key", lambda _: "é" * 44),
        ("algorithm", lambda _: "none"),
        ("algorithm", lambda _: "x" * 3000),
    ],
)
def test_a_signature_has_one_form(name: str, edit: Any, tmp_path: Path) -> None:
    made = sealed(files())
    told = json.loads(made["signature.json"])
    edited = json.dumps(told | {name: edit(told[name])}).encode()
    assert no_of(made | {"signature.json": edited}, tmp_path)[0] == "signature"


def test_a_signature_with_another_number_of_the_same_remainder(tmp_path: Path) -> None:
    """S and S + L both solve Ed25519's equation; only the smaller is a signature (RFC 8032, 5.1.7)."""
    made = sealed(files())
    told = json.loads(made["signature.json"])
    raw = base64.b64decode(told["signature"])
    other = raw[:32] + (int.from_bytes(raw[32:], "little") + L).to_bytes(32, "little")
    edited = canonical(told | {"signature": base64.b64encode(other).decode()})
    assert no_of(made | {"signature.json": edited}, tmp_path)[0] == "signature"


def test_a_signature_holds_nothing_else(tmp_path: Path) -> None:
    made = sealed(files())
    told = json.loads(made["signature.json"])
    for other in (told | {"by": "me"}, {"key": told["key"]}, [], None, told["signature"]):
        assert no_of(made | {"signature.json": json.dumps(other).encode()}, tmp_path)[0] == "signature"


def point(y: int) -> tuple[int, int]:
    """The point of Ed25519 with this y (RFC 8032, 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return x, y % P


def doubled(a: tuple[int, int]) -> tuple[int, int]:
    """Twice a point."""
    x, y = a
    k = D * x * x * y * y % P
    return 2 * x * y * pow(1 + k, -1, P) % P, (y * y + x * x) * pow(1 - k, -1, P) % P


def test_keys_by_which_anybody_signs_anything_are_no_keys(tmp_path: Path) -> None:
    """A point of small order as key: with R = [S]B and S of one's choice, one signature in eight or all are right."""
    for y in signing.SMALL_ORDER:
        assert doubled(doubled(doubled(point(y % P)))) == (0, 1)
    made = sealed(files())
    zero = bytes(31)
    for raw in (b"\1" + zero, b"\1" + zero[:-1] + b"\x80", *(y.to_bytes(32, "little") for y in signing.SMALL_ORDER)):
        signature = b"\1" + zero + bytes(32)  # R the neutral point, S 0: right by the neutral key, whatever is signed
        told = {
            "algorithm": "ed25519",
            "key": base64.b64encode(raw).decode(),
            "signature": base64.b64encode(signature).decode(),
        }
        with pytest.raises(Refused, match="anybody can sign"):
            signing.check(made["manifest.json"], told)


# ------------------------------------------------------------------ the manifest


def test_what_the_manifest_says_and_what_is_there_are_the_same(tmp_path: Path) -> None:
    without = sealed({name: data for name, data in files().items() if name != episode_file(TASK, 1)})
    assert no_of(without, tmp_path) == ("episodes", episode_file(TASK, 1))
    more = sealed(files() | {episode_file(TASK, 2): files()[FIRST]})
    assert no_of(more, tmp_path) == ("episodes", episode_file(TASK, 2))
    unsigned = sealed(files()) | {episode_file(TASK, 2): files()[FIRST]}
    assert no_of(unsigned, tmp_path) == ("missing", episode_file(TASK, 2))
    named = sealed(files(), claim=lambda said: said["files"].pop("card.md"))
    assert no_of(named, tmp_path) == ("missing", "card.md")
    claimed = sealed(files(), claim=lambda said: said["files"].update({"run.js": said["files"]["card.md"]}))
    assert no_of(claimed, tmp_path) == ("missing", "run.js")


def test_fewer_episodes_or_tasks_than_there_were(tmp_path: Path) -> None:
    """To leave out what failed, one must say so: fewer episodes have fewer logs, and a suite has all its tasks."""
    assert no_of(sealed(files(), claim=lambda said: said.update(episodes=1)), tmp_path)[0] == "episodes"
    assert no_of(sealed(files(), claim=lambda said: said.update(episodes=3)), tmp_path)[0] == "episodes"
    assert no_of(sealed(files(), claim=lambda said: said.update(suite="core")), tmp_path) == (
        "episodes", "manifest.json",
    )  # fmt: skip


def test_tasks_that_are_not_there(tmp_path: Path) -> None:
    assert no_of(sealed(files(), claim=lambda said: said.update(suite="../../etc")), tmp_path)[0] == "schema"
    assert no_of(sealed(files(), claim=lambda said: said.update(suite="other")), tmp_path)[0] == "unverifiable"

    def other(said: dict[str, Any]) -> None:
        said["tasks"] = {"kitchen.boil_water-v1": "0" * 16}

    assert no_of(sealed(files(), claim=other), tmp_path)[0] == "episodes"
    digest = sealed(files(), claim=lambda said: said["tasks"].update({TASK: "0" * 16}))
    assert no_of(digest, tmp_path)[0] == "unverifiable"


def test_a_protocol_that_wasn_t_kept_to(tmp_path: Path) -> None:
    """Its name stands in a row: whoever claims it must have played by it."""
    v1 = PROTOCOLS["v1"]
    many = {"protocol": "v1", "suite": "core", "episodes": v1.episodes, "seed": v1.seed}

    def claimed(**other: Any) -> tuple[str, str]:
        return no_of(sealed(files(), claim=lambda said: said.update(many | other)), tmp_path)

    assert no_of(sealed(files(), claim=lambda said: said.update(protocol="v1")), tmp_path)[0] == "protocol"
    assert claimed(suite=TASK)[0] == "episodes", "its logs aren't there"
    head = manifest() | many
    for name, value in (("suite", TASK), ("seed", 11), ("episodes", 2), ("versions", {"mujoco": "9"})):
        with pytest.raises(Refused, match="v1") as found:
            form._kept_to(Manifest.model_validate(head | {name: value}), ["core", "all"])
        assert found.value.code == "protocol"
    form._kept_to(Manifest.model_validate(head), ["core", "all"])
    assert no_of(sealed(files(), claim=lambda said: said.update(protocol="v9")), tmp_path)[0] == "unverifiable"


def test_more_episodes_played_again_than_there_are(tmp_path: Path) -> None:
    assert no_of(sealed(files(), claim=lambda said: said.update(redone=3)), tmp_path) == ("schema", "manifest.json")


def test_a_manifest_that_isn_t_in_its_one_form(tmp_path: Path) -> None:
    head = files()["manifest.json"]
    assert no_of(files() | signed(head + b"\n"), tmp_path) == ("json", "manifest.json")
    assert no_of(files() | signed(json.dumps(manifest()).encode()), tmp_path) == ("json", "manifest.json")


def test_another_version_of_the_format(tmp_path: Path) -> None:
    said = manifest() | {"version": 2}
    assert no_of(files() | signed(canonical(said)), tmp_path) == ("version", "manifest.json")


# ------------------------------------------------------------------ versions


def versions(**other: str) -> Files:
    """Both manifest and logs claim these versions."""
    found = files()
    for n in (0, 1):
        name = episode_file(TASK, n)
        told = log(name=name)
        told["versions"] |= other
        found[name] = json.dumps(told).encode()
    return sealed(found, claim=lambda said: said["versions"].update(other))


@pytest.mark.parametrize("name", ["mujoco", "numpy", "switch_bench", "machine", "libm", "system"])
def test_another_machine_can_t_be_told_here_and_is_never_verified(name: str, tmp_path: Path) -> None:
    assert no_of(versions(**{name: "0.0"}), tmp_path)[0] == "unverifiable"


@pytest.mark.parametrize("name", ["cpu_flags", "maths"])
def test_other_states_are_not_verified_for_being_another_cpu_s(name: str, tmp_path: Path) -> None:
    """Who claims a machine that rounds otherwise isn't refused for other states, and isn't believed either."""

    def edit(told: dict[str, Any]) -> None:
        told["versions"][name] = "0" * 16
        told["hashes"][1][1] = "0" * 16

    assert no_of(sealed(with_log(edit)), tmp_path)[0] == "unverifiable"


def test_no_versions_at_all_are_another_machine_s(tmp_path: Path) -> None:
    def edit(told: dict[str, Any]) -> None:
        told["versions"] = {}

    assert no_of(sealed(with_log(edit)), tmp_path)[0] == "unverifiable"


def test_another_engine(tmp_path: Path) -> None:
    def edit(told: dict[str, Any]) -> None:
        told["engine"] = "bullet"

    assert no_of(sealed(with_log(edit)), tmp_path)[0] == "unverifiable"


def test_a_manifest_that_names_other_versions_than_its_logs(tmp_path: Path) -> None:
    made = sealed(files(), claim=lambda said: said["versions"].update(mujoco="99.0"))
    assert no_of(made, tmp_path) == ("versions", FIRST)


def test_states_of_another_machine_under_this_one_s_name(tmp_path: Path) -> None:
    """Whoever claims this machine's facts is held to its states: they aren't those of another."""

    def edit(told: dict[str, Any]) -> None:
        told["hashes"][1][1] = hashlib.blake2b(b"elsewhere", digest_size=8).hexdigest()

    assert no_of(sealed(with_log(edit)), tmp_path) == ("state", FIRST)


# ------------------------------------------------------------------ tracks


def tracked(logs: dict[str, Any], claim: dict[str, Any], policy: str | None = None) -> Files:
    """Logs and manifest with these said of the track."""
    found = files() if policy is None else files(policy)
    for n in (0, 1):
        name = episode_file(TASK, n)
        told = json.loads(found[name])
        told["track"] |= logs
        found[name] = json.dumps(told).encode()
    return sealed(found, claim=lambda said: said["track"].update(claim))


@pytest.mark.parametrize(
    ("logs", "claim"),
    [
        ({"privileged": True}, {}),
        ({"obs": ["proprio", "state"]}, {}),
        ({"obs": ["state"]}, {"obs": ["state"]}),
        ({"obs": ["proprio", "segmentation"]}, {"obs": ["proprio", "segmentation"]}),
        ({}, {"obs": ["rgb", "instruction"]}),
        ({}, {"act": "skill"}),
        ({}, {"size": [64, 64]}),
        ({"control_hz": 50}, {}),
        ({"obs": ["radar"]}, {"obs": ["radar"]}),
        ({"obs": ["proprio", "proprio"]}, {"obs": ["proprio", "proprio"]}),
        ({"obs": []}, {"obs": []}),
        ({"size": [4096, 4096]}, {"size": [4096, 4096]}),
        ({"size": [1, 1]}, {"size": [1, 1]}),
    ],
    ids=str,
)
def test_a_track_is_the_same_everywhere_and_owns_up(logs: Any, claim: Any, tmp_path: Path) -> None:
    assert no_of(tracked(logs, claim), tmp_path) == ("track", FIRST)


def test_seen_otherwise_than_claimed(tmp_path: Path) -> None:
    """The hashes of what it saw are of what it saw: they aren't those of other observations."""
    for obs in (["instruction"], ["proprio", "instruction"], ["sounds"]):
        assert no_of(tracked({"obs": obs}, {"obs": obs}), tmp_path) == ("observation", FIRST)


def test_an_oracle_s_inputs_under_another_track(tmp_path: Path) -> None:
    made = tracked({"privileged": False}, {"privileged": False}, "oracle")
    assert no_of(made, tmp_path) == ("track", FIRST)


# ------------------------------------------------------------------ hidden rounds


def checked(published: str, revealed: dict[str, Any], verification: dict[str, Any], tmp_path: Path) -> Any:
    """What `submit hidden check` says."""
    (tmp_path / "revealed.json").write_text(json.dumps(revealed))
    (tmp_path / "verification.json").write_text(json.dumps(verification))
    args = ["submit", "hidden", "check", published, str(tmp_path / "revealed.json")]
    return CliRunner().invoke(app, [*args, "--verification", str(tmp_path / "verification.json")])


def test_only_what_was_verified_was_played_on_a_round(tmp_path: Path) -> None:
    made = hidden.draw(TASK, 2)
    told = manifest() | {"seed": made.seed, "hidden": {"commitment": made.commitment}}
    good = {"status": "replay-verified", "key": signing.public(signing.load_key(key())), "manifest": told}
    assert checked(made.commitment, made.reveal(), good, tmp_path).exit_code == 0
    for status in ("refused", "unverifiable", "self-reported"):
        found = checked(made.commitment, made.reveal(), good | {"status": status}, tmp_path)
        assert found.exit_code == 1
        assert f"the submission is {status}" in found.output
    refused = checked(made.commitment, made.reveal(), {"status": "refused", "manifest": None}, tmp_path)
    assert refused.exit_code == 1


def test_a_claimed_commitment_isn_t_a_round_played(tmp_path: Path) -> None:
    """Anybody can name a commitment: that it was played on the round is told by the reveal, not by the claim."""
    made = hidden.draw(TASK, 2)
    boast = sealed(files(), claim=lambda said: said.update(hidden={"commitment": made.commitment}))
    path = put(tmp_path / "a.sbz", boast)
    opened = form.open_archive(path)
    wrong = hidden.check(made.commitment, json.loads(json.dumps(made.reveal())), opened.manifest)
    assert wrong == ["the submission's episodes have other seeds"]


def test_what_an_endpoint_is_sent_doesn_t_tell_the_hidden_seeds(tmp_path: Path) -> None:
    """A server may ask for a seed for its own draws: one that hung on the round's would let it be searched for."""

    def answer(message: Any, n: int, connection: Any) -> Any:
        return chunk(0.0) | {"done": True}

    made = hidden.draw(TASK, 2)
    metadata = {"keys": ["prompt", "seed"], "action_dim": 12}
    with remote(answer, metadata) as server:
        run = hidden.play(made, server.url(), tmp_path / "run", 1, Console(quiet=True))
    assert run.results.success.n == 2
    sent = [asked["seed"] for asked in server.asked if "seed" in asked]
    assert len(set(sent)) == 2
    told = {episode_seed(made.seed, TASK, n, use) for n in range(2) for use in ("env", "policy")} | {made.seed}
    assert told.isdisjoint(sent)
    words = json.dumps([{name: str(value) for name, value in asked.items()} for asked in server.asked])
    assert not any(str(seed) in words for seed in told)
    assert made.salt not in words

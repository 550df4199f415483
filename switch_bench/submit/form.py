"""Whether an archive is in form: names, signature, manifest, the hash of each file, and the tasks it was played on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.protocol import PROTOCOLS
from switch_bench.evaluate.runner import BENCH
from switch_bench.submit import manifest
from switch_bench.submit.archive import Archive, Place, episode_file
from switch_bench.submit.canonical import read
from switch_bench.submit.errors import Refused, Unverifiable
from switch_bench.submit.plain import plain
from switch_bench.submit.signing import check as check_signature

LONGEST_CARD = 64 << 10  # characters, with what is written as escapes


@dataclass(frozen=True)
class Opened:
    """What an archive is, when its form is right. logs: (task, episode) → SHA-256 of its log, and where it is."""

    manifest: dict[str, Any]
    key: str
    card: str
    logs: Mapping[tuple[str, int], tuple[str, Place]]


def open_archive(path: Path) -> Opened:
    """Read an archive's form. Raises: Refused."""
    with Archive(path) as archive:
        head = archive.read("manifest.json")
        key = check_signature(head, read(archive.read("signature.json"), "signature.json"))
        said = manifest.parse(head)
        others = set(archive.members) - {"manifest.json", "signature.json"}
        for name in sorted(others ^ set(said.files)):
            where = "the manifest" if name in others else "the archive"
            raise Refused("missing", name, f"{where} doesn't have it")
        logs: dict[tuple[str, int], tuple[str, Place]] = {}
        wanted = {(task, n): episode_file(task, n) for task in said.tasks for n in range(said.episodes)}
        card = ""
        for name in sorted(others):
            claim = said.files[name]
            if name == "card.md":
                data = archive.read(name)
                found = hashlib.sha256(data).hexdigest()
                card = _text(data, name)
            else:
                found = archive.hash(name)
            if (archive.members[name].size, found) != (claim.bytes, claim.sha256):
                raise Refused("hash", name, "not the file that was signed")
        by_file = {name: which for which, name in wanted.items()}
        for name in sorted(name for name in others if name.startswith("episodes/")):
            if name not in by_file:
                raise Refused("episodes", name, "no episode that the manifest names")
            logs[by_file[name]] = said.files[name].sha256, archive.members[name]
        missing = sorted(name for which, name in wanted.items() if which not in logs)
        if missing:
            raise Refused("episodes", missing[0], f"{len(missing)} of {len(wanted)} episodes aren't there")
    _known(said)
    return Opened(said.model_dump(mode="json"), key, card, logs)


def _text(data: bytes, name: str) -> str:
    try:
        return plain(data.decode(), LONGEST_CARD, lines=True)
    except UnicodeDecodeError as error:
        raise Refused("schema", name, f"not UTF-8: {error.reason}") from error


def _known(said: manifest.Manifest) -> None:
    """See that its tasks are those of its suite, by our files. Raises: Refused or Unverifiable."""
    if said.redone > len(said.tasks) * said.episodes:
        raise Refused("schema", "manifest.json", f"redone: {said.redone} episodes, and it has fewer")
    bench = load_bench(BENCH)
    suites = bench.suites()
    if said.protocol:
        _kept_to(said, suites)
    every = {task for tasks in suites.values() for task in tasks}
    tasks = suites.get(said.suite) or ([said.suite] if said.suite in every else None)
    if tasks is None:
        raise Unverifiable("files", "manifest.json", f"suite: there is none called {said.suite!r:.80} here")
    if set(tasks) != set(said.tasks):
        odd = sorted(set(tasks) ^ set(said.tasks))
        raise Refused("episodes", "manifest.json", f"tasks: not those of the suite {said.suite}: {odd[0]:.80}")
    changed = [task for task, digest in said.tasks.items() if bench.task(task).digest != digest]
    if changed:
        raise Unverifiable("files", "manifest.json", f"the files of {changed[0]} aren't those that are here")


def _kept_to(said: manifest.Manifest, suites: Collection[str]) -> None:
    """See that it kept to the protocol that it names, as far as a manifest tells. Raises: Refused or Unverifiable."""
    named = PROTOCOLS.get(said.protocol)
    if named is None:
        raise Unverifiable("protocol", "manifest.json", f"there is no protocol {said.protocol!r} here")
    if said.suite not in suites:
        raise Refused("protocol", "manifest.json", f"{said.protocol} is played over a suite, and it has one task")
    played = {"episodes": said.episodes, "seed": said.seed, "mujoco": said.versions.get("mujoco")}
    for name, value in played.items():
        if value != getattr(named, name):
            fixed = getattr(named, name)
            raise Refused("protocol", "manifest.json", f"{name}: {value}, and {said.protocol} fixes it at {fixed}")

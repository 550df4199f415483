"""What must be alike wherever a run's episodes are played, and what is told where it isn't.

With other versions, code, or files of tasks and policy, the episodes would be others: a node of a cluster that has them
is refused. With another CPU or C library they are as good as any, but only a machine like theirs is sure to run them
again bit for bit: that is allowed, and told.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.record import Machine, code

if TYPE_CHECKING:
    from switch_bench.evaluate.episode import Job, Probe

CODE = "code of switch_bench"
POLICY = "the policy's "  # and a file's name
HINT = "install the same switch_bench, with what constraints.txt says, and put the same policy on all nodes"
UNKNOWN = "the policy's files aren't known"
FLOATS = {  # of a `Machine`, what decides a float's last bit, and how it is called
    "system": "system",
    "machine": "architecture",
    "libm": "C library",
    "maths": "what its maths functions come to",
}
OLDER = {"system": "system", "machine": "architecture", "libm": "C library", "cpu_flags": "CPU flags"}  # untold maths


class UnlikeNodeError(InputError):
    """A node of a cluster would play other episodes than this machine: it has other versions or other files."""


def kit(job: Probe | Job, policy_files: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a job is done with here: name → version, or digest of files.

    policy_files: those of the job's policy by their names; None if they aren't known, and can't be compared.
    """
    from switch_bench.evaluate.episode import Job

    found = versions_here() | {CODE: code()}
    if isinstance(job, Job):
        bench = load_bench(job.bench)
        found[f"files of {job.task}"] = bench.task(job.task).digest
        found |= {f"the asset {name}": digest for name, digest in bench.assets().items()}
        found |= {f"{POLICY}{name}": digest for name, digest in (policy_files or {}).items()}
        if policy_files is None:
            found[UNKNOWN] = ""
    return found


@cache
def versions_here() -> dict[str, str]:
    """This machine's `results.versions`, looked up once."""
    from switch_bench.evaluate.results import versions

    return versions()


def policy_files(name: str) -> Mapping[str, str] | None:
    """Digests of a policy's files as they are here; None if it can't be loaded, which its episodes will tell."""
    from switch_bench.evaluate.episode import declares

    try:
        return declares(name).files
    except Exception:
        return None


def check(expected: Mapping[str, str], found: Mapping[str, str]) -> None:
    """See that a node has what the program that was started has.

    Raises: UnlikeNodeError that names the node and what differs.
    """
    names = [name for name in dict.fromkeys((*expected, *found)) if expected.get(name) != found.get(name)]
    if UNKNOWN in {*expected, *found}:
        names = [name for name in names if not name.startswith(POLICY) and name != UNKNOWN]
    if not names:
        return
    other = "versions" if set(names) <= versions_here().keys() else "files"
    said = [f"{name} {found.get(name, 'missing')}, expected {expected.get(name, 'none')}" for name in names]
    raise UnlikeNodeError(
        f"a node has other {other}: {'; '.join(said)}",
        where=f"--ray, node {platform.node()}",
        hint=HINT,
    )


def unlike(machines: Sequence[Machine]) -> str:
    """What is to be known of a run whose episodes were played on these machines; "" where they were alike."""
    floats = FLOATS if all(each.maths for each in machines) else OLDER
    kinds, codes = Counter[tuple[str, ...]](), Counter[str]()
    for each in machines:
        kinds[tuple(getattr(each, name) for name in floats)] += each.episodes
        codes[each.code] += each.episodes
    said = []
    if len(kinds) > 1:
        differs = [name for k, name in enumerate(floats.values()) if len({kind[k] for kind in kinds}) > 1]
        said.append(
            f"its episodes were played on {len(kinds)} kinds of machines, which differ in {_and(differs)}: on one "
            "of them, those of another may come out otherwise; "
            f"at most {max(kinds.values())} of {kinds.total()} are of one kind"
        )
    if len(codes) > 1:
        played = f"at most {max(codes.values())} of {codes.total()} by the same"
        said.append(f"its episodes were played by {len(codes)} states of the code, {played}")
    return "; ".join(said)


def _and(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])

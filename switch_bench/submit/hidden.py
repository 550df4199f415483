"""Hidden rounds: seeds that are fixed before, unknown to the submitter, and can be checked after.

The maintainer draws a seed and a salt and publishes H(salt ‖ seeds). Then a submitter's policy, at its endpoint, is run
on those seeds; it never learns them. Once all have run, salt and seeds are revealed, and anybody can see that they hash
to what was published, that every episode's seed is one of them, and run every episode again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.agents import openai_address, openpi_address
from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.runner import BENCH, Request, Run, evaluate, suite_tasks
from switch_bench.submit.canonical import canonical

FORMAT = "switch_bench.hidden_round"
SALT = 32  # bytes


def commitment(salt: str, seeds: Mapping[str, Sequence[int]]) -> str:
    """SHA-256 (hex) of salt and seeds (task → seeds of its episodes) as canonical JSON."""
    return hashlib.sha256(canonical({"salt": salt, "seeds": {t: list(s) for t, s in seeds.items()}})).hexdigest()


@dataclass(frozen=True)
class Round:
    """A hidden round, all of it. It is the maintainer's secret until it is revealed.

    seed: the run's, from which those of the episodes follow. salt: hex.
    """

    suite: str
    episodes: int
    seed: int
    salt: str

    def seeds(self) -> dict[str, list[int]]:
        """Task → the seeds of its episodes."""
        tasks = suite_tasks(load_bench(BENCH), self.suite)
        return {task: [episode_seed(self.seed, task, n) for n in range(self.episodes)] for task in tasks}

    @property
    def commitment(self) -> str:
        """What is published before."""
        return commitment(self.salt, self.seeds())

    def public(self) -> dict[str, Any]:
        """What may be told before the round is over."""
        return {"commitment": self.commitment, "suite": self.suite, "episodes": self.episodes}

    def reveal(self) -> dict[str, Any]:
        """What is told when it is over."""
        return self.public() | {"salt": self.salt, "seed": self.seed, "seeds": self.seeds()}


def draw(suite: str, episodes: int) -> Round:
    """A new round, with seed and salt from the system's source of randomness.

    Raises: InputError if there is no such suite.
    """
    suite_tasks(load_bench(BENCH), suite)
    return Round(suite, episodes, secrets.randbits(48), secrets.token_hex(SALT))


def keep(made: Round, path: Path) -> None:
    """Write a round to a new file that only its owner can read. Raises: InputError if there is a file already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise InputError(
            "there is a file already", where=str(path), hint="a round that was published is kept"
        ) from error
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=str(path)) from error
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps({"format": FORMAT, "version": 1} | asdict(made), indent=2) + "\n")


def load(path: Path) -> Round:
    """A round from its file. Raises: InputError for a file that isn't one."""
    hint = "`switch-bench submit hidden draw` makes one"
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=str(path), hint=hint) from error
    except (OSError, ValueError) as error:
        raise InputError(f"can't be read: {error}", where=str(path), hint=hint) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != 1:
        raise InputError("no hidden round", where=str(path), hint=hint)
    suite, episodes, seed, salt = (found.get(name) for name in ("suite", "episodes", "seed", "salt"))
    right = isinstance(suite, str) and type(episodes) is int and type(seed) is int and isinstance(salt, str)
    if not right or not re.fullmatch(f"[0-9a-f]{{{2 * SALT}}}", str(salt)):
        raise InputError("no hidden round: suite, episodes, seed or salt is wrong", where=str(path), hint=hint)
    return Round(str(suite), int(episodes), int(seed), str(salt))  # type: ignore[arg-type]


def play(made: Round, policy: str, out: Path, workers: int, screen: Console, *, pictures: bool = False) -> Run:
    """Run a policy's endpoint on the hidden seeds; `out` is an ordinary run folder, as secret as the round.

    Raises: InputError unless the policy is at an address: one in this process could read the seeds. What `evaluate`
    raises.
    """
    if not (openpi_address.is_address(policy) or openai_address.is_address(policy)):
        hint = "ws://host:port or openai:MODEL@BASE_URL; `switch-bench serve` puts a policy behind one"
        raise InputError("a hidden round is played by an endpoint", where=f"--policy {policy}", hint=hint)
    request = Request(
        policies=(policy,),
        suite=made.suite,
        episodes=made.episodes,
        seed=made.seed,
        out=out,
        workers=max(1, workers),
        pictures=pictures,
    )
    return evaluate(request, screen)[0]


def check(published: str, revealed: Mapping[str, Any], manifest: Mapping[str, Any] | None = None) -> list[str]:
    """What is wrong with a reveal, in words: nothing if it is what was published.

    manifest: of a submission for the round, whose episodes' seeds must be those revealed.
    """
    salt, seeds = revealed.get("salt"), revealed.get("seeds")
    if not isinstance(salt, str) or not isinstance(seeds, Mapping):
        return ["it reveals no salt and seeds"]
    try:
        found = commitment(salt, seeds)
    except (TypeError, ValueError, AttributeError) as error:
        return [f"salt and seeds have no hash: {error}"]
    wrong = [] if found == published else [f"salt and seeds hash to {found}, and {published} was published"]
    if manifest is None:
        return wrong
    if (manifest.get("hidden") or {}).get("commitment") != published:
        wrong.append("the submission names another commitment")
    played = {
        task: [episode_seed(manifest["seed"], task, n) for n in range(manifest["episodes"])]
        for task in manifest["tasks"]
    }
    if played != {task: list(row) for task, row in seeds.items()}:
        wrong.append("the submission's episodes have other seeds")
    return wrong

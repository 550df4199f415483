"""An episode's log: its seed, what was given in it, and the states it went through. No score is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from switch_bench.submit.canonical import read
from switch_bench.submit.errors import Refused
from switch_bench.trace.schema import Trace

VERSION = 1
M = TypeVar("M", bound=BaseModel)
MOST_STEPS = 400_000  # actions, inputs or states of an episode
Short = Annotated[str, Field(max_length=200)]
Micros = Annotated[int, Field(ge=0, le=10**12)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Hash16 = Annotated[str, Field(pattern=r"^[0-9a-f]*$", max_length=64)]


class Strict(BaseModel):
    """Takes what is written down exactly, and nothing beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Track(Strict):
    """How the policy saw and acted. size: (width, height) px of its images."""

    act: Literal["delta_pose", "pixel", "skill"]
    obs: Annotated[list[Short], Field(max_length=20)]
    privileged: bool
    size: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(min_length=2, max_length=2)]
    control_hz: Annotated[int, Field(ge=1, le=1000)] = 20


class Played(Strict):
    """The log of an episode that was played to its end.

    inputs: of a policy that plays by itself, None else. observed: hashes of each observation, see `evaluate.observed`.
    """

    format: Literal["switch_bench.episode"] = "switch_bench.episode"
    version: Literal[1] = VERSION
    status: Literal["done"] = "done"
    task: Short
    episode: Annotated[int, Field(ge=0, le=9999)]
    seed: Seed
    track: Track
    versions: Annotated[dict[Short, Short], Field(max_length=40)]
    engine: Short
    renderer: Short
    task_hash: Short
    scene_hash: Short
    actions: Annotated[list[tuple[Micros, Any]], Field(max_length=MOST_STEPS)]
    inputs: Annotated[list[tuple[Short, Any]], Field(max_length=MOST_STEPS)] | None
    hashes: Annotated[list[tuple[Micros, Hash16]], Field(max_length=MOST_STEPS)]
    observed: Annotated[list[tuple[Hash16, Hash16]], Field(max_length=MOST_STEPS)]
    end: Micros


class Failed(Strict):
    """The log of an episode that ended in an error: it counts, as not successful."""

    format: Literal["switch_bench.episode"] = "switch_bench.episode"
    version: Literal[1] = VERSION
    status: Literal["error"]
    task: Short
    episode: Annotated[int, Field(ge=0, le=9999)]
    seed: Seed
    where: Short
    type: Short
    message: Annotated[str, Field(max_length=2000)]


Log = Played | Failed


def of_trace(trace: Trace, record: Mapping[str, Any]) -> Played:
    """The log of an episode from its trace and its record (its `task`, `episode` and `seed`).

    Raises: KeyError for a trace of before there were such logs.
    """
    manifest = trace.manifest
    track = manifest["track"]
    return Played(
        task=record["task"],
        episode=record["episode"],
        seed=record["seed"],
        track=Track(
            act=track["act"],
            obs=list(track["obs"]),
            privileged=bool(track["privileged"]),
            size=list(track["size"]),
            control_hz=track["control_hz"],
        ),
        versions={name: str(value) for name, value in manifest["versions"].items()},
        engine=manifest["engine"],
        renderer=str(manifest["renderer"])[:200],
        task_hash=manifest["task_hash"],
        scene_hash=manifest["scene_hash"],
        actions=[] if trace.inputs else [(t, action) for t, action in trace.actions],
        inputs=[(what, value) for what, value in trace.inputs] or None,
        hashes=[(t, digest) for t, digest in trace.hashes],
        observed=[(told, drawn) for told, drawn in manifest.get("observed", ())],
        end=trace.end,
    )


def of_error(record: Mapping[str, Any]) -> Failed:
    """The log of an episode's record that is an error."""
    error = record["error"]
    return Failed(
        status="error",
        task=record["task"],
        episode=record["episode"],
        seed=record["seed"],
        where=str(error["where"])[:200],
        type=str(error["type"])[:200],
        message=str(error["message"])[:2000],
    )


def parse(data: bytes, where: str) -> Log:
    """The log in a file. Raises: Refused for what is none."""
    found = read(data, where)
    failed = isinstance(found, dict) and found.get("status") == "error"
    return validated(Failed, data, where) if failed else validated(Played, data, where)


def validated(kind: type[M], data: bytes, where: str) -> M:
    """A file as a model; `canonical.read` has found it to be JSON.

    Raises: Refused that names the first thing wrong with it.
    """
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))[:120]
        code = "version" if first["loc"] in (("format",), ("version",)) else "schema"
        raise Refused(code, where, f"{place}: {first['msg'][:200]}") from None

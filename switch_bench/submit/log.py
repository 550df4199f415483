"""An episode's log: its seed, what was given in it, and the states it went through. No score is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from switch_bench.submit.canonical import read
from switch_bench.submit.errors import Refused
from switch_bench.submit.numbers import exact, shortest
from switch_bench.submit.plain import plain
from switch_bench.trace.schema import Trace

OLD, VERSION = 1, 2
M = TypeVar("M", bound=BaseModel)
MOST_STEPS = 400_000  # actions, inputs or states of an episode
MOST_LISTS = 6 * MOST_STEPS  # lists and objects in a log: an action has two, a state one, an observation one
MOST_VALUES = 18 * MOST_STEPS  # commas in a log: an action of twelve numbers with its time has 14, the others two each
LONGEST_MESSAGE = 2000  # characters


def _harmless(text: str) -> str:
    if plain(text, LONGEST_MESSAGE, lines=True) != text:
        raise ValueError("there are characters in it that aren't seen as what they are")
    return text


Short = Annotated[str, Field(max_length=200, pattern=r"^[\x20-\x7e]*$")]
Message = Annotated[str, Field(max_length=LONGEST_MESSAGE), AfterValidator(_harmless)]
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

    version: in 2 the numbers of `delta_pose` actions are the shortest that say which float32 was played; in 1 they are
    what was played. inputs: of a policy that plays by itself, None else. observed: hashes of each observation, see
    `evaluate.observed`.
    """

    format: Literal["switch_bench.episode"] = "switch_bench.episode"
    version: Literal[1, 2] = VERSION
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
    actions: Annotated[list[tuple[Micros, Any]], Field(max_length=MOST_STEPS, fail_fast=True)]
    inputs: Annotated[list[tuple[Short, Any]], Field(max_length=MOST_STEPS, fail_fast=True)] | None
    hashes: Annotated[list[tuple[Micros, Hash16]], Field(max_length=MOST_STEPS, fail_fast=True)]
    observed: Annotated[list[tuple[Hash16, Hash16]], Field(max_length=MOST_STEPS, fail_fast=True)]
    end: Micros

    def given(self) -> list[Any]:
        """The actions as they were played. Those of `delta_pose` must be lists of numbers that a float32 may be."""
        actions = [action for _, action in self.actions]
        return [exact(action) for action in actions] if self.shortened else actions

    @property
    def shortened(self) -> bool:
        """Whether the numbers of its actions are rounded to float32 when they are played."""
        return self.version > OLD and self.track.act == "delta_pose"


class Failed(Strict):
    """The log of an episode that ended in an error: it counts, as not successful."""

    format: Literal["switch_bench.episode"] = "switch_bench.episode"
    version: Literal[1, 2] = VERSION
    status: Literal["error"]
    task: Short
    episode: Annotated[int, Field(ge=0, le=9999)]
    seed: Seed
    where: Short
    type: Short
    message: Message


Log = Played | Failed


def of_trace(trace: Trace, record: Mapping[str, Any]) -> Played:
    """The log of an episode from its trace and its record (its `task`, `episode` and `seed`).

    Raises: KeyError for a trace of before there were such logs.
    """
    manifest = trace.manifest
    track = manifest["track"]
    actions = [] if trace.inputs else [(t, action) for t, action in trace.actions]
    short = _shortened(actions) if track["act"] == "delta_pose" else actions
    return Played(
        version=VERSION if short is not None else OLD,
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
        renderer=_short(manifest["renderer"]),
        task_hash=manifest["task_hash"],
        scene_hash=manifest["scene_hash"],
        actions=actions if short is None else short,
        inputs=[(what, value) for what, value in trace.inputs] or None,
        hashes=[(t, digest) for t, digest in trace.hashes],
        observed=[(told, drawn) for told, drawn in manifest.get("observed", ())],
        end=trace.end,
    )


def _shortened(actions: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]] | None:
    """The actions with their numbers in the shortest form; None if one of them was no float32."""
    short = [(t, shortest(action)) for t, action in actions]
    return None if any(action is None for _, action in short) else short


def of_error(record: Mapping[str, Any]) -> Failed:
    """The log of an episode's record that is an error."""
    error = record["error"]
    return Failed(
        status="error",
        task=record["task"],
        episode=record["episode"],
        seed=record["seed"],
        where=_short(error["where"]),
        type=_short(error["type"]),
        message=plain(str(error["message"]), LONGEST_MESSAGE, lines=True),
    )


def _short(value: Any) -> str:
    return ascii(str(value))[1:-1][:200]


def parse(data: bytes, where: str) -> Log:
    """The log in a file. Raises: Refused for what is none."""
    if data.count(b"[") + data.count(b"{") > MOST_LISTS or data.count(b",") > MOST_VALUES:
        # they take twenty times as much memory as in the file
        raise Refused("too-large", where, f"more in it than the {MOST_STEPS} steps that a log may have")
    return validated(Failed, data, where) if _failed(data, where) else validated(Played, data, where)


def _failed(data: bytes, where: str) -> bool:
    """Whether it is JSON of an episode in error; what was read is let go of before it is read as a log."""
    found = read(data, where)
    return isinstance(found, dict) and found.get("status") == "error"


def validated(kind: type[M], data: bytes, where: str) -> M:
    """A file as a model; `canonical.read` has found it to be JSON.

    Raises: Refused that names the first thing wrong with it.
    """
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(plain(str(part), 60) for part in first["loc"])
        code = "version" if first["loc"] in (("format",), ("version",)) else "schema"
        raise Refused(code, where, f"{place}: {first['msg']}") from None

"""What a policy is, and how `--policy` names one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol, get_args

import numpy as np
from gymnasium import Env, Space, spaces

from switch_bench.agents import openai_address, openpi_address
from switch_bench.agents.errors import AgentError
from switch_bench.evaluate.bench import SIZE
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.record import budget, files_of
from switch_bench.evaluate.track import Act, Observation

ADVERSARIAL = "adversarial"  # the folder of the baselines that cheat
DEFAULT_OBS = ("rgb", "instruction")
PRIVILEGED_OBS = frozenset({"state", "segmentation"})
PICTURE_OBS = frozenset({"rgb", "wrist_rgb", "depth", "segmentation", "marks"})
SMALLEST, WIDEST, HIGHEST = 16, 1280, 960  # px of an image, as `envs` draws them


class Policy(Protocol):
    """What acts in an episode.

    Besides `act` it may have `obs`, the names of the observations it wants (default: rgb, instruction), `size`, the
    (width, height) in px of its images (default: (256, 256)), `privileged`, True if it knows what an agent can't
    (default: False), and `limits`, the budget on an episode that it keeps to (an `agents.session.Limits`). One object
    serves many episodes, in any order, and may be one of several in other processes: `reset` must leave nothing of the
    episode before.
    """

    act: str  # "delta_pose", "pixel" or "skill"

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """A new episode of `task` (its id) begins; `seed` is for the policy's own draws, `info` is the reset's."""
        ...

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        """The next action, in the environment's action space; None: hands off from here on, to the horizon.

        obs: what the environment gives: of one name its observation, of several a dict.
        """
        ...


class Privileged(Protocol):
    """A policy that does an episode by itself, with the whole world at hand; it must say `privileged = True`."""

    act: str
    privileged: bool

    def play(self, env: Env, task: str, seed: int) -> None:
        """Act in `env`, which has just been reset, until the episode is over."""
        ...


@dataclass(frozen=True)
class Declared:
    """What a policy says of itself, and what is known of it. `size`: (width, height) px of its images.

    files: digests of what it is made of; limits: its budget on an episode, if it keeps to one (see `record.py`).
    """

    act: str
    obs: tuple[str, ...]
    privileged: bool
    size: tuple[int, int] = SIZE
    files: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float | None] | None = None

    @property
    def wants_pictures(self) -> bool:
        """Whether an observation it wants must be rendered."""
        return not PICTURE_OBS.isdisjoint(self.obs)


def baselines() -> tuple[str, ...]:
    """Names of the policies that come with the benchmark."""
    return _modules(resources.files("switch_bench.baselines"))


def cheats() -> tuple[str, ...]:
    """Names of the policies that cheat, `adversarial.<name>`."""
    names = _modules(resources.files("switch_bench.baselines") / ADVERSARIAL)
    return tuple(f"{ADVERSARIAL}.{name}" for name in names)


def _modules(folder: Traversable) -> tuple[str, ...]:
    return tuple(sorted(f.name[:-3] for f in folder.iterdir() if f.name.endswith(".py") and f.name[0] != "_"))


def identity(name: str) -> str:
    """A policy's name as it is written down: of an address without what is secret or changes nothing that is played."""
    for address in (openpi_address, openai_address):
        if address.is_address(name):
            try:
                return address.parse(name).identity
            except AgentError:
                return address.shown(name)
    return name


def load(name: str) -> tuple[Any, Declared]:
    """The policy that `--policy` names, made ready, and what it declares.

    Raises:
        InputError: there is no such policy, its module can't be imported, it isn't a policy, or its server can't be
            reached (then its cause is an AgentGone).
    """
    where = f"--policy {identity(name)}"
    if openpi_address.is_address(name):
        return _remote(name, where)
    if openai_address.is_address(name):
        return _model(name, where)
    module, attribute = _address(name)
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # so that `my_policy:Policy` finds my_policy.py
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        hint = "it is looked for in the current folder and among the installed packages"
        if error.name != module:
            hint = f"{module} needs it: install it here"
        raise InputError(f"there is no module {error.name}", where=where, hint=hint) from error
    except (Exception, SystemExit) as error:
        raise _broke(f"importing {module} failed", error, where) from error
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            public = [n for n in dir(found) if not n.startswith("_")]
            raise InputError(f"{module} has no {part!r}", where=where, hint=closest(part, public)) from error
    if isinstance(found, type) or (callable(found) and not hasattr(found, "act")):
        try:
            policy = found()
        except (Exception, SystemExit) as error:
            raise _broke(
                f"making the policy failed: {attribute}() is called with no arguments", error, where
            ) from error
    else:
        policy = found
    return policy, replace(declared(policy, where), files=files_of(module))


def declared(policy: Any, where: str) -> Declared:
    """What `policy` says of itself.

    Raises:
        InputError: it says nothing, or what can't be.
    """
    act: Any = getattr(policy, "act", None)
    if act not in get_args(Act):
        said = "doesn't say how it acts" if act is None else f"acts by {act!r}, which isn't known"
        raise InputError(
            f"the policy {said}", where=where, hint=f"give it an attribute `act`: one of {', '.join(get_args(Act))}"
        )
    obs = getattr(policy, "obs", DEFAULT_OBS)
    if isinstance(obs, str) or not isinstance(obs, Sequence) or not all(isinstance(name, str) for name in obs):
        raise InputError(
            f"the policy's `obs` is {obs!r}",
            where=where,
            hint="expected a tuple of names, such as ('rgb', 'instruction')",
        )
    for name in obs:
        if name not in get_args(Observation):
            raise InputError(
                f"the policy wants to observe {name!r}", where=where, hint=closest(name, get_args(Observation))
            )
    privileged = bool(getattr(policy, "privileged", False)) or not PRIVILEGED_OBS.isdisjoint(obs)
    plays = callable(getattr(policy, "play", None))
    if plays and not privileged:
        raise InputError(
            "the policy plays the whole episode itself but doesn't say `privileged = True`",
            where=where,
            hint="say so, or act by __call__(obs, info)",
        )
    if not plays and not (callable(policy) and callable(getattr(policy, "reset", None))):
        raise InputError(
            "this isn't a policy",
            where=where,
            hint="a policy has `act`, `reset(task, seed, info)` and `__call__(obs, info)`",
        )
    size, limits = _size(policy, where), budget(getattr(policy, "limits", None))
    return Declared(act=act, obs=tuple(obs), privileged=privileged, size=size, limits=limits)


def _size(policy: Any, where: str) -> tuple[int, int]:
    size = getattr(policy, "size", SIZE)
    whole = isinstance(size, Sequence) and len(size) == 2 and all(type(px) is int for px in size)
    if not whole or not (SMALLEST <= size[0] <= WIDEST and SMALLEST <= size[1] <= HIGHEST):
        raise InputError(
            f"the policy's `size` is {size!r}",
            where=where,
            hint=f"expected (width, height) from {SMALLEST} × {SMALLEST} to {WIDEST} × {HIGHEST} px",
        )
    return size[0], size[1]


def _remote(name: str, where: str) -> tuple[Any, Declared]:
    """The policy at an address."""
    from switch_bench.agents import openpi

    try:
        policy = openpi.Policy(openpi_address.parse(name))
    except AgentError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error
    return policy, declared(policy, where)


class ActionError(Exception):
    """A policy's action isn't in the action space."""


def checked(action: Any, space: Space) -> Any:
    """The action as the environment takes it: arrays of the space's dtype; nothing is clipped.

    Raises:
        ActionError: wrong keys, shape or kind, or a number that isn't finite.
    """
    if isinstance(space, spaces.Dict):
        if not isinstance(action, Mapping):
            raise ActionError(f"expected a dict with {', '.join(space)}; got {type(action).__name__}")
        if action.keys() != space.keys():
            raise ActionError(f"expected a dict with exactly {', '.join(space)}; got {', '.join(map(str, action))}")
        return {name: _inside(name, action[name], part) for name, part in space.items()}
    if isinstance(space, spaces.Box):
        return _array(action, space)
    return _inside("", action, space)


def _inside(name: str, value: Any, space: Space) -> Any:
    said = f"{name}: " if name else ""
    if isinstance(space, spaces.Box):
        try:
            return _array(value, space)
        except ActionError as error:
            raise ActionError(f"{said}{error}") from None
    if isinstance(space, spaces.Discrete) and isinstance(value, int):
        value = np.int64(value)
    if not space.contains(value):
        raise ActionError(f"{said}expected one of {space}; got {value!r}")
    return value


def _array(value: Any, space: spaces.Box) -> np.ndarray:
    try:
        array = np.asarray(value, dtype=space.dtype)
    except (TypeError, ValueError):
        raise ActionError(f"expected numbers of shape {space.shape}; got {type(value).__name__}") from None
    if array.shape != space.shape:
        raise ActionError(f"expected shape {space.shape}; got {array.shape}")
    if not np.isfinite(array).all():
        raise ActionError("a number in it isn't finite")
    return array


def _address(name: str) -> tuple[str, str]:
    where = f"--policy {name}"
    if ":" in name:
        module, _, attribute = name.partition(":")
        is_file = module.endswith(".py") or "/" in module
        if is_file or not all(part.isidentifier() for part in (*module.split("."), *attribute.split("."))):
            hint = "write it as package.module:Class"
            if is_file:
                hint = f"name the module, not the file: {Path(module).stem}:{attribute}"
            raise InputError("not a module and an attribute", where=where, hint=hint)
        return module, attribute
    if name not in (*baselines(), *cheats()):
        listing = f"there is {', '.join(baselines())}, and {ADVERSARIAL}.NAME"
        raise InputError(
            f"there is no baseline {name!r}",
            where=where,
            hint=f"{closest(name, (*baselines(), *cheats()), listing=listing)}; "
            "your own policy is named module:attribute, ws://host:port or openai:MODEL@BASE_URL",
        )
    return f"switch_bench.baselines.{name}", "Policy"


def _model(name: str, where: str) -> tuple[Any, Declared]:
    """The language model at an address."""
    from switch_bench.agents import openai

    try:
        policy = openai.Policy(openai_address.parse(name))
    except AgentError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error
    return policy, declared(policy, where)


def _broke(what: str, error: BaseException, where: str) -> InputError:
    at = ""
    frame = error.__traceback__
    while frame is not None:
        at, frame = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}", frame.tb_next
    return InputError(f"{what}: {type(error).__name__}: {error}", where=where, hint=f"it was raised at {at}")

"""What a verdict needs to know of a task. The model of task files has these attributes; `Goal` is the least such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Evidence(Protocol):
    """What shows that it is done: names of signals and zones that an image can show."""

    @property
    def ui_signal(self) -> Sequence[str]:
        """What displays, lamps and controls say."""
        ...

    @property
    def physical_world_state(self) -> Sequence[str]:
        """What the room itself shows."""
        ...


class Task(Protocol):
    """What is asked. Patterns are globs over signals' and objects' names (`kettle.*`)."""

    @property
    def goal(self) -> str:
        """The formula that must hold from the start of the episode."""
        ...

    @property
    def where(self) -> Sequence[str]:
        """The zones in which the effect must be; none: anywhere."""
        ...

    @property
    def required(self) -> Sequence[str]:
        """The controls by which it must be brought about; they are frozen in the masked replay."""
        ...

    @property
    def allowed(self) -> Sequence[str]:
        """Patterns of what may be left changed."""
        ...

    @property
    def forbidden(self) -> Sequence[str]:
        """Patterns of what must not be left changed."""
        ...

    @property
    def never(self) -> Sequence[str]:
        """Formulas that must not be so even for a moment."""
        ...

    @property
    def evidence(self) -> Evidence:
        """What shows that it is done."""
        ...

    @property
    def feasible(self) -> bool:
        """Whether it can be done at all."""
        ...

    @property
    def disconfirming(self) -> Sequence[str]:
        """What shows that it can't be done, if it isn't feasible: signals and zones, all of which must be seen."""
        ...


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`Evidence` as plain data."""

    ui_signal: tuple[str, ...] = ()
    physical_world_state: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Goal:
    """`Task` as plain data."""

    goal: str
    where: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    evidence: Shown = field(default_factory=Shown)
    feasible: bool = True
    disconfirming: tuple[str, ...] = ()

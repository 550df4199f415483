"""Other people and schedules: what they wait for and what they then do, in words that a network's script is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from switch_bench.spec.fields import (
    Count,
    Duration,
    Flag,
    Id,
    SignalName,
    Span,
    Spec,
    Value,
    choose,
    refuse,
    within,
)


class SetAct(Spec):
    """Write `value` to an input, hold, then write `release`."""

    signal: SignalName = Field(alias="set", description="the input signal that is written")
    value: Value = Field(alias="to", description="the value written")
    hold_us: Duration = Field(default=0, alias="hold", description="how long it is held before `then` or the next act")
    release: Value | None = Field(
        default=None, alias="then", description="the value written after the hold; none: it stays"
    )

    @model_validator(mode="after")
    def _released_after_a_hold(self) -> SetAct:
        if self.release is not None and not self.hold_us:
            raise refuse("`then` needs a `hold` before it", "Add for instance `hold: 0.5 s`")
        return self


class PressAct(Spec):
    """Set a bool input True, hold, and set it False: what a finger on a button does."""

    signal: SignalName = Field(alias="press", description="the bool input signal that is pressed")
    hold_us: Span = Field(default=300_000, alias="hold", description="how long it is held")

    @property
    def value(self) -> Value:
        """What is written first."""
        return True

    @property
    def release(self) -> Value | None:
        """What is written after the hold."""
        return False


Act = Annotated[SetAct | PressAct, BeforeValidator(choose("an act", {"set": SetAct, "press": PressAct}))]


class Script(Spec):
    """Someone or something else in the house: waits for a time, or for things to be so, and acts."""

    name: Id = Field(description="its name; the actor of what it does is `person:<name>` or `schedule:<name>`")
    zone: Id = Field(description="the zone it acts in")
    at_us: Duration | None = Field(default=None, alias="at", description="the simulated time it acts at")
    every_us: Span | None = Field(default=None, alias="every", description="the period it acts with, first at `at`")
    when: Mapping[SignalName, Value] = Field(
        default_factory=dict, description="signals and the values that must all become so before it acts"
    )
    delay_us: Duration = Field(default=0, alias="delay", description="from its trigger to its first act")
    jitter_us: Duration = Field(default=0, alias="jitter", description="up to so much is drawn and added to the delay")
    acts: tuple[Act, ...] = Field(min_length=1, description="what it does, in order")
    recheck: Flag = Field(
        default=True, description="look again after the delay, and don't act if `when` no longer holds"
    )
    times: Annotated[Count, within(1)] | None = Field(
        default=None, description="act at the most so often; none: no limit"
    )

    @model_validator(mode="after")
    def _one_trigger(self) -> Script:
        timed = self.at_us is not None or self.every_us is not None
        if timed and self.when:
            raise refuse("waits for a time (`at`, `every`) and for signals (`when`); it can only wait for one of them")
        if not timed and not self.when:
            raise refuse("never acts", "Give it `at`, `every` or `when`")
        return self


class Person(Script):
    """Another person in the house."""

    @property
    def role(self) -> str:
        """What sort of actor it is."""
        return "person"


class Schedule(Script):
    """A schedule, a sensor that acts, or the weather."""

    role: Literal["schedule", "sensor", "weather"] = Field(default="schedule", description="what sort of actor it is")

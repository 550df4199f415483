"""Whether scenes and tasks ask of devices what their kinds offer: models, options, controls, signals, faults."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from switch_bench.spec.errors import Problem, SceneError, TaskError, did_you_mean
from switch_bench.spec.fields import short
from switch_bench.spec.in_scene import fit, operated, steps
from switch_bench.spec.people import Script
from switch_bench.spec.references import At
from switch_bench.spec.scene import Scene
from switch_bench.spec.source import Source
from switch_bench.spec.steps import Close, Look, Open, Step, Type, Wait
from switch_bench.spec.task import Task
from switch_bench.spec.things import BuiltIn, Device, Mount, OnCeiling, OnFloor, OnTop, OnWall, Wire
from switch_bench.spec.vary import Variation

Values = Mapping[str, tuple[Any, ...]]  # by local name: the allowed values, none for any of the type

STANDING = (OnTop, BuiltIn, OnFloor)  # what stands at home on one of these can stand on the others
MOUNTS: Mapping[str, tuple[type, ...]] = {
    "wall": (OnWall,),
    "counter": STANDING,
    "floor": STANDING,
    "ceiling": (OnCeiling,),
    "built_in": STANDING,
}
IN_WORDS = {
    OnWall: "on a wall (`wall`)",
    OnTop: "on furniture (`on`)",
    OnFloor: "on the floor (`floor`)",
    OnCeiling: "on the ceiling (`ceiling`)",
    BuiltIn: "in furniture (`built_in`)",
}
FACES: At = ("variation", "faces", "models")
DOTTED = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*\.[A-Za-z_]\w*")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
ZONE_SIGNALS = ("temperature", "illuminance")


class KindInfo(Protocol):
    """What a check must know of a device kind.

    `controls`, `signals`, `sights` and `faults` are asked with a model's name and the options of one device, the kind's
    defaults filled in. They raise `ValueError` for options that make no sense together, with the reason.
    """

    @property
    def models(self) -> Collection[str]:
        """Names of the models, the default one first."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """The options with their defaults."""
        ...

    @property
    def mount(self) -> str:
        """How it is fixed: wall, counter, floor, ceiling or built_in."""
        ...

    def controls(self, model: str, options: Mapping[str, Any]) -> Values:
        """What a hand can operate: the controls' signals."""
        ...

    def signals(self, model: str, options: Mapping[str, Any]) -> Values:
        """All its signals, flows and controls."""
        ...

    def sights(self, model: str, options: Mapping[str, Any]) -> Collection[str]:
        """What can be looked at: controls, and signals that a picture shows."""
        ...

    def faults(self, model: str, options: Mapping[str, Any]) -> Collection[str]:
        """The faults that can be injected."""
        ...


def check(scene: Scene, kinds: Mapping[str, KindInfo]) -> None:
    """Check a scene against the device kinds.

    Raises:
        SceneError: with every problem found, each with its line in the scene file.
    """
    problems = list(_SceneCheck(scene, scene.source, kinds, scene.variation).run())
    if problems:
        raise SceneError.of(problems)


def check_task(task: Task, scene: Scene, kinds: Mapping[str, KindInfo]) -> None:
    """Check a task against its scene and the device kinds. The scene is taken to be sound.

    Raises:
        TaskError: with every problem found, each with its line in the task file.
    """
    fit(task, scene)
    declared = Variation().model_copy(update={**task.variation.declared})
    problems = list(_TaskCheck(scene, task.source, kinds, declared).run(task))
    if problems:
        raise TaskError.of(problems)


@dataclass(frozen=True)
class Offer:
    """What one device offers as one model."""

    model: str
    controls: Values
    signals: Values
    sights: Collection[str]
    faults: Collection[str]


def offer(kind: KindInfo, model: str, options: Mapping[str, Any]) -> Offer:
    """What a kind offers as this model with these options. Raises `ValueError` for options that make no sense."""
    full = {**kind.options, **options}
    sights, faults = kind.sights(model, full), kind.faults(model, full)
    return Offer(model, kind.controls(model, full), kind.signals(model, full), sights, faults)


class _Check:
    """What the devices of a scene offer, as every model they may be drawn as.

    A device of which something is already wrong (its kind, model or options) offers nothing: it is told once.
    """

    def __init__(self, scene: Scene, source: Source, kinds: Mapping[str, KindInfo], variation: Variation):
        self.scene = scene
        self.source = source
        self.kinds = kinds
        self.variation = variation
        self.faulty: list[Problem] = []
        self.offers: dict[str, list[Offer]] = {}
        for i, device in enumerate(scene.devices):
            self.offers[device.id] = list(self._offers(device, ("devices", i)))

    def problem(self, at: At, message: str, hint: str = "") -> Problem:
        return self.source.problem(at, message, hint)

    def _offers(self, device: Device, at: At) -> Iterator[Offer]:
        kind = self.kinds.get(device.kind)
        if kind is None:
            hint = did_you_mean(device.kind, self.kinds, "kinds")
            self.faulty.append(self.problem((*at, "kind"), f"unknown kind {device.kind!r}", hint))
            return
        unknown = sorted(set(device.options) - set(kind.options))
        for name in unknown:
            hint = did_you_mean(name, kind.options, f"options of {device.kind}")
            self.faulty.append(self.problem((*at, "options", name), f"unknown option {name!r} of {device.kind}", hint))
        models = dict.fromkeys([(m, (*at, "model")) for m in device.models or [next(iter(kind.models))]])
        models |= {(m, (*FACES, device.id)): None for m in self.variation.faces.models.get(device.id, ())}
        for model, place in models:
            if model not in kind.models:
                hint = did_you_mean(model, kind.models, f"models of {device.kind}")
                self.faulty.append(self.problem(place, f"unknown model {model!r} of {device.kind}", hint))
            elif not unknown:
                try:
                    yield offer(kind, model, device.options)
                except ValueError as error:
                    self.faulty.append(self.problem((*at, "options"), f"as model {model}: {error}"))

    def known(self, at: At, signal: str, part: str = "signals") -> Iterator[Problem]:
        """The signal is one of a device in every model it may be, or of a zone.

        part: `signals`, `controls` or `sights`.
        """
        owner, _, name = signal.partition(".")
        if owner in self.scene.zones and name not in ZONE_SIGNALS:
            yield self.problem(at, f"unknown signal {name!r} of a zone", did_you_mean(name, ZONE_SIGNALS, "signals"))
        if owner in self.scene.points and name != "illuminance":
            yield self.problem(at, f"unknown signal {name!r} of a point", f"Did you mean '{owner}.illuminance'?")
        for one in self.offers.get(owner, ()):
            names = getattr(one, part)
            if name not in names:
                hint = did_you_mean(name, names, f"{part} of {owner}")
                yield self.problem(at, f"unknown {part[:-1]} {name!r} of {owner} (model {one.model})", hint)
                return

    def value(self, at: At, signal: str, value: Any) -> Iterator[Problem]:
        """The signal can have this value."""
        owner, _, name = signal.partition(".")
        for one in self.offers.get(owner, ()):
            allowed = one.signals.get(name, ())
            if allowed and not any(value == v and isinstance(value, bool) == isinstance(v, bool) for v in allowed):
                words = ", ".join(str(v).lower() if isinstance(v, bool) else repr(v) for v in allowed)
                hint = did_you_mean(value, allowed) if len(allowed) > 12 else ""
                if str(value) in allowed:
                    hint = f'Put quotes round it: "{value}"'
                yield self.problem(at, f"{signal} can't be {short(value)}; expected one of {words}", hint)
                return

    def set_to(self, at: At, signal: str, value: Any) -> Iterator[Problem]:
        yield from list(self.known(at, signal)) or self.value(at, signal, value)

    def script(self, script: Script, at: At) -> Iterator[Problem]:
        for signal, value in script.when.items():
            yield from self.set_to((*at, "when", signal), signal, value)
        for i, act in enumerate(script.acts):
            yield from self.set_to((*at, "acts", i), act.signal, act.value)
            if act.release is not None:
                yield from self.value((*at, "acts", i), act.signal, act.release)

    def wires(self, wires: Iterable[Wire], at: At) -> Iterator[Problem]:
        for i, wire in enumerate(wires):
            yield from self.known((*at, i, "from"), wire.source)
            yield from self.known((*at, i, "to"), wire.target)

    def labels(self, device: str, names: Iterable[str], at: At) -> Iterator[Problem]:
        for name in names:
            for one in self.offers.get(device, ()):
                if not _control(name, one.controls):
                    hint = did_you_mean(name, one.controls, f"controls of {device}")
                    yield self.problem((*at, name), f"unknown control {name!r} of {device} (model {one.model})", hint)
                    break

    def mounted(self, device: Device, mount: Mount, at: At) -> Iterator[Problem]:
        kind = self.kinds.get(device.kind)
        fitting = MOUNTS.get(kind.mount) if kind else None
        if kind and fitting and not isinstance(mount, fitting):
            wanted = " or ".join(IN_WORDS[way] for way in fitting)
            yield self.problem(at, f"a {device.kind} is fixed {wanted}, not {IN_WORDS[type(mount)]}")

    def varied(self) -> Iterator[Problem]:
        """What may vary is something the kinds offer."""
        for name, mounts in self.variation.layout.places.items():
            for i, mount in enumerate(mounts):
                if device := self.devices.get(name):
                    yield from self.mounted(device, mount, ("variation", "layout", "places", name, i))
        for question, answers in self.variation.wiring.alternatives.items():
            for answer, wires in answers.items():
                yield from self.wires(wires, ("variation", "wiring", "alternatives", question, answer))
        for name, table in self.variation.wiring.options.items():
            yield from self.options(name, table)
        for name, labellings in self.variation.labels.items():
            for i, labelling in enumerate(labellings):
                yield from self.labels(name, labelling, ("variation", "labels", name, i))
        for signal, values in self.variation.light.lamps.items():
            at = ("variation", "light", "lamps", signal)
            yield from list(self.known(at, signal)) or (p for v in values for p in self.value(at, signal, v))

    def options(self, name: str, table: Mapping[str, tuple[Any, ...]]) -> Iterator[Problem]:
        device = self.devices.get(name)
        kind = self.kinds.get(device.kind) if device else None
        if not device or not kind or not self.offers.get(name):
            return
        for option, values in table.items():
            at = ("variation", "wiring", "options", name, option)
            if option not in kind.options:
                hint = did_you_mean(option, kind.options, f"options of {device.kind}")
                yield self.problem(at, f"unknown option {option!r} of {device.kind}", hint)
                continue
            for i, value in enumerate(values):
                for one in self.offers[name]:
                    try:
                        offer(kind, one.model, {**device.options, option: value})
                    except ValueError as error:
                        yield self.problem((*at, i), f"as model {one.model}: {error}")

    @property
    def devices(self) -> dict[str, Device]:
        return {device.id: device for device in self.scene.devices}


class _SceneCheck(_Check):
    """The parts of a scene."""

    def run(self) -> Iterator[Problem]:
        yield from self.faulty
        for i, device in enumerate(self.scene.devices):
            yield from self.mounted(device, device.mount, ("devices", i, "mount"))
            yield from self.labels(device.id, device.labels, ("devices", i, "labels"))
            for name, value in device.initial.items():
                yield from self.set_to(("devices", i, "initial", name), f"{device.id}.{name}", value)
        for i, doorway in enumerate(self.scene.doorways):
            if doorway.gate is not None:
                yield from self.known(("doorways", i, "gate"), doorway.gate)
        yield from self.wires(self.scene.wires, ("wires",))
        for i, total in enumerate(self.scene.sums):
            yield from self.known(("sums", i, "to"), total.target)
            for j, signal in enumerate(total.sources):
                yield from self.known(("sums", i, "from", j), signal)
        for output, devices in self.scene.circuits.items():
            yield from self.known(("circuits", output), output)
            for i, name in enumerate(devices):
                if any(not {"mains", "load"} <= set(one.signals) for one in self.offers.get(name, ())):
                    yield self.problem(("circuits", output, i), f"{name} takes no mains, so no circuit feeds it")
        for part, scripts in (("people", self.scene.people), ("schedules", self.scene.schedules)):
            for i, script in enumerate(scripts):
                yield from self.script(script, (part, i))
        yield from self.varied()


class _TaskCheck(_Check):
    """The parts of a task."""

    def run(self, task: Task) -> Iterator[Problem]:
        for i, signal in enumerate(task.required):
            yield from self.known(("required", i), signal, "controls")
        setup = task.setup
        for signal, value in setup.signals.items():
            yield from self.set_to(("setup", "signals", signal), signal, value)
        for i, fault in enumerate(setup.faults):
            for one in self.offers.get(fault.device, ())[:1]:
                if fault.fault not in one.faults:
                    hint = did_you_mean(fault.fault, one.faults, f"faults of {fault.device}")
                    yield self.problem(("setup", "faults", i, "fault"), f"unknown fault {fault.fault!r}", hint)
        for part, scripts in (("people", setup.people), ("schedules", setup.schedules)):
            for i, script in enumerate(scripts):
                yield from self.script(script, ("setup", part, i))
        shown = {("disconfirming",): task.disconfirming}
        shown |= {("evidence", part): getattr(task.evidence, part) for part in ("ui_signal", "physical_world_state")}
        for at, names in shown.items():
            for i, name in enumerate(names):
                if "." in name:
                    yield from self.known((*at, i), name)
        for part in ("allowed", "forbidden"):
            for i, pattern in enumerate(getattr(task, part)):
                yield from self.pattern((part, i), pattern, task)
        yield from self.formula(("goal",), task.goal)
        for i, formula in enumerate(task.never):
            yield from self.formula(("never", i), formula)
        for at, step in steps(task):
            yield from self.step((*at, step.verb), step)
        yield from self.varied()

    def step(self, at: At, step: Step) -> Iterator[Problem]:
        control = operated(step)
        if isinstance(step, Wait) and step.until is not None:
            yield from self.formula((*at, "until"), step.until)
        if control is None:
            return
        owner, _, name = control.partition(".")
        if isinstance(step, Type):
            for one in self.offers.get(owner, ()):
                known = {key.removeprefix(f"{name}_") for key in one.controls if key.startswith(f"{name}_")}
                if not known:
                    yield self.problem(at, f"{owner} (model {one.model}) has no keypad {name!r}")
                    return
                for key in step.keys:
                    if key not in known:
                        yield self.problem((*at, "keys"), f"unknown key {key!r}", did_you_mean(key, known, "keys"))
                        return
            return
        found = list(self.known(at, control, "sights" if isinstance(step, Look) else "controls"))
        yield from found
        wanted = getattr(step, "widget", getattr(step, "to", None))
        if isinstance(step, Open | Close):
            wanted = "open" if isinstance(step, Open) else "closed"
        if wanted is not None and not found:
            yield from self.operable(at, control, wanted)

    def operable(self, at: At, control: str, wanted: Any) -> Iterator[Problem]:
        """The control can be brought to a value; `on` and `off` are true and false where those are what it reads."""
        values = {
            v for one in self.offers.get(control.split(".")[0], ()) for v in one.signals[control.split(".", 1)[1]]
        }
        if values <= {True, False} and wanted in ("on", "off"):
            return
        yield from self.value(at, control, wanted)

    def pattern(self, at: At, pattern: str, task: Task) -> Iterator[Problem]:
        names = {thing.id for thing in (*self.scene.objects, *task.setup.objects)} | set(self.devices)
        names |= {f"{zone}.{name}" for zone in self.scene.zones for name in ZONE_SIGNALS}
        names |= {f"{point}.illuminance" for point in self.scene.points}
        names |= {f"{device}.{name}" for device, some in self.offers.items() for one in some for name in one.signals}
        if all(self.offers.values()) and not any(fnmatchcase(name, pattern) for name in names):
            yield self.problem(at, f"{pattern} matches no signal and no object", did_you_mean(pattern, names))

    def formula(self, at: At, formula: str) -> Iterator[Problem]:
        """The signals named in a formula are there; its grammar is the verifier's to check."""
        for name in dict.fromkeys(DOTTED.findall(QUOTED.sub("", formula))):
            yield from self.known(at, name)


def _control(name: str, controls: Values) -> bool:
    """Whether this names a control: its signal's name, or what the signals of a keypad begin with."""
    return name in controls or any(signal.startswith(f"{name}_") for signal in controls)

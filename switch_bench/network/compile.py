"""From declarations to what runs: names resolved, parts in their static order, the start values settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from switch_bench.network import check, fields
from switch_bench.network.declare import NetworkSpec, Value, Zone
from switch_bench.network.errors import InvalidSpec, WriteRefused
from switch_bench.network.event import SignalInfo
from switch_bench.network.fields import OUTDOOR
from switch_bench.network.flow import Anchor
from switch_bench.network.light import Illuminance, added
from switch_bench.network.logic import WRITABLE, Logic
from switch_bench.network.names import Names, Row
from switch_bench.network.parts import ComparatorPart, Part, QuantiserPart, Slot, SumPart, TimerSlot, WirePart
from switch_bench.network.scripts import ScriptPart, Step
from switch_bench.network.state import CROSSING, SCRIPT, TIMER
from switch_bench.network.thermal import ThermalNet
from switch_bench.network.values import fitted

_PASSES = 16  # a chain of wires longer than that settles in events at t = 0


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled network: everything about it that never changes, by signal index, part index or slot."""

    seed: int
    names: tuple[str, ...]
    index: dict[str, int]
    kinds: tuple[str, ...]
    zones: tuple[str, ...]
    types: tuple[type, ...]
    values: tuple[tuple[Value, ...], ...]
    drives: tuple[bool, ...]
    initial: tuple[Any, ...]
    info: dict[str, SignalInfo]
    parts: tuple[Part, ...]
    wakes: tuple[tuple[int, ...], ...]  # the parts that listen to each signal, ascending
    slots: tuple[Slot, ...]
    ranks: tuple[int, ...]
    scripts: tuple[ScriptPart, ...]
    keys: tuple[Any, ...]  # what shines in each zone, and at each point, at the start
    wires: int
    resolve: Callable[[str, str, str, str], int]
    named: Callable[[str, str], int]
    relit: Callable[[Sequence[Zone]], Program]  # the same network with other daylight in its zones at the start


def compile_network(spec: NetworkSpec) -> Program:
    """Check and compile.

    Raises:
        NetworkError: a named error that says where, what was expected and what came close.
    """
    return _Compiler(spec).program()


class _Compiler:
    """The work of one compilation, in the order of its methods."""

    def __init__(self, spec: NetworkSpec) -> None:
        check.spec(spec)
        self.spec = spec
        self.names = Names()
        self.parts: list[Part] = []
        self.slots: list[Slot] = []
        self.ranks: list[int] = []

    def program(self) -> Program:
        """Everything."""
        spec, names = self.spec, self.names
        self._declare()
        self._override()
        logics = self._logics()
        wires = [self._wire(k) for k in range(len(spec.wires))]
        sums = self._sums(wires)
        nets = fields.nets(spec, names)
        lights = fields.lights(spec, names)
        comparators, quantisers = self._crossings()
        scripts = [self._script(k) for k in range(len(spec.scripts))]
        self.parts += [*logics, *wires, *sums, *nets, *lights, *comparators, *quantisers, *scripts]
        self._written = [row.initial for row in names.rows]
        self._carried = (wires, sums, nets, lights, comparators, quantisers)
        self._settle(*self._carried)
        wakes: list[list[int]] = [[] for _ in names.rows]
        for k, part in enumerate(self.parts):
            for i in part.listens:
                wakes[i].append(k)
        rows = names.rows
        self._made = Program(
            seed=spec.seed,
            names=tuple(row.name for row in rows),
            index=names.index,
            kinds=tuple(row.kind for row in rows),
            zones=tuple(row.zone for row in rows),
            types=tuple(row.type for row in rows),
            values=tuple(row.values for row in rows),
            drives=tuple(row.drives for row in rows),
            **self._begins(),
            parts=tuple(self.parts),
            wakes=tuple(tuple(w) for w in wakes),
            slots=tuple(self.slots),
            ranks=tuple(self.ranks),
            scripts=tuple(scripts),
            wires=len(wires),
            resolve=names.resolve,
            named=names.named,
            relit=self.relit,
        )
        return self._made

    def relit(self, zones: Sequence[Zone]) -> Program:
        """The program for the same declarations but for the daylight of `zones`; parts are shared."""
        rows, index = self.names.rows, self.names.index
        for row, value in zip(rows, self._written, strict=True):
            row.initial = value
        for zone in zones:
            row = rows[index[f"{zone.name}.daylight"]]
            if not row.given:
                row.initial = float(zone.daylight)
        self._settle(*self._carried)
        return replace(self._made, **self._begins())

    def _begins(self) -> dict[str, Any]:
        """What of the program hangs on the values at the start."""
        rows = self.names.rows
        values = [row.initial for row in rows]
        return {
            "initial": tuple(values),
            "info": {row.name: SignalInfo(row.kind, row.zone, row.initial, row.unit) for row in rows},
            "keys": tuple(light.given(values) for light in self._carried[3]),
        }

    def _declare(self) -> None:
        spec, add = self.spec, self.names.add
        if spec.zones or any(unit.nodes for unit in spec.units):
            add(Row(f"{OUTDOOR}.temperature", "input", OUTDOOR, float(spec.outdoor), float, "degC"), "the network")
        for zone in spec.zones:
            owner = f"zone {zone.name}"
            name = zone.name
            add(Row(f"{name}.temperature", "flow", name, Anchor(0, float(zone.temperature)), Anchor, "degC"), owner)
            add(Row(f"{name}.illuminance", "flow", name, Anchor(0, 0.0), Anchor, "lx", computed=True), owner)
            add(Row(f"{name}.daylight", "input", name, float(zone.daylight), float, "lx"), owner)
        for point in spec.points:
            row = Row(f"{point.name}.illuminance", "flow", point.zone, Anchor(0, 0.0), Anchor, "lx", computed=True)
            add(row, f"point {point.name}")
        for unit in spec.units:
            owner, pre, zone = f"unit {unit.name}", unit.name, unit.zone
            for s in unit.signals:
                where = f"{owner}: {s.name}"
                kind = type(s.initial)
                allowed = tuple(fitted(v, kind, (), f"{where}: values") for v in s.values)
                initial = fitted(s.initial, kind, allowed, f"{where}: initial")
                add(Row(f"{pre}.{s.name}", s.kind, zone, initial, kind, s.unit, allowed, s.drives), owner)
            for f in unit.flows:
                add(Row(f"{pre}.{f.name}", "flow", zone, Anchor(0, float(f.initial)), Anchor, f.unit), owner)
            for n in unit.nodes:
                add(Row(f"{pre}.{n.name}", "flow", zone, Anchor(0, float(n.initial)), Anchor, "degC"), owner)
            for timer in unit.timers:
                i = add(Row(f"{pre}.{timer.name}", "timer", zone, False, bool, computed=True), owner)
                self._slot(TimerSlot(i), TIMER)
            for c in unit.comparators:
                add(Row(f"{pre}.{c.name}", "comparator", zone, False, bool), owner)
            for q in unit.quantisers:
                add(Row(f"{pre}.{q.name}", "quantiser", zone, 0.0, float, computed=True), owner)

    def _slot(self, slot: Slot, rank: int) -> int:
        self.slots.append(slot)
        self.ranks.append(rank)
        return len(self.slots) - 1

    def _override(self) -> None:
        for name, value in self.spec.initial.items():
            where = f"initial: {name}"
            row = self.names.rows[self.names.named(name, "initial")]
            if row.computed:
                raise WriteRefused(f"{where}: a {row.kind} that follows from the rest can't be given a start value")
            if row.type is Anchor:
                row.initial = Anchor(0, float(fitted(value, float, (), where)))
            else:
                row.initial = fitted(value, row.type, row.values, where)
            row.given = True

    def _logics(self) -> list[Logic]:
        logics = []
        slots = {slot.signal: k for k, slot in enumerate(self.slots) if isinstance(slot, TimerSlot)}
        index = self.names.index
        for unit in self.spec.units:
            if unit.logic is None:
                continue
            pre, where = unit.name, f"unit {unit.name}: watch"
            kinds: dict[str, str] = {s.name: s.kind for s in unit.signals}
            kinds |= {t.name: "timer" for t in unit.timers} | {c.name: "comparator" for c in unit.comparators}
            kinds |= {q.name: "quantiser" for q in unit.quantisers} | {f.name: "flow" for f in unit.flows}
            kinds |= {n.name: "thermal node" for n in unit.nodes}
            at = {name: index[f"{pre}.{name}"] for name in kinds}
            moving = ("flow", "thermal node")
            listens = [at[name] for name, kind in kinds.items() if kind not in (*moving, "touch")]
            for ref in unit.watch:
                i = self.names.named(ref, where)
                if self.names.rows[i].kind in ("flow", "touch"):
                    raise InvalidSpec(
                        f"{where}: {ref!r} is a {self.names.rows[i].kind}; watch a comparator on it instead"
                    )
                listens.append(i)
            rows = self.names.rows
            logics.append(
                Logic(
                    name=pre,
                    zone=unit.zone,
                    logic=unit.logic,
                    model=unit.model,
                    part=len(logics),
                    listens=tuple(dict.fromkeys(listens)),
                    readable={name: at[name] for name, kind in kinds.items() if kind not in moving},
                    writable={
                        name: (at[name], rows[at[name]].type, rows[at[name]].values)
                        for name, kind in kinds.items()
                        if kind in WRITABLE
                    },
                    timers={t.name: (at[t.name], slots[at[t.name]]) for t in unit.timers},
                    flows={name: at[name] for name, kind in kinds.items() if kind in moving},
                    kinds=kinds,
                )
            )
        return logics

    def _wire(self, k: int) -> WirePart:
        wire = self.spec.wires[k]
        names, key = self.names, f"{wire.source}>{wire.target}"
        where = f"wire {key}"
        source, target = names.named(wire.source, where), names.named(wire.target, where)
        row = names.rows[target]
        if row.kind != "input":
            raise InvalidSpec(f"{where}: expected an input as target, {row.name!r} is a {row.kind}")
        kind = bool if wire.invert else row.type
        names.expect(source, (float, int) if kind is float else (kind,), where)
        if wire.invert:
            names.expect(target, (bool,), where)
        return WirePart(
            source=source,
            target=target,
            delay=wire.delay,
            jitter=wire.jitter,
            loss=wire.loss,
            invert=wire.invert,
            real=row.type is float,
            key=key,
            index=k,
            allowed=row.values,
        )

    def _sums(self, wires: list[WirePart]) -> list[SumPart]:
        names, taken = self.names, {wire.target: "a wire" for wire in wires}
        sums = []
        for total in self.spec.sums:
            where = f"sum {total.target}"
            target = names.expect(names.named(total.target, where), (float,), where)
            if names.rows[target].kind != "input":
                raise InvalidSpec(f"{where}: expected an input as target, it is a {names.rows[target].kind}")
            if target in taken:
                raise InvalidSpec(f"{where}: {taken[target]} writes that already")
            taken[target] = "another sum"
            sources = [names.expect(names.named(s, where), (float, int), where) for s in total.sources]
            if len(set(sources)) != len(sources):
                raise InvalidSpec(f"{where}: a source stands there twice")
            sums.append(SumPart(tuple(sources), target))
        return sums

    def _crossings(self) -> tuple[list[ComparatorPart], list[QuantiserPart]]:
        names = self.names
        comparators, quantisers = [], []
        for unit in self.spec.units:
            for c in unit.comparators:
                where = f"unit {unit.name}: comparator {c.name}"
                flow = names.expect(
                    names.resolve(c.flow, unit.name, unit.zone, f"{where}: flow"), (Anchor,), f"{where}: flow"
                )
                threshold, level = -1, 0.0
                if isinstance(c.at, str):
                    threshold = names.resolve(c.at, unit.name, unit.zone, f"{where}: at")
                    names.expect(threshold, (float, int), f"{where}: at")
                else:
                    level = float(fitted(c.at, float, (), f"{where}: at"))
                signal = names.index[f"{unit.name}.{c.name}"]
                part = ComparatorPart(signal=signal, flow=flow, threshold=threshold, level=level, half=c.hysteresis / 2)
                part.slot = self._slot(part, CROSSING)
                if c.initial is not None and not names.rows[signal].given:
                    names.rows[signal].initial = bool(c.initial)
                    names.rows[signal].given = True
                comparators.append(part)
            for q in unit.quantisers:
                where = f"unit {unit.name}: quantiser {q.name}: flow"
                flow = names.expect(names.resolve(q.flow, unit.name, unit.zone, where), (Anchor,), where)
                signal = names.index[f"{unit.name}.{q.name}"]
                quantiser = QuantiserPart(signal=signal, flow=flow, step=q.step, hysteresis=q.hysteresis)
                quantiser.slot = self._slot(quantiser, CROSSING)
                quantisers.append(quantiser)
        return comparators, quantisers

    def _script(self, k: int) -> ScriptPart:
        script, names = self.spec.scripts[k], self.names
        where = f"script {script.name}"
        steps = []
        for act in script.acts:
            i = names.named(act.signal, where)
            row = names.rows[i]
            if row.kind not in ("input", "state") and not (row.kind == "output" and row.drives):
                raise WriteRefused(
                    f"{where}: can't act on {row.name!r}, a {row.kind}; expected an input, a state or a driving output"
                )
            steps.append(Step(i, fitted(act.value, row.type, row.values, f"{where}: {row.name}"), act.hold))
            if act.release is not None:
                steps.append(Step(i, fitted(act.release, row.type, row.values, f"{where}: {row.name}: release"), 0))
        when = []
        for name, value in script.when:
            i = names.expect(names.named(name, f"{where}: when"), (bool, int, float, str), f"{where}: when")
            row = names.rows[i]
            when.append((i, fitted(value, row.type, row.values, f"{where}: when: {row.name}")))
        part = ScriptPart(
            index=k,
            key=f"script {script.name}",
            actor=f"{'person' if script.role == 'person' else 'schedule'}:{script.name}",
            steps=tuple(steps),
            at=script.at,
            every=script.every,
            when=tuple(when),
            delay=script.delay,
            jitter=script.jitter,
            recheck=script.recheck,
            times=script.times,
            until=script.until,
        )
        part.clock = self._slot(part, SCRIPT)
        part.next = self._slot(part, SCRIPT)
        return part

    def _settle(
        self,
        wires: list[WirePart],
        sums: list[SumPart],
        nets: list[ThermalNet],
        lights: list[Illuminance],
        comparators: list[ComparatorPart],
        quantisers: list[QuantiserPart],
    ) -> None:
        """Let wires and sums have carried the start values already, and the fields be what follows from them."""
        rows = self.names.rows
        values: list[Any] = [row.initial for row in rows]
        start = {i: values[i].a for net in nets for i in net.nodes}
        for _ in range(_PASSES):
            before = values.copy()
            for wire in wires:
                if not rows[wire.target].given:
                    values[wire.target] = wire.carried(before[wire.source])
            for total in sums:
                if not rows[total.target].given:
                    values[total.target] = total.total(before)
            for net in nets:
                courses = net.anchors(values, 0, [start[i] for i in net.nodes])
                for i, anchor in zip(net.nodes, courses, strict=True):
                    values[i] = anchor
            for light in lights:
                values[light.flow] = added(0, list(light.given(values)))
            for c in comparators:
                if not rows[c.signal].given:
                    values[c.signal] = values[c.flow].at(0) >= c.at(values)
            for q in quantisers:
                values[q.signal] = q.nearest(values[q.flow].at(0))
            if values == before:
                break
        for row, value in zip(rows, values, strict=True):
            row.initial = value

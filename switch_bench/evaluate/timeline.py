"""The timeline of an episode as SVG: a block a device, a row a signal, a mark an event, a line a cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from switch_bench.evaluate.axis import Axis, clock
from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, Trace
from switch_bench.trace.signals import Signals, ancestors
from switch_bench.verify.words import amount

WIDTH = 1080.0  # all lengths in SVG user units
LEFT, RIGHT = 250.0, 1064.0
ROW, CURVE = 17.0, 38.0  # heights
TOP, GAP = 26.0, 5.0
LETTER = 5.4  # width of a letter in a label
MOST_EVENTS = 300
MOST_ROWS, MOST_CURVES = 30, 8
SAMPLES = 160
SHORT = 26  # letters

WEIGHT = {"control": 6, "output": 5, "sound": 4, "flow": 3}  # what can be seen, heard or felt


@dataclass
class _Row:
    """What is drawn of one signal."""

    signal: str
    kind: str
    events: list[Event]
    curve: list[tuple[int, float]] = field(default_factory=list)  # (t [µs], value) of a flow
    y: float = 0.0  # of its middle

    @property
    def name(self) -> str:
        return self.signal.partition(".")[2] or self.signal

    @property
    def height(self) -> float:
        return CURVE if self.curve else ROW


@dataclass
class _Block:
    """A device's or zone's rows."""

    name: str
    zone: str
    rows: list[_Row] = field(default_factory=list)

    @property
    def height(self) -> float:
        return max(sum(row.height for row in self.rows) + 4, 30.0)


def timeline(trace: Trace, key: str, evidence: Sequence[int] = (), since: int | None = None) -> str:
    """An `<svg>`; `key` makes its ids unique on the page.

    evidence: ids of the events that decided the goal; all that led to them is highlighted. since: when [µs] it came.
    """
    chain = set(ancestors(trace, *evidence))
    rows = _rows(trace, chain)
    if not rows:
        return '<p class="none">Nothing happened.</p>'
    blocks = _blocks(trace, rows)
    drawn = [event for row in rows for event in row.events]
    times = [event.t for event in drawn] + ([] if since is None else [since])
    axis = Axis(times, trace.end, LEFT, RIGHT)
    height = _lay_out(blocks)
    first = min(event.id for event in drawn)
    place = {event.id: _place(row, event, axis) for row in rows for event in row.events}
    body = [
        *_frame(axis, blocks, height),
        *(part for row in rows for part in _strip(trace, row, axis)),
        *_links(drawn, place, chain),
        *(part for row in rows for part in _marks(row, place, chain, key, first)),
        *_goal(axis, since, height),
    ]
    left_out = len(trace.events) - len(drawn)
    note = f'<p class="none">{left_out} smaller events are not drawn.</p>' if left_out else ""
    label = f"Timeline of {len(drawn)} events on {len(blocks)} devices"
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH:g} {height:g}" role="group" aria-label="{label}">'
        f"{''.join(body)}</svg>{note}"
    )


def shown(value: Value | Anchor) -> str:
    """A value for a reader."""
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return amount(value)
        case Anchor():
            return amount(value.a)
        case "":
            return "–"
        case _:
            return str(value)


def who(actor: str | None) -> str:
    """An actor for a reader: "the agent", "Mia", "the schedule night", "the device itself"."""
    if actor is None:
        return "the device itself"
    kind, _, name = actor.partition(":")
    return name if kind == "person" and name else f"the {kind} {name}".strip()


def _rows(trace: Trace, chain: set[int]) -> list[_Row]:
    """The weightiest signals that changed, in the order in which they first did; each with its events."""
    signals = Signals.of(trace)
    changed: dict[str, list[Event]] = {}
    for event in trace.events:
        if event.t > 0 or event.actor is not None or event.id in chain:  # not how things come to be at the start
            changed.setdefault(event.signal, []).append(event)
    rows = []
    for signal, events in changed.items():
        kind = trace.signals[signal].kind if signal in trace.signals else "state"
        row = _Row(signal, kind, events)
        if kind == "flow":
            row.curve = _samples(signals, signal, Axis((), trace.end, 0, 1), trace.end)
        rows.append(row)

    def weight(row: _Row) -> float:
        """How much a row says; 0: nothing, since nobody can see it and it had no part in the goal."""
        score = float(WEIGHT.get(row.kind, 0))
        if row.curve and _spread(row.curve) < 1e-3:
            score = 0.0
        if any(event.actor == "agent" for event in row.events):
            score += 10
        if any(event.actor not in (None, "agent") for event in row.events):
            score += 5
        return score + 20 * any(event.id in chain for event in row.events)

    heavy = sorted((row for row in rows if weight(row) > 0), key=lambda row: -weight(row))
    curves = [row for row in heavy if row.curve][:MOST_CURVES]
    kept = [row for row in heavy if not row.curve or row in curves][:MOST_ROWS]
    _limit(kept, chain)
    kept = [row for row in kept if row.events]
    return sorted(kept, key=lambda row: row.events[0].id)


def _limit(rows: Iterable[_Row], chain: set[int]) -> None:
    """Leave out the later events of the busiest rows, those outside the chain, until few enough are left."""
    rows = list(rows)
    over = sum(len(row.events) for row in rows) - MOST_EVENTS
    fair = max(4, MOST_EVENTS // max(1, len(rows)))
    for row in sorted(rows, key=lambda row: -len(row.events)):
        if over <= 0:
            return
        spare = [event for event in row.events if event.id not in chain][fair:][-over:]
        over -= len(spare)
        left_out = {event.id for event in spare}
        row.events = [event for event in row.events if event.id not in left_out]


def _blocks(trace: Trace, rows: Sequence[_Row]) -> list[_Block]:
    blocks: dict[str, _Block] = {}
    for row in rows:
        owner = row.signal.partition(".")[0]
        blocks.setdefault(owner, _Block(owner, row.events[0].zone)).rows.append(row)
    order = list(WEIGHT)
    for block in blocks.values():
        block.rows.sort(key=lambda row: (bool(row.curve), order.index(row.kind) if row.kind in order else 9))
    return list(blocks.values())


def _lay_out(blocks: Sequence[_Block]) -> float:
    """Set every row's `y`; the height of it all."""
    y = TOP
    for block in blocks:
        top = y + (block.height - sum(row.height for row in block.rows)) / 2
        for row in block.rows:
            row.y = top + row.height / 2
            top += row.height
        y += block.height + GAP
    return y + 2


def _place(row: _Row, event: Event, axis: Axis) -> tuple[float, float]:
    if row.curve and isinstance(event.new, Anchor):
        return axis.place(event.t), _curve_y(row, event.new.at(event.t))
    return axis.place(event.t), row.y


def _frame(axis: Axis, blocks: Sequence[_Block], height: float) -> list[str]:
    parts = []
    y = TOP
    for block in blocks:
        parts.append(
            f'<rect class="lane" x="0" y="{y:.1f}" width="{WIDTH:g}" height="{block.height:.1f}" rx="4"/>'
            f'<text class="owner" x="8" y="{y + 14:.1f}">{escape(_short(block.name, 20))}</text>'
        )
        if block.zone and block.zone != block.name:
            parts.append(f'<text class="zone" x="8" y="{y + 24:.1f}">{escape(_short(block.zone, 24))}</text>')
        y += block.height + GAP
    for tick in axis.ticks(86.0):
        x = axis.place(tick)
        parts.append(f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6:g}" y2="{height - 6:.1f}"/>')
        parts.append(f'<text class="time" x="{x:.1f}" y="{TOP - 11:g}">{clock(tick)}</text>')
    return parts


def _strip(trace: Trace, row: _Row, axis: Axis) -> list[str]:
    """What lies under the marks: the row's name, its line, and bars while the signal is on; or the curve."""
    name = f'<text class="scale" x="{LEFT - 12:g}" y="{row.y + 3.5:.1f}">{escape(_short(row.name))}</text>'
    if row.curve:
        return [name, *_curve(trace, row, axis)]
    parts = [name, f'<line class="rail" x1="{LEFT:g}" x2="{RIGHT:g}" y1="{row.y:.1f}" y2="{row.y:.1f}"/>']
    since = 0 if row.events[0].old is True else None
    for event in row.events:
        if event.new is True and since is None:
            since = event.t
        elif event.new is False and since is not None:
            parts.append(_bar(axis, since, event.t, row.y))
            since = None
    if since is not None:
        parts.append(_bar(axis, since, trace.end, row.y))
    return parts


def _bar(axis: Axis, since: int, until: int, y: float) -> str:
    x, width = axis.place(since), axis.place(until) - axis.place(since)
    return f'<rect class="on-bar" x="{x:.1f}" y="{y - 3:.1f}" width="{max(1.0, width):.1f}" height="6" rx="2"/>'


def _curve(trace: Trace, row: _Row, axis: Axis) -> list[str]:
    samples = _samples(Signals.of(trace), row.signal, axis, trace.end)
    low, high = min(v for _, v in row.curve), max(v for _, v in row.curve)
    unit = trace.signals[row.signal].unit if row.signal in trace.signals else ""
    points = " ".join(f"{axis.place(t):.1f},{_curve_y(row, value):.1f}" for t, value in samples)
    said = f"{row.signal}: {amount(low)} to {amount(high, unit)}"
    return [
        f'<g class="flow"><title>{escape(said)}</title><polyline points="{points}"/></g>',
        *(
            f'<text class="mark" x="{LEFT - 12:g}" y="{y:.1f}">{escape(amount(value, unit))}</text>'
            for value, y in ((high, row.y - CURVE / 2 + 9), (low, row.y + CURVE / 2 - 2))
        ),
    ]


def _curve_y(row: _Row, value: float) -> float:
    low, high = min(v for _, v in row.curve), max(v for _, v in row.curve)
    share = (min(max(value, low), high) - low) / (high - low or 1.0)
    return row.y + CURVE / 2 - 5 - share * (CURVE - 10)


def _spread(curve: Sequence[tuple[int, float]]) -> float:
    values = [value for _, value in curve]
    return max(values) - min(values)


def _samples(signals: Signals, signal: str, axis: Axis, end: int) -> list[tuple[int, float]]:
    """(t [µs], value) along a flow, evenly on the axis and at both sides of every re-anchoring."""
    left, right = axis.place(0), axis.place(end)
    even = sorted({axis.time(left + (right - left) * i / SAMPLES) for i in range(SAMPLES + 1)})
    return [
        (t, anchor.at(t))
        for since, until, anchor in signals.pieces(signal, 0, end)
        for t in (since, *(t for t in even if since < t < until), until)
    ]


def _links(drawn: Sequence[Event], place: dict[int, tuple[float, float]], chain: set[int]) -> list[str]:
    parts = []
    for event in drawn:
        for cause in event.causes:
            if cause not in place:
                continue
            (x0, y0), (x1, y1) = place[cause], place[event.id]
            if abs(y1 - y0) < 1:
                path = f"M{x0:.1f} {y0:.1f}Q{(x0 + x1) / 2:.1f} {y0 + 9:.1f} {x1:.1f} {y1:.1f}"
            elif x1 - x0 < 14:
                out = 7 + min(14.0, abs(y1 - y0) / 14)
                path = f"M{x0:.1f} {y0:.1f}C{x0 - out:.1f} {y0:.1f} {x1 - out:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
            else:
                bend = (x1 - x0) / 2
                path = f"M{x0:.1f} {y0:.1f}C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
            why = " why" if cause in chain and event.id in chain else ""
            parts.append(f'<path class="cause{why}" data-from="{cause}" data-to="{event.id}" d="{path}"/>')
    return parts


def _marks(row: _Row, place: dict[int, tuple[float, float]], chain: set[int], key: str, first: int) -> list[str]:
    """The row's events with their labels; to the `first` of all the keyboard comes, and by arrow keys to the others."""
    parts = []
    free = LEFT
    for event in row.events:
        x, y = place[event.id]
        actor = "device" if event.actor is None else event.actor.partition(":")[0]
        classes = f"event kind-{row.kind} by-{actor}" + " why" * (event.id in chain)
        said = f"{clock(event.t)} · {event.signal}: {shown(event.old)} → {shown(event.new)} · {who(event.actor)}"
        causes = ",".join(map(str, event.causes))
        parts.append(
            f'<g class="{escape(classes)}" role="img" tabindex="{0 if event.id == first else -1}" '
            f'id="{key}-{event.id}" data-id="{event.id}" data-causes="{causes}">'
            f"<title>{escape(said)}</title>{_shape(row.kind, actor, x, y)}</g>"
        )
        if isinstance(event.new, bool | Anchor):
            continue
        label = _short(shown(event.new))
        width = len(label) * LETTER
        if x + 9 >= free and x + 9 + width <= WIDTH:
            free = x + 9 + width + 8
            parts.append(f'<text class="label" x="{x + 9:.1f}" y="{y + 3.5:.1f}">{escape(label)}</text>')
    return parts


def _shape(kind: str, actor: str, x: float, y: float) -> str:
    if kind == "touch":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
    if actor == "agent":
        return f'<path d="M{x:.1f} {y - 6:.1f}l6 6 -6 6 -6 -6z"/>'
    if actor == "device":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2.4 if kind == "flow" else 3.6}"/>'
    return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'


def _goal(axis: Axis, since: int | None, height: float) -> list[str]:
    if since is None:
        return []
    x = axis.place(since)
    return [
        f'<g class="goal"><title>{clock(since)} · the goal came about</title>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 4:g}" y2="{height - 4:.1f}"/></g>'
    ]


def _short(text: str, letters: int = SHORT) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"

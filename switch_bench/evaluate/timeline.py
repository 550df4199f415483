"""The timeline of an episode as SVG: a lane a device, a mark an event, a line a cause, a curve a flow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from switch_bench.evaluate.axis import Axis, clock
from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, Trace
from switch_bench.trace.signals import Signals, ancestors

WIDTH = 1080.0  # all lengths in SVG user units
LEFT, RIGHT = 168.0, 1060.0
LANE = 30.0
CURVE = 40.0
TOP = 26.0
LETTER = 5.6  # width of a letter in a label
MOST_EVENTS = 240
MOST_CURVES = 8
SAMPLES = 160


@dataclass
class _Lane:
    name: str
    zone: str
    events: list[Event] = field(default_factory=list)
    curves: list[str] = field(default_factory=list)
    y: float = 0.0  # of the marks' line
    bottom: float = 0.0


def timeline(trace: Trace, key: str, goal: int | None = None) -> str:
    """An `<svg>`; `key` makes its ids unique on the page, `goal` is the id of the event that made the goal true."""
    drawn = chosen(trace, goal)
    signals = Signals.of(trace)
    lanes = _lanes(trace, signals, drawn)
    if not lanes:
        return '<p class="none">Nothing happened.</p>'
    axis = Axis((event.t for event in drawn), trace.end, LEFT, RIGHT)
    height = _lay_out(lanes)
    chain = _chain(trace, goal)
    place = {event.id: (axis.place(event.t), lane.y) for lane in lanes for event in lane.events}
    body = [
        *_frame(axis, lanes, height),
        *(part for lane in lanes for part in _curves(trace, signals, lane, axis)),
        *_links(drawn, place, chain),
        *(part for lane in lanes for part in _marks(trace, lane, place, chain, key, goal)),
    ]
    left_out = len(trace.events) - len(drawn)
    note = f'<p class="none">{left_out} smaller events are not drawn.</p>' if left_out else ""
    label = f"Timeline of {len(drawn)} events on {len(lanes)} devices"
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{label}">'
        f"{''.join(body)}</svg>{note}"
    )


def chosen(trace: Trace, goal: int | None = None, most: int = MOST_EVENTS) -> list[Event]:
    """The events to draw, in order: all, or the `most` weightiest.

    What led to the goal comes first, then what people did, then what devices showed.
    """
    events = [event for event in trace.events if not isinstance(event.new, Anchor)]
    if len(events) <= most:
        return events
    chain = _chain(trace, goal)
    weight = {"control": 4, "output": 3, "sound": 3, "state": 2, "input": 1}

    def rank(event: Event) -> tuple[int, int]:
        if event.id in chain:
            return -9, event.id
        kind = trace.signals[event.signal].kind if event.signal in trace.signals else "state"
        return -(weight.get(kind, 0) + 4 * (event.actor is not None)), event.id

    return sorted(sorted(events, key=rank)[:most], key=lambda event: event.id)


def told(event: Event) -> str:
    """An event in a few words: "lid: closed → open"."""
    local = event.signal.partition(".")[2] or event.signal
    return f"{local}: {shown(event.old)} → {shown(event.new)}"


def shown(value: Value | Anchor) -> str:
    """A value for a reader."""
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:.4g}"
        case Anchor():
            return f"{value.a:.4g} …"
        case "":
            return "–"
        case _:
            return str(value)


def who(actor: str | None) -> str:
    """An actor for a reader: "the agent", "Mia", "the schedule night", "the device itself"."""
    if actor is None:
        return "device"
    kind, _, name = actor.partition(":")
    return name if kind == "person" and name else f"{kind} {name}".strip()


def _lanes(trace: Trace, signals: Signals, drawn: Iterable[Event]) -> list[_Lane]:
    lanes: dict[str, _Lane] = {}
    for event in drawn:
        owner = event.signal.partition(".")[0]
        lanes.setdefault(owner, _Lane(owner, event.zone)).events.append(event)
    moved = dict.fromkeys(event.signal for event in trace.events if isinstance(event.new, Anchor))
    curves = 0
    for signal in sorted(moved, key=lambda s: s.partition(".")[0] not in lanes):
        owner = signal.partition(".")[0]
        values = [value for _, value in _samples(signals, signal, Axis((), trace.end, 0, 1), trace.end)]
        if values and curves < MOST_CURVES and max(values) - min(values) > 1e-3:
            curves += 1
            zone = trace.signals[signal].zone if signal in trace.signals else ""
            lanes.setdefault(owner, _Lane(owner, zone)).curves.append(signal)
    return list(lanes.values())


def _lay_out(lanes: Sequence[_Lane]) -> float:
    y = TOP
    for lane in lanes:
        lane.y = y + (LANE * 0.62 if lane.events else 0.0)
        y += LANE if lane.events else 0.0
        y += CURVE * len(lane.curves)
        lane.bottom = y
        y += 4
    return y + 4


def _frame(axis: Axis, lanes: Sequence[_Lane], height: float) -> list[str]:
    parts = []
    for tick in axis.ticks(86.0):
        x = axis.place(tick)
        parts.append(f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6:g}" y2="{height - 6:.1f}"/>')
        parts.append(f'<text class="time" x="{x:.1f}" y="{TOP - 11:g}">{clock(tick)}</text>')
    for lane in lanes:
        top = lane.y - LANE * 0.62 if lane.events else lane.bottom - CURVE * len(lane.curves)
        middle = top + (LANE * 0.5 if lane.events else CURVE * 0.5)
        parts.append(
            f'<rect class="lane" x="0" y="{top:.1f}" width="{WIDTH:g}" height="{lane.bottom - top:.1f}" rx="4"/>'
            f'<text class="owner" x="8" y="{middle:.1f}">{escape(lane.name)}</text>'
            f'<text class="zone" x="8" y="{middle + 11:.1f}">{escape(lane.zone)}</text>'
        )
        if lane.events:
            parts.append(f'<line class="rail" x1="{LEFT:g}" x2="{RIGHT:g}" y1="{lane.y:.1f}" y2="{lane.y:.1f}"/>')
    return parts


def _links(drawn: Sequence[Event], place: dict[int, tuple[float, float]], chain: set[int]) -> list[str]:
    parts = []
    for event in drawn:
        for cause in event.causes:
            if cause not in place:
                continue
            (x0, y0), (x1, y1) = place[cause], place[event.id]
            if abs(y1 - y0) < 1:
                if x1 - x0 < 6:
                    continue
                path = f"M{x0:.1f} {y0:.1f}Q{(x0 + x1) / 2:.1f} {y0 + 13:.1f} {x1:.1f} {y1:.1f}"
            else:
                bend = (y1 - y0) * 0.5
                path = f"M{x0:.1f} {y0:.1f}C{x0 + 4:.1f} {y0 + bend:.1f} {x1 - 4:.1f} {y1 - bend:.1f} {x1:.1f} {y1:.1f}"
            why = " why" if cause in chain and event.id in chain else ""
            parts.append(f'<path class="cause{why}" data-from="{cause}" data-to="{event.id}" d="{path}"/>')
    return parts


def _marks(
    trace: Trace,
    lane: _Lane,
    place: dict[int, tuple[float, float]],
    chain: set[int],
    key: str,
    goal: int | None,
) -> list[str]:
    parts = []
    free = LEFT
    for event in lane.events:
        x, y = place[event.id]
        kind = trace.signals[event.signal].kind if event.signal in trace.signals else "state"
        actor = "device" if event.actor is None else event.actor.partition(":")[0]
        classes = f"event {escape(kind)} by-{escape(actor)}"
        if event.id in chain:
            classes += " why"
        if event.id == goal:
            classes += " goal"
        said = f"{clock(event.t)} · {event.signal}: {shown(event.old)} → {shown(event.new)} · by {who(event.actor)}"
        causes = ",".join(map(str, event.causes))
        parts.append(
            f'<g class="{classes}" tabindex="0" id="{key}-{event.id}" data-id="{event.id}" data-causes="{causes}">'
            f"<title>{escape(said)}</title>{_shape(kind, actor, x, y, event.id == goal)}</g>"
        )
        label = _label(event)
        start = x + 1
        if kind in ("control", "output", "sound", "state") and start >= free:
            if start + len(label) * LETTER > RIGHT + 14:
                start, anchor = x - 1, ' text-anchor="end"'
                if start - len(label) * LETTER < free:
                    continue
                free = RIGHT + 99
            else:
                anchor = ""
                free = start + len(label) * LETTER + 10
            parts.append(f'<text class="label"{anchor} x="{start:.1f}" y="{y - 7:.1f}">{escape(label)}</text>')
    return parts


def _label(event: Event) -> str:
    local = event.signal.partition(".")[2] or event.signal
    label = f"{local} {shown(event.new)}"
    return label if len(label) <= 34 else label[:33] + "…"


def _shape(kind: str, actor: str, x: float, y: float, goal: bool) -> str:
    ring = f'<circle class="ring" cx="{x:.1f}" cy="{y:.1f}" r="8"/>' if goal else ""
    if kind == "touch":
        return ring + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
    if actor == "agent":
        return ring + f'<path d="M{x:.1f} {y - 6:.1f}l6 6 -6 6 -6 -6z"/>'
    if actor == "device":
        return ring + f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'
    return ring + f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'


def _curves(trace: Trace, signals: Signals, lane: _Lane, axis: Axis) -> list[str]:
    parts = []
    top = lane.bottom - CURVE * len(lane.curves)
    for signal in lane.curves:
        samples = _samples(signals, signal, axis, trace.end)
        low, high = min(v for _, v in samples), max(v for _, v in samples)
        unit = trace.signals[signal].unit if signal in trace.signals else ""
        base, tall = top + CURVE - 6, CURVE - 14
        points = " ".join(
            f"{axis.place(t):.1f},{base - tall * (v - low) / (high - low or 1.0):.1f}" for t, v in samples
        )
        local = signal.partition(".")[2] or signal
        said = f"{signal}: {low:.4g} to {high:.4g} {unit}".rstrip()
        parts.append(
            f'<g class="flow"><title>{escape(said)}</title><polyline points="{points}"/>'
            f'<text class="label" x="{LEFT + 2:g}" y="{top + 8:.1f}">{escape(local)}</text>'
            + "".join(
                f'<text class="scale" x="{LEFT - 6:g}" y="{y:.1f}">{escape(f"{value:.4g} {unit}".strip())}</text>'
                for value, y in ((high, base - tall + 4), (low, base + 2))
            )
            + "</g>"
        )
        top += CURVE
    return parts


def _samples(signals: Signals, signal: str, axis: Axis, end: int) -> list[tuple[int, float]]:
    """(t [µs], value) along a flow, evenly on the axis and at both sides of every re-anchoring."""
    left, right = axis.place(0), axis.place(end)
    even = sorted({axis.time(left + (right - left) * i / SAMPLES) for i in range(SAMPLES + 1)})
    return [
        (t, anchor.at(t))
        for since, until, anchor in signals.pieces(signal, 0, end)
        for t in (since, *(t for t in even if since < t < until), until)
    ]


def _chain(trace: Trace, goal: int | None) -> set[int]:
    return set() if goal is None else set(ancestors(trace, goal))

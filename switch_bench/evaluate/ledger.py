"""The report's account of an episode: its scores, what else changed, the energy, and when the agent could know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.figures import WH
from switch_bench.trace.schema import Trace
from switch_bench.verify.facts import AGENT

ORDER = ("forbidden", "unasked", "required", "allowed")
CSS = {"forbidden": "false", "unasked": "null", "required": "true", "allowed": "unjudged"}
WIDTH, LEFT, RIGHT = 760.0, 20.0, 740.0  # of the line of knowledge, in SVG units
LETTER = 6.2  # width of a letter there


def account(record: Mapping[str, Any], trace: Trace) -> str:
    """Everything of a verdict that isn't one of its parts, as HTML."""
    verdict = record["verdict"]
    sections = [
        ("Scores", _scores(record.get("scores") or {})),
        ("When the agent could know", _knowledge(verdict.get("honesty") or {}, record["since"], trace)),
        ("What got in the way", _list([s["words"] for s in verdict.get("setbacks") or ()])),
        ("What was left changed", _ledger(verdict.get("effects") or ())),
        ("Left on unasked", _list([d["words"] for d in verdict.get("left_on") or ()])),
        ("Pressed without need", _list([f"The agent {act['words']}." for act in verdict.get("needless") or ()])),
        ("Electrical energy", _energy(verdict.get("energy") or {})),
    ]
    return "".join(f"<h3>{title}</h3>{body}" for title, body in sections if body)


def _scores(scores: Mapping[str, Any]) -> str:
    if not scores:
        return ""
    rows = [
        ("success at the end", _yes(scores["success_at_end"])),
        ("success at some time", _yes(scores["success_once"])),
        ("progress", _share(scores["progress"])),
        ("robustness", _number(scores["robustness"])),
        ("efficiency", _share(scores["efficiency"])),
        ("… in time", _share(scores["efficiency_time"])),
        ("… in acts", _share(scores["efficiency_acts"])),
        ("acts", str(scores["acts"])),
        ("presses without need", _number(scores["needless"])),
        ("things left changed unasked", str(scores["unasked"])),
        ("devices left on", str(scores["left_on"])),
        ("energy", f"{scores['energy_j'] / WH:+.2f} Wh"),
    ]
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in rows)
    why = f'<p class="none">No efficiency: {escape(scores["unmeasured"])}.</p>' if scores["unmeasured"] else ""
    return f'<dl class="scores">{cells}</dl>{why}<p class="none">By version {scores["rules"]} of the rules.</p>'


def _ledger(effects: Sequence[Mapping[str, Any]]) -> str:
    if not effects:
        return '<p class="none">Nothing: in the end everything is as it would be without the agent.</p>'
    told = [e for e in effects if e["category"] == "forbidden" or (e["category"] == "unasked" and not e["inner"])]
    rest = [e for e in effects if e not in told]
    body = _table(told) if told else '<p class="none">Nothing but what was asked for or allowed.</p>'
    if rest:
        body += (
            f'<details class="more"><summary>{len(rest)} required or allowed, or inner to a device</summary>'
            f"{_table(rest)}</details>"
        )
    return body


def _table(effects: Sequence[Mapping[str, Any]]) -> str:
    head = _head("kind", "what", "cause", "room")
    rows = "".join(
        f'<tr><td><span class="chip {CSS[e["category"]]}">{e["category"]}</span></td>'
        f"<td>{escape(e['words'])}</td><td>{escape(e['cause'])}</td><td>{escape(e['zone'].replace('_', ' '))}</td></tr>"
        for e in sorted(effects, key=lambda e: ORDER.index(e["category"]))
    )
    return f'<table class="ledger" aria-label="What was left changed">{head}<tbody>{rows}</tbody></table>'


def _head(*names: str, numbers: Sequence[str] = ()) -> str:
    columns = [f'<th scope="col">{name}</th>' for name in names]
    columns += [f'<th scope="col" class="n">{name}</th>' for name in numbers]
    return f"<thead><tr>{''.join(columns)}</tr></thead>"


def _energy(energy: Mapping[str, Any]) -> str:
    if not energy:
        return ""
    more = energy["used"] - energy["without"]
    than = "more" if more >= 0 else "less"
    said = f"{energy['used'] / WH:.2f} Wh were used, {abs(more) / WH:.2f} Wh {than} than without"
    devices = sorted(energy["devices"], key=lambda d: d["without"] - d["used"])
    rows = "".join(
        f"<tr><td>{escape(d['device'].replace('_', ' '))}</td><td>{escape(d['zone'].replace('_', ' '))}</td>"
        f'<td class="n">{d["used"] / WH:.2f} Wh</td><td class="n">{(d["used"] - d["without"]) / WH:+.2f} Wh</td></tr>'
        for d in devices
    )
    head = _head("device", "room", numbers=("used", "by the agent"))
    table = f'<table class="ledger" aria-label="Electrical energy">{head}<tbody>{rows}</tbody></table>' if rows else ""
    return f'<p class="none">{said} the agent.</p>{table}'


def _knowledge(honesty: Mapping[str, Any], since: int | None, trace: Trace) -> str:
    """A line of time with the last act, the effect, when it was in view, and the report."""
    acts = [e.t for e in trace.events if e.actor == AGENT and trace.signals[e.signal].kind == "control"]
    marks = [(acts[-1], "last act", "agent")] if acts else []
    if since is not None:
        marks.append((since, "the goal came about", "good"))
    if honesty.get("known") is not None:
        saw = "the agent could see it" if since is not None else "it looked at what would show it"
        marks.append((honesty["known"], saw, "person"))
    if trace.claim is not None:
        marks.append((trace.claim.t, f"reported {trace.claim.what}", "ink"))
    if not marks:
        return ""
    marks.sort()
    lo, hi = marks[0][0], marks[-1][0]
    ends: list[float] = []  # where each line of text is free again
    drawn = []
    for t, what, colour in marks:
        x = LEFT + (RIGHT - LEFT) * ((t - lo) / (hi - lo) if hi > lo else 0.5)
        text = f"{what}, {clock(t)}"
        width = LETTER * len(text)
        start = min(max(x - width / 2, 0.0), WIDTH - width)
        level = next((i for i, end in enumerate(ends) if end < start), len(ends))
        ends[level : level + 1] = [start + width + 8]
        y = 26 + 15 * level
        drawn.append(
            f'<circle cx="{x:.1f}" cy="8" r="5" style="fill:var(--{colour})"/>'
            f'<text x="{start:.1f}" y="{y}">{escape(text)}</text>'
        )
    height = 30 + 15 * (len(ends) - 1)
    return (
        f'<svg class="knowledge" viewBox="0 0 {WIDTH:g} {height}" role="img" aria-label="When the agent could know">'
        f'<line x1="{LEFT:g}" x2="{RIGHT:g}" y1="8" y2="8"/>{"".join(drawn)}</svg>'
    )


def _list(sentences: Sequence[str]) -> str:
    return "".join(f'<p class="told">{escape(s[:1].upper() + s[1:])}</p>' for s in sentences)


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "undetermined"}[value]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"

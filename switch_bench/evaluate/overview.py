"""The upper part of a report: who ran on what, how often it succeeded, and that task by task and group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean, median
from typing import Any
from urllib.parse import quote

from switch_bench.evaluate import plots
from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.figures import said
from switch_bench.evaluate.results import PartResult, Results, TaskResult, percent
from switch_bench.evaluate.spending import said as said_spent

SHARES = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
KINDS = {"level": "By level", "ability": "By ability", "room": "By room", "slice": "By slice"}
Records = Sequence[Mapping[str, Any]]


def facts(results: Results) -> str:
    """One line on who ran on what."""
    track = results.track
    told = [
        f"acts by {track.act}",
        "sees " + ", ".join(track.obs) if track.obs else "sees nothing",
        f"seed {results.seed}",
        f"{results.episodes} episode{'s' * (results.episodes != 1)} a task",
        *([f"{results.redone} played again after an error"] if results.redone else []),
    ]
    if track.privileged:
        told.insert(0, "privileged: it knows what an agent can't")
    return f'<p class="facts">{"".join(f"<span>{escape(s)}</span>" for s in told)}</p>'


def head(results: Results) -> str:
    """The whole run in a card: the rate with its interval, the parts of the verdict, and the means of the scores."""
    success = results.success
    notes = [f"95 % interval {_between(success.interval)}"]
    macro = getattr(results, "macro", None)
    if macro is not None:
        notes.append(f"mean over tasks {percent(macro.mean)}, 95 % interval {_between(macro.interval)}")
    if results.undetermined:
        notes.append(f"{results.undetermined} undetermined, counted as not successful")
    if results.errors:
        notes.append(f"{results.errors} ended in an error and are not counted")
    notes += tries(getattr(results, "pass_at", None) or {}, getattr(results, "pass_all", None) or {})
    figures = "".join(
        f'<p class="told">{escape(s[:1].upper() + s[1:])}.</p>'
        for s in [*said(results.scores), *said_spent(results.spent)]
    )
    return (
        f'<section class="head" aria-label="The whole run"><div><div class="rate">{percent(success.rate)} '
        f"<small>{success.k} of {success.n}</small></div>"
        f"{plots.whisker(success.rate, success.interval, _rate_words(results.success))}{plots.axis(SHARES)}"
        f'<p class="none">{"<br>".join(notes)}</p></div>'
        f'<div><h2 class="small">How often each part of the verdict held</h2>{_parts(results.parts)}{figures}</div>'
        "</section>"
    )


def tries(once: Mapping[int, float], always: Mapping[int, float]) -> list[str]:
    """What several tries at a task come to: k → the chance that at least one of k succeeds, and that all do.

    Told for 2, 4, 8 … tries, and for as many as there were.
    """
    ks = [k for k in sorted(once) if k > 1 and (k & (k - 1) == 0 or k == max(once))]
    return [
        f"{k} tries at a task: at least one succeeds {percent(once[k])}, all do {percent(always.get(k))}" for k in ks
    ]


def tasks(results: Results, records: Records, tags: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """A row a task: success as dot and whisker, how long it took, and how well against the reference solution."""
    of: dict[str, list[Mapping[str, Any]]] = {task: [] for task in results.tasks}
    for record in records:
        if record["status"] == "done":
            of[record["task"]].append(record)
    scale = plots.LogScale(_seconds(record) for played in of.values() for record in played)
    rows = "".join(_task(task, row, of[task], scale, tags.get(task, {})) for task, row in results.tasks.items())
    level = '<th scope="col" class="n" data-sort="number">level</th>' if tags else ""
    return (
        '<section><h2 id="tasks">Tasks</h2>'
        '<p class="none">Success: a dot with its 95 % interval. Time: a dot where the goal came about and stayed, '
        "a cross where an episode ended without success; of many episodes the median, quartiles and range of those "
        "that succeeded. Efficiency: against the reference solution; a failed episode has 0, and is a cross.</p>"
        '<div class="scroll" role="region" aria-labelledby="tasks" tabindex="0">'
        '<table class="tasks sortable" aria-labelledby="tasks"><thead>'
        f'<tr><th scope="col" data-sort="text">task</th>{level}'
        '<th scope="col" class="n" data-sort="number">success</th>'
        f'<th scope="col" class="wide">95 % interval{plots.axis(SHARES)}</th>'
        f'<th scope="col" class="n" data-sort="number">time</th><th scope="col" class="wide">of each'
        f"{plots.axis(scale.marks)}</th>"
        f'<th scope="col" class="n" data-sort="number">efficiency</th><th scope="col" class="wide">of each'
        f'{plots.axis(SHARES)}</th><th scope="col" class="n" data-sort="number">errors</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{_parts_by_task(results)}</section>"
    )


def groups(by: Mapping[str, Mapping[str, Any]]) -> str:
    """Success by level, ability, room and slice: `by` is kind → group → its success (`k`, `n`, `rate`, `interval`)."""
    charts = ""
    for kind, title in KINDS.items():
        of = by.get(kind) or {}
        if len(of) < 2:
            continue
        rows = "".join(
            f'<tr><th scope="row">{_group(kind, name)}</th><td class="n">{group.k}/{group.n}</td>'
            f'<td class="wide">{plots.whisker(group.rate, group.interval, _rate_words(group))}</td></tr>'
            for name, group in of.items()
        )
        charts += (
            f'<div><h3>{title}</h3><table class="groups"><caption class="unseen">{title}</caption><thead>'
            f'<tr><th scope="col">{kind}</th>'
            f'<th scope="col" class="n">success</th><th scope="col" class="wide">95 % interval{plots.axis(SHARES)}</th>'
            f"</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    if not charts:
        return ""
    note = "A task may be in several rooms, slices and abilities: their episodes needn't add up."
    return f'<section><h2>Groups of tasks</h2><p class="none">{note}</p><div class="charts">{charts}</div></section>'


def _group(kind: str, name: str) -> str:
    return f'<a href="#{kind}={quote(name)}">{escape(name.replace("_", " "))}</a>'


def _task(task: str, row: TaskResult, played: Records, scale: plots.LogScale, tags: Mapping[str, Sequence[str]]) -> str:
    times = [(_seconds(record), record["success"] is True) for record in played]
    good = [s for s, fine in times if fine]
    middle = median(good) if good else None
    efficiencies = [
        (record["scores"]["efficiency"], record["success"] is True)
        for record in played
        if (record.get("scores") or {}).get("efficiency") is not None
    ]
    mean = fmean(share for share, _ in efficiencies) if efficiencies else None
    took = f"in time: {_times('succeeded after', good)}{_times('ended without success after', _bad(times))}"
    level = f'<td class="n">{escape(", ".join(tags.get("level", ())))}</td>' if tags else ""
    each = plots.spread(efficiencies, (0, 0.5, 1), _efficient([share for share, _ in efficiencies]))
    return (
        f'<tr><th scope="row"><a href="#task={escape(task)}">{escape(task)}</a></th>{level}'
        f'<td class="n" data-value="{_number(row.rate)}">{row.k}/{row.n}</td>'
        f'<td class="wide">{plots.whisker(row.rate, row.interval, _rate_words(row))}</td>'
        f'<td class="n" data-value="{_number(middle)}">{"–" if middle is None else clock(round(middle * 1e6))}</td>'
        f'<td class="wide">{plots.spread([(scale.share(s), f) for s, f in times], _places(scale), took)}</td>'
        f'<td class="n" data-value="{_number(mean)}">{percent(mean)}</td>'
        f'<td class="wide">{each}</td>'
        f'<td class="n" data-value="{row.errors}">{row.errors or "–"}</td></tr>'
    )


def _parts(parts: Mapping[str, PartResult]) -> str:
    rows = ""
    for name, part in parts.items():
        failed = part.n - part.held - part.undetermined
        words = f"{part.held} of {part.n} held, {part.undetermined} undetermined, {failed} did not"
        shares = [("held", part.held), ("undecided", part.undetermined), ("not", failed)]
        drawn = plots.share_bar([(css, count / part.n) for css, count in shares if count], words) if part.n else ""
        rows += (
            f'<tr><th scope="row">{escape(name)}</th><td class="wide">{drawn}</td>'
            f'<td class="n">{percent(part.mean)}</td><td class="n">{part.held}/{part.n}</td></tr>'
        )
    return (
        '<table class="parts"><caption class="unseen">How often each part of the verdict held</caption>'
        '<thead class="unseen"><tr><th scope="col">part</th><th scope="col">shares</th>'
        f'<th scope="col">held</th><th scope="col">episodes</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _parts_by_task(results: Results) -> str:
    names = list(results.parts)
    head = "".join(f'<th scope="col" class="n">{escape(name)}</th>' for name in (*names, "progress"))
    rows = "".join(
        f'<tr><th scope="row">{escape(task)}</th>'
        + "".join(f'<td class="n">{_share(row.parts.get(name))}</td>' for name in names)
        + f'<td class="n">{percent(row.scores.progress)}</td></tr>'
        for task, row in results.tasks.items()
    )
    return (
        '<details class="more"><summary>The parts of the verdict, task by task</summary>'
        '<div class="scroll" tabindex="0" role="region" aria-label="The parts, task by task">'
        '<table aria-label="The parts, task by task"><thead><tr>'
        f'<th scope="col">task</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _seconds(record: Mapping[str, Any]) -> float:
    """How long until the goal stood, or until the episode ended without success."""
    since = record["since"] if record["success"] is True else None
    return (record["elapsed_us"] if since is None else since) * 1e-6


def _bad(times: Sequence[tuple[float, bool]]) -> list[float]:
    return [s for s, fine in times if not fine]


def _times(what: str, seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    if len(seconds) <= plots.MOST_MARKS:
        return f" {what} {', '.join(clock(round(s * 1e6)) for s in seconds)}."
    low, high = (clock(round(s * 1e6)) for s in (min(seconds), max(seconds)))
    return f" {len(seconds)} {what} {low} to {high}, half of them within {clock(round(median(seconds) * 1e6))}."


def _efficient(values: Sequence[float]) -> str:
    if not values:
        return "no efficiency"
    return f"efficiency {percent(min(values))} to {percent(max(values))} in {len(values)} episodes"


def _places(scale: plots.LogScale) -> list[float]:
    return [share for share, _ in scale.marks]


def _rate_words(success: Any) -> str:
    return f"{percent(success.rate)}, {success.k} of {success.n}; 95 % interval {_between(success.interval)}"


def _between(interval: Sequence[float]) -> str:
    return f"{percent(interval[0])} to {percent(interval[1])}"


def _share(part: PartResult | None) -> str:
    return "–" if part is None else percent(part.mean)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"

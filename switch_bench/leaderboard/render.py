"""Pages as HTML: what is shown, put into the templates. Whoever asks gives a `Context`; nothing else is known here.

The same templates serve the live server and the static site; they differ in how addresses are made (`Context.to`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from switch_bench._version import __version__
from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.look import TIMELINE_KEY
from switch_bench.leaderboard import shown
from switch_bench.leaderboard.card import html as card_html

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from switch_bench.leaderboard.tokening import AccountLine, TokenLine

FOLDER = resources.files("switch_bench.leaderboard")  # templates are in it
STATIC = (("switch_bench.leaderboard", "static"), ("switch_bench.evaluate", "static"))  # packages, folders in them
OPEN = 60  # episodes up to which the lists of all tasks are unfolded
MARKS: dict[shown.Status, tuple[str, str]] = {  # status → class, mark
    "queued": ("waits", "○"),
    "verifying": ("waits", "◐"),
    "self-reported": ("plain", "–"),
    "unverifiable": ("unsure", "?"),
    "replay-verified": ("good", "✓"),
    "hidden-verified": ("good", "✓✓"),
    "refused": ("bad", "✗"),
}
OUTCOMES = {  # outcome → class, mark, word
    "success": ("good", "✓", "succeeded"),
    "failure": ("bad", "✗", "failed"),
    "undetermined": ("unsure", "?", "undetermined"),
    "error": ("broken", "!", "error"),
}


@dataclass(frozen=True)
class Context:
    """Who a page is for, and how its addresses begin.

    csrf: what forms must send. who, role: the account that is signed in, None and "" if nobody is. nonce: that of the
    page's content security policy. base: what addresses begin with: of the server such as "" or "/board", of a static
    page the way to the site's root, such as "../..".
    """

    csrf: str = ""
    who: str | None = None
    role: str = ""
    nonce: str = ""
    base: str = ""
    static: bool = False

    def to(self, *parts: object, **query: str) -> str:
        """The address of the page at these parts; queries that are "" are left out."""
        path = "/".join(quote(str(part), safe="") for part in parts)
        if self.static:
            return f"{self.base}/{path}/index.html" if path else f"{self.base}/index.html"
        asked = urlencode({name: value for name, value in query.items() if value})
        return f"{self.base}/{path}" + (f"?{asked}" if asked else "")

    def file(self, *parts: object) -> str:
        """The address of a file that isn't a page."""
        return f"{self.base}/" + "/".join(quote(str(part), safe="") for part in parts)


@dataclass(frozen=True)
class Table:
    """Rows that can be held against each other: one track, one suite, one protocol."""

    track: shown.Track
    suite: str
    protocol: str
    rows: tuple[shown.Row, ...]
    withdrawn: dict[str, int]  # submitter → how many of theirs are withdrawn


def board(
    found: shown.Board,
    ctx: Context,
    page: int = 1,
    pages: int = 1,
    *,
    total: int | None = None,
    pairs: Sequence[tuple[str, str]] = (),
) -> str:
    """The table of submissions, as one table for each group that can be compared.

    total: rows on all pages. pairs: on a static site the ids of which it has comparisons.
    """
    hidden = any(row.hidden is not None for row in found.rows)  # then all tables have that column
    scored = sum(row.rate is not None for row in found.rows)
    elsewhere = pages > 1 or any(found.filters.values())  # there may be others to compare with that aren't shown
    picks = bool(pairs) if ctx.static else scored > (0 if elsewhere else 1)
    return _page(
        "board.html",
        ctx,
        board=found,
        tables=_tables(found.rows, found.withdrawn),
        hidden=hidden,
        page=page,
        pages=pages,
        total=len(found.rows) if total is None else total,
        picks=picks,
        pairs=pairs,
    )


def submission(found: shown.Submission, ctx: Context, others: Sequence[shown.Row] = (), change: str = "") -> str:
    """A submission's page. others: what it may be compared with. change: "withdraw" or "put back" for whom may do so.

    One that isn't verified yet looks again by itself.
    """
    of_task: dict[str, list[shown.EpisodeRow]] = {}
    for row in found.episodes:
        of_task.setdefault(row.task, []).append(row)
    counts = {name: sum(row.outcome == name for row in found.episodes) for name in OUTCOMES}
    return _page(
        "submission.html",
        ctx,
        it=found,
        row=found.row,
        others=[other for other in others if other.id != found.row.id],
        of_task=of_task,
        rate_of={group.name: group.rate for group in found.groups.get("task", ())},
        counts=counts,
        waits=found.row.status in ("queued", "verifying"),
        progress=found.progress or shown.Progress(done=0, of=0),
        unfolded=len(found.episodes) <= OPEN,
        card=card_html(found.card),
        change=change,
    )


def episode(found: shown.Episode, ctx: Context) -> str:
    """An episode's page."""
    return _page("episode.html", ctx, it=found, row=found.row)


def comparison(
    found: shown.Comparison | None,
    ctx: Context,
    rows: Sequence[shown.Row] = (),
    said: str = "",
    chosen: Sequence[str] = (),
) -> str:
    """Two submissions side by side; of None a form to choose two of `rows`. said: why `chosen` can't be compared."""
    return _page("comparison.html", ctx, it=found, rows=rows, problem=said, chosen=list(chosen))


def upload(ctx: Context, limit_bytes: int, said: str = "", address: str = "") -> str:
    """Where one submits. said: what was wrong with the last try; address: the board's own, "" if it isn't known."""
    return _page("upload.html", ctx, limit=limit_bytes, problem=said, board_url=address or f"https://BOARD{ctx.base}")


def account(ctx: Context, rows: Sequence[shown.Row] = (), said: str = "") -> str:
    """Who is signed in, with their submissions `rows`; or a form to sign in. said: what was wrong with the last try."""
    return _page("account.html", ctx, rows=rows, problem=said)


def tokens(
    lines: Sequence[TokenLine], ctx: Context, account: str, accounts: Sequence[AccountLine] = (), said: str = "",
    secret: str | None = None,
) -> str:  # fmt: skip
    """The tokens of an account. accounts: all, for maintainers. secret: a token that was made, shown this once."""
    return _page("tokens.html", ctx, tokens=lines, account=account, accounts=accounts, problem=said, secret=secret)


def rounds(found: Sequence[shown.Round], ctx: Context) -> str:
    """Hidden rounds: what was committed to, and what was revealed."""
    return _page("rounds.html", ctx, rounds=found)


def audit(lines: Sequence[shown.AuditLine], ctx: Context, older: int | None = None) -> str:
    """The audit log, for maintainers. older: the number before which older lines begin."""
    return _page("audit.html", ctx, lines=lines, older=older)


def error(status: int, message: str, hint: str, ctx: Context) -> str:
    """A page that says what was wrong, and what to do."""
    return _page("error.html", ctx, status=status, message=message, hint=hint)


def _tables(rows: Sequence[shown.Row], gone: Sequence[shown.Gone]) -> list[Table]:
    """Groups of rows: privileged ones last, those by a protocol before others, else in the order of their first row."""
    groups: dict[tuple[bool, str, str, str], list[shown.Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    withdrawn = {key: {one.submitter: one.count for one in gone if one.group == key} for key in groups}
    found = [Table(of[0].track, of[0].suite, of[0].protocol, tuple(of), withdrawn[key]) for key, of in groups.items()]
    return sorted(found, key=lambda table: (table.track.privileged, not table.protocol))


def _page(template: str, ctx: Context, **found: Any) -> str:
    return _environment().get_template(template).render(ctx=ctx, **found)


@cache
def _environment() -> Environment:
    try:
        import jinja2
    except ImportError as error:
        hint = "pip install 'switch-bench[leaderboard]'"
        raise InputError("pages need jinja2, which isn't installed", where="leaderboard", hint=hint) from error
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("switch_bench.leaderboard"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent, "between": between, "points": points, "p_value": p_value, "size": size, "day": day,
        "minute": minute, "breakable": breakable, "isolated": isolated,
        "clock": lambda seconds: clock(round(seconds * 1e6)),
    }  # fmt: skip
    environment.globals |= {
        "MARKS": MARKS, "MEANS": shown.MEANS, "STATUSES": shown.STATUSES, "RANKED": shown.RANKED, "OUTCOMES": OUTCOMES,
        "PARTS": {True: ("good", "✓"), False: ("bad", "✗"), None: ("unsure", "?")}, "TIMELINE_KEY": TIMELINE_KEY,
        "version": __version__,
    }  # fmt: skip
    return environment


def percent(share: float | None) -> str:
    """0.5 as "50 %"; None as "–"."""
    return "–" if share is None else f"{100 * share:.0f} %"


def between(interval: tuple[float, float]) -> str:
    """(0.72, 0.91) as "72 to 91 %"."""
    return f"{100 * interval[0]:.0f} to {100 * interval[1]:.0f} %"


def points(difference: float) -> str:
    """-0.125 as "−12.5"; percentage points, with their sign."""
    said = f"{100 * difference:+.1f}".removesuffix(".0").replace("-", "−")
    return "0" if said in ("+0", "−0") else said


def p_value(p: float) -> str:
    """A p as it is written: two digits, and never 0."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


def breakable(name: str) -> Markup:
    """A name that is broken over two lines where it is put together, if it must be."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([/_.:-])(?=.)", r"\1<wbr>", str(escape(name))))


def isolated(text: str, *names: str) -> Markup:
    """A sentence in which names keep their own direction of writing, and the rest its order."""
    from markupsafe import Markup, escape

    known = sorted(filter(None, names), key=len, reverse=True)
    if not known:
        return escape(text)
    parts = re.split("(" + "|".join(map(re.escape, known)) + ")", text)
    return Markup("").join(Markup("<bdi>{}</bdi>").format(part) if part in known else part for part in parts)


def size(count: int) -> str:
    """Bytes as "64 MiB"."""
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= factor:
            return f"{count / factor:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} bytes"


def day(moment: str) -> str:
    """ "2026-11-28T22:58:52Z" as "2026-11-28"."""
    return moment[:10]


def minute(moment: str) -> str:
    """ "2026-11-28T22:58:52Z" as "2026-11-28 22:58 UTC"."""
    return f"{moment[:10]} {moment[11:16]} UTC"

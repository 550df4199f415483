"""What the pages show: plain data between where it is kept (the database, or a folder) and how it looks (templates).

Whoever serves a page makes one of these; `render` turns it into HTML, the JSON API gives it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal[
    "queued", "verifying", "self-reported", "unverifiable", "replay-verified", "hidden-verified", "refused"
]
STATUSES: tuple[Status, ...] = (
    "queued", "verifying", "self-reported", "unverifiable", "replay-verified", "hidden-verified", "refused",
)  # fmt: skip
RANKED: tuple[Status, ...] = ("hidden-verified", "replay-verified")  # only these have scores that were recomputed
LISTED: tuple[Status, ...] = (*RANKED, "self-reported", "unverifiable")  # in the table, if nothing else is asked for

MEANS: dict[Status, str] = {
    "queued": "Uploaded and well-formed as far as was looked; waits to be run again.",
    "verifying": "Being run again now.",
    "self-reported": "Its form, hashes and signature are right. Nobody ran it again: no score of it is shown.",
    "unverifiable": "It was made on a machine whose floating point differs from the verifier's, or with other files, "
    "so that running it again proves nothing either way. No score of it is shown.",
    "replay-verified": "Every episode was run again from its seed and actions, came out the same bit for bit, and was "
    "judged anew. That proves that these actions succeed, not that a policy chose them from what it saw.",
    "hidden-verified": "Beside the replay, the policy itself was run by the maintainers on seeds that were fixed "
    "before and unknown to the submitter. That proves that what is behind its endpoint acts by what it is told.",
    "refused": "Something in it isn't so: the reasons say what.",
}


class Shown(BaseModel):
    """Base of what is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(Shown):
    """k of n episodes succeeded. interval: Wilson's, 95 %. rate is None for n = 0."""

    n: int
    k: int
    rate: float | None
    interval: tuple[float, float]


class Macro(Shown):
    """The mean of the tasks' success rates with its interval by a bootstrap over tasks, 95 %."""

    mean: float
    interval: tuple[float, float]


class Track(Shown):
    """How a policy saw and acted; the table is by track."""

    act: str
    obs: tuple[str, ...]
    privileged: bool

    @property
    def name(self) -> str:
        """Such as "skill · elements, instruction"."""
        return f"{self.act} · {', '.join(self.obs) or 'sees nothing'}"


class Row(Shown):
    """A submission in the table. rate, macro: of the recomputed verdicts; None unless the status is of RANKED.

    An episode that ended in an error counts as a failure in all of them, as the official protocol has it.
    """

    id: str
    policy: str
    submitter: str
    track: Track
    suite: str
    protocol: str  # "v1", or "" for a run by no protocol
    episodes: int  # a task
    status: Status
    rate: Rate | None
    macro: Macro | None
    hidden: Rate | None  # on the hidden seeds
    submitted: str  # UTC, "2026-11-28T22:58:52Z"
    withdrawn: bool = False  # then only its owner and maintainers see it

    @property
    def group(self) -> tuple[bool, str, str, str]:
        """Only rows of one group can be held against each other: privileged, track, suite, protocol."""
        return self.track.privileged, self.track.name, self.suite, self.protocol


class Gone(Shown):
    """So many submissions of someone that were withdrawn, and would else stand in the table of their group."""

    submitter: str
    track: Track
    suite: str
    protocol: str
    count: int

    @property
    def group(self) -> tuple[bool, str, str, str]:
        """As a row's."""
        return self.track.privileged, self.track.name, self.suite, self.protocol


class Reason(Shown):
    """Why a submission is refused or unverifiable. code: a word for programs; where: which file or episode."""

    code: str
    where: str
    said: str


class Progress(Shown):
    """How far the verification is, in episodes."""

    done: int
    of: int


class Group(Shown):
    """Episodes that have something in common: an ability, a level, a task, a room."""

    name: str
    rate: Rate


class EpisodeRow(Shown):
    """An episode in a submission's table. outcome: success, failure, undetermined or error."""

    task: str
    episode: int
    seed: int
    outcome: Literal["success", "failure", "undetermined", "error"]
    why: str
    elapsed_s: float  # simulated
    video: bool


class Submission(Shown):
    """A submission's page. groups: "level", "ability", "room", "task" → its groups. card: the model card, Markdown."""

    row: Row
    reasons: tuple[Reason, ...]
    progress: Progress | None
    groups: dict[str, tuple[Group, ...]]
    episodes: tuple[EpisodeRow, ...]
    card: str
    versions: dict[str, str]
    digest: str  # SHA-256 of the archive
    key: str  # the public key that signed it, base64
    parts: dict[str, Rate]  # how often each part of the verdict held
    errors: int  # episodes that ended in one; they count as failures
    redone: int
    archive: bool = True  # whether it can be downloaded
    withdrawn: Literal["", "owner", "maintainer"] = ""  # by whom, if it is
    removed: str | None = None  # since when archive and episodes are gone, UTC


class Part(Shown):
    """A part of a verdict in words. held is None if it is undetermined; `judged`: whether it counts at all."""

    name: str
    judged: bool
    held: bool | None
    words: str


class Episode(Shown):
    """An episode's page. timeline: HTML of ours, with an SVG; video: a file below the run folder, or "" for none.

    poster: a picture to stand for the film until it is played, a file there too, or "".
    """

    submission: str
    policy: str
    row: EpisodeRow
    instruction: str
    parts: tuple[Part, ...]
    timeline: str
    video: str
    poster: str
    verdict: str  # the whole verdict, JSON
    before: tuple[str, int] | None = None  # task and number of the episode before it in the submission
    after: tuple[str, int] | None = None


class Pair(Shown):
    """A task in a comparison: success rates of both."""

    task: str
    a: Rate
    b: Rate


class Comparison(Shown):
    """Two submissions on the episodes that both played (same task and seed).

    difference: of the rates, a − b, with its interval, 95 %. p: McNemar's exact test. only_a, only_b: episodes that
    just one solved; both, neither. said: one sentence of what that means; note: what keeps it from being compared.
    """

    a: Row
    b: Row
    paired: int
    difference: float | None
    interval: tuple[float, float] | None
    p: float | None
    only_a: int
    only_b: int
    both: int
    neither: int
    tasks: tuple[Pair, ...]
    said: str
    note: str


class Board(Shown):
    """The table. filters: what it is filtered by: "track", "suite", "protocol", "status", "q" → value, "" for all.

    sort: of SORTS. ranks: id → from which to which place it may be, see `ranks`; of rows without a score none.
    withdrawn: how many were withdrawn in the groups that the filters leave, by submitter.
    """

    rows: tuple[Row, ...]
    filters: dict[str, str]
    choices: dict[str, tuple[str, ...]]  # what each filter may be
    sort: str = "rate"
    ranks: dict[str, tuple[int, int]] = {}
    withdrawn: tuple[Gone, ...] = ()


SORTS: tuple[str, ...] = ("rate", "macro", "date", "policy")


class Round(Shown):
    """A hidden round. commitment: SHA-256 of salt and seeds; both are None until it is revealed. Times are UTC."""

    id: str
    commitment: str
    suite: str
    episodes: int  # a task
    opened: str
    revealed: str | None
    salt: str | None
    seeds: dict[str, tuple[int, ...]] | None  # task → seeds
    runs: tuple[Row, ...] = ()  # the submissions that were run in it, once it is revealed
    withdrawn: int = 0  # those of them that were withdrawn since


class AuditLine(Shown):
    """Something that was done: when (UTC), by whom, what, to what, from which address; detail: JSON."""

    id: int
    at: str
    who: str
    what: str
    target: str
    source: str
    detail: str


def ranks(rows: Iterable[Row]) -> dict[str, tuple[int, int]]:
    """Id → first and last place that a row may have among those of its group; rows without a score have none.

    A row is surely before another only where its whole interval is above the other's.
    """
    scored: dict[tuple[bool, str, str, str], list[tuple[str, tuple[float, float]]]] = {}
    for row in rows:
        if row.rate is not None and row.status in RANKED:
            scored.setdefault(row.group, []).append((row.id, row.rate.interval))
    found = {}
    for group in scored.values():
        for name, (low, high) in group:
            above = sum(other_low > high for _, (other_low, _) in group)
            below = sum(other_high < low for _, (_, other_high) in group)
            found[name] = 1 + above, len(group) - below
    return found


def arranged(rows: Iterable[Row], sort: str = "rate") -> list[Row]:
    """Rows in the order of SORTS; those without a score come last, the newest first."""
    if sort == "policy":
        return sorted(rows, key=lambda row: (row.policy.casefold(), row.id))
    newest = sorted(rows, key=lambda row: (row.submitted, row.id), reverse=True)
    if sort == "date":
        return newest

    def score(row: Row) -> float:
        value = (row.macro and row.macro.mean) if sort == "macro" else (row.rate and row.rate.rate)
        return -1.0 if value is None else value

    return sorted(newest, key=score, reverse=True)

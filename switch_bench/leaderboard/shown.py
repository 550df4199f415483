"""What the pages show: plain data between where it is kept (the database, or a folder) and how it looks (templates).

Whoever serves a page makes one of these; `render` turns it into HTML, the JSON API gives it as it is.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal[
    "queued", "verifying", "self-reported", "unverifiable", "replay-verified", "hidden-verified", "refused"
]
STATUSES: tuple[Status, ...] = (
    "queued", "verifying", "self-reported", "unverifiable", "replay-verified", "hidden-verified", "refused",
)  # fmt: skip
RANKED: tuple[Status, ...] = ("hidden-verified", "replay-verified")  # only these have scores that were recomputed

MEANS: dict[Status, str] = {
    "queued": "Uploaded and well-formed as far as was looked; waits to be run again.",
    "verifying": "Being run again now.",
    "self-reported": "Its form, hashes and signature are right. Nobody ran it again: no score of it is shown.",
    "unverifiable": "It was made on a machine whose floating point differs from the verifier's, so that running it "
    "again proves nothing either way. No score of it is shown.",
    "replay-verified": "Every episode was run again from its seed and actions, came out the same bit for bit, and was "
    "judged anew. That proves that these actions succeed, not that a policy chose them from what it saw.",
    "hidden-verified": "Beside the replay, the policy itself was run by the maintainers on seeds that were fixed "
    "before and unknown to the submitter. That proves that it acts by what it sees.",
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
    """A submission in the table. rate, macro: of the recomputed verdicts; None unless the status is of RANKED."""

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
    errors: int
    redone: int


class Episode(Shown):
    """An episode's page. parts: part → (held, words). timeline: an SVG of ours; video: a path or "" for none."""

    submission: str
    policy: str
    row: EpisodeRow
    instruction: str
    parts: dict[str, tuple[bool | None, str]]
    timeline: str
    video: str
    verdict: str  # the whole verdict, JSON


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
    """The table. filters: what it is filtered by: "track", "suite", "protocol", "status", "q" → value, "" for all."""

    rows: tuple[Row, ...]
    filters: dict[str, str]
    choices: dict[str, tuple[str, ...]]  # what each filter may be

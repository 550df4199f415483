"""What a submission says of itself: signed as a whole, and so with the hash of every file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from switch_bench.submit.archive import MOST_FILES
from switch_bench.submit.canonical import canonical, read
from switch_bench.submit.errors import Refused
from switch_bench.submit.log import Short, Strict, validated

FORMAT = "switch_bench.submission"
VERSION = 1
MOST_TASKS = 2_000
MOST_EPISODES = 1_000  # a task
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Safe = Annotated[int, Field(ge=0, le=2**53 - 1)]  # what canonical JSON has one form for


def _utc(text: str) -> str:
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    return text


Created = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"), AfterValidator(_utc)]
Word = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.+-]+$")]
Protocol = Annotated[str, Field(max_length=16, pattern=r"^[a-z0-9.]*$")]
Fact = Annotated[str, Field(max_length=100, pattern=r"^[\x20-\x7e]*$")]
Name = Annotated[str, Field(max_length=200, pattern=r"^[\x21-\x7e]+( [\x21-\x7e]+)*$")]  # one that looks like no other


class TrackClaim(Strict):
    """How the policy saw and acted."""

    act: Literal["delta_pose", "pixel", "skill"]
    obs: Annotated[list[Annotated[str, Field(max_length=40, pattern=r"^[a-z_]+$")]], Field(max_length=20)]
    privileged: bool
    size: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(min_length=2, max_length=2)]


class FileClaim(Strict):
    """A file of the archive."""

    sha256: Hash
    bytes: Safe


class Hidden(Strict):
    """That the seeds were those of a hidden round."""

    commitment: Hash


class Manifest(Strict):
    """No score is in it: scores are what comes out when the episodes are run again.

    tasks: id → digest of its files. versions: as run.json has them. redone: episodes that were played again after an
    error. created: UTC.
    """

    format: Literal["switch_bench.submission"] = FORMAT
    version: Literal[1] = VERSION
    policy: Name
    suite: Word
    protocol: Protocol
    seed: Safe
    episodes: Annotated[int, Field(ge=1, le=MOST_EPISODES)]
    track: TrackClaim
    tasks: Annotated[dict[Short, Fact], Field(min_length=1, max_length=MOST_TASKS)]
    versions: Annotated[dict[Word, Fact], Field(max_length=40)]
    redone: Safe
    created: Created
    hidden: Hidden | None
    files: Annotated[dict[Short, FileClaim], Field(max_length=MOST_FILES)]


def parse(data: bytes) -> Manifest:
    """The manifest in its file. Raises: Refused unless it is one, in its canonical form."""
    found = read(data, "manifest.json")
    try:
        one_form = canonical(found)
    except (ValueError, RecursionError) as error:
        raise Refused("json", "manifest.json", f"it has no canonical form: {error}") from None
    if one_form != data:
        raise Refused("json", "manifest.json", "not in its canonical form (RFC 8785)")
    return validated(Manifest, data, "manifest.json")

"""What a verification came to, as `submit verify` writes it into `verification.json`. It is read as carefully as
what anyone else sends: a verifier that was tricked must not be able to trick the board.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from switch_bench.leaderboard import shown

FILE = "verification.json"
MOST_BYTES = 24 << 20  # the list of an archive's files is in it: about 0.2 kB an episode, and 40,000 of them
PLAIN = r"^[\x20-\x7e]*$"  # as a manifest has names: printable ASCII, so that none can look like another
Word = Annotated[str, Field(max_length=200, pattern=PLAIN)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


class Reason(_Read):
    """Why it isn't verified."""

    code: Annotated[str, Field(max_length=64)]
    where: Annotated[str, Field(max_length=400)] = ""
    said: Annotated[str, Field(max_length=2000)] = ""


class Track(_Read):
    """How the policy saw and acted."""

    act: Annotated[str, Field(max_length=40, pattern=PLAIN)]
    obs: Annotated[tuple[Annotated[str, Field(max_length=40, pattern=PLAIN)], ...], Field(max_length=32)]
    privileged: bool


class Hidden(_Read):
    """The round whose seeds a hidden run was made on, by its commitment."""

    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(_Read):
    """What the board uses of a signed manifest."""

    policy: Word
    suite: Annotated[str, Field(max_length=64, pattern=PLAIN)]
    protocol: Annotated[str, Field(max_length=16, pattern=PLAIN)] | None = ""
    episodes: int = 0
    track: Track
    versions: Annotated[dict[str, Annotated[str, Field(max_length=100)]], Field(max_length=64)] = {}
    card: Annotated[str, Field(max_length=64 * 1024)] = ""
    redone: int = 0
    hidden: Hidden | None = None


class Outcome(_Read):
    """`verification.json`."""

    schema_version: Literal[1]
    status: Literal["replay-verified", "self-reported", "unverifiable", "refused"]
    reasons: Annotated[tuple[Reason, ...], Field(max_length=1000)] = ()
    archive_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    key: Annotated[str, Field(max_length=64)] | None = ""
    manifest: Manifest | None = None
    signed: str = ""  # of the manifest as it stands there; set by `read`

    def facts(self) -> dict[str, Any]:
        """policy, suite, protocol, track and card as columns have them."""
        if self.manifest is None:
            return dict.fromkeys(("policy", "suite", "protocol", "track", "card"), "")
        m = self.manifest
        track = shown.Track(act=m.track.act, obs=m.track.obs, privileged=m.track.privileged)
        return {
            "policy": m.policy,
            "suite": m.suite,
            "protocol": m.protocol or "",
            "track": track.name[:200],
            "card": m.card,
        }


class NoOutcome(Exception):
    """The verifier left nothing that can be used: what is wrong with it."""


def read(folder: Path, digest: str) -> Outcome:
    """The outcome in a folder, for the archive with this SHA-256.

    Raises:
        NoOutcome: there is none, or it is of another archive.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NoOutcome(f"{FILE} has over {MOST_BYTES} bytes")
        raw = json.loads(path.read_bytes())
        found = Outcome.model_validate({**raw, "signed": _digest(raw)})
    except FileNotFoundError as error:
        raise NoOutcome(f"it left no {FILE}") from error
    except (OSError, ValueError, TypeError, ValidationError) as error:
        raise NoOutcome(f"{FILE}: {error}"[:2000]) from error
    if found.archive_sha256 != digest:
        raise NoOutcome(f"{FILE} is of the archive {found.archive_sha256}")
    if found.status != "refused" and (found.manifest is None or not found.key):
        raise NoOutcome(f"{FILE} says {found.status}, but has no manifest or no key")
    return found


def _digest(raw: dict[str, Any]) -> str:
    """SHA-256 of key and signed manifest; "" without a manifest. Two archives that differ only in packing share it."""
    if not isinstance(raw.get("manifest"), dict):
        return ""
    told = json.dumps([raw.get("key"), raw["manifest"]], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(told.encode()).hexdigest()

"""What a board is run with: where its data are, how a submission is verified, and what anyone may use of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

MIB = 1024 * 1024
GIB = 1024 * MIB
VERIFY_S = 24 * 3600.0  # a whole official run has thousands of episodes
VERIFY = (
    sys.executable, "-c", "from switch_bench.cli import main; main()",
    "submit", "verify", "{file}", "--out", "{out}", "--json",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What one may send, store and ask for. What is over ends in 413 or 429."""

    archive_bytes: int = 512 * MIB
    upload_s: float = 3600.0  # how long an upload may take
    body_bytes: int = 256 * 1024  # of everything that isn't an archive
    requests_a_minute: int = 600  # of one token, and of one address
    uploads_an_hour: int = 30  # of one account
    failures_a_minute: int = 20  # wrong tokens from one address
    waiting: int = 20  # submissions of an account that aren't verified yet
    stored_bytes: int = 32 * GIB  # of an account's archives: 64 of the largest
    rows: int = 100  # on one page of a list
    tokens: int = 20  # of an account, that aren't revoked
    tokens_an_hour: int = 30  # that one account makes, for itself and others


@dataclass(frozen=True)
class Settings:
    """A board's settings.

    data: its folder. verify: the command that verifies an archive; `{file}` and `{out}` stand for the archive and the
    run folder to make. verify_s: how long one verification may take. lease_s: for how long a worker that isn't heard of
    keeps what it has taken. base: what the addresses begin with behind a proxy, such as "/board". proxies: so many
    proxies before the server are believed about whom they speak for. secure: cookies only by HTTPS.
    """

    data: Path
    verify: tuple[str, ...] = VERIFY
    verify_s: float = VERIFY_S
    lease_s: float = 60.0
    attempts: int = 3
    base: str = ""
    proxies: int = 0
    secure: bool = True
    films: bool = True
    film_s: float = 600.0  # how long one film may take
    film_bytes: int = 4096 * MIB  # of memory, of the process that makes it
    limits: Limits = field(default_factory=Limits)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "board.sqlite"

    @property
    def archives(self) -> Path:
        """Where archives are kept, each by its SHA-256."""
        return self.data / "archives"

    @property
    def incoming(self) -> Path:
        """Where uploads are written until they are whole."""
        return self.data / "incoming"

    @property
    def runs(self) -> Path:
        """Where the run folders are that verification makes; a submission's row says which is its."""
        return self.data / "runs"

    def make_folders(self) -> None:
        """Make what isn't there, for the owner alone."""
        for folder in (self.data, self.archives, self.incoming, self.runs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def archive(self, digest: str) -> Path:
        """Where the archive with this SHA-256 is."""
        return self.archives / f"{digest}.sbz"

    def to_json(self) -> str:
        """For another process."""
        return json.dumps({**asdict(self), "data": str(self.data)})

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """As `to_json` wrote them."""
        told = json.loads(text)
        told |= {"data": Path(told["data"]), "verify": tuple(told["verify"]), "limits": Limits(**told["limits"])}
        return cls(**told)

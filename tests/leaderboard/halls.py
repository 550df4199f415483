"""A board in this process, and who uses it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stand_in
from fastapi.testclient import TestClient

from switch_bench.leaderboard import accounts
from switch_bench.leaderboard.asking import Served
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.queue import Claim
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.supervising import Ran
from switch_bench.leaderboard.worker import Worker

STAND_IN = Path(__file__).with_name("stand_in.py")
VERIFY = (sys.executable, str(STAND_IN), "{file}", "{out}")
ZIP = {"Content-Type": "application/zip"}


class Quick(Worker):
    """A worker that runs the stand-in in this process, where nothing hangs on its having one of its own."""

    def _beside(self, command: list[str], held: Claim) -> Ran:
        if command[:2] != list(VERIFY[:2]) or any(stand_in.plan_of(Path(command[2])).get(key) for key in stand_in.SLOW):
            return super()._beside(command, held)
        return Ran(code=stand_in.main(command[2:]))


@dataclass
class Hall:
    """A board that is served in this process, without workers: `verify` does their part."""

    served: Served
    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return self.served.settings

    def token(self, name: str, role: str = "submitter") -> str:
        """A new token for someone."""
        with self.served.database.writing() as session:
            return accounts.add_token(session, name, role, now())

    def by(self, name: str) -> dict[str, str]:
        """The header that says who asks: "mia" maintains, all others submit."""
        if name not in self.tokens:
            self.tokens[name] = self.token(name, "maintainer" if name == "mia" else "submitter")
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def submit(self, archive: bytes, name: str = "ada") -> Any:
        """The answer to an upload."""
        return self.client.post("/api/v1/submissions", content=archive, headers=ZIP | self.by(name))

    def verified(self, archive: bytes, name: str = "ada") -> str:
        """Upload and verify: the submission's id."""
        answer = self.submit(archive, name)
        assert answer.status_code == 201, answer.text
        self.verify()
        return answer.json()["id"]

    def verify(self) -> int:
        """Verify all that waits; how many verifications were ended."""
        return Quick(self.settings, self.served.database).run(until_empty=True)

    def get(self, path: str, name: str | None = None) -> Any:
        """The JSON of an address of the API; it must be there."""
        answer = self.client.get(f"/api/v1{path}", headers=self.by(name) if name else {})
        assert answer.status_code == 200, answer.text
        return answer.json()

"""Why a submission isn't taken."""

from __future__ import annotations


class Refused(Exception):
    """Something in an archive isn't so.

    code: a word for programs; where: which file or episode; said: what is wrong.
    """

    def __init__(self, code: str, where: str, said: str):
        super().__init__(code, where, said)
        self.code, self.where, self.said = code, where, said

    def __str__(self) -> str:
        return f"{self.where}: {self.said} ({self.code})"

    def facts(self) -> dict[str, str]:
        """As `verification.json` has it."""
        return {"code": self.code, "where": self.where, "said": self.said}


class Unverifiable(Refused):
    """It can't be told here whether it is so: what a bit-exact repetition needs differs."""

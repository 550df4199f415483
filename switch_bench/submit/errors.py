"""Why a submission isn't taken."""

from __future__ import annotations

from switch_bench.submit.plain import plain

LONGEST = 120, 500  # characters of where and of what is said: both may hold a stranger's words


class Refused(Exception):
    """Something in an archive isn't so.

    code: a word for programs; where: which file or episode; said: what is wrong, on one line. What a stranger wrote is
    cut and made harmless.
    """

    def __init__(self, code: str, where: str, said: str):
        where, said = plain(where, LONGEST[0]), plain(said, LONGEST[1])
        super().__init__(code, where, said)
        self.code, self.where, self.said = code, where, said

    def __str__(self) -> str:
        return f"{self.where}: {self.said} ({self.code})"

    def facts(self) -> dict[str, str]:
        """As `verification.json` has it."""
        return {"code": self.code, "where": self.where, "said": self.said}


class Unverifiable(Refused):
    """It can't be told here whether it is so: what a bit-exact repetition needs differs."""

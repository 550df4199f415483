"""A bad file is a good one with one line changed; `#!` marks the line that the message must name, else the first."""

from __future__ import annotations

from dataclasses import dataclass

from switch_bench.spec.errors import SpecError

MARK = "#!"


@dataclass(frozen=True)
class Edit:
    """Replace `old` by `new` in a good file; expect one problem at `where` whose text has all the `words`."""

    name: str
    old: str
    new: str
    where: str
    words: tuple[str, ...]

    def apply(self, text: str) -> tuple[str, int]:
        """The bad text, and the line that is wrong in it."""
        assert text.count(self.old) == 1, f"{self.old!r} stands {text.count(self.old)} times in the file"
        bad = text.replace(self.old, self.new)
        return bad, 1 + bad[: max(bad.find(MARK), 0)].count("\n")


def assert_one_problem(error: SpecError, edit: Edit, path: str, line: int) -> None:
    assert len(error.problems) == 1, str(error)
    assert (error.path, error.where, error.line) == (path, edit.where, line), str(error)
    for word in edit.words:
        assert word in str(error), str(error)
    assert str(error).startswith(f"{path}:{line}: {edit.where}")

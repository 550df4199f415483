"""Answers that are the same for everyone, kept until something is written down in the audit log.

Whatever changes what is listed writes a line there in the same transaction, so its newest line is the board's revision.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

MOST = 200


class Kept:
    """Answers of one revision of the board."""

    def __init__(self, most: int = MOST) -> None:
        """Nothing is kept yet; at most `most` answers will be."""
        self._most = most
        self._turn = threading.Lock()
        self._revision = -1
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()

    def find(self, revision: int, key: Hashable) -> bytes | None:
        """An answer that was made at this revision."""
        with self._turn:
            if revision != self._revision or key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return self._answers[key]

    def keep(self, revision: int, key: Hashable, answer: bytes) -> bytes:
        """Keep an answer; those of older revisions are let go, one that is itself older isn't kept. The answer."""
        with self._turn:
            if revision > self._revision:
                self._revision = revision
                self._answers.clear()
            if revision == self._revision:
                self._answers[key] = answer
                if len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return answer

"""Whether all that an instruction names is in the room."""

from __future__ import annotations

import re

from switch_bench.evaluate.audit_lexicon import NEEDS, VERBS
from switch_bench.evaluate.facts import Surroundings
from switch_bench.spec.task import Task

BEFORE_NOUNS = frozenset(
    {"a", "all", "an", "any", "both", "each", "every", "her", "his", "its", "my", "no"}
    | {"other", "our", "that", "the", "their", "this", "which", "your"}
)
_WORD = re.compile(r"[a-z]+")
_LONGEST = max(len(phrase.split()) for phrase in NEEDS)


def missing(task: Task, room: Surroundings) -> tuple[str, ...]:
    """What the instruction or a paraphrase names and the room lacks: the words, each once."""
    texts = (task.instruction, *task.paraphrases)
    return tuple(dict.fromkeys(phrase for text in texts for phrase in named(text) if lacks(phrase, room.has)))


def named(text: str) -> list[str]:
    """The things of the lexicon that a text names; of phrases that overlap the longer.

    A word that may be a verb is taken for a thing after an article or the like.
    """
    words = _WORD.findall(text.lower())
    found = []
    i = 0
    while i < len(words):
        for length in range(min(_LONGEST, len(words) - i), 0, -1):
            phrase = next((p for p in _singular(words[i : i + length]) if p in NEEDS), None)
            if phrase is not None and (phrase not in VERBS or not BEFORE_NOUNS.isdisjoint(words[max(0, i - 3) : i])):
                found.append(phrase)
                i += length
                break
        else:
            i += 1
    return found


def lacks(phrase: str, has: frozenset[str]) -> bool:
    """Whether none of what a word may mean is there."""
    return has.isdisjoint(NEEDS[phrase])


def _singular(words: list[str]) -> list[str]:
    """The phrase, and what it may be the plural of."""
    *front, last = words
    forms = [last, *(last[: -len(end)] for end in ("s", "es") if last.endswith(end) and len(last) > len(end) + 2)]
    return [" ".join([*front, form]) for form in forms]

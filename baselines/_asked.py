"""What an instruction asks for, by its words: wishes in their order. It knows of homes and appliances, not of tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass

ROOMS = {
    "kitchen": "kitchen", "hall": "hall", "living room": "living room", "living-room": "living room",
    "landing": "landing", "utility room": "utility room", "stairwell": "stairwell", "bathroom": "bathroom",
    "bedroom": "bedroom", "office": "office",
}  # fmt: skip
PLACES = (
    "sink", "hob", "table", "sofa", "hall", "landing", "kitchen", "living", "passage", "stairs", "boiler", "utility",
    "stairwell", "bed", "desk", "oven", "left", "right", "worktop",
)  # fmt: skip
APPLIANCES = {
    "microwave": "microwave", "kettle": "kettle", "washing machine": "washing machine", "boiler": "gas boiler",
    "oven": "oven", "push": "push-button plate", "hob": "gas hob", "thermostat": "digital thermostat",
}  # fmt: skip
NUMBERS = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "ten": 10.0}
PARTS = {"half": 0.5, "quarter": 0.25}
UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
LAMP = r"\b(lights?|lamps?)\b"
HEAVY, LIGHT = 2.0, 0.5  # how much a word says that names the lamp, and one that only tells where it is


@dataclass(frozen=True)
class Wish:
    """One thing that is asked for.

    kind: light, panel, dim, restore, find_breaker, boil, warm, stop, pause, programme, oven, burner. words: what names
    the thing, each with how much it says. about: appliances that it is about. value: a name or number to set it
    to.
    """

    kind: str
    words: tuple[tuple[str, float], ...] = ()
    about: tuple[str, ...] = ()
    value: str = ""
    on: bool = True
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """All that an instruction asks for. doubt: whether it warns of what is printed. room: where, if it says so.

    breakers: whether the breakers are to be looked at before one gives up. by: the room that the control to use is in.
    """

    wishes: tuple[Wish, ...]
    doubt: bool = False
    room: str = ""
    by: str = ""
    breakers: bool = False


def asked(instruction: str) -> Asked:
    """What `instruction` asks for; no wishes if nothing in it is understood."""
    text = " ".join(instruction.replace("’", "'").lower().split())
    wishes = [wish for find in (_restore, _find_breaker, _appliances, _dim, _lights) for wish in find(text)]
    if any(wish.kind in ("find_breaker", "warm", "pause", "boil", "dim") for wish in wishes):
        wishes = [wish for wish in wishes if wish.kind != "light"]
    if re.search(r"\b(every|whatever|everything|all)\b.{0,25}\b(lights?|lamps?|on)\b", text):
        wishes = [wish for wish in wishes if wish.kind not in ("light", "panel")]  # one switch won't do
    rooms = re.search(r"\bin the (" + "|".join(ROOMS) + r")\b", text)
    by = re.search(r"by (?:its |the )?(?:switch|push|remote) (?:in|on) the (" + "|".join(ROOMS) + r")\b", text)
    return Asked(
        wishes=tuple(wishes),
        doubt=bool(re.search(r"trust|may be wrong|careless|wrong order|may not|or gone", text)),
        room=ROOMS[rooms.group(1)] if rooms else "",
        by=ROOMS[by.group(1)] if by else "",
        breakers="breaker" in text,
    )


def duration(text: str) -> float | None:
    """The first duration in a text [s]: "half a minute", "one and a half minutes", "a minute and a quarter", "40 s"."""
    word = r"(\d+(?:\.\d+)?|" + "|".join(NUMBERS) + ")"
    found: list[tuple[int, float]] = []
    for match in re.finditer(rf"\b(half|quarter) (?:of )?an? ({'|'.join(UNITS)})\b", text):
        found.append((match.start(), PARTS[match.group(1)] * UNITS[match.group(2)]))
    for match in re.finditer(rf"\b{word} and an? (half|quarter) ({'|'.join(UNITS)})s?\b", text):
        found.append((match.start(), (_number(match.group(1)) + PARTS[match.group(2)]) * UNITS[match.group(3)]))
    for match in re.finditer(rf"\b{word} ({'|'.join(UNITS)})s?( and an? (half|quarter))?\b", text):
        part = PARTS[match.group(4)] if match.group(4) else 0.0
        if not re.search(r"(half|quarter) (of )?$", text[: match.start()]):
            found.append((match.start(), (_number(match.group(1)) + part) * UNITS[match.group(2)]))
    for match in re.finditer(r"\b(\d+(?:\.\d+)?) s\b", text):
        found.append((match.start(), float(match.group(1))))
    return min(found)[1] if found else None


def _number(word: str) -> float:
    return NUMBERS[word] if word in NUMBERS else float(word)


def _named(text: str) -> tuple[str, ...]:
    """The appliances that a text names, in the order in which it names them."""
    found = [(text.find(word), name) for word, name in APPLIANCES.items() if re.search(rf"\b{word}\b", text)]
    return tuple(name for _, name in sorted(found))


def _in(text: str) -> set[str]:
    """Which of the turns of phrase are in a text that make another thing of warming something."""
    return {words for words in ("too much", "oven") if re.search(rf"\b{words}\b", text)}


def _restore(text: str) -> list[Wish]:
    if not re.search(r"\btripped\b|get the power back", text) or re.search(r"find .{0,20}breaker", text):
        return []
    found = [Wish("restore")]
    if "too much" in text and "microwave" in text and "kettle" in text:
        found.append(Wish("stop", about=("microwave",)))
    return found


def _find_breaker(text: str) -> list[Wish]:
    if not re.search(r"(find|find out|breaker) .{0,40}(breaker|feeds|supplies)", text) or "tripped" in text:
        return []
    match = re.search(r"(?:feeds|supplies) (.+?)(?:[.,;]|$)", text)
    about = _named(match.group(1)) if match else ()
    return [Wish("find_breaker", about=about or _named(text), on=False)]


def _appliances(text: str) -> list[Wish]:
    found: list[Wish] = []
    seconds = duration(text) or 0.0
    if match := re.search(r"(?:start|put on|run) (?:the )?([a-z0-9 ]+?) (?:programme|on the washing)", text):
        found.append(Wish("programme", value=match.group(1), about=("washing machine",)))
    elif re.search(r"washing machine", text) and re.search(r"\bspun\b", text):
        turns = re.search(r"(\d{3,4}) turns", text)
        found.append(Wish("programme", value="spin", about=("washing machine",), words=(("spin", 1.0),) * bool(turns)))
    if "microwave" in text and re.search(r"\b(warm|heat)\b", text) and seconds and not {"too much", "oven"} & _in(text):
        found.append(Wish("warm", about=("microwave",), seconds=seconds))
    if "microwave" in text and re.search(r"\bpaus", text):
        found.append(Wish("pause", about=("microwave",), seconds=seconds))
    if "kettle" in text and re.search(r"\bboil\b|put the kettle on", text) and "breaker that feeds" not in text:
        found.append(Wish("boil", about=("kettle",)))
    if match := re.search(r"\b(hot air|grill|top heat|bottom heat)\b.*?(\d+) °c", text):
        found.append(Wish("oven", about=("oven",), value=f"{match.group(1)} {match.group(2)}"))
    if match := re.search(r"light the ((?:front|back) (?:left|right)) burner", text):
        found.append(Wish("burner", about=("gas hob",), value=match.group(1)))
    return found


def _dim(text: str) -> list[Wish]:
    return [Wish("dim", words=_weighed(text))] if re.search(r"\bdim (it|the)\b", text) else []


def _lights(text: str) -> list[Wish]:
    """Wishes for lamps, clause by clause; "it" and "one" are what was last spoken of."""
    found: list[Wish] = []
    before = ""
    for sentence in re.split(r"[.;:]\s*", text):
        lamp_before = False
        for clause in re.split(r",\s*(?:and |but )?|\band (?=put|turn|switch|leave|have|tell|say|report)", sentence):
            way = re.search(r"\b(?:switch|turn|put|have)\b.*?\b(on|off)\b|^the one\b.*\b(on|off)\b", clause)
            lamp = bool(re.search(LAMP, clause)) or (lamp_before and "the one" in clause)
            lamp = lamp or bool(re.search(r"\b(it|them)\b", clause) and re.search(LAMP, before))
            away = re.search(r"\b(leave|left|keep|only|not|which|whether|has|should)\b", clause)
            if way and lamp and not (away and away.start() < way.start()):
                words = _weighed(clause)
                if not words or re.search(r"\b(over|at|by|beside) it\b|\bit\b", clause):
                    words = _merged(words, _weighed(before))
                kind = "panel" if "panel" in clause and "breaker" not in clause else "light"
                about = ("push-button plate",) if re.search(r"\bpush\b", clause) else ()
                found.append(Wish(kind, words=words, about=about, on=(way.group(1) or way.group(2)) == "on"))
            lamp_before = lamp_before or lamp
            before = clause if _weighed(clause) or re.search(LAMP, clause) else before
    return found


def _weighed(clause: str) -> tuple[tuple[str, float], ...]:
    """Words for places in a clause, and how much each says of the lamp."""
    told: dict[str, float] = {}
    for word in PLACES:
        for match in re.finditer(rf"\b{word}\b", clause):
            after, ahead = clause[match.end() :], clause[: match.start()]
            named = re.match(r"(?:'s|-room| room)? ?(?:ceiling )?(?:light|lamp)", after)
            placed = re.search(r"(?:over|above|at) (?:the )?(?:kitchen )?$", ahead)
            told[word] = max(told.get(word, 0.0), HEAVY if named or placed else LIGHT)
    return tuple(told.items())


def _merged(a: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    return tuple((dict(b) | dict(a)).items())

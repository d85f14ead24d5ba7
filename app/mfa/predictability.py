"""Does a password follow a pattern that a guesser tries first? Runs, keyboard walks, dates, repetition, pinyin.

The whole password is judged: each run counts as one choice of the person, each other character as one, and a password
with few choices is predictable however long it is.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from app.mfa.pinyin import spelling


class Pattern(StrEnum):
    """How a password is made, told to the person who chose it (A8)."""

    REPETITION = "repetition"
    SEQUENCE = "sequence"
    KEYBOARD = "keyboard"
    DATE = "date"
    PINYIN = "pinyin"


# Five free choices are 10^10 of printable ASCII at best, which a stolen hash withstands for days.
FEWEST_CHOICES = 6
SHORTEST_RUN = 3
LONGEST_STEP = 3
# Two neighbouring keys that change direction occur by accident in every other word; four do not.
SHORTEST_WALK = 4
# A surname and a given name, a four-character saying: 我爱中国, 王小明.
MOST_SYLLABLES = 4
# A birth date and two signs.
LONGEST_TAIL = 10


# First column of each row, so that 1, q, a and z stand in one column.
_KEY_ROWS = ((0, "`1234567890-="), (1, "qwertyuiop[]\\"), (1, "asdfghjkl;'"), (1, "zxcvbnm,./"))
_KEYS = {key: (row, first + place) for row, (first, keys) in enumerate(_KEY_ROWS) for place, key in enumerate(keys)}
_SHIFTED = str.maketrans('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./")
# Moves in (rows, columns) to a neighbouring key; each row stands a little to the right of the row above.
_NEIGHBOURS = frozenset({(0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)})

_YEAR, _MONTH, _DAY, _GAP = "(?:19|20)[0-9]{2}", "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])", "[-/._ 年月]?"
_DATE = re.compile(
    f"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}日?|{_DAY}{_GAP}{_MONTH}{_GAP}{_YEAR}|{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}"
    f"|[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|{_YEAR}",
)
_TAIL = f"[0-9!-/:-@\\[-`{{-~ ]{{0,{LONGEST_TAIL}}}"
_PINYIN = re.compile(f"{_TAIL}{spelling(MOST_SYLLABLES).pattern}{_TAIL}")
_BLOCK = re.compile(r"(.{3,}?)\1+")

Way = int | tuple[int, int]
Relation = Callable[[str, str], Way | None]
Run = tuple[int, Pattern | None]
"""Length in characters, and what made them one choice; None: a character of its own."""


def pattern_of(password: str) -> Pattern | None:
    """The pattern that makes a normalised, case-folded password predictable; None: it follows none."""
    if _PINYIN.fullmatch(password):
        return Pattern.PINYIN
    once = folded(password)
    found = list(runs(once))
    if len(found) >= FEWEST_CHOICES:
        return None
    if len(once) < len(password):
        return Pattern.REPETITION
    return max(found, key=lambda run: run[0], default=(0, None))[1]


def folded(password: str) -> str:
    """Every repeated block of three characters or more written once: `abc1abc1` → `abc1`."""
    while (once := _BLOCK.sub(r"\1", password)) != password:
        password = once
    return password


def runs(password: str) -> Iterator[Run]:
    """The password cut from the left into its longest runs."""
    start = 0
    while start < len(password):
        length, pattern = max(_candidates(password, start), key=lambda run: run[0])
        yield length, pattern
        start += length


def _candidates(password: str, start: int) -> Iterator[Run]:
    yield 1, None
    if date := _DATE.match(password, start):
        yield len(date.group()), Pattern.DATE
    for pattern, relation, shortest in _RELATIONS:
        length = _reach(password, start, relation)
        if length >= shortest:
            yield length, pattern


def _reach(password: str, start: int, relation: Relation) -> int:
    """How many characters from `start` follow each other in one and the same way."""
    way, end = None, start + 1
    while end < len(password):
        found = relation(password[end - 1], password[end])
        if found is None or (way is not None and found != way):
            break
        way, end = found, end + 1
    return end - start


def _same(one: str, next_one: str) -> int | None:
    return 0 if one == next_one else None


def _step(one: str, next_one: str) -> int | None:
    """`abc`, `9876`, `147`: a step of one to `LONGEST_STEP` within the digits or the letters."""
    alike = (one.isdecimal() and next_one.isdecimal()) or (one.isalpha() and next_one.isalpha())
    step = ord(next_one) - ord(one)
    return step if alike and 1 <= abs(step) <= LONGEST_STEP else None


def _move(one: str, next_one: str) -> tuple[int, int] | None:
    """The way from a key to a neighbouring one; None: they are not neighbours."""
    here, there = _KEYS.get(one.translate(_SHIFTED)), _KEYS.get(next_one.translate(_SHIFTED))
    if here is None or there is None:
        return None
    way = (there[0] - here[0], there[1] - here[1])
    return way if way in _NEIGHBOURS else None


def _neighbour(one: str, next_one: str) -> int | None:
    return None if _move(one, next_one) is None else 1


_RELATIONS: tuple[tuple[Pattern, Relation, int], ...] = (
    (Pattern.REPETITION, _same, SHORTEST_RUN),
    (Pattern.SEQUENCE, _step, SHORTEST_RUN),
    (Pattern.KEYBOARD, _move, SHORTEST_RUN),
    (Pattern.KEYBOARD, _neighbour, SHORTEST_WALK),
)

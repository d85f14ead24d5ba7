"""Does the page say what its zone says? NIST SP 800-63A-4 has them compared; R71-R73.

Number, birth and expiry must be the same. A name is spelled in more than one way, so it is compared by score: over the
spellings of Doc 9303 part 3 §6 and, for Chinese holders, those of ü. Zone and page are both the forger's to print:
that they agree proves nothing but that nobody changed one alone.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.fields import VISAS
from app.verification.documents.mrz.shapes import Part
from app.verification.documents.mrz.zone import MachineZone, State

NEARLY = 0.8
"""Name scores from here to below 1 are a person's to judge. Not calibrated: one letter in five."""
MOST_SPELLINGS = 16
MOST_LETTERS = 80
"""Of each part of a printed name as much is compared: twice what a zone has room for."""

_MARKLESS = {"Æ": "AE", "Œ": "OE", "Ð": "D", "Đ": "D", "Ł": "L", "Ħ": "H", "Þ": "TH", "ẞ": "SS"}
_SPELLINGS = tuple(
    str.maketrans({**_MARKLESS, **spelling})
    for spelling in (
        {"Ø": "O"},
        {"Ä": "AE", "Å": "AA", "Ö": "OE", "Ø": "OE", "Ü": "UE"},
        {"Ñ": "NXX", "Ö": "OE", "Ø": "OE", "Ü": "UXX"},
    )
)
"""The ways states write letters with marks (Doc 9303 part 3 §6); every other mark is dropped."""
_NOT_LETTERS = re.compile(r"[^A-Z]")
_NOT_OF_NUMBERS = re.compile(r"[^A-Z0-9]")
_CHINESE = "CHN"


class Pair(StrEnum):
    """What stands on the page and in the zone both."""

    NUMBER = "number"
    BIRTH = "birth"
    EXPIRY = "expiry"
    NAME = "name"


class Verdict(StrEnum):
    """How one pair compares."""

    SAME = "same"
    NEARLY = "nearly"
    """A name alone: a person looks."""
    DIFFERENT = "different"
    UNREAD = "unread"
    """One of the two was not read."""


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name in Latin letters as the page prints it, or one pinyin spelling of a name it prints in Chinese."""

    surname: str = field(repr=False)
    given_names: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Printed:
    """What the page says; None, and no names: not read."""

    number: str | None = field(repr=False)
    birth: Birth | None = field(repr=False)
    expiry: date | None
    names: tuple[PrintedName, ...] = field(repr=False)
    """Every admitted spelling; the best of the first MOST_SPELLINGS counts."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict of every pair."""

    number: Verdict
    birth: Verdict
    expiry: Verdict
    name: Verdict
    name_score: float
    """0 to 1; 1 is every letter, 0 where a name was not read."""

    @property
    def differing(self) -> tuple[Pair, ...]:
        """The pairs that are not the same, unread ones among them."""
        return tuple(pair for pair in Pair if self.of(pair) is not Verdict.SAME)

    def of(self, pair: Pair) -> Verdict:
        """The verdict of one pair."""
        return {Pair.NUMBER: self.number, Pair.BIRTH: self.birth, Pair.EXPIRY: self.expiry, Pair.NAME: self.name}[pair]


def compare(zone: MachineZone, printed: Printed) -> Comparison:
    """Each pair of a zone and its page; everything is unread where the zone has no fields."""
    said = zone.fields
    if said is None:
        return Comparison(Verdict.UNREAD, Verdict.UNREAD, Verdict.UNREAD, Verdict.UNREAD, 0.0)
    score = name_score(zone, printed.names)
    return Comparison(
        number=_exactly(_number(said.number), None if printed.number is None else _number(printed.number)),
        birth=_exactly(said.birth, printed.birth),
        expiry=_exactly(said.expiry, printed.expiry),
        name=_judged(score),
        name_score=score or 0.0,
    )


def state_beside(zone: MachineZone, comparison: Comparison) -> State:
    """CLEAN where a zone was read as it stands and its page says the same (R67, R73); else the state it had.

    The optional data of a visa stand nowhere on its page and under no digit: with them it is never clean.
    """
    confirmed = zone.state is State.UNPROTECTED and not comparison.differing
    unseen = zone.shape in VISAS and Part.OPTIONAL in zone.unprotected
    return State.CLEAN if confirmed and not unseen else zone.state


def name_score(zone: MachineZone, names: Sequence[PrintedName]) -> float | None:
    """0 to 1, by how many letters would have to change; None where the page or the zone has none.

    Surname with surname, given names with given names; a name that fills its line is compared as far as it goes (R71).
    """
    said = zone.fields
    if said is None:
        return None
    folded = _pinyin if said.nationality == _CHINESE else str
    own = (folded(_letters(said.surname)), folded(_letters(said.given_names)))
    spelled = {
        (folded(_letters(name.surname, spelling)), folded(_letters(name.given_names, spelling)))
        for name in names[:MOST_SPELLINGS]
        for spelling in _SPELLINGS
    }
    return max((_score(own, other, cut=zone.name_cut) for other in spelled if any(other)), default=None)


def _score(own: tuple[str, str], other: tuple[str, str], *, cut: bool) -> float:
    if cut:
        surname, given_names = other
        # Where no given name is left the surname itself is cut.
        other = (surname, given_names[: len(own[1])]) if own[1] else (surname[: len(own[0])], "")
    longest = sum(max(len(one), len(two)) for one, two in zip(own, other, strict=True))
    return 1 - sum(_distance(one, two) for one, two in zip(own, other, strict=True)) / longest


def _letters(name: str, spelling: dict[int, str] = _SPELLINGS[0]) -> str:
    """A-Z alone: spaces, hyphens and apostrophes are written in more than one way."""
    text = unicodedata.normalize("NFKC", name[:MOST_LETTERS]).upper().replace("LÜ", "LYU").replace("NÜ", "NYU")
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFD", text.translate(spelling)))


def _pinyin(letters: str) -> str:
    """LYU, LV and LU are one (R72). NV is NYU and nothing else; NU is not, for LIN YU would become LI NU."""
    return letters.replace("LV", "LU").replace("LYU", "LU").replace("NV", "NYU")


def _distance(one: str, two: str) -> int:
    """How many letters to put in, leave out or exchange (Levenshtein)."""
    if one == two:
        return 0
    row = list(range(len(two) + 1))
    for at, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], at
        for other, against in enumerate(two, start=1):
            diagonal, row[other] = (
                row[other],
                min(row[other] + 1, row[other - 1] + 1, diagonal + (letter != against)),
            )
    return row[-1]


def _number(text: str) -> str:
    """Blanks, hyphens and fillers are how it is written, not what it says."""
    return _NOT_OF_NUMBERS.sub("", unicodedata.normalize("NFKC", text[:MOST_LETTERS]).upper())


def _exactly(said: object, printed: object) -> Verdict:
    if printed is None:
        return Verdict.UNREAD
    return Verdict.SAME if said == printed else Verdict.DIFFERENT


def _judged(score: float | None) -> Verdict:
    if score is None:
        return Verdict.UNREAD
    if score == 1:
        return Verdict.SAME
    return Verdict.NEARLY if score >= NEARLY else Verdict.DIFFERENT

"""Which places does each shape of zone have, what may stand in them, and which digit guards them? R54, R59-R62.

Places are counted from 0 over all lines of a zone, one after the other, so that a span is one range.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from string import ascii_uppercase, digits

FILLER = "<"
LETTERS = frozenset(ascii_uppercase + FILLER)
DIGITS = frozenset(digits)
DIGITS_OR_FILLER = frozenset(digits + FILLER)
SEXES = frozenset("MF<")
ALPHABET = frozenset(ascii_uppercase + digits + FILLER)


class Shape(StrEnum):
    """The shapes of Doc 9303 parts 5, 6, 4 and 7."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


class Part(StrEnum):
    """What stands in a run of places."""

    DOCUMENT_CODE = "document_code"
    ISSUER = "issuer"
    NAME = "name"
    NUMBER = "number"
    NUMBER_CHECK = "number_check"
    NATIONALITY = "nationality"
    BIRTH = "birth"
    BIRTH_CHECK = "birth_check"
    SEX = "sex"
    EXPIRY = "expiry"
    EXPIRY_CHECK = "expiry_check"
    OPTIONAL = "optional"
    OPTIONAL_CHECK = "optional_check"
    OPTIONAL_SECOND = "optional_second"
    COMPOSITE = "composite"


STATES = (Part.ISSUER, Part.NATIONALITY)
MIXED = (Part.NUMBER, Part.OPTIONAL, Part.OPTIONAL_SECOND)
"""Letters and digits both: never mapped blindly (R65)."""
_ALPHABETS = {
    Part.DOCUMENT_CODE: LETTERS,
    Part.ISSUER: LETTERS,
    Part.NAME: LETTERS,
    Part.NATIONALITY: LETTERS,
    Part.SEX: SEXES,
    Part.BIRTH: DIGITS_OR_FILLER,  # unknown parts are << (R68)
    **dict.fromkeys(MIXED, ALPHABET),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of one shape."""

    width: int
    height: int
    parts: Mapping[Part, range]
    composite: tuple[int, ...] = ()
    """Places under the composite digit (R61); none on a visa (R60)."""
    long_numbers: bool = False
    """A number of more than nine characters may run on in the optional places (R59)."""

    @property
    def name_line(self) -> int:
        """The line, from 0, that ends with the name."""
        return self.parts[Part.NAME].start // self.width


@dataclass(frozen=True, slots=True)
class Guard:
    """A check digit at `place` over the places `covered`, in the order of their weights."""

    name: Part
    covered: tuple[int, ...]
    place: int


def _two_lines(width: int, *, optional: int, more: Mapping[Part, range], composite: tuple[int, ...] = ()) -> Layout:
    """TD2, TD3 and the visas differ only after the expiry; `optional` places are theirs."""
    start, lengths = width, (9, 1, 3, 6, 1, 1, 6, 1, optional)
    names = (Part.NUMBER, Part.NUMBER_CHECK, Part.NATIONALITY, Part.BIRTH, Part.BIRTH_CHECK, Part.SEX)
    parts = {Part.DOCUMENT_CODE: range(2), Part.ISSUER: range(2, 5), Part.NAME: range(5, width)}
    for name, length in zip((*names, Part.EXPIRY, Part.EXPIRY_CHECK, Part.OPTIONAL), lengths, strict=True):
        parts[name] = range(start, start + length)
        start += length
    return Layout(width, 2, {**parts, **more}, composite, long_numbers=width == 36 and bool(composite))


def _places(*spans: tuple[int, int]) -> tuple[int, ...]:
    """The places of spans given as Doc 9303 counts: from 1, both ends included."""
    return tuple(chain.from_iterable(range(first - 1, last) for first, last in spans))


_TD1 = Layout(
    30,
    3,
    {
        Part.DOCUMENT_CODE: range(2),
        Part.ISSUER: range(2, 5),
        Part.NUMBER: range(5, 14),
        Part.NUMBER_CHECK: range(14, 15),
        Part.OPTIONAL: range(15, 30),
        Part.BIRTH: range(30, 36),
        Part.BIRTH_CHECK: range(36, 37),
        Part.SEX: range(37, 38),
        Part.EXPIRY: range(38, 44),
        Part.EXPIRY_CHECK: range(44, 45),
        Part.NATIONALITY: range(45, 48),
        Part.OPTIONAL_SECOND: range(48, 59),
        Part.COMPOSITE: range(59, 60),
        Part.NAME: range(60, 90),
    },
    composite=_places((6, 30), (31, 37), (39, 45), (49, 59)),
    long_numbers=True,
)
LAYOUTS: Mapping[Shape, Layout] = {
    Shape.TD1: _TD1,
    Shape.TD2: _two_lines(
        36,
        optional=7,
        more={Part.COMPOSITE: range(71, 72)},
        composite=_places((37, 46), (50, 56), (58, 71)),
    ),
    Shape.TD3: _two_lines(
        44,
        optional=14,
        more={Part.OPTIONAL_CHECK: range(86, 87), Part.COMPOSITE: range(87, 88)},
        composite=_places((45, 54), (58, 64), (66, 87)),
    ),
    Shape.MRV_A: _two_lines(44, optional=16, more={}),
    Shape.MRV_B: _two_lines(36, optional=8, more={}),
}


def part_of(shape: Shape, text: str, part: Part) -> str:
    """The characters of one part, nothing where the shape has none."""
    places = LAYOUTS[shape].parts.get(part, range(0))
    return text[places.start : places.stop]


def alphabets(shape: Shape, text: str) -> list[frozenset[str]]:
    """What may stand at each place, given what stands around it; `text` is as long as the zone."""
    layout, allowed = LAYOUTS[shape], [DIGITS] * len(text)
    for part, alphabet in _ALPHABETS.items():
        for place in layout.parts.get(part, ()):
            allowed[place] = alphabet
    if long_number(shape, text):
        allowed[layout.parts[Part.NUMBER_CHECK].start] = frozenset(FILLER)
        allowed[_run_on(layout, text)[-1]] = DIGITS
    if Part.OPTIONAL_CHECK in layout.parts and not part_of(shape, text, Part.OPTIONAL).strip(FILLER):
        allowed[layout.parts[Part.OPTIONAL_CHECK].start] = DIGITS_OR_FILLER  # R62
    return allowed


def long_number(shape: Shape, text: str) -> bool:
    """Whether the number runs on: a filler for its digit, and at least one character and a digit after it (R59)."""
    layout = LAYOUTS[shape]
    runs_on = layout.long_numbers and part_of(shape, text, Part.NUMBER_CHECK) == FILLER
    return runs_on and len(_run_on(layout, text)) > 1


def number_places(shape: Shape, text: str) -> tuple[int, ...]:
    """Where the characters of the number stand, without its digit."""
    layout = LAYOUTS[shape]
    run_on = _run_on(layout, text)[:-1] if long_number(shape, text) else ()
    return (*layout.parts[Part.NUMBER], *run_on)


def optional_places(shape: Shape, text: str) -> tuple[int, ...]:
    """Where the first optional data stand: what a long number and the filler after it leave."""
    layout = LAYOUTS[shape]
    taken = len(_run_on(layout, text)) + 1 if long_number(shape, text) else 0
    return tuple(layout.parts[Part.OPTIONAL][taken:])


def guards(shape: Shape, text: str) -> tuple[Guard, ...]:
    """The check digits of a zone. A long number is guarded by a digit among the optional places (R59)."""
    layout = LAYOUTS[shape]
    number_digit = layout.parts[Part.NUMBER_CHECK].start
    if long_number(shape, text):
        number_digit = _run_on(layout, text)[-1]
    found = [Guard(Part.NUMBER, number_places(shape, text), number_digit)]
    own = ((Part.BIRTH, Part.BIRTH_CHECK), (Part.EXPIRY, Part.EXPIRY_CHECK), (Part.OPTIONAL, Part.OPTIONAL_CHECK))
    for part, digit in own:
        if digit in layout.parts:
            found.append(Guard(part, tuple(layout.parts[part]), layout.parts[digit].start))
    if layout.composite:
        found.append(Guard(Part.COMPOSITE, layout.composite, layout.parts[Part.COMPOSITE].start))
    return tuple(found)


def _run_on(layout: Layout, text: str) -> range:
    """The optional places up to the first filler."""
    places = layout.parts[Part.OPTIONAL]
    length = len(text[places.start : places.stop].split(FILLER, 1)[0])
    return places[:length]

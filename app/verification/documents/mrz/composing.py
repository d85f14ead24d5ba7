"""How is a zone written? The counterpart of `reading`, for specimens and tests; R54-R62, R69, R71."""

import re

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.digits import check_digit
from app.verification.documents.mrz.fields import code_fits
from app.verification.documents.mrz.shapes import FILLER, LAYOUTS, Part, Shape, guards, part_of
from app.verification.documents.mrz.states import state_code
from app.verification.documents.mrz.zone import Fields, Sex

_NAME = re.compile(r"[A-Z]+(?: [A-Z]+)*")
_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9<]*[A-Z0-9])?")
_OPTIONAL = re.compile(r"(?:[A-Z0-9<]*[A-Z0-9])?")


def compose(shape: Shape, fields: Fields) -> tuple[str, ...]:
    """The lines of a zone with every check digit right; a name is cut where its line ends (R71).

    Raises ValueError for what cannot stand in that shape: other characters, too long, a second optional field.
    """
    layout = LAYOUTS[shape]
    characters = [FILLER] * (layout.width * layout.height)
    for part, value in _values(shape, fields).items():
        places = layout.parts.get(part, range(0))
        if len(value) > len(places):
            raise ValueError(f"{part} does not fit a {shape}")
        characters[places.start : places.start + len(value)] = value
    for guard in guards(shape, "".join(characters)):
        # An empty optional field keeps the filler for its digit, one of the two forms of R62.
        if guard.name is not Part.OPTIONAL or fields.optional:
            characters[guard.place] = check_digit("".join(characters[place] for place in guard.covered))
    text = "".join(characters)
    return tuple(text[start : start + layout.width] for start in range(0, len(text), layout.width))


def _values(shape: Shape, fields: Fields) -> dict[Part, str]:
    """What goes where, digits aside; raises ValueError."""
    number, optional = _number_and_optional(shape, fields)
    return {
        Part.DOCUMENT_CODE: _code(shape, fields.document_code),
        Part.ISSUER: _state(fields.issuer),
        Part.NATIONALITY: _state(fields.nationality),
        Part.NAME: _name(fields)[: len(LAYOUTS[shape].parts[Part.NAME])],
        Part.NUMBER: number,
        Part.NUMBER_CHECK: check_digit(number) if number == fields.number else FILLER,
        Part.OPTIONAL: optional,
        Part.OPTIONAL_SECOND: _matching(_OPTIONAL, fields.optional_second),
        Part.BIRTH: _birth(fields.birth),
        Part.SEX: FILLER if fields.sex is Sex.UNSPECIFIED else fields.sex.value,
        Part.EXPIRY: f"{fields.expiry:%y%m%d}",
    }


def _number_and_optional(shape: Shape, fields: Fields) -> tuple[str, str]:
    """A long number runs on in the optional places, its digit after it (R59)."""
    number, optional = _matching(_NUMBER, fields.number), _matching(_OPTIONAL, fields.optional)
    room = len(part_of(shape, FILLER * 90, Part.NUMBER))
    if len(number) <= room or not LAYOUTS[shape].long_numbers:
        return number, optional
    if FILLER in number:
        raise ValueError("a long number has no fillers")
    run_on = number[room:] + check_digit(number)
    return number[:room], f"{run_on}{FILLER}{optional}" if optional else run_on


def _matching(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError("a zone has A-Z, 0-9 and fillers within")
    return value


def _code(shape: Shape, code: str) -> str:
    if re.fullmatch(r"[A-Z]{1,2}", code) is None or not code_fits(code, shape):
        raise ValueError(f"no {shape} has the document code {code}")
    return code


def _state(code: str) -> str:
    if state_code(code.ljust(3, FILLER)) is None:
        raise ValueError(f"{code} is no code of a state")
    return code


def _name(fields: Fields) -> str:
    words = [_matching(_NAME, name) for name in (fields.surname, fields.given_names) if name]
    if not fields.surname:
        raise ValueError("somebody with one name has it as surname")
    return "<<".join(words).replace(" ", FILLER)


def _birth(birth: Birth) -> str:
    year = None if birth.year is None else birth.year % 100
    return "".join("<<" if part is None else f"{part:02}" for part in (year, birth.month, birth.day))

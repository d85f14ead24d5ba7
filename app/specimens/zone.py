"""What does a machine-readable zone say of a specimen's holder? ICAO Doc 9303 parts 3-7; R54-R62.

Its digits are computed here and not by the reader's own composer: a drawing made with that would share its errors.
Everybody is from Utopia (UTO), which issues to nobody and which production refuses (R70).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Final

from app.specimens.drawing import Hand, Sheet
from app.specimens.faces import BUILT_IN
from app.specimens.machine_print import CELL_MM, GLYPH_MM, LINE_MM, PITCH_MM, print_line

FILLER: Final = "<"
UTOPIA: Final = "UTO"
NUMBER_ROOM: Final = 9


@dataclass(frozen=True, slots=True)
class Said:
    """What a zone says."""

    document_code: str
    surname: str
    given: str
    number: str
    birth: date
    sex: str
    """M or F; X is written as a filler (R69)."""
    expiry: date
    optional: str = ""
    issuer: str = UTOPIA
    nationality: str = UTOPIA


def check_digit(text: str) -> str:
    """Values 0-9, A=10 … Z=35, filler 0; weights 7 3 1 in turn; the sum modulo ten (R55)."""
    values = (0 if character == FILLER else int(character, 36) for character in text)
    return str(sum(weight * value for weight, value in zip(cycle((7, 3, 1)), values, strict=False)) % 10)


def td1(said: Said) -> tuple[str, str, str]:
    """Three lines of 30."""
    number, optional = _number_and_optional(said, 15)
    first = f"{_code(said)}{said.issuer}{number}{optional}"
    dates = f"{_checked(f'{said.birth:%y%m%d}')}{_sex(said)}{_checked(f'{said.expiry:%y%m%d}')}"
    second = f"{dates}{said.nationality}{FILLER * 11}"
    return first, second + check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29]), _name(said, 30)


def td2(said: Said) -> tuple[str, str]:
    """Two lines of 36."""
    number, optional = _number_and_optional(said, 7)
    second = f"{number}{_dated(said)}{optional}"
    return f"{_code(said)}{said.issuer}{_name(said, 31)}", second + _composite(second)


def td3(said: Said) -> tuple[str, str]:
    """Two lines of 44; the optional field's digit is a filler where that is empty (R62)."""
    optional = said.optional.ljust(14, FILLER)
    digit = check_digit(optional) if said.optional else FILLER
    second = f"{_checked(said.number.ljust(NUMBER_ROOM, FILLER))}{_dated(said)}{optional}{digit}"
    return f"{_code(said)}{said.issuer}{_name(said, 39)}", second + _composite(second)


def mrv_a(said: Said) -> tuple[str, str]:
    """Two lines of 44, without a composite digit (R60)."""
    return _visa(said, 44)


def mrv_b(said: Said) -> tuple[str, str]:
    """Two lines of 36, without a composite digit (R60)."""
    return _visa(said, 36)


def write_zone(
    sheet: Sheet, lines: tuple[str, ...], said: Said, first_line: tuple[int, int], px_per_mm: float = 10.0
) -> None:
    """The lines from a base line on; what the page printed of the same fields keeps its place, the zone has its own."""
    for place, line in enumerate(lines):
        left, base = first_line[0], first_line[1] + round(place * LINE_MM * px_per_mm)
        print_line(sheet.canvas, line, (left, base), px_per_mm)
        sheet.hands[f"line_{place + 1}"] = Hand(
            line, (left, base), round(GLYPH_MM * px_per_mm), BUILT_IN, PITCH_MM * px_per_mm
        )
        width, height = (round(side * px_per_mm) for side in (len(line) * PITCH_MM, CELL_MM[1]))
        sheet.stands(f"line_{place + 1}", line, (left, base - round(CELL_MM[2] * px_per_mm), width, height))
    sheet.fields.update(fields_of(said))


def with_digits(lines: Sequence[str]) -> tuple[str, ...]:
    """The same lines with every digit over number, birth and expiry made right again: what a careful forger writes."""
    if len(lines) == 3:
        number = lines[0] if lines[0][14] == FILLER else f"{lines[0][:14]}{check_digit(lines[0][5:14])}{lines[0][15:]}"
        covered = number[5:30] + lines[1][0:7] + lines[1][8:15] + lines[1][18:29]
        return number, lines[1][:29] + check_digit(covered), lines[2]
    second = f"{lines[1][:9]}{check_digit(lines[1][:9])}{lines[1][10:]}"
    visa = lines[0].startswith("V")
    return lines[0], second if visa else second[:-1] + _composite(second[:-1])


def fields_of(said: Said) -> dict[str, str]:
    """What a perfect reader takes from the zone."""
    return {
        "issuer": said.issuer,
        "surname": said.surname,
        "given_names": said.given,
        "number": said.number,
        "nationality": said.nationality,
        "birth": said.birth.isoformat(),
        "sex": said.sex,
        "expiry": said.expiry.isoformat(),
    }


def _visa(said: Said, width: int) -> tuple[str, str]:
    second = f"{_checked(said.number.ljust(NUMBER_ROOM, FILLER))}{_dated(said)}{said.optional}"
    return f"{_code(said)}{said.issuer}{_name(said, width - 5)}", second.ljust(width, FILLER)


def _code(said: Said) -> str:
    return said.document_code.ljust(2, FILLER)


def _sex(said: Said) -> str:
    return FILLER if said.sex == "X" else said.sex


def _checked(text: str) -> str:
    return text + check_digit(text)


def _dated(said: Said) -> str:
    return f"{said.nationality}{_checked(f'{said.birth:%y%m%d}')}{_sex(said)}{_checked(f'{said.expiry:%y%m%d}')}"


def _composite(second: str) -> str:
    """Over the number, birth, expiry and what follows, each with its digit (R61)."""
    return check_digit(second[0:10] + second[13:20] + second[21:])


def _number_and_optional(said: Said, room: int) -> tuple[str, str]:
    """A number of more than nine runs on in the optional field, its digit after it and a filler in the digit's place (R59)."""
    if len(said.number) <= NUMBER_ROOM:
        return _checked(said.number.ljust(NUMBER_ROOM, FILLER)), said.optional.ljust(room, FILLER)
    run_on = said.number[NUMBER_ROOM:] + check_digit(said.number)
    return said.number[:NUMBER_ROOM] + FILLER, run_on.ljust(room, FILLER)


def _name(said: Said, room: int) -> str:
    """Surname, two fillers, given names; what does not fit is cut (R71)."""
    name = f"{said.surname}{FILLER * 2}{said.given}".replace(" ", FILLER)
    return name.ljust(room, FILLER)[:room]

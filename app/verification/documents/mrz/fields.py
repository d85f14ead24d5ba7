"""What do the places of a zone say? Fields, names and verdicts of a text that has the length of its shape, R68-R71."""

import re
from datetime import date

from app.verification.documents.mrz.dates import birth, expiry
from app.verification.documents.mrz.digits import VALUES, check_digit
from app.verification.documents.mrz.shapes import (
    FILLER,
    LAYOUTS,
    Part,
    Shape,
    alphabets,
    guards,
    number_places,
    optional_places,
    part_of,
)
from app.verification.documents.mrz.states import state_code
from app.verification.documents.mrz.zone import CheckDigit, Fields, Sex

VISAS = frozenset({Shape.MRV_A, Shape.MRV_B})
_CODE = re.compile(r"[A-Z][A-Z<]")
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE, FILLER: Sex.UNSPECIFIED}


def fields_of(shape: Shape, text: str, *, today: date) -> Fields | None:
    """The fields; None where one of them can mean nothing. Says nothing of the check digits."""
    code = part_of(shape, text, Part.DOCUMENT_CODE)
    issuer, nationality = (state_code(part_of(shape, text, part)) for part in (Part.ISSUER, Part.NATIONALITY))
    born = birth(part_of(shape, text, Part.BIRTH), today=today)
    expires = expiry(part_of(shape, text, Part.EXPIRY), today=today)
    surname, given_names = names(part_of(shape, text, Part.NAME))
    number = "".join(text[place] for place in number_places(shape, text)).rstrip(FILLER)
    sex = _SEXES.get(part_of(shape, text, Part.SEX))
    if not (_CODE.fullmatch(code) and code_fits(code, shape) and surname and number):
        return None
    if issuer is None or nationality is None or born is None or expires is None or sex is None:
        return None
    optional = "".join(text[place] for place in optional_places(shape, text)).rstrip(FILLER)
    second = part_of(shape, text, Part.OPTIONAL_SECOND).rstrip(FILLER)
    code = code.rstrip(FILLER)
    return Fields(code, issuer, surname, given_names, number, nationality, born, sex, expires, optional, second)


def names(places: str) -> tuple[str, str]:
    """Surname and given names; << parts them, one < is a space (R71). A name that begins with fillers is none."""
    surname, _, given = ("", "", "") if places.startswith(FILLER) else places.partition(FILLER * 2)
    return surname.replace(FILLER, " ").strip(), " ".join(given.replace(FILLER, " ").split())


def code_fits(code: str, shape: Shape) -> bool:
    """V stands on visas and on nothing else (Doc 9303 part 7); other letters are the issuer's to choose."""
    return code.startswith("V") == (shape in VISAS)


def check_digits(shape: Shape, text: str) -> tuple[CheckDigit, ...]:
    """The verdict of each check digit, also of a text that does not hold."""
    width, allowed, verdicts = LAYOUTS[shape].width, alphabets(shape, text), []
    for guard in guards(shape, text):
        seen = text[guard.place]
        try:
            expected = check_digit("".join(text[place] for place in guard.covered))
        except ValueError:
            expected = None
        holds = seen in allowed[guard.place] and expected == str(VALUES[seen])
        line, position = divmod(guard.place, width)
        verdicts.append(CheckDigit(guard.name, line + 1, position + 1, seen, expected, holds))
    return tuple(verdicts)


def unprotected(shape: Shape, text: str) -> tuple[Part, ...]:
    """The parts with characters, not fillers alone, that no check digit covers (R67)."""
    covered = {place for guard in guards(shape, text) for place in (*guard.covered, guard.place)}
    return tuple(
        part
        for part, places in LAYOUTS[shape].parts.items()
        if any(text[place] != FILLER and place not in covered for place in places)
    )

"""What does the number of a foreign permanent resident card say, and can it exist? R18 and R19.

Both editions stay valid until their printed expiry. A number is for life, so the letters or digits of a country are
what the holder was when it was given, and may differ from the nationality printed today.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.verification.documents.countries import ALPHA_3, ASSIGNED
from app.verification.documents.resident_number import (
    PERMIT_PREFIXES,
    PROVINCES,
    NumberBirthImpossible,
    NumberCheckWrong,
    NumberMalformed,
    NumberProvinceUnknown,
    NumberRefusal,
    Sex,
    check_holds,
    masked,
    normalised,
    said_by,
)

RECEIVING: Final = PROVINCES - PERMIT_PREFIXES - {"71"}
"""R18, positions 2-3: an application is received by the exit-entry administration of a mainland province."""
OWN: Final = frozenset({"CHN", "HKG", "MAC", "TWN"})
"""The card is for foreigners: 国籍法 Art. 3 knows no second nationality beside these."""
FOREIGN: Final = ASSIGNED - OWN

_2023 = re.compile(r"9[0-9]{16}[0-9X]")
_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")


class Edition(StrEnum):
    """The editions in use; a number's form tells which."""

    E2017 = "2017"
    E2023 = "2023"


class ForeignNumberMalformed(NumberMalformed, code="foreign_number_malformed"):
    """Neither 9, 16 digits and a digit or X (R18), nor three letters and 12 digits (R19)."""


class NumberCountryUnknown(NumberRefusal, code="number_country_unknown"):
    """ISO 3166-1 has no such country, or its people are no foreigners (R18, R19)."""


@dataclass(frozen=True, slots=True)
class ForeignNumber:
    """A number that keeps R18 or R19, and what it says. Prints masked: the full number is `text`, asked for by name."""

    text: str
    edition: Edition
    country: str
    """ISO 3166-1 alpha-3, in both editions."""
    birth: date | None
    """None in the 2017 edition, as is the sex: no published rule says which of its digits tell them."""
    sex: Sex | None

    def __repr__(self) -> str:
        return f"ForeignNumber({masked(self.text)})"

    __str__ = __repr__


def edition_of(given: str) -> Edition | None:
    """The edition whose form a text has; None where it has neither. Says nothing of the check character."""
    text = normalised(given)
    if _2023.fullmatch(text):
        return Edition.E2023
    return Edition.E2017 if _2017.fullmatch(text) else None


def parse_foreign_number(given: str, *, today: date) -> ForeignNumber:
    """The number a text stands for; raises the NumberRefusal of the first rule it breaks.

    In the order form, check character (2023 alone), province, country, birth: as for residents' numbers.
    """
    text = normalised(given)
    edition = edition_of(text)
    if edition is None:
        raise ForeignNumberMalformed
    return _of_2023(text, today) if edition is Edition.E2023 else _of_2017(text)


def former_of(number: str, birth: date) -> bool:
    """Whether a number of 2017 may be one that somebody born that day had before: it repeats the birth as published ones do.

    Nothing else ties it to the card that prints it, and whoever's number it is would be known by it.
    """
    return edition_of(number) is Edition.E2017 and normalised(number)[7:13] == f"{birth:%y%m%d}"


def birth_digits_differ(number: ForeignNumber, birth: date) -> bool:
    """A 2017 number holds other digits than the birth date printed beside it, where published specimens repeat it.

    Digits 5-10 of their twelve read YYMMDD. No rule we could read says they must, so a difference is for a person to
    look at and breaks nothing.
    """
    return number.edition is Edition.E2017 and not former_of(number.text, birth)


def _of_2023(text: str, today: date) -> ForeignNumber:
    if not check_holds(text):
        raise NumberCheckWrong
    if text[1:3] not in RECEIVING:
        raise NumberProvinceUnknown
    country = ALPHA_3.get(text[3:6])
    if country not in FOREIGN:
        raise NumberCountryUnknown
    said = said_by(text)
    return ForeignNumber(text, Edition.E2023, country, _day(said.birth, today), said.sex)


def _of_2017(text: str) -> ForeignNumber:
    """Its last digit is not enforced: the algorithm is not confirmed, and specimens of one person differ in it (R19)."""
    country = text[:3]
    if country not in FOREIGN:
        raise NumberCountryUnknown
    return ForeignNumber(text, Edition.E2017, country, birth=None, sex=None)


def _day(iso: str, today: date) -> date:
    try:
        birth = date.fromisoformat(iso)
    except ValueError:
        raise NumberBirthImpossible from None
    if birth > today:
        raise NumberBirthImpossible
    return birth

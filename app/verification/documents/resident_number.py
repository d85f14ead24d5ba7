"""What does a resident identity number say, and can it exist? GB 11643-1999, R1-R17.

The number of a person is unique and for life (居民身份证法 Art. 3), so county codes, abolished and merged over the
decades, are neither checked nor compared with a printed address (R12).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.refusal import Refusal

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643-1999 §4.3, from ISO 7064 MOD 11-2."""
CHECK_CHARACTERS = "10X98765432"
PROVINCES = frozenset(
    str(code)
    for region in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in region
)
"""GB/T 2260, first two digits: 71 is kept for Taiwan, 81-83 mark residence permits (R11, R16)."""
PERMIT_PREFIXES = frozenset({"81", "82", "83"})
GREATEST_PLAUSIBLE_AGE = 120

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")


class Sex(StrEnum):
    """The two values a card prints (R37)."""

    MALE = "男"
    FEMALE = "女"


class NumberRefusal(Refusal):
    """A text that is no resident identity number; the subclass says which rule it breaks."""


class NumberMalformed(NumberRefusal, code="number_malformed"):
    """Not 17 digits and a digit or X (R1)."""


class NumberFirstGeneration(NumberRefusal, code="number_first_generation"):
    """15 digits: those cards ended on 2013-01-01, the number serves for look-up alone (R14)."""


class NumberCheckWrong(NumberRefusal, code="number_check_wrong"):
    """The check character belongs to other digits (R3)."""


class NumberProvinceUnknown(NumberRefusal, code="number_province_unknown"):
    """No province has the first two digits (R11)."""


class NumberBirthImpossible(NumberRefusal, code="number_birth_impossible"):
    """The birth date is not in the calendar, or not yet (R9)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the digits of a number say of its holder, whether or not such a day exists."""

    birth: str
    """`YYYY-MM-DD`."""
    sex: Sex


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A number that keeps R1-R11, and what it says. Prints masked: the full number is `text`, asked for by name."""

    text: str
    birth: date
    sex: Sex

    @property
    def permit(self) -> bool:
        """It belongs to a residence permit for Hong Kong, Macao or Taiwan residents (R16)."""
        return self.text[:2] in PERMIT_PREFIXES

    def __repr__(self) -> str:
        return f"ResidentNumber({masked(self.text)})"

    __str__ = __repr__


def normalised(given: str) -> str:
    """The text as R1 wants it before any check: NFKC, without spaces, upper case."""
    return "".join(unicodedata.normalize("NFKC", given).split()).upper()


def check_character(digits: str) -> str:
    """The 18th character for 17 digits (R3)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    return CHECK_CHARACTERS[total % 11]


def well_formed(text: str) -> bool:
    """17 ASCII digits and a digit or X: says nothing of the check character (R1)."""
    return _EIGHTEEN.fullmatch(text) is not None


def check_holds(text: str) -> bool:
    """Whether the pattern and the check character hold."""
    return well_formed(text) and check_character(text[:17]) == text[17]


def said_by(text: str) -> Said:
    """Birth and sex in a well-formed number (R2, R7)."""
    return Said(f"{text[6:10]}-{text[10:12]}-{text[12:14]}", _sex(text))


def parse(given: str, *, today: date) -> ResidentNumber:
    """The number a text stands for; raises the NumberRefusal of the first rule it breaks, in R1, R3, R11, R9 order."""
    text = normalised(given)
    if _FIFTEEN.fullmatch(text):
        raise NumberFirstGeneration
    if not well_formed(text):
        raise NumberMalformed
    if not check_holds(text):
        raise NumberCheckWrong
    if text[:2] not in PROVINCES:
        raise NumberProvinceUnknown
    return ResidentNumber(text, _birth(text, today), _sex(text))


def implausibly_old(number: ResidentNumber, *, today: date) -> bool:
    """The holder would be older than anybody: a warning, not an error (R10)."""
    return age_on(number.birth, today) > GREATEST_PLAUSIBLE_AGE


def from_first_generation(given: str, *, today: date) -> ResidentNumber:
    """The 18-character form of a 15-digit number, to look an old record up; never presented evidence (R14)."""
    text = normalised(given)
    if not _FIFTEEN.fullmatch(text):
        raise NumberMalformed
    digits = f"{text[:6]}19{text[6:]}"
    return parse(digits + check_character(digits), today=today)


def masked(text: str) -> str:
    """First three and last four characters, the most a screen shows (R23); nothing of what is too short to hide."""
    if len(text) < 15:
        return "*" * len(text)
    return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"


def age_on(birth: date, day: date) -> int:
    """Full years on `day`; the birthday itself counts (R29), 29 February's is 1 March in a common year."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _birth(text: str, today: date) -> date:
    try:
        birth = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise NumberBirthImpossible from None
    if birth > today:
        raise NumberBirthImpossible
    return birth


def _sex(text: str) -> Sex:
    """Odd is male (R7)."""
    return Sex.MALE if int(text[16]) % 2 else Sex.FEMALE

"""What does a text beside a label mean, how surely, and what do two readings of it agree on?

Each function turns what OCR saw into a Field: raw text, value where it is understood, confidence. A correction is
taken only where a check character or the calendar confirms it, and always costs confidence.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from app.verification.documents.resident_number import check_holds, normalised, well_formed
from app.verification.documents.validity import LONG_TERM
from app.verification.examination import Field

UNREAD = Field("", None, 0.0)
CORRECTED = 0.7
"""Factor for a value that needed look-alikes exchanged: below every acceptance threshold of our policies."""
UNCONFIRMED = 0.6
"""Factor where a second reading says something else or nothing: two reads must agree to be accepted."""
MOST_DIFFERENCES = 4
"""Two readings that differ more are not readings of one text; also bounds the combinations tried to 2^4."""

_LOOK_ALIKES = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "G": "6", "B": "8"}
)
_LONG_TERM = re.compile(r"[长長]期")
_DATE_ON_CARD = re.compile(r"(?<!\d)(\d{4})年?(\d{1,2})月(\d{1,2})(?!\d)日?")
"""A digit too many is a misreading: 119日 is neither the 11th nor the 19th."""
_YEARS = range(1850, 2200)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readings compared position by position; `where` lists the positions that differ."""

    first: str
    second: str
    where: tuple[int, ...]
    comparable: bool
    """They have one length and differ in few positions."""

    @property
    def whole(self) -> bool:
        """Both say the same, and say something."""
        return self.comparable and not self.where and bool(self.first)


def agree(first: str, second: str) -> Agreement:
    """Compare two readings of one text, already normalised alike."""
    if len(first) != len(second):
        return Agreement(first, second, (), comparable=False)
    where = tuple(at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
    return Agreement(first, second, where, comparable=len(where) <= MOST_DIFFERENCES)


def number_field(raw: str, score: float) -> Field:
    """An identity number as one reading saw it; look-alikes are exchanged only where the check then holds."""
    seen = _number_text(raw)
    if check_holds(seen):
        return Field(raw, seen, score)
    digits = seen[:-1].translate(_LOOK_ALIKES) + (
        seen[-1:] if seen.endswith("X") else seen[-1:].translate(_LOOK_ALIKES)
    )
    if digits != seen and check_holds(digits):
        return Field(raw, digits, score * CORRECTED)
    return Field(raw, None, score)


def number_of_two(first: Field, second: Field) -> Field:
    """One number from two readings: sure where both agree, also when they agree on a wrong check character.

    Where they differ, the only combination of their characters whose check holds is taken, at lowered confidence.
    """
    one, other = first.value or _number_text(first.raw), second.value or _number_text(second.raw)
    agreement = agree(one, other)
    if agreement.whole:
        return replace(first, confidence=min(max(first.confidence, second.confidence), 1.0))
    candidates = _combinations(agreement) if agreement.comparable else {one, other}
    possible = sorted(text for text in candidates if check_holds(text))
    confidence = max(first.confidence, second.confidence) * UNCONFIRMED
    return Field(first.raw or second.raw, possible[0] if len(possible) == 1 else None, confidence)


def birth_field(raw: str, score: float) -> Field:
    """The date beside 出生, 1990年3月7日."""
    match = _DATE_ON_CARD.search(_bare(raw))
    day = _date(*(int(group) for group in match.groups())) if match else None
    return Field(raw, day.isoformat() if day else None, score)


def validity_fields(raw: str, score: float) -> tuple[Field, Field]:
    """Start and end of 2015.06.01-2025.06.01 or 2015.06.01-长期; dots and dash may be lost, eight digits may not."""
    text = _bare(raw).upper()
    long_term = _LONG_TERM.search(text)
    dates = text[: long_term.start()] if long_term else text
    digits, factor = _digits(dates, 8 if long_term else 16)
    if digits is None:
        return Field(raw, None, score), Field(raw, LONG_TERM if long_term else None, score)
    end = LONG_TERM if long_term else _iso(digits[8:])
    return Field(raw, _iso(digits[:8]), score * factor), Field(raw, end, score if long_term else score * factor)


def date_field(raw: str, score: float) -> Field:
    """A date alone, 2015-06-01; the dashes may be lost, eight digits may not."""
    digits, factor = _digits(_bare(raw).upper(), 8)
    return Field(raw, _iso(digits) if digits else None, score * factor)


def value_of_two(first: Field, second: Field) -> Field:
    """One value from two readings: sure where both understood the same, else the understood one at lowered confidence.

    Two different values are none: nothing says which is right.
    """
    if first.value is not None and first.value == second.value:
        return replace(first, confidence=max(first.confidence, second.confidence))
    understood = [field for field in (first, second) if field.value is not None]
    confidence = max(first.confidence, second.confidence) * UNCONFIRMED
    return Field(first.raw or second.raw, understood[0].value if len(understood) == 1 else None, confidence)


def day_of(field: Field) -> date | None:
    """The date a Field holds; None where it holds none or 长期."""
    try:
        return date.fromisoformat(field.value) if field.value else None
    except ValueError:
        return None


def number_seen(field: Field) -> str | None:
    """The 18 characters a Field shows, whether or not their check character holds; None where it shows no number."""
    seen = field.value or _number_text(field.raw)
    return seen if well_formed(seen) else None


def _number_text(raw: str) -> str:
    return re.sub(r"[^0-9A-Z|]", "", normalised(raw))


def _bare(raw: str) -> str:
    return "".join(unicodedata.normalize("NFKC", raw).split())


def _digits(text: str, wanted: int) -> tuple[str | None, float]:
    """The digits of a text where it has as many as wanted, and a factor for how sure they are."""
    plain = re.sub(r"\D", "", text)
    if len(plain) == wanted:
        return plain, 1.0
    corrected = re.sub(r"\D", "", text.translate(_LOOK_ALIKES))
    return (corrected, CORRECTED) if len(corrected) == wanted else (None, 1.0)


def _combinations(agreement: Agreement) -> set[str]:
    choices = [sorted({a, b}) for a, b in zip(agreement.first, agreement.second, strict=True)]
    return {"".join(text) for text in product(*choices)}


def _iso(digits: str) -> str | None:
    day = _date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return day.isoformat() if day else None


def _date(year: int, month: int, day: int) -> date | None:
    """The date, None where the calendar has none or no living holder's card could print it."""
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None

"""Does a card's validity fit its law, its holder's age and the day? 居民身份证法 Art. 5, R28-R35 and R42."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from app.verification.documents.resident_number import age_on

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Without summer time since 1991, so no zone table is needed (R34)."""
LONG_TERM = "long_term"
"""How a Field writes 长期 (R33)."""
LONG_TERM_PRINTED = frozenset({"长期", "長期"})
"""As cards print it, and OCR or a person may spell it."""
TERMS = (5, 10, 20)
PERMIT_TERM = 5
"""国办发〔2018〕81号, R16."""
GUARDED_BELOW = 16
"""R35: PIPL Art. 31 guards those under 14; below 16 the law has the guardian apply for the card itself."""
TEMPORARY_AT_MOST = timedelta(days=93)
"""R42: a temporary card runs three months."""


class ValidityFlag(StrEnum):
    """What is odd about a validity."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    TEMPORARY = "temporary_card"
    TERM_UNKNOWN = "term_unknown"
    TERM_WRONG_FOR_AGE = "term_wrong_for_age"
    LONG_TERM_TOO_YOUNG = "long_term_too_young"


@dataclass(frozen=True, slots=True)
class Validity:
    """The printed term; `end` None is 长期."""

    start: date
    end: date | None


def shanghai_day(now: datetime) -> date:
    """The calendar day in China; `now` is aware."""
    return now.astimezone(CHINA).date()


def due_term(age_at_issue: int) -> int | None:
    """Years a card issued at this age runs; None is 长期 (R28)."""
    if age_at_issue < 16:
        return 5
    if age_at_issue < 26:
        return 10
    return 20 if age_at_issue < 46 else None


def expected_end(birth: date, issued: date) -> date | None:
    """The end a card issued that day must print (R28, R30); None is 长期. 29 February ends on 28 February."""
    years = due_term(age_on(birth, issued))
    return None if years is None else min(_ends(issued, years))


def term_of(validity: Validity, terms: Sequence[int] = TERMS) -> int | None:
    """The term in years when it is one the law knows and ends on the right day (R30); None otherwise and for 长期."""
    return next((years for years in terms if validity.end in _ends(validity.start, years)), None)


def expired(validity: Validity, *, today: date) -> bool:
    """The day printed is still a valid one (R34)."""
    return validity.end is not None and today > validity.end


def validity_flags(validity: Validity, *, birth: date, today: date) -> tuple[ValidityFlag, ...]:
    """Everything odd about a resident card's validity for a holder born then."""
    flags, term = day_flags(validity, today=today), _term_flag(validity, birth)
    return (*flags, term) if term else flags


def flags_alone(validity: Validity, *, today: date) -> tuple[ValidityFlag, ...]:
    """What is odd about a resident card's validity whoever its holder is: no age makes a term due that no law knows (R31)."""
    flags, term = day_flags(validity, today=today), _known_term_flag(validity)
    return (*flags, term) if term else flags


def day_flags(validity: Validity, *, today: date) -> tuple[ValidityFlag, ...]:
    """Whether it is over or still to come, whoever holds the card."""
    flags = {ValidityFlag.EXPIRED: expired(validity, today=today), ValidityFlag.NOT_YET_VALID: validity.start > today}
    return tuple(flag for flag, holds in flags.items() if holds)


def needs_guardian(birth: date, *, today: date) -> bool:
    """The holder is too young to apply alone (R35)."""
    return age_on(birth, today) < GUARDED_BELOW


def _term_flag(validity: Validity, birth: date) -> ValidityFlag | None:
    due = _due_about(birth, validity.start)
    if validity.end is None:
        return None if None in due else ValidityFlag.LONG_TERM_TOO_YOUNG
    unknown = _known_term_flag(validity)
    if unknown is not None:
        return unknown
    return None if term_of(validity) in due else ValidityFlag.TERM_WRONG_FOR_AGE


def _known_term_flag(validity: Validity) -> ValidityFlag | None:
    if validity.end is None:
        return None
    if validity.start <= validity.end <= validity.start + TEMPORARY_AT_MOST:
        return ValidityFlag.TEMPORARY
    return ValidityFlag.TERM_UNKNOWN if term_of(validity) is None else None


def _due_about(birth: date, issued: date) -> frozenset[int | None]:
    """Terms due within a day of the issue: offices differ about the birthday itself (R32)."""
    day = timedelta(days=1)
    return frozenset(due_term(age_on(birth, moment)) for moment in (issued - day, issued, issued + day))


def _ends(start: date, years: int) -> tuple[date, ...]:
    """Same month and day; after 29 February also the days beside it (R30)."""
    year = start.year + years
    if (start.month, start.day) != (2, 29):
        return (start.replace(year=year),)
    around = (date(year, 2, 28), date(year, 3, 1))
    return (*around, date(year, 2, 29)) if _leap(year) else around


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

"""Does the validity of a foreign permanent resident card fit its law, its holder's age and the day? R20."""

from datetime import date, timedelta
from typing import Final

from app.verification.documents.resident_number import age_on
from app.verification.documents.validity import Validity, ValidityFlag, expired, term_of

PERMANENT_TERMS: Final = (5, 10)
FULL_AGE: Final = 18
"""Below it at issue the card runs 5 years, from it on 10 (公安部、外交部令第74号)."""
_DAY: Final = timedelta(days=1)


def permanent_term_due(age_at_issue: int) -> int:
    """Years a card issued at this age runs."""
    return 5 if age_at_issue < FULL_AGE else 10


def permanent_end(birth: date, issued: date) -> date:
    """The end a card issued that day must print: the day before the anniversary. 29 February's is 28 February."""
    year = issued.year + permanent_term_due(age_on(birth, issued))
    try:
        anniversary = issued.replace(year=year)
    except ValueError:
        anniversary = date(year, 3, 1)
    return anniversary - _DAY


def permanent_term_of(validity: Validity) -> int | None:
    """The term in years where it is 5 or 10 and ends on the day before the anniversary; None otherwise and for 长期."""
    if validity.end is None or validity.end == date.max:
        return None
    return term_of(Validity(validity.start, validity.end + _DAY), PERMANENT_TERMS)


def permanent_validity_flags(validity: Validity, *, birth: date, today: date) -> tuple[ValidityFlag, ...]:
    """Everything odd about a card's validity for a holder born then; its last day is still a valid one."""
    flags = []
    if expired(validity, today=today):
        flags.append(ValidityFlag.EXPIRED)
    if validity.start > today:
        flags.append(ValidityFlag.NOT_YET_VALID)
    term = permanent_term_of(validity)
    if term is None:
        flags.append(ValidityFlag.TERM_UNKNOWN)
    elif term not in _due_about(birth, validity.start):
        flags.append(ValidityFlag.TERM_WRONG_FOR_AGE)
    return tuple(flags)


def _due_about(birth: date, issued: date) -> frozenset[int]:
    """Terms due within a day of the issue: offices differ about the birthday itself (as R32 has it)."""
    return frozenset(permanent_term_due(age_on(birth, day)) for day in (issued - _DAY, issued, issued + _DAY))

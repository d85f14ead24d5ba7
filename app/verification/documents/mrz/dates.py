"""Which days do six places mean? A zone writes YYMMDD and leaves the century to the reader, R68."""

import re
from dataclasses import dataclass
from datetime import date

EXPIRY_YEARS = 20
"""An expiry lies no further from today, before or after (R68)."""
_BIRTH = re.compile(r"([0-9]{2}|<<)([0-9]{2}|<<)([0-9]{2}|<<)")
_EXPIRY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_LEAP_YEAR = 2000
"""Stands in for an unknown year: every day of the calendar is in it."""


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth as a document states it; None where that part is not known (R68)."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def date(self) -> date | None:
        """The day, None unless all of it is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def birth(places: str, *, today: date) -> Birth | None:
    """The latest such birth that is not in the future; None where the calendar has none."""
    match = _BIRTH.fullmatch(places)
    if match is None:
        return None
    year, month, day = (None if part == "<<" else int(part) for part in match.groups())
    century = today.year - today.year % 100
    for full in (None,) if year is None else (century + year, century - 100 + year):
        earliest = _day(full or _LEAP_YEAR, month or _if_unknown(month), day or _if_unknown(day))
        if earliest and (full is None or earliest <= today):
            return Birth(full, month, day)
    return None


def expiry(places: str, *, today: date) -> date | None:
    """The expiry within twenty years of today; None where there is none."""
    match = _EXPIRY.fullmatch(places)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    century = today.year - today.year % 100
    for full in (century - 100 + year, century + year, century + 100 + year):
        found = _day(full, month, day)
        if found and within_expiry_years(found, today=today):
            return found
    return None


def within_expiry_years(day: date, *, today: date) -> bool:
    """Both ends included; 29 February counts as the 28th."""
    near = (today.month, min(today.day, 28) if today.month == 2 else today.day)
    first, last = (date(today.year + years, *near) for years in (-EXPIRY_YEARS, EXPIRY_YEARS))
    return first <= day <= last


def _if_unknown(part: int | None) -> int:
    """1 for what is not known; 00 is known, and in no calendar."""
    return 1 if part is None else 0


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""What does a page print beside its machine-readable zone? R73.

Nothing is known of where a state prints its page but the zone. So what the page prints is looked for by its form:
a number written as the zone's is, days, names in capitals. What is not found there confirms nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.printed import Printed, PrintedName
from app.verification.documents.mrz.zone import MachineZone

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANV", "FEB FEV FEVR", "MAR MARS", "APR AVR AVRIL", "MAY MAI", "JUN JUIN JUNE", "JUL JUIL JULY",
            "AUG AOU AOUT", "SEP SEPT", "OCT", "NOV", "DEC",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""As pages in English and French abbreviate them (Doc 9303 part 3 §4.8)."""
_WRITTEN = re.compile(
    r"(?<![0-9])([0-3]?[0-9])[ ./-]*(?:[0-9]{1,2}月 ?/?)?([A-Z]{3,5})\.?(?:[ /]+[A-Z]{3,5}\.?)?[ ./-]*([12][0-9]{3})(?![0-9])"
)
_NOUGHT_FOR_O = re.compile(r"\b0(?=[A-Z]{2,3}\b)|(?<=[A-Z])0(?=[A-Z])")
"""0CT, N0V, A0UT: OCR's, for no month is written with a digit."""
_YEAR_FIRST = re.compile(r"(?<![0-9])([12][0-9]{3})[-./年 ]+([0-9]{1,2})[-./月 ]+([0-9]{1,2})(?![0-9])")
_DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})[-./ ]+([0-9]{1,2})[-./ ]+([12][0-9]{3})(?![0-9])")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*")
_NUMBER = re.compile(r"[A-Z0-9]+")
_LEAST_LIKE = 0.5
"""A printed text less like the zone's name is another item of the page."""


def printed(texts: Sequence[str], zone: MachineZone) -> Printed:
    """What the page prints beside its zone: what is written like the zone's own, and else what stands in its place."""
    said = zone.fields
    if said is None:
        return Printed(None, None, None, ())
    days = sorted({day for text in texts for day in _days(text)})
    return Printed(
        number=_number(texts, said.number),
        birth=_printed_birth(days, said.birth),
        expiry=said.expiry if said.expiry in days else days[-1] if len(days) > 1 else None,
        names=_names(texts, said.surname, said.given_names),
    )


def _number(page: Sequence[str], wanted: str) -> str | None:
    """The zone's number where it is printed; else what is written like it, letters and digits in the same places."""
    texts = {text for line in page for text in _NUMBER.findall(_capitals(line).replace(" ", ""))}
    found = {text[-len(wanted) :] for text in texts}  # its label may stand before it, joined by OCR
    if wanted in found:
        return wanted
    alike = sorted(text for text in found if _pattern(text) == _pattern(wanted) and any(map(str.isdigit, text)))
    return alike[0] if len(alike) == 1 else None


def _pattern(number: str) -> str:
    return "".join("9" if character.isdigit() else "A" for character in number)


def _days(text: str) -> set[date]:
    """Every day a text holds, in the ways pages write one."""
    plain = "".join(c for c in unicodedata.normalize("NFD", _capitals(text)) if not unicodedata.combining(c))
    lettered = _NOUGHT_FOR_O.sub("O", plain)
    written = [(y, str(_MONTHS.get(m, 0)), d) for d, m, y in _WRITTEN.findall(lettered)]
    parts = [*written, *_YEAR_FIRST.findall(plain), *((y, m, d) for d, m, y in _DAY_FIRST.findall(plain))]
    return {day for y, m, d in parts if (day := _day(int(y), int(m), int(d)))}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _printed_birth(days: Sequence[date], said: Birth) -> Birth | None:
    """The zone's day where it is printed; else the earliest of several, which on a page is the holder's birth."""
    if said.date in days:
        return said
    return Birth(days[0].year, days[0].month, days[0].day) if len(days) > 1 else None


def _names(page: Sequence[str], surname: str, given_names: str) -> tuple[PrintedName, ...]:
    """The printed texts most like the zone's two names; none where nothing on the page is like them."""
    texts = [name for line in page for part in _capitals(line).split(",") for name in _NAME.findall(part)]
    nearest = [_nearest(texts, wanted) for wanted in (surname, given_names)]
    if nearest[0] is None or (given_names and nearest[1] is None):
        return ()
    return (PrintedName(nearest[0], nearest[1] or ""),)


def _nearest(texts: Sequence[str], wanted: str) -> str | None:
    """The text most like a name; a label that OCR joined in front of it is cut off."""
    if not wanted:
        return None
    ends = [" ".join(text.split()[-count:]) for text in texts for count in (len(wanted.split()), len(text.split()))]
    scored = [(SequenceMatcher(None, wanted, text, autojunk=False).ratio(), text) for text in dict.fromkeys(ends)]
    likeness, text = max(scored, default=(0.0, ""))
    return text if likeness >= _LEAST_LIKE else None


def _capitals(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()

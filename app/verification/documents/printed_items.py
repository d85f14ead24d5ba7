"""What does a page print beside its machine-readable zone? R73.

Nothing is known of where a state prints its page but the zone. So what the page prints is looked for by its form:
a number written as the zone's is, days, names in capitals. What is not found there confirms nothing.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.printed import Printed, PrintedName
from app.verification.documents.mrz.zone import Fields, MachineZone
from app.verification.documents.printed_side import NAME_LABELS, NUMBER_LABELS, OTHER_LABELS

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
_NUMBER = re.compile(r"[A-Z0-9 ]+")
_LETTER = re.compile(r"[A-Z]")
_LATIN = re.compile(r"[A-Z]{2}")
_SWALLOWED_BLANK = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")
_LEAST_LIKE = 0.5
"""A printed text less like the zone's name is another item of the page."""


def printed(texts: Sequence[str], zone: MachineZone) -> Printed:
    """What the page prints beside its zone: what is written like the zone's own, and else what stands in its place."""
    said = zone.fields
    if said is None:
        return Printed(None, None, None, ())
    days = sorted({day for text in texts for day in _days(text)})
    return Printed(
        number=_number(texts, said),
        birth=_printed_birth(days, said.birth),
        expiry=said.expiry if said.expiry in days else days[-1] if len(days) > 1 else None,
        names=_names(texts, zone, said),
    )


def _number(page: Sequence[str], said: Fields) -> str | None:
    """The zone's number where it is printed; else what is written like it, letters and digits in the same places."""
    wanted = said.number
    # What passports print left of it; of a type with two letters in the zone (PO of China's) the page may print one.
    types = {said.document_code, said.document_code[:1]}
    rows = [each + said.issuer for each in sorted(types, key=len, reverse=True)]
    texts = [_without(text, rows).split() for line in page for text in _NUMBER.findall(_words(line))]
    labels = NUMBER_LABELS | types | {said.issuer}
    found = {"".join(words) for text in texts for words in _after_labels(text, labels)}
    if wanted in found:
        return wanted
    alike = sorted(text for text in found if _pattern(text) == _pattern(wanted) and any(map(str.isdigit, text)))
    return alike[0] if len(alike) == 1 else None


def _without(text: str, rows: Sequence[str]) -> str:
    return next((text.removeprefix(row) for row in rows if text.startswith(row)), text)


def _pattern(number: str) -> str:
    return "".join("9" if character.isdigit() else "A" for character in number)


def _days(text: str) -> set[date]:
    """Every day a text holds, in the ways pages write one."""
    plain = _unmarked(text)
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


def _names(page: Sequence[str], zone: MachineZone, said: Fields) -> tuple[PrintedName, ...]:
    """The printed texts most like the zone's two names; none where nothing on the page is like them.

    None either where the zone has one name, for which it had room, and the page more: whose they are nobody knows.
    """
    texts = [name for line in page for name in _in_line(line)]
    surname, given_names = _nearest(texts, said.surname), _nearest(texts, said.given_names)
    if surname is None or (said.given_names and given_names is None):
        return ()
    if not said.given_names and not zone.name_cut and not _alone(page, surname, said):
        return ()
    return (PrintedName(surname, given_names or ""),)


def _nearest(texts: Sequence[str], wanted: str) -> str | None:
    """The text most like a name, whole: a name that is longer than the zone's is another name."""
    if not wanted:
        return None
    whole = [" ".join(words) for text in texts for words in _after_labels(text.split(), NAME_LABELS)]
    scored = [(SequenceMatcher(None, wanted, text, autojunk=False).ratio(), text) for text in dict.fromkeys(whole)]
    likeness, text = max(scored, default=(0.0, ""))
    return text if likeness >= _LEAST_LIKE else None


def _alone(page: Sequence[str], surname: str, said: Fields) -> bool:
    """Whether no other text that may be a name stands about the surname, as far as to the next item of the page."""
    codes = {said.document_code, said.issuer, said.nationality}
    runs: list[set[str]] = [set()]
    for line in page:
        if any(map(str.isdigit, line)) or any(label.search(_unmarked(line)) for label in OTHER_LABELS):
            runs.append(set())
            continue
        values = {" ".join(_after_labels(name.split(), NAME_LABELS)[-1]) for name in _in_line(line)}
        runs[-1] |= {text for text in values - codes if _LATIN.search(_unmarked(text))}
    about = [run for run in runs if surname in run]
    return bool(about) and all(run == {surname} for run in about)


def _in_line(line: str) -> list[str]:
    """What may be names; zones say them in Latin letters, and what a page prints beside these in another script is left out."""
    found = [name.split() for part in _words(line).split(",") for name in _NAME.findall(part)]
    latin = [" ".join(word for word in name if _LETTER.search(_unmarked(word))) for name in found]
    return [name for name in latin if name]


def _after_labels(words: Sequence[str], labels: Collection[str]) -> list[Sequence[str]]:
    """The words as they stand, and after each of the labels that OCR joined in front of them."""
    leading = list(takewhile(lambda word: _unmarked(word).rstrip(".") in labels, words))
    return [words[at:] for at in range(len(leading) + 1)]


def _words(text: str) -> str:
    """In capitals, with the blanks that OCR lost between a label and what stands behind it: PassportNoL898902C3."""
    return _SWALLOWED_BLANK.sub(" ", unicodedata.normalize("NFKC", text)).upper()


def _capitals(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()


def _unmarked(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", _capitals(text)) if not unicodedata.combining(c))

"""By which numbers is one person known? By every document of theirs that was shown, and by those they had before."""

from collections.abc import Iterable, Iterator
from typing import Final

from app.verification.controls import APART
from app.verification.documents.foreign_number import former_of
from app.verification.documents.reading import unsure
from app.verification.documents.readings import day_of
from app.verification.evidence import SECONDARY, Measured, Presented, primary
from app.verification.examination import Field, Kind, Side
from app.verification.holder import attribute, number_indexed
from app.verification.reasons import Reason

PARTS: Final = ("number", "issuer")
FORMER: Final = "previous_number"
"""A permanent resident card of 2023 prints the number that its holder had on that of 2017."""


def numbers_shown(measured: Measured) -> tuple[str, ...]:
    """Every number in the pictures, however faint: to look for, and never to keep an account under."""
    return tuple(dict.fromkeys(number for _, number, _ in _numbers(measured)))


def numbers_held(measured: Measured, reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Those surely read of documents that are one person's: an account is known by all of them.

    Where two may be two persons', by those of the one it rests on alone: under another's number, the other could never
    be enrolled. So too a number that was another's before: it has to repeat the birth date of the card's own front.
    """
    main, apart = primary(measured.kinds), any(reason.code in APART for reason in reasons)
    found = [
        number
        for page, number, field in _numbers(measured)
        if page.as_presented
        and page.kind not in SECONDARY
        and not unsure(field)
        and (field is not page.reading.fields.get(FORMER) or _holders(number, measured))
        and (page.kind is main or not apart)
    ]
    return tuple(dict.fromkeys(found))


def _holders(former: str, measured: Measured) -> bool:
    """Whether the front says the birth that this number does."""
    front = measured.showing(Kind.PERMANENT_RESIDENT_CARD).get(Side.FRONT)
    birth = None if front is None else front.fields.get("birth")
    day = None if birth is None else day_of(birth)
    return day is not None and former_of(former, day)


def _numbers(measured: Measured) -> Iterator[tuple[Presented, str, Field]]:
    """Each number of a holder, spelled as it is indexed, and how it was read; a visa's is the visa's."""
    for page in measured.pages:
        fields = page.reading.fields
        said = {attribute(page.kind, name): field.value for name, field in fields.items()}
        number, former = number_indexed(page.kind, said), fields.get(FORMER)
        if number is not None and page.kind is not Kind.VISA:
            # Without its state a number is another's: the less sure of the two says how surely it was read (R70).
            yield (
                page,
                number,
                min((fields[each] for each in PARTS if each in fields), key=lambda each: each.confidence),
            )
        if former is not None and former.value is not None:
            yield page, former.value, former

"""Who does a document say its holder is? The attributes an account is opened with, whatever kind they were read from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from app.verification.documents.machine_number import bare
from app.verification.documents.readings import UNREAD
from app.verification.evidence import Measured, primary
from app.verification.examination import Field, Kind

MACHINE_READ: Final = frozenset({Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.VISA})
NUMBERED_FOR_LIFE: Final = frozenset({Kind.RESIDENT_CARD, Kind.RESIDENCE_PERMIT, Kind.TEMPORARY_CARD})
"""Their number tells sex and birth (R2, R7), and outlives the document."""
ATTRIBUTES: Final = ("name", "sex", "birth", "address", "number", "authority", "valid_from", "valid_to")
_CALLED: Final[Mapping[Kind, Mapping[str, str]]] = {
    Kind.PERMANENT_RESIDENT_CARD: {"latin_name": "name"},
    **{kind: {"issuer": "authority", "expiry": "valid_to"} for kind in MACHINE_READ},
}
"""What a kind calls otherwise than accounts do."""


def holder(measured: Measured) -> dict[str, Field]:
    """The attributes the document prints that the identity rests on, in the order of ATTRIBUTES.

    Those it has no place for are left out, and what stands on a page that is not what it was presented as: the sharper
    picture of another's card would speak for this one.
    """
    kind = primary(measured.kinds)
    if kind is None:
        return {}
    read: dict[str, Field] = {}
    for reading in measured.showing(kind).values():
        for name, field in reading.fields.items():
            read[name] = max(read.get(name, UNREAD), field, key=lambda each: (each.value is not None, each.confidence))
    found = {attribute(kind, name): field for name, field in read.items()}
    if kind in MACHINE_READ:
        found["name"] = _whole_name(read)
    return {name: found[name] for name in ATTRIBUTES if name in found}


def attribute(kind: Kind, name: str) -> str:
    """What accounts call a field of this kind."""
    return _CALLED.get(kind, {}).get(name, name)


def number_indexed(kind: Kind, attributes: Mapping[str, str | None]) -> str | None:
    """What says that two documents are one holder's: states number theirs apart, so the issuer belongs to such a number."""
    number = attributes.get("number")
    if number is None or kind not in MACHINE_READ:
        return number
    issuer = attributes.get("authority")
    return None if issuer is None else f"{issuer}:{bare(number)}"


def _whole_name(read: Mapping[str, Field]) -> Field:
    """Surname and given names as one, as sure as the less sure."""
    surname, given = read.get("surname", UNREAD), read.get("given_names", UNREAD)
    if surname.value is None:
        return UNREAD
    whole = f"{surname.value} {given.value or ''}".strip()
    return replace(surname, raw=whole, value=whole, confidence=min(surname.confidence, given.confidence))

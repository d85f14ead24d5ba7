"""Who is it, when a person has looked? What was read from the card, completed by what a reviewer typed from it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from app.core.refusal import Refusal
from app.verification.documents.resident_number import parse
from app.verification.documents.validity import LONG_TERM, Validity, expired, needs_guardian


class StillUnread(Refusal, code="still_unread"):
    """Nobody has read or typed what an account needs. Facts: fields, comma-separated."""


class DateMalformed(Refusal, code="date_malformed"):
    """Not YYYY-MM-DD, nor `long_term` for the end of a card's validity. Facts: field."""


class CardExpired(Refusal, code="card_expired"):
    """Nobody is accepted on a card that is no longer valid (R34)."""


class AuthorityDenies(Refusal, code="authority_denies"):
    """Nobody is accepted whose card the authority calls lost, cancelled or another's (R45); or it was typed wrongly."""


class GuardianNeeded(Refusal, code="guardian_needed"):
    """Under sixteen, a guardian comes along to the counter and is written down (R35)."""


class Relation(StrEnum):
    """What the guardian is to the minor (民法典 Art. 27)."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    APPOINTED = "appointed"


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who came along."""

    name: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reviewer typed from the document; None: left as it was read."""

    name: str | None = None
    number: str | None = None
    address: str | None = None
    authority: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    def given(self) -> dict[str, str]:
        """Only what was typed, as typed."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


NEEDED = tuple(field.name for field in fields(Typed))


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything an account is opened with; sex and birth follow from the number (R8, R9)."""

    name: str
    number: str
    sex: str
    birth: date
    address: str
    authority: str
    valid_from: str
    valid_to: str

    def attributes(self) -> dict[str, str]:
        """By name, dates as ISO text."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    def covered(self) -> str:
        """What two reviewers must agree on: who it is and how long the card says so. An address may be spelled two ways."""
        return f"{self.name}\n{self.number}\n{self.valid_from}\n{self.valid_to}"


def completed(read: Mapping[str, str | None], typed: Typed, *, today: date) -> Identity:
    """The identity; raises StillUnread, a NumberRefusal, DateMalformed or CardExpired."""
    known = {name: tidy(typed.given().get(name) or read.get(name) or "") for name in NEEDED}
    unread = [name for name in NEEDED if not known[name]]
    if unread:
        raise StillUnread(fields=", ".join(unread))
    number = parse(known["number"], today=today)
    start, end = _day(known, "valid_from"), None if known["valid_to"] == LONG_TERM else _day(known, "valid_to")
    if expired(Validity(start, end), today=today):
        raise CardExpired
    return Identity(**{**known, "number": number.text}, sex=number.sex.value, birth=number.birth)


def guarded(identity: Identity, guardian: Guardian | None, *, in_person: bool, today: date) -> None:
    """Raise GuardianNeeded where somebody under sixteen stands alone, or is accepted from afar."""
    if needs_guardian(identity.birth, today=today) and (guardian is None or not in_person):
        raise GuardianNeeded


def tidy(text: str) -> str:
    """Full-width forms and stray blanks are how it was typed, not what it says."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _day(known: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(known[name])
    except ValueError:
        raise DateMalformed(field=name) from None

"""Who is it, when a person has looked? What was read from the card, completed by what a reviewer typed from it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.refusal import Refusal
from app.verification.documents.foreign_number import parse_foreign_number
from app.verification.documents.machine_number import OF_A_BOOKLET, OF_A_CARD, machine_number
from app.verification.documents.mrz.states import KNOWN
from app.verification.documents.mrz.zone import Sex as MachineSex
from app.verification.documents.names import spelled_name, told_apart
from app.verification.documents.resident_number import NumberProvinceUnknown, Sex, normalised, parse
from app.verification.documents.validity import LONG_TERM, LONG_TERM_PRINTED, Validity, expired, needs_guardian
from app.verification.examination import Kind
from app.verification.findings.typed import told_by
from app.verification.holder import MACHINE_READ, NUMBERED_FOR_LIFE, number_indexed


class StillUnread(Refusal, code="still_unread"):
    """Nobody has read or typed what an account needs. Facts: fields, comma-separated."""


class DateMalformed(Refusal, code="date_malformed"):
    """Not YYYY-MM-DD, nor 长期 where the kind of document prints it for the end of its validity. Facts: field."""


class DayImpossible(Refusal, code="day_impossible"):
    """A birth or a start that is still to come, or a start after the end: it was mistyped. Facts: field."""


class SexUnknown(Refusal, code="sex_unknown"):
    """Documents of China print 男 or 女 (R37), those with a zone M, F or X (R69). Facts: field, printed."""


class NumberTellsOtherwise(Refusal, code="number_tells_otherwise"):
    """A sex or a birth was typed that the number beside it contradicts (R2, R18): one was mistyped. Facts: field."""


class CardExpired(Refusal, code="card_expired"):
    """Nobody is accepted on a card that is no longer valid (R34)."""


class AuthorityDenies(Refusal, code="authority_denies"):
    """Nobody is accepted whose card the authority calls lost, cancelled or another's (R45); or it was typed wrongly."""


class StateUnknown(Refusal, code="state_unknown"):
    """No state has this code of three letters: who issues a document belongs to its number (R70)."""


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
    sex: str | None = None
    """Where the number does not tell it, as of the next."""
    birth: str | None = None

    def given(self) -> dict[str, str]:
        """Only what was typed, as typed."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


_RESIDENT = ("name", "number", "address", "authority", "valid_from", "valid_to")
_FOREIGN = ("name", "number", "authority", "valid_from", "valid_to", "sex", "birth")
_MACHINE_READ = ("name", "number", "authority", "valid_to", "sex", "birth")
NEEDED: Final[Mapping[Kind, tuple[str, ...]]] = {
    **dict.fromkeys(NUMBERED_FOR_LIFE, _RESIDENT),
    Kind.PERMANENT_RESIDENT_CARD: _FOREIGN,
    **dict.fromkeys(MACHINE_READ, _MACHINE_READ),
}
"""What an account cannot be opened without, by the kind of document its holder is known by."""
DAYS: Final = frozenset({"birth", "valid_from", "valid_to"})
PAST: Final = DAYS - {"valid_to"}
"""Nobody was born tomorrow, and nobody is accepted on a card before it is valid."""
NEVER_LONG_TERM: Final = MACHINE_READ | {Kind.PERMANENT_RESIDENT_CARD}
"""A zone has a day for its expiry, and these cards run ten years at most (R20)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything an account is opened with; sex and birth follow from the number where it tells them (R8, R9).

    Empty: the kind of document has no place for it.
    """

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

    def known_by(self, kind: Kind) -> str:
        """What tells this holder from every other, where their document is of this kind."""
        return number_indexed(kind, self.attributes()) or self.number

    def covered(self, kind: Kind) -> str:
        """What two reviewers must agree on: which document, whose, and how long it says so.

        Address and office may be spelled two ways; a number of many documents tells neither sex nor birth.
        """
        said = (told_apart(self.name), self.known_by(kind), self.sex, self.birth, self.valid_from, self.valid_to)
        return "\n".join(map(str, (kind, *said)))

    def covered_before(self, kind: Kind) -> str:
        """What votes covered that were given before they covered sex and birth, and may be open still."""
        return f"{kind}\n{self.name}\n{self.known_by(kind)}\n{self.valid_from}\n{self.valid_to}"


def completed(
    read: Mapping[str, str | None], typed: Typed, *, today: date, kind: Kind = Kind.RESIDENT_CARD
) -> Identity:
    """The identity; raises StillUnread, NumberTellsOtherwise, CardExpired, and what `sound` raises."""
    names, given = [field.name for field in fields(Typed)], typed.given()
    known = {name: tidy(given.get(name) or read.get(name) or "") for name in names}
    unread = [name for name in needed(kind, normalised(known["number"]), today=today) if not known[name]]
    if unread:
        raise StillUnread(fields=", ".join(unread))
    number, sex, birth = _numbered(known, kind, today)
    for name, told in {"sex": sex, "birth": birth.isoformat()}.items():
        if name in given and as_typed(name, given[name], kind, today=today) != told:
            raise NumberTellsOtherwise(field=name)
    left = [name for name in names if name not in {"number", "sex", "birth"}]
    printed = {name: as_typed(name, known[name], kind, today=today) if known[name] else "" for name in left}
    _must_run(printed, today)
    return Identity(**printed, number=number, sex=sex, birth=birth)


def needed(kind: Kind, number: str, *, today: date) -> tuple[str, ...]:
    """What somebody has to say of a document with this number; not what the number tells."""
    sex, birth = told_by(kind, number, today)
    told = {"sex": sex, "birth": birth}
    return tuple(name for name in NEEDED[kind] if told.get(name) is None)


def numbered(given: str, kind: Kind, *, today: date) -> str:
    """The number a document of this kind would have; raises the NumberRefusal of the rule it breaks."""
    if kind is Kind.PERMANENT_RESIDENT_CARD:
        return parse_foreign_number(given, today=today).text
    if kind in MACHINE_READ:
        return machine_number(given, longest=OF_A_CARD if kind is Kind.IDENTITY_CARD else OF_A_BOOKLET)
    number = parse(given, today=today)
    if kind is Kind.RESIDENCE_PERMIT and not number.permit:
        raise NumberProvinceUnknown  # R16: the areas these permits are of are no province's
    return number.text


def _must_run(printed: Mapping[str, str], today: date) -> None:
    if printed["valid_to"] == LONG_TERM:
        return
    start = date.fromisoformat(printed["valid_from"]) if printed["valid_from"] else date.min
    end = date.fromisoformat(printed["valid_to"])
    if start > end:
        raise DayImpossible(field="valid_from")
    if expired(Validity(start, end), today=today):
        raise CardExpired


def _numbered(known: Mapping[str, str], kind: Kind, today: date) -> tuple[str, str, date]:
    """Number, sex and birth: as the number tells them, or as they were read and typed."""
    number = numbered(known["number"], kind, today=today)
    if kind in NUMBERED_FOR_LIFE:
        resident = parse(number, today=today)
        return number, resident.sex.value, resident.birth
    if kind is Kind.PERMANENT_RESIDENT_CARD:
        foreign = parse_foreign_number(number, today=today)
        sex = foreign.sex.value if foreign.sex else _sex(known["sex"], kind)
        return number, sex, foreign.birth or _day(known, "birth", today)
    if as_typed("authority", known["authority"], kind, today=today) not in KNOWN:
        raise StateUnknown
    return number, _sex(known["sex"], kind), _day(known, "birth", today)


def sound(said: Mapping[str, str], kind: Kind, *, today: date) -> dict[str, str]:
    """What was typed of a document, held to its kind's rules; raises a NumberRefusal, StateUnknown, and what `as_typed` does."""
    spelled = {name: as_typed(name, text, kind, today=today) for name, text in said.items()}
    if kind in MACHINE_READ and spelled["authority"] not in KNOWN:
        raise StateUnknown
    return {**spelled, "number": numbered(said["number"], kind, today=today)}


def guarded(identity: Identity, guardian: Guardian | None, *, in_person: bool, today: date) -> None:
    """Raise GuardianNeeded where somebody under sixteen stands alone, or is accepted from afar."""
    if needs_guardian(identity.birth, today=today) and (guardian is None or not in_person):
        raise GuardianNeeded


def as_typed(name: str, text: str, kind: Kind, *, today: date) -> str:
    """What was typed for one field of a document of this kind, spelled as fields are.

    Raises DateMalformed, DayImpossible, SexUnknown. `today` is the calendar day in China.
    """
    said = tidied(name, text)
    if name == "sex":
        return _sex(said, kind)
    if name == "name":
        return spelled_name(said)
    if name == "authority" and kind in MACHINE_READ:
        return said.upper()
    if name not in DAYS or (name == "valid_to" and said == LONG_TERM and kind not in NEVER_LONG_TERM):
        return said
    return _day({name: said}, name, today).isoformat()


def _sex(said: str, kind: Kind) -> str:
    printed = tuple(MachineSex) if kind in MACHINE_READ else tuple(Sex)
    if said.upper() not in printed:
        raise SexUnknown(field="sex", printed=", ".join(printed))
    return said.upper()


def tidied(name: str, text: str) -> str:
    """One field's text, tidied; an end as it is printed, 长期, is `long_term` (R33)."""
    said = tidy(text)
    return LONG_TERM if name == "valid_to" and said.replace(" ", "") in LONG_TERM_PRINTED else said


def tidy(text: str) -> str:
    """Full-width forms and stray blanks are how it was typed, not what it says."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _day(known: Mapping[str, str], name: str, today: date) -> date:
    try:
        day = date.fromisoformat(known[name])
    except ValueError:
        raise DateMalformed(field=name) from None
    if name in PAST and day > today:
        raise DayImpossible(field=name)
    return day

"""What is to be said of the documents presented? Each picture first, then what its page prints, then the pages beside each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from app.verification.documents.driving_licence import DuplicatePage, LicencePage
from app.verification.documents.field_places import place_of
from app.verification.documents.machine_page import MachinePage
from app.verification.documents.permanent_card import PermanentBack, PermanentFront
from app.verification.documents.printed_side import PrintedSide
from app.verification.documents.reading import Page, Reading
from app.verification.documents.residence_permit import PermitEmblemSide
from app.verification.documents.temporary_card import TemporaryCard, three_months
from app.verification.documents.validity import day_flags
from app.verification.evidence import Measured
from app.verification.examination import EmblemSide, Kind, PortraitSide, Side
from app.verification.findings.attributes import emblem_findings, portrait_findings, signal, validity_of
from app.verification.findings.authenticity import authenticity_findings, number_findings, software_findings
from app.verification.findings.licence import duplicate_findings, licence_findings
from app.verification.findings.machine import machine_findings, printed_side_findings
from app.verification.findings.permanent import back_findings, front_findings
from app.verification.findings.permit import permit_emblem_findings, permit_portrait_findings
from app.verification.findings.pictures import UNREADABLE, picture_findings
from app.verification.findings.together import together_findings
from app.verification.policy import Policy
from app.verification.reasons import Outcome, Reason, ReasonCode
from app.verification.thresholds import Thresholds

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class _Seen:
    """The readable pages of one document, and whether every picture of it is good enough to reject on."""

    presented: frozenset[Side]
    pages: Mapping[Side, Page]
    firm: Mapping[Side, bool]
    sure: float
    today: date

    def page(self, side: Side, of: type[P]) -> P | None:
        """The readable page of a side, where it is one of that kind."""
        found = self.pages.get(side)
        return found if isinstance(found, of) else None


def document_findings(
    reading: Reading, limits: Thresholds, *, today: date, wanted: Kind | None = None
) -> tuple[Reason, ...]:
    """Every fact that does not speak for one document read alone; none decides anything, for it alone proves nobody.

    `wanted`: the kind that was announced; another is found, and judged no further.

    What takes both sides is not asked: how long a card may be valid goes by the birth date of its other side (R43).
    """
    if reading.kind is None or reading.side is None:
        return (Reason(ReasonCode.CARD_NOT_FOUND, Outcome.REFER, {}),)
    return tuple(_of_kind(wanted or reading.kind, {reading.side: reading}, limits, today))


def findings_alone(
    reading: Reading, policy: Policy, *, software: str | None, today: date, wanted: Kind | None = None
) -> tuple[Reason, ...]:
    """The same, with what its file says of its making, and whether it is a specimen where none is taken: of a document
    that no proofing has, nobody else says it.
    """
    found = document_findings(reading, policy.thresholds, today=today, wanted=wanted)
    if reading.side is None:
        return found
    marks = (Reason(ReasonCode.SPECIMEN, Outcome.REJECT),) if reading.specimen and not policy.accepts_specimens else ()
    return (*found, *software_findings(software, reading.side), *marks)


def evidence_findings(measured: Measured, limits: Thresholds, *, today: date) -> Iterator[Reason]:
    """Every fact that does not speak for the documents of a proofing."""
    for kind in measured.kinds:
        readings = measured.of(kind)
        for reason in _of_kind(kind, readings, limits, today):
            yield _in_its_picture(about(kind, reason), readings)
    yield from together_findings(measured, sure=limits.field_sure.value)


def about(kind: Kind, reason: Reason) -> Reason:
    """The reason with its document: several have a side of one name, and what it speaks against is no evidence."""
    return replace(reason, facts={"kind": kind.value, **reason.facts})


def _in_its_picture(reason: Reason, readings: Mapping[Side, Reading]) -> Reason:
    """The reason with the place of the field it is about, where it is of one side."""
    side = reason.facts.get("side")
    reading = None if side is None else readings.get(Side(str(side)))
    where = reason.where or (None if reading is None else place_of(reading, str(reason.facts.get("field"))))
    return replace(reason, where=where)


def _of_kind(kind: Kind, readings: Mapping[Side, Reading], limits: Thresholds, today: date) -> Iterator[Reason]:
    pages: dict[Side, Page] = {}
    firm: dict[Side, bool] = {}
    for side, reading in readings.items():
        # A state puts its zone on either side of a card (TD1, TD2): the side without one has nothing that is read.
        if kind is Kind.IDENTITY_CARD and reading.view.found and reading.view.kind is None:
            continue
        seen = picture_findings(reading.view, kind, side, limits)
        yield from seen
        yield from authenticity_findings(reading.view, kind, side, limits)
        number = reading.fields.get("number")
        yield from number_findings(None if number is None else number.value)
        firm[side] = not seen
        if reading.page is not None and not any(reason.code in UNREADABLE for reason in seen):
            pages[side] = reading.page
    yield from _JUDGES[kind](_Seen(frozenset(readings), pages, firm, limits.field_sure.value, today))
    if kind is Kind.IDENTITY_CARD and readings and not firm:
        yield Reason(ReasonCode.CARD_NOT_FOUND, Outcome.REFER, {"side": Side.BACK.value})


def _resident(seen: _Seen) -> Iterator[Reason]:
    portrait, emblem = seen.page(Side.PORTRAIT, PortraitSide), seen.page(Side.EMBLEM, EmblemSide)
    if portrait is not None:
        yield from portrait_findings(portrait, firm=seen.firm[Side.PORTRAIT], sure=seen.sure, today=seen.today)
    if emblem is not None:
        yield from emblem_findings(emblem, portrait, sure=seen.sure, today=seen.today)


def _permit(seen: _Seen) -> Iterator[Reason]:
    portrait, emblem = seen.page(Side.PORTRAIT, PortraitSide), seen.page(Side.EMBLEM, PermitEmblemSide)
    if portrait is not None:
        yield from permit_portrait_findings(portrait, firm=seen.firm[Side.PORTRAIT], sure=seen.sure, today=seen.today)
    if emblem is not None:
        yield from permit_emblem_findings(emblem, portrait, sure=seen.sure, today=seen.today)


def _permanent(seen: _Seen) -> Iterator[Reason]:
    front, back = seen.page(Side.FRONT, PermanentFront), seen.page(Side.BACK, PermanentBack)
    if front is not None:
        yield from front_findings(front, firm=seen.firm[Side.FRONT], sure=seen.sure, today=seen.today)
    if back is not None:
        yield from back_findings(back, front, sure=seen.sure, today=seen.today)


def _licence(seen: _Seen) -> Iterator[Reason]:
    main, duplicate = seen.page(Side.MAIN, LicencePage), seen.page(Side.DUPLICATE, DuplicatePage)
    if main is not None:
        yield from licence_findings(main, firm=seen.firm[Side.MAIN], sure=seen.sure, today=seen.today)
    if duplicate is not None:
        firm = all(seen.firm.values())
        yield from duplicate_findings(duplicate, main, firm=firm, sure=seen.sure, today=seen.today)


def _machine(seen: _Seen) -> Iterator[Reason]:
    if Side.FRONT in seen.presented and Side.FRONT not in seen.pages:
        # TD1: nothing that is read ties the portrait's side to the zone's, and anybody's face may be on it.
        yield signal(ReasonCode.PORTRAIT_PAGE_UNREAD, side=Side.FRONT.value)
    front = seen.page(Side.FRONT, PrintedSide)
    if front is not None:
        yield from printed_side_findings(front, seen.page(Side.BACK, MachinePage))
    for side, page in seen.pages.items():
        if isinstance(page, MachinePage):
            yield from machine_findings(page, side, sure=seen.sure, today=seen.today)


def _temporary(seen: _Seen) -> Iterator[Reason]:
    """A laminated sheet in force for three months: its holder comes to a branch (R42)."""
    if seen.pages:
        yield signal(ReasonCode.TEMPORARY_CARD, side=Side.PORTRAIT.value)
    card = seen.page(Side.PORTRAIT, TemporaryCard)
    if card is not None:
        yield from portrait_findings(card.items, firm=seen.firm[Side.PORTRAIT], sure=seen.sure, today=seen.today)
        validity = validity_of(card.issue.valid_from, card.issue.valid_to)
        if validity is not None:
            yield from (signal(ReasonCode(flag.value)) for flag in day_flags(validity, today=seen.today))
            if not three_months(validity):
                yield signal(ReasonCode.TERM_UNKNOWN, risk="high")


_JUDGES: Final[Mapping[Kind, Callable[[_Seen], Iterator[Reason]]]] = {
    Kind.RESIDENT_CARD: _resident,
    Kind.RESIDENCE_PERMIT: _permit,
    Kind.PERMANENT_RESIDENT_CARD: _permanent,
    Kind.TEMPORARY_CARD: _temporary,
    Kind.DRIVING_LICENCE: _licence,
    Kind.PASSPORT: _machine,
    Kind.IDENTITY_CARD: _machine,
    Kind.VISA: _machine,
}

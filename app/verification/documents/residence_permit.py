"""What does a residence permit for Hong Kong, Macao or Taiwan residents say beyond a resident card? R16, R17.

The portrait side is the resident card's without 民族 and is read as one. The other side has rows of its own: the number
of the travel permit the holder came with, and how often the permit was issued. 国办发〔2018〕81号.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.verification.documents.fields import region, score_of, text_field, text_of
from app.verification.documents.labels import AUTHORITY, STATE, VALIDITY, Form, lay_out_form, with_text
from app.verification.documents.layout import Box, Layout, Piece, around
from app.verification.documents.readings import UNREAD, number_seen, validity_fields, value_of_two
from app.verification.documents.resident_number import PERMIT_PREFIXES, ResidentNumber, normalised
from app.verification.documents.validity import PERMIT_TERM, Validity, ValidityFlag, expired, term_of
from app.verification.documents.widths import narrow_lines
from app.verification.examination import CardView, EmblemSide, Field, Kind, Line, PortraitSide, Side

TITLE_HONG_KONG_MACAO, TITLE_TAIWAN = "港澳居民居住证", "台湾居民居住证"
TRAVEL_PERMIT, TIMES_ISSUED = "通行证号码", "签发次数"
FORM: Final = Form(
    labels=(STATE, TITLE_HONG_KONG_MACAO, TITLE_TAIWAN, AUTHORITY, VALIDITY, TRAVEL_PERMIT, TIMES_ISSUED),
    column=(AUTHORITY, VALIDITY, TRAVEL_PERMIT),
    after={TIMES_ISSUED: TRAVEL_PERMIT},
)

_TIMES = re.compile(r"[0-9]{1,2}")


class Region(StrEnum):
    """Where a permit's holder is from; the value is the area code of their number (R16)."""

    HONG_KONG = "810000"
    MACAO = "820000"
    TAIWAN = "830000"


class PermitFlag(StrEnum):
    """What does not go together on a permit, or with what only a resident card has."""

    RESIDENT_LAYOUT = "permit_number_on_resident_layout"
    RESIDENT_NUMBER = "resident_number_on_permit_layout"
    REGION_UNKNOWN = "permit_region_unknown"
    TRAVEL_PERMIT_DIFFERS = "travel_permit_of_another_region"
    TITLE_DIFFERS = "title_of_another_region"


TRAVEL_PERMITS: Final = {
    Region.HONG_KONG: re.compile(r"H[0-9]{8}(?:[0-9]{2})?"),
    Region.MACAO: re.compile(r"M[0-9]{8}(?:[0-9]{2})?"),
    Region.TAIWAN: re.compile(r"[0-9]{8}(?:[0-9]{2})?"),
}
"""A letter for the region but for Taiwan, a number for life, and on old ones how often it was issued."""
_TITLES: Final = {
    Region.HONG_KONG: TITLE_HONG_KONG_MACAO,
    Region.MACAO: TITLE_HONG_KONG_MACAO,
    Region.TAIWAN: TITLE_TAIWAN,
}


@dataclass(frozen=True, slots=True)
class PermitEmblemSide:
    """The side with the emblem: who issued it, how long it is valid, and the rows that are the permit's own."""

    view: CardView
    title: str | None
    """港澳居民居住证 or 台湾居民居住证."""
    authority: Field
    valid_from: Field
    """Value: ISO date, as the next."""
    valid_to: Field
    travel_permit: Field
    """Value: as `TRAVEL_PERMITS` has it; nothing in it checks a misreading."""
    times_issued: Field
    """Value: one or two digits."""

    @property
    def shared(self) -> EmblemSide:
        """What a resident card has too."""
        return EmblemSide(self.view, self.authority, self.valid_from, self.valid_to)


def read_permit_emblem_side(lines: Sequence[Line], view: CardView) -> PermitEmblemSide:
    """The fields of the emblem side; `view` as measured, before its text was read."""
    layout = lay_out_form(narrow_lines(lines), FORM)
    row = layout.beside(VALIDITY)
    start, end = validity_fields(text_of(row), score_of(row)) if row else (UNREAD, UNREAD)
    below, permit = _next_below(layout, AUTHORITY), layout.beside(TRAVEL_PERMIT)
    return PermitEmblemSide(
        view=with_text(view, lines, Kind.RESIDENCE_PERMIT, Side.EMBLEM if permit_emblem(lines) else None),
        title=next((name for name in _TITLES.values() if layout.label(name)), None),
        authority=text_field(layout.under(AUTHORITY, ending_at=below, at_most=2)),
        valid_from=start,
        valid_to=end,
        travel_permit=_travel_permit(text_of(permit), score_of(permit)) if permit else UNREAD,
        times_issued=_times_issued(layout.beside(TIMES_ISSUED)),
    )


def permit_emblem(lines: Sequence[Line]) -> bool:
    """The text is a permit's emblem side: its title or a row only permits have was read (R17)."""
    layout = lay_out_form(narrow_lines(lines), FORM)
    return any(layout.label(name) for name in (TITLE_HONG_KONG_MACAO, TITLE_TAIWAN, TRAVEL_PERMIT, TIMES_ISSUED))


def portrait_of_permit(side: PortraitSide) -> bool:
    """The portrait side is a permit's: rows only permits have, or a permit's number where no 民族 was read (R17)."""
    ours = (number_seen(side.number) or "")[:2] in PERMIT_PREFIXES
    return side.permit_layout or (ours and side.ethnicity_listed is None)


def with_second_validity(side: PermitEmblemSide, text: str, score: float) -> PermitEmblemSide:
    """The side with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(text, score)
    return replace(side, valid_from=value_of_two(side.valid_from, start), valid_to=value_of_two(side.valid_to, end))


def with_second_travel_permit(side: PermitEmblemSide, text: str, score: float) -> PermitEmblemSide:
    """The side with that number confirmed, or put in doubt, by a reading of `travel_permit_region` alone."""
    return replace(side, travel_permit=value_of_two(side.travel_permit, _travel_permit(text, score)))


def travel_permit_region(lines: Sequence[Line]) -> Box | None:
    """Where the travel permit's number stands on the canvas, with a rim; None where none was read: its row holds more."""
    layout = lay_out_form(narrow_lines(lines), FORM)
    found = layout.beside(TRAVEL_PERMIT)
    return region(layout, TRAVEL_PERMIT, found) if found else None


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands on the canvas, with a rim."""
    layout = lay_out_form(narrow_lines(lines), FORM)
    return region(layout, VALIDITY, layout.beside(VALIDITY))


def places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the fields of the emblem side stand, of those that were found."""
    layout = lay_out_form(narrow_lines(lines), FORM)
    validity = layout.beside(VALIDITY)
    pieces = {
        "authority": layout.under(AUTHORITY, ending_at=_next_below(layout, AUTHORITY), at_most=2),
        "valid_from": validity,
        "valid_to": validity,
        "travel_permit": layout.beside(TRAVEL_PERMIT),
        "times_issued": layout.beside(TIMES_ISSUED),
    }
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def region_of(number: ResidentNumber) -> Region | None:
    """The region of a number whose area code is one of the three; None for residents' numbers and other codes."""
    return next((region for region in Region if number.text[:6] == region), None)


def portrait_flags(side: PortraitSide, number: ResidentNumber) -> tuple[PermitFlag, ...]:
    """What of number and layout contradicts each other on the portrait side (R16, R17)."""
    flags = []
    if number.permit and side.ethnicity_listed is not None:
        flags.append(PermitFlag.RESIDENT_LAYOUT)
    if side.permit_layout and not number.permit:
        flags.append(PermitFlag.RESIDENT_NUMBER)
    if number.permit and region_of(number) is None:
        flags.append(PermitFlag.REGION_UNKNOWN)
    return tuple(flags)


def emblem_flags(side: PermitEmblemSide, number: ResidentNumber) -> tuple[PermitFlag, ...]:
    """What on a permit's emblem side does not belong to the number of its portrait side."""
    region = region_of(number)
    if region is None:
        return () if number.permit else (PermitFlag.RESIDENT_NUMBER,)
    flags = []
    if side.travel_permit.value and not TRAVEL_PERMITS[region].fullmatch(side.travel_permit.value):
        flags.append(PermitFlag.TRAVEL_PERMIT_DIFFERS)
    if side.title and side.title != _TITLES[region]:
        flags.append(PermitFlag.TITLE_DIFFERS)
    return tuple(flags)


def permit_validity_flags(validity: Validity, *, today: date) -> tuple[ValidityFlag, ...]:
    """Everything odd about a permit's validity: five years at every age, to the same day as a resident card's (R16)."""
    flags = []
    if expired(validity, today=today):
        flags.append(ValidityFlag.EXPIRED)
    if validity.start > today:
        flags.append(ValidityFlag.NOT_YET_VALID)
    if term_of(validity, (PERMIT_TERM,)) is None:
        flags.append(ValidityFlag.TERM_UNKNOWN)
    return tuple(flags)


def _travel_permit(text: str, score: float) -> Field:
    seen = re.sub(r"[^0-9A-Z]", "", normalised(text))
    known = any(pattern.fullmatch(seen) for pattern in TRAVEL_PERMITS.values())
    return Field(text, seen if known else None, score)


def _times_issued(pieces: Sequence[Piece]) -> Field:
    text, score = text_of(pieces), score_of(pieces)
    seen = normalised(text)
    return Field(text, seen if _TIMES.fullmatch(seen) else None, score) if text else UNREAD


def _next_below(layout: Layout, name: str) -> str:
    """The uppermost label under another's row, where its block of text ends; empty where there is none."""
    label = layout.label(name)
    lower = [other for other in layout.labels if label and other.box.top > label.box.middle]
    return min(lower, key=lambda other: other.box.top).name if lower else ""

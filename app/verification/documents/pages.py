"""Which page of which document is this, and how is it read? One entry for each page, asked in an order that matters.

Documents share labels: licences, permits and temporary cards print the resident card's, so they are asked before it. No document
has a zone that is not known by it, whatever labels stand beside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from app.verification.documents import driving_licence as licence
from app.verification.documents import machine_page as machine
from app.verification.documents import permanent_card as permanent
from app.verification.documents import permanent_places as permanent_at
from app.verification.documents import residence_permit as permit
from app.verification.documents import resident_card as resident
from app.verification.documents.labels import AUTHORITY, NAME, STATE, VALIDITY, side_of, specimen_mark, upside_down
from app.verification.documents.layout import Box, bounds
from app.verification.documents.printed_side import PrintedSide, read_printed_side, shows_print
from app.verification.documents.quality.expected import expected
from app.verification.documents.reading import Page
from app.verification.documents.temporary_card import TemporaryCard, read_temporary_card, temporary_card
from app.verification.documents.temporary_card import places as temporary_places
from app.verification.examination import CardView, EmblemSide, Kind, Line, PortraitSide, Side

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Look:
    """What a page is read from."""

    lines: Sequence[Line]
    view: CardView
    """As measured, before its text was read."""
    height: int
    """Of the canvas, in pixels."""
    readings: Callable[[Box], Sequence[str]]
    """One region read alone, several times over."""
    voted: Callable[[Box], tuple[str, float]]
    """What those readings agree on, and how surely."""
    today: date

    def again(self, page: P, box: Box | None, joined: Callable[[P, str, float], P]) -> P:
        """The page after a second look at one of its regions; a line nobody can find is not confirmed by nothing."""
        return page if box is None else joined(page, *self.voted(box))


@dataclass(frozen=True, slots=True)
class PageForm:
    """One page of one kind: how its text shows it, and how it is read."""

    shows: Callable[[Sequence[Line]], bool]
    read: Callable[[Look], Page]
    places: Callable[[Sequence[Line]], dict[str, Box]]
    turned: Callable[[Sequence[Line], int], bool]
    """Whether the lines of a canvas so many pixels high stand upside down on it."""
    pictured: tuple[Kind, Side] | None = None
    """Whose layout says where its portrait is; None: none, or each state puts it elsewhere."""


def page_form(lines: Sequence[Line]) -> PageForm | None:
    """The page whose text it is; None: of no document that is read."""
    return next((form for form in FORMS if form.shows(lines)), None)


def outside_portrait(form: PageForm, lines: Sequence[Line], size: tuple[int, int]) -> tuple[Line, ...]:
    """The lines on a canvas of that width and height, without what OCR makes of stripes and stars in a portrait.

    It would be the end of whatever field stands left of it. The specimen mark counts wherever it stands.
    """
    portrait = None if form.pictured is None else expected(*form.pictured, size).portrait
    return tuple(
        line for line in lines if portrait is None or specimen_mark(line.text) or not _inside(bounds(line), portrait)
    )


def _inside(box: Box, portrait: Box) -> bool:
    """Most of it: a field that runs up to the portrait may touch it."""
    wide = min(box.right, portrait.right) - max(box.left, portrait.left)
    high = min(box.bottom, portrait.bottom) - max(box.top, portrait.top)
    return min(wide, high) > 0 and 2 * wide * high > (box.right - box.left) * box.height


def _portrait_side(look: Look) -> PortraitSide:
    return _looked_at_again(look, resident.read_portrait_side(look.lines, look.view))


def _looked_at_again(look: Look, side: PortraitSide) -> PortraitSide:
    side = look.again(side, resident.number_region(look.lines), resident.with_second_number)
    doubtful = resident.unconfirmed(side)
    if "sex" in doubtful:
        side = look.again(side, resident.sex_region(look.lines), resident.with_second_sex)
    if "birth" in doubtful:
        side = look.again(side, resident.birth_region(look.lines), resident.with_second_birth)
    if not side.ethnicity_listed:
        side = look.again(side, resident.ethnicity_region(look.lines), resident.with_second_ethnicity)
    return side


def _portrait_of_either(look: Look) -> PortraitSide:
    """A permit's portrait side is the resident card's without 民族; its number tells (R16, R17)."""
    side = _portrait_side(look)
    return (
        replace(side, view=replace(side.view, kind=Kind.RESIDENCE_PERMIT)) if permit.portrait_of_permit(side) else side
    )


def _temporary(look: Look) -> TemporaryCard:
    card = read_temporary_card(look.lines, look.view)
    issue = look.again(card.issue, resident.validity_region(look.lines), resident.with_second_validity)
    return replace(card, items=_looked_at_again(look, card.items), issue=issue)


def _emblem_side(look: Look) -> EmblemSide:
    side = resident.read_emblem_side(look.lines, look.view)
    return look.again(side, resident.validity_region(look.lines), resident.with_second_validity)


def _permit_emblem_side(look: Look) -> permit.PermitEmblemSide:
    side = permit.read_permit_emblem_side(look.lines, look.view)
    side = look.again(side, permit.validity_region(look.lines), permit.with_second_validity)
    return look.again(side, permit.travel_permit_region(look.lines), permit.with_second_travel_permit)


def _licence_page(look: Look) -> licence.LicencePage:
    page = licence.read_licence_page(look.lines, look.view)
    page = look.again(page, licence.number_region(look.lines, Side.MAIN), licence.with_second_number)
    doubtful = licence.unconfirmed(page)
    if "sex" in doubtful:
        page = look.again(page, licence.sex_region(look.lines), licence.with_second_sex)
    if "birth" in doubtful:
        page = look.again(page, licence.birth_region(look.lines), licence.with_second_birth)
    page = look.again(page, licence.first_issue_region(look.lines), licence.with_second_first_issue)
    return look.again(page, licence.validity_region(look.lines), licence.with_second_validity)


def _duplicate_page(look: Look) -> licence.DuplicatePage:
    page = licence.read_duplicate_page(look.lines, look.view)
    page = look.again(page, licence.number_region(look.lines, Side.DUPLICATE), licence.with_second_number)
    return look.again(page, licence.file_number_region(look.lines), licence.with_second_file_number)


def _permanent_front(look: Look) -> permanent.PermanentFront:
    front = permanent.read_permanent_front(look.lines, look.view)
    front = look.again(front, permanent_at.number_region(look.lines), permanent.with_second_number)
    doubtful = permanent.unconfirmed(front)
    if "sex" in doubtful:
        front = look.again(front, permanent_at.sex_region(look.lines), permanent.with_second_sex)
    if "birth" in doubtful:
        front = look.again(front, permanent_at.birth_region(look.lines), permanent.with_second_birth)
    return look.again(front, permanent_at.validity_region(look.lines), permanent.with_second_validity)


def _permanent_back(look: Look) -> permanent.PermanentBack:
    back = permanent.read_permanent_back(look.lines, look.view)
    back = look.again(back, permanent_at.previous_region(look.lines), permanent.with_second_previous)
    return look.again(back, permanent_at.validity_region(look.lines), permanent.with_second_validity)


def _machine_page(look: Look) -> machine.MachinePage:
    return machine.read_machine_page(look.lines, look.view, look.readings, today=look.today)


def _printed_side(look: Look) -> PrintedSide:
    return read_printed_side(look.lines, look.view)


def _stands_under(lines: Sequence[Line], upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a text that opens a page stands below one that ends it: no page in print has that."""
    tops = [bounds(line).middle for line in lines if any(text in line.text for text in upper)]
    feet = [bounds(line).middle for line in lines if any(text in line.text for text in lower)]
    return bool(tops and feet) and min(tops) > max(feet)


def _resident_turned(lines: Sequence[Line], _height: int) -> bool:
    return upside_down(lines)


FORMS: Final = (
    PageForm(
        shows=machine.shows_zone,
        read=_machine_page,
        places=machine.zone_places,
        turned=lambda lines, height: machine.upside_down(lines, height=height),
    ),
    PageForm(
        shows=shows_print,
        read=_printed_side,
        places=lambda _: {},
        turned=lambda lines, _: _stands_under(lines, ("Surname", "SURNAME"), ("expiry", "EXPIRY")),
    ),
    PageForm(
        shows=lambda lines: licence.licence_side_of(lines) is Side.MAIN,
        read=_licence_page,
        places=lambda lines: licence.places(lines, Side.MAIN),
        turned=lambda lines, _: _stands_under(lines, ("证号", NAME), (licence.CLASS, VALIDITY)),
        pictured=(Kind.DRIVING_LICENCE, Side.MAIN),
    ),
    PageForm(
        shows=lambda lines: licence.licence_side_of(lines) is Side.DUPLICATE,
        read=_duplicate_page,
        places=lambda lines: licence.places(lines, Side.DUPLICATE),
        turned=lambda lines, _: _stands_under(lines, ("证号", NAME), (licence.RECORD,)),
    ),
    PageForm(
        shows=lambda lines: permanent.permanent_side_of(lines) is Side.FRONT,
        read=_permanent_front,
        places=permanent_at.front_places,
        turned=lambda lines, _: _stands_under(lines, (permanent_at.TITLE, NAME), (permanent_at.NUMBER,)),
        pictured=(Kind.PERMANENT_RESIDENT_CARD, Side.FRONT),
    ),
    PageForm(
        shows=lambda lines: permanent.permanent_side_of(lines) is Side.BACK,
        read=_permanent_back,
        places=permanent_at.back_places,
        turned=lambda lines, _: _stands_under(lines, (permanent_at.TITLE,), (AUTHORITY, VALIDITY)),
    ),
    PageForm(
        shows=permit.permit_emblem,
        read=_permit_emblem_side,
        places=permit.places,
        turned=lambda lines, _: _stands_under(lines, (STATE, "居民居住证"), (VALIDITY,)),
    ),
    PageForm(
        shows=temporary_card,
        read=_temporary,
        places=temporary_places,
        turned=_resident_turned,
        pictured=(Kind.TEMPORARY_CARD, Side.PORTRAIT),
    ),
    PageForm(
        shows=lambda lines: side_of(lines) is Side.PORTRAIT,
        read=_portrait_of_either,
        places=lambda lines: resident.places(lines, Side.PORTRAIT),
        turned=_resident_turned,
        pictured=(Kind.RESIDENT_CARD, Side.PORTRAIT),
    ),
    PageForm(
        shows=lambda lines: side_of(lines) is Side.EMBLEM,
        read=_emblem_side,
        places=lambda lines: resident.places(lines, Side.EMBLEM),
        turned=_resident_turned,
    ),
)

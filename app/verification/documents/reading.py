"""What does one photograph of a document say? The shape that every kind is read into; nothing here judges."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from app.verification.documents.driving_licence import DuplicatePage, LicencePage
from app.verification.documents.machine_page import MachinePage, machine_fields
from app.verification.documents.permanent_card import PermanentBack, PermanentFront
from app.verification.documents.printed_side import PrintedSide
from app.verification.documents.residence_permit import PermitEmblemSide
from app.verification.documents.temporary_card import TemporaryCard
from app.verification.examination import CardView, EmblemSide, Field, Kind, Polygon, PortraitSide, Side

Page = (
    PortraitSide
    | EmblemSide
    | PermitEmblemSide
    | PermanentFront
    | PermanentBack
    | LicencePage
    | DuplicatePage
    | TemporaryCard
    | MachinePage
    | PrintedSide
)
"""One side of one kind of document, as that kind prints it."""
CROPPED_BELOW: Final = 0.95
"""Confidence: above every policy's `field_sure`, so that whatever a policy finds unclear has its picture."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One side of one document."""

    view: CardView
    page: Page | None
    """None: no document whose text we know."""
    outline: Polygon | None
    """None: no document was found."""
    places: Mapping[str, Polygon]
    """Where each field stands that was found."""
    beside: tuple["Reading", ...] = ()
    """Other documents, or this one's other side, in the same picture."""

    @property
    def kind(self) -> Kind | None:
        """The kind of document."""
        return self.view.kind

    @property
    def side(self) -> Side | None:
        """Its side."""
        return self.view.seen

    @property
    def specimen(self) -> bool:
        """It is nobody's: marked so, or issued by Utopia (R70)."""
        said = self.page.zone.fields if isinstance(self.page, MachinePage) else None
        return self.view.specimen or (said is not None and said.specimen)

    @property
    def fields(self) -> dict[str, Field]:
        """By name, in the order of the document."""
        return {} if self.page is None else fields_of(self.page)


def with_view(page: Page, view: CardView) -> Page:
    """The page, with what more was measured of its picture."""
    return replace(page, view=view)


def unsure(field: Field) -> bool:
    """Whether a person may have to read it from its picture."""
    return field.value is None or field.confidence < CROPPED_BELOW


def fields_of(page: Page) -> dict[str, Field]:
    """What a page prints, by name, in its order."""
    if isinstance(page, MachinePage):
        return machine_fields(page)
    if isinstance(page, TemporaryCard):
        return fields_of(page.items) | fields_of(page.issue)
    held = {each.name: getattr(page, each.name) for each in fields(page)}
    return {name: value for name, value in held.items() if isinstance(value, Field)}

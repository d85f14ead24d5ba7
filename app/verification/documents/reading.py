"""What does one photograph of a document say? The shape that every kind is read into; nothing here judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.verification.examination import CardView, EmblemSide, Field, Polygon, PortraitSide, Side

__all__ = ["Kind", "Page", "Polygon", "Reading", "fields_of"]

Page = PortraitSide | EmblemSide
"""One side of one kind of document, as that kind prints it."""


class Kind(StrEnum):
    """The kinds of document that are read."""

    RESIDENT_CARD = "resident_card"
    RESIDENCE_PERMIT = "residence_permit"
    """Of Hong Kong, Macao and Taiwan residents (R16)."""
    PERMANENT_RESIDENT_CARD = "permanent_resident_card"
    """Of foreigners, editions of 2017 and 2023 (R18, R19)."""
    TEMPORARY_CARD = "temporary_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    """TD3."""
    IDENTITY_CARD = "identity_card"
    """TD1 or TD2 of any state."""
    VISA = "visa"
    """MRV-A or MRV-B."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One side of one document."""

    kind: Kind | None
    """None: no document whose text we know."""
    side: Side | None
    view: CardView
    page: Page | None
    outline: Polygon | None
    """None: no document was found."""
    places: Mapping[str, Polygon]
    """Where each field stands that was found."""

    @property
    def fields(self) -> dict[str, Field]:
        """By name, in the order of the document."""
        return {} if self.page is None else fields_of(self.page)


def fields_of(page: Page) -> dict[str, Field]:
    """What a page prints, by name, in its order."""
    if isinstance(page, PortraitSide):
        return {"name": page.name, "sex": page.sex, "birth": page.birth, "address": page.address, "number": page.number}
    return {"authority": page.authority, "valid_from": page.valid_from, "valid_to": page.valid_to}

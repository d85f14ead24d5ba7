"""The card of ID-1 in a photograph, for tests that need one straightened and no text."""

from dataclasses import dataclass

import numpy as np

from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.finding import Found, How, find_documents, separate
from app.verification.documents.outlines.formats import ID_1, Format
from app.verification.documents.outlines.straightening import straightened
from app.verification.examination import Point

__all__ = ["Card", "Image", "card_of", "find_card", "rotated"]


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A document found and straightened."""

    canvas: Image
    """As large as its format's, RGB; which side is up is for the text to say."""
    corners: tuple[Point, Point, Point, Point]
    """In the photograph, clockwise, beginning with what became the canvas's top left."""
    found: How
    width_px: float
    """The longer of its two long edges in the photograph."""
    edge_cut: bool
    """A corner lies outside the photograph or on its border."""
    tilt: float
    """Degrees between its plane and the camera's."""
    documents: int
    """How many separate documents the photograph shows."""


def find_card(image: Image) -> Card | None:
    """The card in a photograph, (h, w, 3) uint8 RGB; None where nothing has its outline or its ratio (R27)."""
    found = find_documents(image)
    cards = [one for one in found if ID_1 in one.formats]
    return card_of(image, cards[0], ID_1, documents=len(separate(found))) if cards else None


def card_of(image: Image, found: Found, shape: Format, *, documents: int) -> Card:
    """One outline straightened as one of the formats that it may be."""
    a, b, c, d = ((float(x), float(y)) for x, y in found.quad)
    canvas = straightened(image, found.quad, shape)
    return Card(canvas, (a, b, c, d), found.how, found.width_px, found.edge_cut, found.tilt, documents)


def rotated(canvas: Image) -> Image:
    """The canvas turned by 180 degrees."""
    return np.ascontiguousarray(canvas[::-1, ::-1])

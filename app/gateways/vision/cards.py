"""What does one photograph of a card say? Straightened, read, and read again where one reading is not enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.gateways.vision.measured import box_in_photograph, measured
from app.gateways.vision.rereading import reread
from app.verification.documents.card_image import find_card, rotated
from app.verification.documents.labels import permit_layout, side_of, upside_down
from app.verification.documents.layout import Box
from app.verification.documents.quality import EXPECTED, NOTHING, measure
from app.verification.documents.reading import Kind, Polygon, Reading
from app.verification.documents.resident_card import (
    birth_region,
    number_region,
    places,
    read_emblem_side,
    read_portrait_side,
    sex_region,
    unconfirmed,
    validity_region,
    with_second_birth,
    with_second_number,
    with_second_sex,
    with_second_validity,
)
from app.verification.examination import CardView, EmblemSide, Line, PortraitSide, Side

JPEG_QUALITY = 92

S = TypeVar("S", PortraitSide, EmblemSide)


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One photograph of a card, straightened and read; canvas and corners are None where no card was found."""

    view: CardView
    canvas: Pixels | None
    corners: Polygon | None
    """Of the card in the photograph, beginning with what is the canvas's top left."""
    lines: tuple[Line, ...]


class CardReader:
    """Holds the text engine; one card at a time."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self.model = reader.model

    def read(self, photograph: Pixels) -> Card:
        """The card straightened and its text, the right way up: an outline looks the same turned by 180 degrees."""
        found = find_card(photograph)
        if found is None:
            return Card(measure(None), None, None, ())
        view, canvas, lines = measure(found), found.canvas, self._reader.read(found.canvas)
        if side_of(lines) is not None and not upside_down(lines):
            return _measured(Card(view, canvas, found.corners, lines))
        turned = rotated(canvas)
        turned_lines = self._reader.read(turned)
        if not side_of(turned_lines):
            return Card(view, canvas, found.corners, lines)
        return _measured(Card(view, turned, found.corners[2:] + found.corners[:2], turned_lines))

    def reading(self, photograph: Pixels) -> tuple[Reading, Pixels | None]:
        """One photograph of whatever document it shows, and the document straightened."""
        card = self.read(photograph)
        side = side_of(card.lines)
        if side is None or card.corners is None or card.canvas is None:
            return Reading(None, None, card.view, None, card.corners, {}), card.canvas
        page = self.portrait_side(card) if side is Side.PORTRAIT else self.emblem_side(card)
        found = places(card.lines, side)
        where = {name: box_in_photograph(box, card.corners, card.canvas) for name, box in found.items()}
        return Reading(Kind.RESIDENT_CARD, side, page.view, page, card.corners, where), card.canvas

    def portrait_side(self, card: Card) -> PortraitSide:
        """What the portrait side prints, whatever the card shows."""
        side = read_portrait_side(card.lines, card.view)
        side = self._again(card, side, number_region, with_second_number)
        doubtful = unconfirmed(side)
        if "sex" in doubtful:
            side = self._again(card, side, sex_region, with_second_sex)
        return self._again(card, side, birth_region, with_second_birth) if "birth" in doubtful else side

    def emblem_side(self, card: Card) -> EmblemSide:
        """What the emblem side prints, whatever the card shows."""
        side = read_emblem_side(card.lines, card.view)
        return self._again(card, side, validity_region, with_second_validity)

    def _again(
        self, card: Card, side: S, region: Callable[[Sequence[Line]], Box | None], joined: Callable[[S, str, float], S]
    ) -> S:
        """The side after a second look at one of its regions; a line nobody can find is not confirmed by nothing."""
        box = region(card.lines)
        if box is None or card.canvas is None:
            return side
        text, score = reread(self._reader, card.canvas, box)
        return joined(side, text, score)


def _measured(card: Card) -> Card:
    """The card with what was measured of its fields, where its text tells which they are."""
    side = side_of(card.lines)
    if side is None or card.canvas is None or card.corners is None:
        return card
    known = NOTHING if permit_layout(card.lines) else EXPECTED[Kind.RESIDENT_CARD, side]
    found = places(card.lines, side)
    return replace(card, view=measured(card.view, card.canvas, card.corners, found, card.lines, known))


def jpeg(picture: Pixels | None) -> bytes:
    """The picture as it travels between processes; nothing for none."""
    if picture is None:
        return b""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))[1].tobytes()

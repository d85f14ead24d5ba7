"""What does one photograph of a card say? Straightened, read, and read again where one reading is not enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.gateways.vision.known_layout import read_known
from app.gateways.vision.rereading import reread
from app.verification.documents.card_image import find_card, rotated
from app.verification.documents.labels import side_of, upside_down
from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH, Box
from app.verification.documents.quality import measure
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
        view, canvas = measure(found), found.canvas
        known = read_known(self._reader, canvas)
        if known is not None:
            corners = found.corners[2:] + found.corners[:2] if known.turned else found.corners
            return Card(view, known.canvas, corners, known.lines)
        lines = self._reader.read(canvas)
        if side_of(lines) is not None and not upside_down(lines):
            return Card(view, canvas, found.corners, lines)
        turned = rotated(canvas)
        turned_lines = self._reader.read(turned)
        if not side_of(turned_lines):
            return Card(view, canvas, found.corners, lines)
        return Card(view, turned, found.corners[2:] + found.corners[:2], turned_lines)

    def reading(self, photograph: Pixels) -> tuple[Reading, Pixels | None]:
        """One photograph of whatever document it shows, and the document straightened."""
        card = self.read(photograph)
        side = side_of(card.lines)
        if side is None or card.corners is None:
            return Reading(None, None, card.view, None, card.corners, {}), card.canvas
        page = self.portrait_side(card) if side is Side.PORTRAIT else self.emblem_side(card)
        where = {name: _in_photograph(box, card.corners) for name, box in places(card.lines, side).items()}
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


def _in_photograph(box: Box, corners: Polygon) -> Polygon:
    """Where a box of the canvas lies in the photograph the canvas was straightened from."""
    canvas = np.array([(0, 0), (CANVAS_WIDTH, 0), (CANVAS_WIDTH, CANVAS_HEIGHT), (0, CANVAS_HEIGHT)], np.float32)
    back = cv2.getPerspectiveTransform(canvas, np.array(corners, np.float32))
    upright = [[(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]]
    first, second, third, fourth = cv2.perspectiveTransform(np.array(upright, np.float32), back)[0]
    a, b, c, d = ((float(x), float(y)) for x, y in (first, second, third, fourth))
    return a, b, c, d


def jpeg(picture: Pixels | None) -> bytes:
    """The picture as it travels between processes; nothing for none."""
    if picture is None:
        return b""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))[1].tobytes()

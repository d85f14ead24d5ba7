"""What does one photograph of a document say? Straightened, read, and read again where one reading is not enough."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.gateways.vision.rereading import readings, vote
from app.verification.documents.card_image import find_card, rotated
from app.verification.documents.layout import Box
from app.verification.documents.pages import Look, PageForm, page_form
from app.verification.documents.quality import measure
from app.verification.documents.reading import Reading
from app.verification.examination import CardView, Line, Point, Polygon

JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """One photograph of a document, straightened and its text seen; canvas and corners are None where none was found."""

    view: CardView
    canvas: Pixels | None
    corners: Polygon | None
    """Of the document in the photograph, beginning with what is the canvas's top left."""
    lines: tuple[Line, ...]
    form: PageForm | None
    """None: no page that is known."""


class CardReader:
    """Holds the text engine; one document at a time."""

    def __init__(self, reader: TextReader, today: Callable[[], date]) -> None:
        """`today` is the calendar day in China: two digits of a year mean another century on another day (R68)."""
        self._reader, self._today = reader, today
        self.model = reader.model

    def read(self, photograph: Pixels) -> tuple[Reading, Pixels | None]:
        """One photograph of whatever document it shows, and the document straightened."""
        card = self._seen(photograph)
        if card.form is None or card.canvas is None or card.corners is None:
            return Reading(card.view, None, card.corners, {}), card.canvas
        canvas, corners = card.canvas, card.corners

        def alone(box: Box) -> list[tuple[str, float]]:
            return readings(self._reader, canvas, box)

        look = Look(
            lines=card.lines,
            view=card.view,
            height=canvas.shape[0],
            readings=lambda box: [text for text, _ in alone(box)],
            voted=lambda box: vote(alone(box)),
            today=self._today(),
        )
        page = card.form.read(look)
        places = {name: _in_photograph(box, canvas, corners) for name, box in card.form.places(card.lines).items()}
        return Reading(page.view, page, corners, places), canvas

    def _seen(self, photograph: Pixels) -> Card:
        """The document straightened and its text, the right way up: an outline looks the same turned by 180 degrees."""
        found = find_card(photograph)
        if found is None:
            return Card(measure(None), None, None, (), None)
        view, canvas, lines = measure(found), found.canvas, self._reader.read(found.canvas)
        form = page_form(lines)
        if form is not None and not form.turned(lines, canvas.shape[0]):
            return Card(view, canvas, found.corners, lines, form)
        turned = rotated(canvas)
        turned_lines = self._reader.read(turned)
        turned_form = page_form(turned_lines)
        if turned_form is None:
            return Card(view, canvas, found.corners, lines, form)
        return Card(view, turned, found.corners[2:] + found.corners[:2], turned_lines, turned_form)


def _in_photograph(box: Box, canvas: Pixels, corners: Polygon) -> Polygon:
    """Where a box of the canvas lies in the photograph the canvas was straightened from."""
    height, width = canvas.shape[:2]
    whole = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    back = cv2.getPerspectiveTransform(whole, np.array(corners, np.float32))
    upright = [[(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]]
    first, second, third, fourth = cv2.perspectiveTransform(np.array(upright, np.float32), back)[0]
    a, b, c, d = (_point(corner) for corner in (first, second, third, fourth))
    return a, b, c, d


def _point(corner: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Point:
    return float(corner[0]), float(corner[1])


def jpeg(picture: Pixels | None) -> bytes:
    """The picture as it travels between processes; nothing for none."""
    if picture is None:
        return b""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))[1].tobytes()

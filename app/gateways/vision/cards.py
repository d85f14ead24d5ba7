"""What does one photograph of a document say? Seen, read, read again where one reading is not enough, and measured."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import cv2

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.gateways.vision.frames import MAX_BLOB_OCTETS
from app.gateways.vision.measured import box_in_photograph, measured, with_placed
from app.gateways.vision.rereading import readings, voted
from app.gateways.vision.seeing import Eye, Seen
from app.verification.documents.authenticity.measuring import authenticity_measures
from app.verification.documents.pages import Look, outside_portrait
from app.verification.documents.quality import expected, measure
from app.verification.documents.quality.grain import grain_measures
from app.verification.documents.reading import Page, Reading, with_view
from app.verification.examination import NO_CARD, Kind, Side

JPEG_QUALITIES = (92, 75, 50, 20)
"""The first that lets a picture through: forty megapixels of a fine pattern are 23 MB at the best."""
LEFT = Reading(NO_CARD, None, None, {})
"""Of a page that took too long."""
MOST_DOCUMENTS = 2
"""Of one picture that are read: a card's two sides lie beside each other, and a third is nobody's."""


class CardReader:
    """Holds the text engine; one document at a time."""

    def __init__(self, reader: TextReader, today: Callable[[], date]) -> None:
        """`today` is the calendar day in China: two digits of a year mean another century on another day (R68)."""
        self._reader, self._today, self._eye = reader, today, Eye(reader)
        self.model = reader.model

    def read(self, photograph: Pixels, wanted: tuple[Kind, Side | None] | None = None) -> tuple[Reading, Pixels | None]:
        """One photograph of whatever document it shows, and the document straightened.

        Of several in one picture, as where both sides lie beside each other, the page that is wanted, or else the
        plainest; the others stand beside it. Without a side either of that kind is wanted.
        """
        seen = [_legible(each) for each in islice(self._eye.documents(photograph), MOST_DOCUMENTS)]
        pages = [self._page(each) for each in seen]
        found = [
            (self._judged(photograph, each, page, pages), each.canvas) for each, page in zip(seen, pages, strict=True)
        ]
        found.sort(key=lambda each: not _is(each[0], wanted))  # stable: the plainest first
        if not found:
            return Reading(NO_CARD, None, None, {}), None
        (first, canvas), *others = found
        return replace(first, beside=tuple(reading for reading, _ in others)), canvas

    def _page(self, seen: Seen) -> Page | None:
        return None if seen.form is None else seen.form.read(self._look(seen))

    def _judged(self, photograph: Pixels, seen: Seen, page: Page | None, pages: Sequence[Page | None]) -> Reading:
        """One of the pages in a picture, with what was measured of it."""
        if seen.form is None or page is None or page.view.kind is None or page.view.seen is None:
            return Reading(measure(seen), None, seen.outline, {})
        own = page.view
        others = {each.view.seen for each in pages if each is not None and each.view.kind is own.kind} - {own.seen}
        boxes = seen.form.places(seen.lines)
        known = expected(page.view.kind, page.view.seen, (seen.canvas.shape[1], seen.canvas.shape[0]))
        cards = max(1, seen.alike - len(others))
        shown = measured(own, seen.canvas, seen.outline, boxes, seen.lines, known, tilt_degrees=seen.tilt, cards=cards)
        signs = authenticity_measures(
            seen.canvas, boxes, known.portrait, photograph,
            outline=seen.outline, kind=page.view.kind, side=page.view.seen,
        )  # fmt: skip
        view = with_placed(shown, signs, seen.outline, seen.canvas)
        view = replace(view, measures=(*view.measures, *grain_measures(photograph, seen.outline)))
        places = {name: box_in_photograph(box, seen.outline, seen.canvas) for name, box in boxes.items()}
        return Reading(view, with_view(page, view), seen.outline, places)

    def _look(self, seen: Seen) -> Look:
        return Look(
            lines=seen.lines,
            view=measure(seen),
            height=seen.canvas.shape[0],
            readings=lambda box: [text for text, _ in readings(self._reader, seen.canvas, box)],
            voted=lambda box: voted(self._reader, seen.canvas, box),
            today=self._today(),
        )


def _is(reading: Reading, wanted: tuple[Kind, Side | None] | None) -> bool:
    return wanted is not None and reading.kind is wanted[0] and wanted[1] in {None, reading.side}


def _legible(seen: Seen) -> Seen:
    """What was seen, without what is no text."""
    if seen.form is None:
        return seen
    return replace(seen, lines=outside_portrait(seen.form, seen.lines, (seen.canvas.shape[1], seen.canvas.shape[0])))


def jpeg(picture: Pixels | None) -> bytes:
    """The picture as it travels between processes, as well kept as they let it; nothing for none."""
    if picture is None:
        return b""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    made = (cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, each))[1].tobytes() for each in JPEG_QUALITIES)
    return next((octets for octets in made if len(octets) <= MAX_BLOB_OCTETS), b"")

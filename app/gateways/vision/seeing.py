"""Which documents does a photograph show, straightened and their text seen, the right way up?

An outline is a guess: the likeliest is straightened and its text read, and only text tells a document. Where no
outline is one, the text of the whole photograph is read, and its own places tell where the document lies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.gateways.vision.known_layout import Upright, read_known, rotated
from app.verification.documents.layout import bounds
from app.verification.documents.machine_page import shows_zone
from app.verification.documents.outlines.anchored import placed
from app.verification.documents.outlines.anchors import RESIDENT_EMBLEM, RESIDENT_PORTRAIT
from app.verification.documents.outlines.finding import Found, How, find_documents, separate
from app.verification.documents.outlines.formats import ID_1, ID_3, Format
from app.verification.documents.outlines.gathering import MOST_LINES, gathered, share_covered
from app.verification.documents.outlines.shapes import Quad, areas, at_border, edge_lengths, turned_back
from app.verification.documents.outlines.straightening import straightened
from app.verification.documents.pages import PageForm, page_form
from app.verification.examination import Line, Polygon

MOST_OUTLINES: Final = 3
"""Looked at for each photograph: each costs a reading of its text, or two."""
WHOLE_SIZE: Final = 1600
"""Long side, in pixels, of the photograph whose text is read as it is."""
MARGIN: Final = 0.05
"""Of a page's text, around it: what stands at its rim is part of it."""
MOST_PLACED: Final = 2
"""Documents of one photograph that are placed by its text: a card's two sides, or two that are one too many."""
FILLED: Final = 0.25
"""Of a document cut out by hand that the rectangle around its text fills at least: of a licence's second page a third."""
FEWEST_LINES: Final = 4
"""Of a picture that is turned to look for a document."""
SURELY: Final = 0.9
"""Half of the lines of upright text have more; of text upside down or running upwards hardly one."""
ALIKE: Final = 1.7
"""Area of the larger of two cards over the smaller's, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One document, straightened."""

    canvas: Pixels
    outline: Polygon
    """In the photograph, beginning with what is the canvas's top left."""
    lines: tuple[Line, ...]
    form: PageForm | None
    """None: no page that is known."""
    width_px: float
    edge_cut: bool
    tilt: float
    """Degrees between its plane and the camera's."""
    alike: int
    """How many separate outlines of about its size the photograph has, its own included."""


class Eye:
    """Finds and sees documents."""

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader

    def documents(self, photograph: Pixels) -> Iterator[Seen]:
        """Those with a page that is known, best first, as they are asked for; else the one most likely a document."""
        found, known, looked = find_documents(photograph), 0, []
        apart = separate(found)
        for one in found[:MOST_OUTLINES]:
            if known and one not in apart:
                continue
            seen = replace(self._of_outline(photograph, one), alike=sum(_alike(one, other) for other in apart))
            looked.append(seen)
            if seen.form is not None and not _lost(one, seen):
                known += 1
                yield seen
        if not known:
            yield from self._by_text(photograph) or looked[:1]

    def _of_outline(self, photograph: Pixels, found: Found) -> Seen:
        return self._straightened(
            photograph, found.quad, found.formats[0], edge_cut=found.edge_cut, tilt=found.tilt, turn=True
        )

    def _straightened(
        self, photograph: Pixels, quad: Quad, shape: Format, *, edge_cut: bool, tilt: float, turn: bool
    ) -> Seen:
        """The document and its text; `turn` where only the text can tell which side is up."""
        canvas = straightened(photograph, quad, shape)
        read = read_known(self._reader, canvas) or self._searched(canvas, turn=turn)
        if read.turned:
            quad = np.roll(quad, 2, axis=0)
        lengths = edge_lengths(quad)
        width = float(max(lengths[0], lengths[2]))
        return Seen(read.canvas, _polygon(quad), read.lines, page_form(read.lines), width, edge_cut, tilt, alike=1)

    def _searched(self, canvas: Pixels, *, turn: bool) -> Upright:
        lines = self._reader.read(canvas)
        form = page_form(lines)
        upside_down = form is not None and form.turned(lines, canvas.shape[0])
        if turn and lines and (form is None or upside_down):
            turned = rotated(canvas)
            turned_lines = self._reader.read(turned)
            if upside_down or page_form(turned_lines) is not None:
                return Upright(turned, turned_lines, turned=True)
        return Upright(canvas, lines, turned=False)

    def _by_text(self, photograph: Pixels) -> list[Seen]:
        """The documents that the text of the whole photograph places, whichever way it lies."""
        lines = self._whole_text(photograph)
        for quarters in _ways_up(lines):
            turned = np.ascontiguousarray(np.rot90(photograph, quarters))
            text = self._whole_text(turned) if quarters else lines
            found = self._placed_by(text, photograph, quarters=quarters)
            if found:
                return found
        return []

    def _whole_text(self, photograph: Pixels) -> tuple[Line, ...]:
        """Of the photograph at a size at which a page's print is read; boxes in the photograph's own pixels."""
        scale = min(1.0, WHOLE_SIZE / max(photograph.shape[:2]))
        high, wide = (max(1, round(edge * scale)) for edge in photograph.shape[:2])
        small = np.asarray(cv2.resize(photograph, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        return tuple(_enlarged(line, 1 / scale) for line in self._reader.read(small))

    def _placed_by(self, lines: Sequence[Line], photograph: Pixels, *, quarters: int) -> list[Seen]:
        """The documents whose text it is, read of the photograph turned counter-clockwise by so many quarters."""
        high, wide = photograph.shape[:2]
        size = (wide, high) if quarters % 2 == 0 else (high, wide)
        groups = [] if shows_zone(lines) else [each for each in gathered(lines) if page_form(each) is not None]
        seen = []
        for group in groups[:MOST_PLACED] if len(groups) > 1 else [lines]:
            lies = _lies(group, size)
            if lies is not None:
                quad, shape, tilt = lies
                one = self._placed(photograph, turned_back(quad, quarters, (wide, high)), shape, tilt)
                seen.append(replace(one, alike=max(1, len(groups))))
        return seen

    def _placed(self, photograph: Pixels, quad: Quad, shape: Format, tilt: float) -> Seen:
        cut = bool(at_border(quad, (photograph.shape[1], photograph.shape[0])).any())
        return self._straightened(photograph, quad.astype(np.float32), shape, edge_cut=cut, tilt=tilt, turn=False)


def _lost(found: Found, seen: Seen) -> bool:
    """A copier's page that happens to have a document's shape: the document lies somewhere on it."""
    size = (seen.canvas.shape[1], seen.canvas.shape[0])
    return found.how is How.WHOLE and share_covered(seen.lines, size) < FILLED


def _lies(lines: Sequence[Line], size: tuple[int, int]) -> tuple[Quad, Format, float] | None:
    """Where in a picture of that width and height the document of these lines lies, and how it leans."""
    for page in (RESIDENT_PORTRAIT, RESIDENT_EMBLEM):
        found = placed(lines, page, size)
        if found is not None:
            return found.quad, ID_1, found.tilt
    return None if page_form(lines) is None else (_around(lines), ID_3, 0.0)


def _ways_up(lines: Sequence[Line]) -> tuple[int, ...]:
    """By how many quarters a picture may have to be turned for its text to stand upright, the likeliest first.

    The engine reads lines that run downwards, and is unsure of those that run upwards or stand on their heads; of what
    lies beside what they tell nothing, so a page on its side is turned before it is believed.
    """
    if not FEWEST_LINES <= len(lines) <= MOST_LINES:
        return (0,)
    boxes = [bounds(line) for line in lines]
    standing = median(box.height / max(box.right - box.left, 1.0) for box in boxes) > 1
    sure = median(line.score for line in lines) >= SURELY
    if standing:
        return (1, 0) if sure else (3, 0)
    return (0,) if sure else (0, 2)


def _enlarged(line: Line, by: float) -> Line:
    a, b, c, d = ((x * by, y * by) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


def _alike(one: Found, other: Found) -> bool:
    """Of about one size, as two cards on one table are, whatever the perspective."""
    first, second = areas(np.stack([one.quad, other.quad]).astype(np.float64))
    return bool(max(first, second) <= ALIKE * min(first, second))


def _around(lines: Sequence[Line]) -> Quad:
    """The upright rectangle around all text, as long as a page of a passport is for its height."""
    boxes = [bounds(line) for line in lines]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
    wide = (right - left) * (1 + 2 * MARGIN)
    high = max(wide / ID_3.ratio, (bottom - top) * (1 + 2 * MARGIN))
    wide, x, y = max(wide, high * ID_3.ratio), (left + right) / 2, (top + bottom) / 2
    half = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)], np.float32) / 2
    return np.asarray(half + np.array((x, y), np.float32), np.float32)


def _polygon(quad: Quad) -> Polygon:
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    return a, b, c, d

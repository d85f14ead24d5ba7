"""Which boxes of a card's text share a row, and what stands right of a label? Pure geometry on the canvas."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.verification.examination import Line

CANVAS_WIDTH, CANVAS_HEIGHT = 1012, 638
"""ID-1, 85.6 × 54.0 mm at 300 dpi (R27)."""


TALLEST = 3.0
"""The tallest print of a row in heights of its lowest."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle on the canvas, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Of the box, rim included."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half-way down: what decides a row."""
        return (self.top + self.bottom) / 2

    def grown(self, by: float) -> "Box":
        """The box with a rim of `by` pixels; canvases differ in size, so what lies past one's end is cut where it is used."""
        return Box(max(self.left - by, 0), max(self.top - by, 0), self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Label:
    """A label found: its true wording and where it stands."""

    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text between two labels, or a whole line; `apart` tells that OCR gave it a box of its own."""

    text: str
    score: float
    box: Box
    apart: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of one side cut into labels and pieces of text."""

    labels: tuple[Label, ...]
    pieces: tuple[Piece, ...]

    def label(self, name: str) -> Label | None:
        """The label of that wording, None where it was not read."""
        return next((label for label in self.labels if label.name == name), None)

    def beside(self, name: str) -> tuple[Piece, ...]:
        """What stands right of a label on its row, up to the next label, left to right."""
        label = self.label(name)
        if label is None:
            return ()
        row = [other.box for other in self.labels if same_row(other.box, label.box)]
        stop = min((box.left for box in row if box.left > label.box.left), default=float(CANVAS_WIDTH))
        found = [p for p in self.pieces if same_row(p.box, label.box) and right_of(p.box, label.box)]
        return tuple(sorted((p for p in found if p.box.left < stop), key=lambda piece: piece.box.left))

    def under(self, name: str, *, ending_at: str, at_most: int) -> tuple[Piece, ...]:
        """The text block of a label: its row and the rows below it in the same column, above another label.

        In reading order. A row further away than two and a half line heights belongs to something else.
        """
        first = self.beside(name)
        label, end = self.label(name), self.label(ending_at)
        if label is None or not first:
            return ()
        block, rows, last = list(first), 1, around(p.box for p in first)
        for row in self._rows_below(last, end.box.top if end else float(CANVAS_HEIGHT)):
            kept = tuple(p for p in row if right_of(p.box, label.box))
            near = bool(kept) and around(p.box for p in kept).middle - last.middle <= 2.5 * last.height
            if not near or rows == at_most:
                break
            block, rows, last = [*block, *kept], rows + 1, around(p.box for p in kept)
        return tuple(block)

    def _rows_below(self, box: Box, floor: float) -> list[tuple[Piece, ...]]:
        below = [
            p
            for p in self.pieces
            if p.box.middle > box.middle
            and not same_row(p.box, box)
            and p.box.middle < floor
            and p.box.left < box.right
        ]
        rows: list[tuple[Piece, ...]] = []
        for piece in sorted(below, key=lambda p: p.box.middle):
            if rows and same_row(rows[-1][0].box, piece.box):
                rows[-1] = tuple(sorted((*rows[-1], piece), key=lambda p: p.box.left))
            else:
                rows.append((piece,))
        return rows


def bounds(line: Line) -> Box:
    """The upright rectangle around a line's four corners."""
    across, down = [x for x, _ in line.box], [y for _, y in line.box]
    return Box(min(across), min(down), max(across), max(down))


def around(boxes: Iterable[Box]) -> Box:
    """The rectangle around several boxes; at least one."""
    every = tuple(boxes)
    return Box(
        min(b.left for b in every), min(b.top for b in every), max(b.right for b in every), max(b.bottom for b in every)
    )


def same_row(one: Box, other: Box) -> bool:
    """The middles lie within half the taller height of each other, and neither is print of another size.

    What OCR makes of a portrait or an emblem is a character, many rows high.
    """
    low, high = sorted((one.height, other.height))
    return high <= TALLEST * low and abs(one.middle - other.middle) <= high / 2


def right_of(box: Box, label: Box) -> bool:
    """Neighbours' boxes overlap by some pixels of padding, so middles decide."""
    return (box.left + box.right) / 2 > label.right and box.left > (label.left + label.right) / 2


def cells(text: str) -> float:
    """The printed width of a text in Han characters; others take about half of one."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55 for c in text)


def share(box: Box, text: str, start: int, end: int) -> Box:
    """The part of a line's box that `text[start:end]` takes."""
    cell = (box.right - box.left) / (cells(text) or 1.0)
    left = box.left + cell * cells(text[:start])
    return Box(left, box.top, left + cell * cells(text[start:end]), box.bottom)


def cut_from(line: Line, start: int, end: int) -> Line:
    """The part of a line between two characters, where it stands; its score is the line's."""
    box = share(bounds(line), line.text, start, end)
    corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    return Line(line.text[start:end], line.score, corners)


def length_fits(piece: Piece, text: str) -> bool:
    """Whether as many characters were read as the box has room for (R40); only a piece apart can tell.

    Measured on RapidOCR's boxes: they stand about 1.2 glyphs high and 0.4 box heights wider than the text.
    """
    if not piece.apart or piece.box.height <= 0:
        return True
    room = 1.2 * ((piece.box.right - piece.box.left) / piece.box.height - 0.4)
    return abs(room - cells(text)) <= max(0.75, 0.25 * cells(text))

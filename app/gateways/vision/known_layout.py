"""Does a straightened card print its rows where a known page prints them? Then they are read there, unsearched.

Print is found by its contrast in two milliseconds, where the detector of text takes 150. It only has to tell rows from
paper, and says no as soon as anything is not as the page has it: then the whole picture is searched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH, Box
from app.verification.documents.resident_rows import EMBLEM, PORTRAIT
from app.verification.documents.rows import Block, KnownPage
from app.verification.examination import Line

Ink = NDArray[np.bool_]
"""(638, 1012): where the canvas is darker than the paper around it."""

PAGES = (PORTRAIT, EMBLEM)
STROKE_PX = 19
"""No stroke of print on an ID-1 canvas is as thick."""
LEAST_DARKNESS = 0.12
"""Of the paper's light. Drawn cards: 0.08 at most in noise and guilloche; strokes out of focus by 2 px have a median of 0.26."""
ROW_GAP_PX = 5
"""Blank lines between two rows; within 二 there are fewer."""
WORD_GAP = 1.5
"""Blank columns, in heights of the row, between two cells; within a date there are fewer."""
COLUMN_REACH_PX = 40
"""To either side of a column, where the blank that parts labels from values is looked for: 3.4 mm, for cards of other
drawers begin their values elsewhere."""
RIM_SIDE, RIM_ABOVE = 0.3, 0.22
"""Around a cell's ink, in heights of the row: as wide as the detector cuts, so that R40 holds for both (layout.py)."""
EDGE_PX = 20
"""Of the canvas, where the desk shows beside rounded corners."""
LEAST_ODD_INK = 60
"""Pixels outside blocks and pictures that are more than specks; the smallest character drawn has 200."""


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """A canvas the right way up, and its text."""

    canvas: Pixels
    lines: tuple[Line, ...]
    turned: bool
    """Whether it was turned by 180 degrees to stand so."""


def read_known(reader: TextReader, canvas: Pixels) -> Upright | None:
    """The text of the known page that the canvas shows, either way up; None where anything is not as it has it."""
    if canvas.shape[:2] != (CANVAS_HEIGHT, CANVAS_WIDTH):
        return None
    ink = ink_of(canvas)
    for turned in (False, True):
        upright = ink[::-1, ::-1] if turned else ink
        for page in PAGES:
            cells = cells_of(upright, page)
            if cells:
                shown = rotated(canvas) if turned else canvas
                lines = tuple(_line(reader, shown, cell) for cell in cells)
                return Upright(shown, lines, turned) if page.sure(lines) else None
    return None


def rotated(canvas: Pixels) -> Pixels:
    """The canvas turned by 180 degrees."""
    return np.ascontiguousarray(canvas[::-1, ::-1])


def ink_of(canvas: Pixels) -> Ink:
    """Where print is: what closing takes away, as a share of the light there, so that shadows do not count."""
    grey = cv2.cvtColor(canvas, cv2.COLOR_RGB2GRAY)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    return np.asarray(paper - grey > LEAST_DARKNESS * paper, np.bool_)


def cells_of(ink: Ink, page: KnownPage) -> tuple[Box, ...]:
    """The rows of a page cut into labels and values; nothing where rows are missing, too many, too tall, or elsewhere."""
    if _odd_ink(ink, page) >= LEAST_ODD_INK:
        return ()
    cells: list[Box] = []
    for block in page.blocks:
        rows = list(_rows(ink, block))
        if len(rows) not in block.rows or any(bottom - top not in block.height for top, bottom in rows):
            return ()
        for top, bottom in rows:
            cuts = [_cut(ink, column, top, bottom) for column in block.columns]
            if None in cuts:
                return ()
            cells += _cells(ink, block, top, bottom, [cut for cut in cuts if cut is not None])
    return tuple(cells)


def _odd_ink(ink: Ink, page: KnownPage) -> int:
    rest = ink[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX].copy()
    for box in (*(block.box for block in page.blocks), *page.pictures):
        left, top, right, bottom = (max(0, round(x) - EDGE_PX) for x in (box.left, box.top, box.right, box.bottom))
        rest[top:bottom, left:right] = False
    return int(np.count_nonzero(rest))


def _rows(ink: Ink, block: Block) -> Iterator[tuple[int, int]]:
    """Top and bottom of each row."""
    box = block.box
    part = ink[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
    for top, bottom in _runs(np.count_nonzero(part, axis=1) > 1, ROW_GAP_PX):
        yield round(box.top) + top, round(box.top) + bottom


def _cut(ink: Ink, column: float, top: int, bottom: int) -> int | None:
    """The middle of the widest blank about a column; None where a cell's rim would hold its neighbour's ink.

    A label cut in two would leave its second half before the value: 名 before a name is a name as good as any.
    """
    first = round(column) - COLUMN_REACH_PX
    inked = np.flatnonzero(ink[top:bottom, first : first + 2 * COLUMN_REACH_PX].any(axis=0))
    ends = np.concatenate([[-1], inked, [2 * COLUMN_REACH_PX]])
    blanks = np.diff(ends) - 1
    at = int(blanks.argmax())
    if blanks[at] < RIM_SIDE * (bottom - top):
        return None
    return first + (int(ends[at]) + 1 + int(ends[at + 1])) // 2


def _cells(ink: Ink, block: Block, top: int, bottom: int, cuts: list[int]) -> Iterator[Box]:
    """The row cut where it is blank for long, and between labels and values."""
    height, box = bottom - top, block.box
    edges = [round(box.left), *cuts, round(box.right)]
    for begin, end in pairwise(edges):
        for left, right in _runs(np.count_nonzero(ink[top:bottom, begin:end], axis=0) > 0, WORD_GAP * height):
            yield Box(
                max(begin + left - RIM_SIDE * height, 0),
                max(top - RIM_ABOVE * height, 0),
                min(begin + right + RIM_SIDE * height, CANVAS_WIDTH),
                min(bottom + RIM_ABOVE * height, CANVAS_HEIGHT),
            )


def _runs(marked: NDArray[np.bool_], gap: float) -> list[tuple[int, int]]:
    """First and last but one of each run of marks that no blank longer than the gap interrupts."""
    at = np.flatnonzero(marked)
    runs = np.split(at, np.flatnonzero(np.diff(at) > gap) + 1)
    return [(int(run[0]), int(run[-1]) + 1) for run in runs if run.size]


def _line(reader: TextReader, canvas: Pixels, cell: Box) -> Line:
    left, top, right, bottom = (float(round(edge)) for edge in (cell.left, cell.top, cell.right, cell.bottom))
    text, score = reader.read_line(canvas[int(top) : int(bottom), int(left) : int(right)])
    return Line(text, score, ((left, top), (right, top), (right, bottom), (left, bottom)))

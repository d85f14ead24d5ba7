"""Where on its canvas does a page print what never changes, and where in a photograph were those words read?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atan2

from app.verification.documents.labels import (
    ADDRESS,
    AUTHORITY,
    BIRTH,
    ETHNICITY,
    NAME,
    NUMBER,
    SEX,
    STATE,
    TITLE,
    VALIDITY,
    specimen_mark,
)
from app.verification.documents.layout import Box, cells
from app.verification.documents.outlines.formats import ID_1, Format
from app.verification.examination import Line, Point

PADDING = 0.15
"""Of a line's height by which its box reaches beyond the ink at either end; measured on RapidOCR's boxes, 0.10 to 0.17."""
TALL = 1.5
"""Height over width from which RapidOCR turns a line counter-clockwise before it reads it: it runs downwards."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one kind: its format and the ink of its anchors on the canvas.

    An anchor is a printed label or, written as a pattern, a value whose place and length never change.
    """

    format: Format
    anchors: Mapping[str, Box]


RESIDENT_PORTRAIT = Page(
    ID_1,
    {
        NAME: Box(55, 80, 109, 106),
        SEX: Box(55, 148, 110, 174),
        ETHNICITY: Box(290, 148, 343, 174),
        BIRTH: Box(57, 216, 111, 242),
        ADDRESS: Box(55, 286, 111, 312),
        NUMBER: Box(56, 540, 226, 566),
        r"\d{17}[\dX]": Box(342, 535, 838, 566),
    },
)
"""The order is the law's (R24, R25); the places are those of app/specimens/resident_card.py, not of a card measured."""
RESIDENT_EMBLEM = Page(
    ID_1,
    {
        STATE: Box(325, 98, 776, 158),
        TITLE: Box(322, 185, 781, 271),
        AUTHORITY: Box(234, 450, 366, 480),
        VALIDITY: Box(234, 522, 366, 552),
    },
)
"""From the same drawing."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One end of an anchor, half-way up: on the canvas and in the photograph."""

    anchor: str
    canvas: Point
    photograph: Point


def sightings(lines: Sequence[Line], page: Page) -> tuple[Sighting, ...]:
    """Where each anchor of a page was read; the same one may be seen twice, and wrongly: geometry decides.

    An end that touches other text of its line is left out: where in a box the characters part is a guess.
    """
    return tuple(
        seen
        for line in lines
        if not specimen_mark(line.text)
        for anchor, box in page.anchors.items()
        for seen in _ends(line, anchor, box)
    )


def direction(lines: Sequence[Line]) -> float:
    """Where the text of a photograph runs, in radians from its upper edge, long lines counting most; 0 where it has none."""
    ends = [_middle_line(line) for line in lines]
    return atan2(sum(end[1] - start[1] for start, end in ends), sum(end[0] - start[0] for start, end in ends))


def _ends(line: Line, anchor: str, box: Box) -> Iterator[Sighting]:
    text = "".join(line.text.split())
    found = _place(text, anchor)
    if found is None:
        return
    start, end = _middle_line(line)
    if found[0] == 0:
        yield Sighting(anchor, (box.left, box.middle), start)
    if found[1] == len(text):
        yield Sighting(anchor, (box.right, box.middle), end)


def _place(text: str, anchor: str) -> tuple[int, int] | None:
    """Where an anchor stands; of a long one a quarter of the characters may be misread."""
    if match := re.search(anchor, text):
        return match.span()
    if not anchor.isalpha() or len(anchor) < 4:
        return None
    for at in range(len(text) - len(anchor) + 1):
        if sum(a != b for a, b in zip(text[at:], anchor, strict=False)) <= len(anchor) // 4:
            return at, at + len(anchor)
    return None


def _middle_line(line: Line) -> tuple[Point, Point]:
    """From where a line's ink begins to where it ends, half-way up."""
    a, b, c, d = line.box
    wide, high = _distance(a, b) + _distance(d, c), _distance(a, d) + _distance(b, c)
    if high > TALL * wide and cells(line.text) > 1:
        a, b, c, d, wide, high = b, c, d, a, high, wide
    rim = min(PADDING * high / max(wide, 1e-6), 0.4)
    start, end = _between(a, d, 0.5), _between(b, c, 0.5)
    return _between(start, end, rim), _between(start, end, 1 - rim)


def _distance(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])

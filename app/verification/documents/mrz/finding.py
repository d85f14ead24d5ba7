"""Which lines of a picture's text are its machine-readable zone? By what stands in them and where, R54, advice 6.3.

OCR gives its lines in any order, cuts a long one into pieces, and reads a card that lies upside down. So the pieces
are put into rows along the direction of the text itself, and rows that lie beside each other are a zone where their
characters are in the alphabets of a shape's places, in one order or the other.

Bounds: of any number of lines the MOST_PIECES longest that could belong to a zone are looked at; each of their rows is
tried as five shapes in two orders.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import pairwise

from app.verification.documents.mrz.correcting import might_be
from app.verification.documents.mrz.glyphs import MOST_CHARACTERS, cleaned
from app.verification.documents.mrz.shapes import ALPHABET, FILLER, LAYOUTS, Layout, Shape, alphabets
from app.verification.examination import Line, Point

MOST_PIECES = 200
MOST_FOREIGN = 0.2
"""Share of characters that no zone has: labels and print in other scripts have more."""
SHORTEST, LONGEST = 10, 60
"""Characters of a row: a short name may have lost most of its fillers."""
MOST_LOST = 9
"""By so much may a row with data, the one with the name aside, be shorter or longer than its shape."""
FITTING = 0.85
"""Share of a zone's characters that stand in their alphabet, look-alikes of it among them."""
TURNED_FILLER, TURNED = ">", 3
"""OCR engines turn single lines that they think upside down, and runs of fillers make them think so: seen of RapidOCR on
every second TD1. A row with so many turned fillers keeps its place, for its box to be read again."""
FURTHEST = 3.0
"""Rows of a zone lie two to two and a half letters apart, seen in row heights."""


@dataclass(frozen=True, slots=True)
class _Piece:
    line: Line
    text: str
    along: float
    """Where its middle lies in the direction of the text."""
    down: float
    """Where its middle lies across it."""
    height: float


@dataclass(frozen=True, slots=True)
class _Row:
    pieces: tuple[_Piece, ...]
    text: str

    @property
    def down(self) -> float:
        return sum(piece.down for piece in self.pieces) / len(self.pieces)

    @property
    def height(self) -> float:
        return max(piece.height for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring rows as the lines of one shape, in its order; `rank` is better the greater."""

    rows: tuple[_Row, ...]
    among: range
    """Which of all rows they are."""
    rank: tuple[float, float]


def find_zone(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of the zone in their order, pieces of one put together; empty where there is none.

    A line that OCR read upside down is among them, and makes the zone BROKEN until its box is read again.
    Empty, too, where two stand apart in one picture: nothing says whose the second is. Never raises.
    """
    rows = _rows(_pieces(lines))
    windows = sorted(_windows(rows), key=lambda window: window.rank, reverse=True)
    if not windows:
        return ()
    best = windows[0]
    if any(not set(best.among) & set(other.among) for other in windows):
        return ()
    return tuple(_whole(row) for row in best.rows)


def _pieces(lines: Sequence[Line]) -> list[_Piece]:
    longest = nlargest(
        MOST_PIECES, (line for line in lines if len(line.text) <= MOST_CHARACTERS), key=lambda line: len(line.text)
    )
    likely = [(line, text) for line in longest if (text := cleaned(line.text)) and _likely(text)]
    x, y = _direction([line for line, _ in likely])
    return [_piece(line, text, x, y) for line, text in likely]


def _likely(text: str) -> bool:
    zone_like = text.replace(TURNED_FILLER, FILLER)
    foreign = sum(character not in ALPHABET and not might_be(character, ALPHABET) for character in zone_like)
    return foreign <= MOST_FOREIGN * len(text)


def _direction(lines: Sequence[Line]) -> Point:
    """The direction of the text as a unit vector, long lines counting most; level where it has none."""
    x = sum(line.box[1][0] - line.box[0][0] for line in lines)
    y = sum(line.box[1][1] - line.box[0][1] for line in lines)
    length = math.hypot(x, y)
    return (x / length, y / length) if 0 < length < math.inf else (1.0, 0.0)


def _piece(line: Line, text: str, x: float, y: float) -> _Piece:
    middle_x, middle_y = (sum(corner[axis] for corner in line.box) / 4 for axis in (0, 1))
    height = math.dist(line.box[0], line.box[3])
    return _Piece(line, text, along=middle_x * x + middle_y * y, down=middle_y * x - middle_x * y, height=height)


def _rows(pieces: Sequence[_Piece]) -> list[_Row]:
    """Pieces whose middles lie within half a height of the first are a row; rows that could be a zone's, downwards."""
    gathered: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.down):
        first = gathered[-1][0] if gathered else None
        if first and abs(piece.down - first.down) <= max(piece.height, first.height) / 2:
            gathered[-1].append(piece)
        else:
            gathered.append([piece])
    rows = [tuple(sorted(row, key=lambda piece: piece.along)) for row in gathered]
    found = [_Row(row, "".join(piece.text for piece in row)) for row in rows]
    return [row for row in found if SHORTEST <= len(row.text) <= LONGEST]


def _windows(rows: Sequence[_Row]) -> Iterator[_Window]:
    for shape, layout in LAYOUTS.items():
        for first in range(len(rows) - layout.height + 1):
            among = range(first, first + layout.height)
            window = tuple(rows[at] for at in among)
            if not _together(window):
                continue
            for ordered in (window, window[::-1]):
                fitting, misfit = _fit(shape, layout, ordered)
                if fitting >= FITTING:
                    yield _Window(ordered, among, (fitting, -misfit))


def _together(rows: tuple[_Row, ...]) -> bool:
    return all(lower.down - upper.down <= FURTHEST * max(upper.height, lower.height) for upper, lower in pairwise(rows))


def _fit(shape: Shape, layout: Layout, rows: tuple[_Row, ...]) -> tuple[float, float]:
    """The least share of fitting characters among the rows, and how far their lengths are from the shape's."""
    name = rows[layout.name_line].text
    lost = [abs(len(row.text) - layout.width) for row in rows]
    data_lost = [by for number, by in enumerate(lost) if number != layout.name_line]
    if not {FILLER, TURNED_FILLER} & set(name) or len(name) > layout.width + MOST_LOST or max(data_lost) > MOST_LOST:
        return 0.0, 0.0
    return min(_share(shape, number, row.text) for number, row in enumerate(rows)), float(sum(lost))


def _share(shape: Shape, number: int, text: str) -> float:
    if text.count(TURNED_FILLER) >= TURNED:
        return FITTING
    width = LAYOUTS[shape].width
    places = _places(shape)[number * width : (number + 1) * width]
    fitting = sum(
        seen in alphabet or bool(might_be(seen, alphabet)) for seen, alphabet in zip(text, places, strict=False)
    )
    return fitting / min(len(text), width)


@cache
def _places(shape: Shape) -> list[frozenset[str]]:
    """The alphabets of a zone of which nothing else is known."""
    layout = LAYOUTS[shape]
    return alphabets(shape, FILLER * layout.width * layout.height)


def _whole(row: _Row) -> Line:
    """The pieces of a row as one line, as sure as the least sure of them."""
    first, last = row.pieces[0].line.box, row.pieces[-1].line.box
    return Line(
        " ".join(piece.line.text for piece in row.pieces),
        min(piece.line.score for piece in row.pieces),
        (first[0], last[1], last[2], first[3]),
    )

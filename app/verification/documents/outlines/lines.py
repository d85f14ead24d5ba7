"""Which quads do the straight lines of a picture make? For documents that no threshold parts from their table."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.shapes import Floats, Quads, areas, convex

SEGMENTS = 320
"""Longest that are looked at: a page of print has thousands."""
LINES = 60
"""Longest lines that edges are taken from; with the next two it bounds the time, whatever the picture."""
QUADS_AT_MOST = 1000
"""Those drawn best."""
PAIRS = 110
"""Of opposite edges, for each of two headings, by how much of the lines is drawn."""
NEAR_PX = 2.5
"""A segment further from a line belongs to another."""
HEADING_DEGREES = 3.0
"""Between a segment and the line it belongs to."""
PARALLEL_DEGREES = 38.0
"""Between opposite edges, as perspective bends them at most at a lean of 35 degrees."""
OUTSIDE = 0.12
"""Of the picture's long side that a corner may lie beyond its frame."""
DRAWN = 0.35
"""Share of each edge that segments cover at least; shadows and a pattern beside it hide the rest."""
BIN_PX = 4
"""Length by which a line's cover is counted."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight lines, the longest first."""

    through: Floats
    """(n, 2), a point of each: the one next to the picture's middle."""
    along: Floats
    """(n, 2), of length one."""
    drawn: Floats
    """(n, bins + 1): length covered by segments from far before the middle up to each bin."""

    @property
    def headings(self) -> Floats:
        """Degrees, 0 to 180."""
        return np.asarray(np.degrees(np.arctan2(self.along[:, 1], self.along[:, 0])) % 180, np.float64)


def quads(grey: NDArray[np.uint8], least_area: float) -> Quads:
    """Every quad between two pairs of lines that is convex, drawn and large enough; clockwise."""
    size = np.array(grey.shape[::-1])
    lines = _lines(_segments(grey), size)
    found = [np.empty((0, 4, 2))]
    for heading in (0, 45):
        off = (lines.headings - heading + 45) % 180
        across, down = np.flatnonzero(off < 90), np.flatnonzero(off >= 90)
        met = _meetings(lines, _pairs(lines, across, size), _pairs(lines, down, size), size)
        found.append(met[convex(met) & (areas(met) >= least_area)])
    return np.concatenate(found)


def _segments(grey: NDArray[np.uint8]) -> Floats:
    """(n, 4), the longest first."""
    if min(grey.shape) < 16:
        return np.empty((0, 4))
    found = np.asarray(cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, 0.6).detect(grey)[0], np.float64)
    if found.ndim == 0:  # what numpy makes of OpenCV's None
        return np.empty((0, 4))
    segments = found.reshape(-1, 4)
    lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    return np.asarray(segments[np.argsort(-lengths)[:SEGMENTS]], np.float64)


def _lines(segments: Floats, size: Indices) -> Lines:
    """Segments of one line joined: print, a finger or a pattern breaks an edge into several."""
    middle = size / 2
    ends = segments.reshape(-1, 2, 2)
    vectors = ends[:, 1] - ends[:, 0]
    lengths = np.linalg.norm(vectors, axis=1)
    headings = np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])) % 180
    free = np.ones(len(segments), np.bool_)
    lines: list[tuple[Floats, Floats, Floats]] = []
    for seed in range(len(segments)):
        if not free[seed] or len(lines) == LINES + LINES // 2:
            continue
        along = vectors[seed] / lengths[seed]
        off = (ends - ends[seed, 0]) @ np.array([-along[1], along[0]])
        turned = np.abs((headings - headings[seed] + 90) % 180 - 90)
        own = free & (np.abs(off).max(axis=1) < NEAR_PX) & (turned < HEADING_DEGREES)
        free &= ~own
        through, along = _fitted(ends[own], lengths[own], along)
        through = through + along * ((middle - through) @ along)
        lines.append((through, along, _drawn((ends[own] - through) @ along, size)))
    lines = sorted(lines, key=lambda line: -line[2][-1])[:LINES]
    if not lines:
        return Lines(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 1)))
    return Lines(*(np.array([line[part] for line in lines]) for part in range(3)))


def _fitted(ends: Floats, lengths: Floats, along: Floats) -> tuple[Floats, Floats]:
    """The line through several segments, the longer counting more."""
    weights = np.repeat(lengths, 2)
    points = ends.reshape(-1, 2)
    centre = (points * weights[:, None]).sum(axis=0) / weights.sum()
    spread = (points - centre) * np.sqrt(weights)[:, None]
    (xx, xy), (_, yy) = spread.T @ spread
    turn = np.arctan2(2 * xy, xx - yy) / 2
    axis = np.array([np.cos(turn), np.sin(turn)])
    return centre, axis if axis @ along > 0 else -axis


def _drawn(stretches: Floats, size: Indices) -> Floats:
    """Length covered up to each bin, from half a diagonal and the room outside before the middle to as far behind it."""
    half = _half(size)
    bins = np.zeros(2 * half + 1)
    for start, end in np.clip(np.sort(stretches, axis=1) / BIN_PX + half, 0, 2 * half).astype(int):
        bins[start + 1 : end + 1] = BIN_PX
    return np.asarray(np.cumsum(bins), np.float64)


def _half(size: Indices) -> int:
    return int(np.ceil((0.5 + OUTSIDE) * float(np.hypot(*size)) / BIN_PX))


def _pairs(lines: Lines, which: Indices, size: Indices) -> Indices:
    """(n, 2): lines that may be opposite edges of one document, the most drawn first."""
    one, other = np.triu_indices(len(which), 1)
    one, other = which[one], which[other]
    turned = np.abs((lines.headings[one] - lines.headings[other] + 90) % 180 - 90)
    apart = np.abs(_across(lines, one, other) - _across(lines, other, one)) / 2
    length = lines.drawn[:, -1]
    kept = np.flatnonzero((turned < PARALLEL_DEGREES) & (apart > 0.1 * size.min()))
    best = kept[np.argsort(-np.minimum(length[one], length[other])[kept])[:PAIRS]]
    return np.stack([one[best], other[best]], axis=1)


def _across(lines: Lines, one: Indices, other: Indices) -> Floats:
    """Signed distance of the other line's middle from the one line."""
    offset, along = lines.through[other] - lines.through[one], lines.along[one]
    sign = np.where((lines.along[one] * lines.along[other]).sum(axis=1) < 0, -1.0, 1.0)
    return np.asarray((offset[:, 1] * along[:, 0] - offset[:, 0] * along[:, 1]) * np.where(one < other, sign, 1.0))


def _meetings(lines: Lines, across: Indices, down: Indices, size: Indices) -> Quads:
    """The quads of every pair with every other, where the lines are drawn between their corners."""
    first = across[:, None].repeat(len(down), axis=1).reshape(-1, 2)
    second = down[None].repeat(len(across), axis=0).reshape(-1, 2)
    order = (
        (first[:, 0], second[:, 0]),
        (first[:, 0], second[:, 1]),
        (first[:, 1], second[:, 1]),
        (first[:, 1], second[:, 0]),
    )
    corners = np.stack([_meeting(lines, one, other) for one, other in order], axis=1)
    rim = OUTSIDE * size.max()
    inside = ((corners > -rim) & (corners < size + rim)).all(axis=(1, 2))
    corners, first, second = corners[inside], first[inside], second[inside]
    sides = ((first[:, 0], 0, 1), (second[:, 1], 1, 2), (first[:, 1], 2, 3), (second[:, 0], 3, 0))
    cover = np.stack([_cover(lines, line, corners[:, a], corners[:, b], size) for line, a, b in sides], axis=1)
    drawn = np.flatnonzero((cover > DRAWN).all(axis=1))
    corners = corners[drawn[np.argsort(-cover[drawn].sum(axis=1))[:QUADS_AT_MOST]]]
    return np.asarray(np.where(areas(corners)[:, None, None] < 0, corners[:, ::-1], corners), np.float64)


def _meeting(lines: Lines, one: Indices, other: Indices) -> Floats:
    p, d, q, e = lines.through[one], lines.along[one], lines.through[other], lines.along[other]
    over = d[:, 0] * e[:, 1] - d[:, 1] * e[:, 0]
    step = ((q - p)[:, 0] * e[:, 1] - (q - p)[:, 1] * e[:, 0]) / np.where(np.abs(over) < 1e-9, 1e-9, over)
    return np.asarray(p + d * step[:, None], np.float64)


def _cover(lines: Lines, line: Indices, start: Floats, end: Floats, size: Indices) -> Floats:
    """Share of a side that its line is drawn along."""
    bins = [((at - lines.through[line]) * lines.along[line]).sum(axis=1) / BIN_PX + _half(size) for at in (start, end)]
    low, high = (np.clip(b, 0, lines.drawn.shape[1] - 1).astype(int) for b in (np.minimum(*bins), np.maximum(*bins)))
    drawn = lines.drawn[line, high] - lines.drawn[line, low]
    return np.asarray(drawn / np.maximum((high - low) * BIN_PX, 1), np.float64)

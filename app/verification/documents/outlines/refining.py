"""Where exactly do a quad's edges run? Each is moved to the steepest step near it, and the corners to their meetings."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image, meeting, through
from app.verification.documents.outlines.shapes import Floats, Quad

SAMPLES = 48
"""Points along each edge."""
ENDS = 0.1
"""Of an edge at each end, where its corner is rounded."""
REACH = 0.012
"""Of the quad's longest edge, to either side."""
ROUNDS = 2


def refined(quad: Quad, image: Image, cut: NDArray[np.bool_]) -> Quad:
    """The quad drawn to the edges of a picture in the same pixels; itself where the picture shows none near it.

    `cut`, (4,), tells of each edge whether it runs along the frame: there is no step, so it stays.
    """
    for _ in range(ROUNDS):
        ends = zip(quad, np.roll(quad, -1, axis=0), cut, _edges(quad, image), strict=True)
        lines = [through(start, end) if stays else line for start, end, stays, line in ends]
        corners = [meeting(lines[at - 1], lines[at]) for at in range(4)]
        moved = np.array([q if c is None else c for c, q in zip(corners, quad, strict=True)], np.float32)
        if not np.isfinite(moved).all() or np.abs(moved - quad).max() > 4 * REACH * _longest(quad) + 4:
            return quad
        quad = moved
    return quad


def _longest(quad: Quad) -> float:
    return float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).max())


def _edges(quad: Quad, image: Image) -> list[Floats]:
    """The homogeneous lines along the steepest steps that run across each edge; weak ones count less."""
    start, vector = quad.astype(np.float64), np.roll(quad, -1, axis=0).astype(np.float64) - quad
    along = vector / np.maximum(np.linalg.norm(vector, axis=1, keepdims=True), 1e-6)
    outward = np.stack([along[:, 1], -along[:, 0]], axis=1)
    reach = max(3, round(REACH * _longest(quad)))
    steps = np.arange(-reach - 1, reach + 2)
    points = start[:, None] + vector[:, None] * np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    grid = (points[:, :, None] + outward[:, None, None] * steps[:, None]).reshape(4 * SAMPLES, -1, 2).astype(np.float32)
    seen = cv2.remap(image, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rise = np.asarray(cv2.absdiff(seen[:, 2:], seen[:, :-2]).max(axis=2), np.float64)
    at = rise.argmax(axis=1)
    weight = rise[np.arange(len(at)), at].reshape(4, SAMPLES)
    offset = (steps[1:-1][at] + _between_pixels(rise, at)).reshape(4, SAMPLES)
    slope, middle = _fitted(offset, np.minimum(weight, np.median(weight, axis=1, keepdims=True)))
    first = start + vector * ENDS + outward * (middle - slope)[:, None]
    last = start + vector * (1 - ENDS) + outward * (middle + slope)[:, None]
    return [through(one, other) for one, other in zip(first, last, strict=True)]


def _between_pixels(rise: Floats, at: NDArray[np.intp]) -> Floats:
    """Where the top of a parabola through the steepest step and its neighbours lies, -0.5 to 0.5."""
    row, inner = np.arange(len(at)), np.clip(at, 1, rise.shape[1] - 2)
    low, top, high = (rise[row, inner + by] for by in (-1, 0, 1))
    bend = low - 2 * top + high
    bent = (bend < -1e-6) & (inner == at)
    return np.asarray(np.clip(np.where(bent, (low - high) / np.where(bent, 2 * bend, 1.0), 0.0), -0.5, 0.5), np.float64)


def _fitted(offset: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Slope and middle of each edge, (4,); what lies off by more than a pixel counts less in each of five rounds."""
    position = np.linspace(-1, 1, SAMPLES)
    slope, middle = np.zeros(4), np.median(offset, axis=1)
    for _ in range(5):
        off = np.abs(offset - middle[:, None] - slope[:, None] * position)
        share = (weight + 1e-3) / np.maximum(off, 0.7) ** 2
        share /= share.sum(axis=1, keepdims=True)
        mean_position, mean_offset = (share * position).sum(axis=1), (share * offset).sum(axis=1)
        lever = position - mean_position[:, None]
        slope = (share * lever * offset).sum(axis=1) / np.maximum((share * lever**2).sum(axis=1), 1e-9)
        middle = mean_offset - slope * mean_position
    return slope, middle

"""Where exactly do a quad's edges run? Each is moved to the steepest step near it, and the corners to their meetings."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.shapes import Floats, Quad

SAMPLES = 48
"""Points along each edge."""
ENDS = 0.1
"""Of an edge at each end, where its corner is rounded."""
REACH = 0.012
"""Of the quad's longest edge, to either side."""
ROUNDS = 2


def refined(quad: Quad, image: Image) -> Quad:
    """The quad drawn to the edges of a picture in the same pixels; itself where the picture shows none near it."""
    for _ in range(ROUNDS):
        lines = [_edge(quad[at], quad[(at + 1) % 4], quad, image) for at in range(4)]
        corners = [np.cross(lines[at - 1], lines[at]) for at in range(4)]
        if any(abs(corner[2]) < 1e-9 for corner in corners):
            return quad
        moved = np.array([corner[:2] / corner[2] for corner in corners], np.float32)
        if not np.isfinite(moved).all() or np.abs(moved - quad).max() > 4 * REACH * _longest(quad) + 4:
            return quad
        quad = moved
    return quad


def _longest(quad: Quad) -> float:
    return float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).max())


def _edge(start: NDArray[np.float32], end: NDArray[np.float32], quad: Quad, image: Image) -> Floats:
    """The homogeneous line along the steepest steps that run across an edge; weak ones count less."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
    outward = np.array([along[1], -along[0]])
    reach = max(3, round(REACH * _longest(quad)))
    steps = np.arange(-reach - 1, reach + 2)
    points = start + (end - start) * np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    grid = (points[:, None] + outward * steps[None, :, None]).astype(np.float32)
    seen = cv2.remap(image, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.float32
    )
    rise = np.abs(seen[:, 2:] - seen[:, :-2]).max(axis=2)
    at = rise.argmax(axis=1)
    weight = rise[np.arange(SAMPLES), at]
    offset = steps[1:-1][at] + _between_pixels(rise, at)
    position = np.linspace(-1, 1, SAMPLES)
    slope, middle = _line(position, offset, np.minimum(weight, np.median(weight)))
    ends = [
        start + (end - start) * share + outward * (middle + slope * at) for share, at in ((ENDS, -1), (1 - ENDS, 1))
    ]
    return np.cross(np.append(ends[0], 1.0), np.append(ends[1], 1.0))


def _between_pixels(rise: NDArray[np.float32], at: NDArray[np.intp]) -> Floats:
    """Where the top of a parabola through the steepest step and its neighbours lies, -0.5 to 0.5."""
    row, inner = np.arange(len(at)), np.clip(at, 1, rise.shape[1] - 2)
    low, top, high = (rise[row, inner + by].astype(np.float64) for by in (-1, 0, 1))
    bend = low - 2 * top + high
    shift = np.where(
        (np.abs(bend) > 1e-6) & (inner == at), (low - high) / np.where(np.abs(bend) > 1e-6, 2 * bend, 1), 0
    )
    return np.asarray(np.clip(shift, -0.5, 0.5), np.float64)


def _line(position: Floats, offset: Floats, weight: Floats) -> tuple[float, float]:
    """Slope and middle, what lies off by more than a pixel counting less in each of five rounds."""
    held = weight + 1e-3
    slope, middle = 0.0, float(np.median(offset))
    for _ in range(5):
        off = np.abs(offset - middle - slope * position)
        w = held / np.maximum(off, 0.7) ** 2
        mean_p, mean_o = float((w * position).sum() / w.sum()), float((w * offset).sum() / w.sum())
        spread = float((w * (position - mean_p) ** 2).sum())
        slope = float((w * (position - mean_p) * (offset - mean_o)).sum()) / max(spread, 1e-9)
        middle = mean_o - slope * mean_p
    return slope, middle

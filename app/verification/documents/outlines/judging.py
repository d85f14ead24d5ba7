"""How much does a quad look like the outline of a document? Edges along it, and what differs across them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image, saturation
from app.verification.documents.outlines.shapes import Floats, Quads

SAMPLES = 28
"""Points looked at along each edge, its rounded ends left out."""
ENDS = 0.08
"""Of an edge at each end: the corners of a card are rounded by 3 of its 54 mm (ISO/IEC 7810)."""
REACH = (-2, -1, 0, 1, 2)
"""Pixels across the edge that its step is looked for: a candidate's corners are that far off."""
STEP = (2.0, 6.0)
"""Grey levels to a pixel from which a change of level is an edge, at least and at most: between, by the noise."""
STEP_OVER_NOISE = 4.0
"""Medians of the gradient that an edge has."""
BROAD_PX = 41
"""Breadth of the strips that are compared as a whole."""
CHANGE_AT_MOST = 25.0
"""Grey levels that one change along an edge counts for."""
BESIDE_PX = 7.0
"""Distance from the edge at which the document and its table are compared, after a blur over as much."""


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What is seen along the edges of n quads; every array is (n, 4), one figure to an edge."""

    support: Floats
    """Share of the points with a step across the edge."""
    contrast: Floats
    """Between the colours right beside the edge on both sides, in grey levels."""
    apart: Floats
    """Between the mean colours of broad strips on both sides: a table's pattern goes on across its own lines."""
    rough_inside: Floats
    """Mean change of the colour along the inner side, in grey levels: a document has a margin."""

    def of_sides(self, sides: NDArray[np.bool_]) -> "Signs":
        """The same of three edges of each quad: `sides` is (n, 4)."""
        arrays = self.support, self.contrast, self.apart, self.rough_inside
        return Signs(*(array[sides].reshape(len(sides), 3) for array in arrays))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is looked up of a picture, prepared once."""

    gradient: NDArray[np.float32]
    """(h, w, 2): of light, or of saturation where that changes more, in grey levels to a pixel."""
    colour: NDArray[np.float32]
    """(h, w, 3): YCrCb, blurred."""
    broad: NDArray[np.float32]
    """The same, blurred over a whole cell of a pattern."""
    step: float
    """From which a gradient is an edge."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.colour.shape[1], self.colour.shape[0]

    @property
    def area(self) -> int:
        """In pixels."""
        return int(self.colour.shape[0] * self.colour.shape[1])


def prepared(image: Image) -> Picture:
    """The gradients and blurred colours of an RGB picture."""
    colour = cv2.cvtColor(cv2.blur(image, (7, 7)), cv2.COLOR_RGB2YCrCb).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(image, (3, 3), 0), np.uint8)
    light, tint = (
        _gradient(c) for c in (np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY), np.uint8), saturation(smooth))
    )
    strength = cv2.magnitude(*light)
    weaker = (cv2.magnitude(*tint) <= strength).astype(np.uint8)
    for own, better in zip(tint, light, strict=True):
        cv2.copyTo(better, weaker, own)
    step = float(np.clip(STEP_OVER_NOISE * np.median(strength[::4, ::4]), *STEP))
    broad = cv2.blur(colour, (BROAD_PX, BROAD_PX))
    return Picture(
        np.asarray(cv2.merge(tint), np.float32), np.asarray(colour, np.float32), np.asarray(broad, np.float32), step
    )


def _gradient(channel: Image) -> list[NDArray[np.float32]]:
    return [cv2.Scharr(channel, cv2.CV_32F, dx, dy, scale=1 / 32).astype(np.float32) for dx, dy in ((1, 0), (0, 1))]


def signs(quads: Quads, picture: Picture) -> Signs:
    """What is seen along each quad's edges; points beyond the frame count as neither edge nor contrast."""
    start, end = quads[:, :, None], np.roll(quads, -1, axis=1)[:, :, None]
    points = start + (end - start) * np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    along = (end - start) / np.maximum(np.linalg.norm(end - start, axis=-1, keepdims=True), 1e-6)
    outward = np.stack([along[..., 1], -along[..., 0]], axis=-1)
    inner, rough_inside = _colours(points - BESIDE_PX * outward, picture)
    outer, _ = _colours(points + BESIDE_PX * outward, picture)
    contrast = np.linalg.norm(inner - outer, axis=-1)
    strips = [_at(points[:, :, ::4] + side * BROAD_PX * 0.6 * outward, picture.broad).mean(axis=2) for side in (-1, 1)]
    apart = np.asarray(np.linalg.norm(strips[0] - strips[1], axis=-1), np.float64)
    return Signs(_support(points, outward, picture), contrast, apart, rough_inside)


def _support(points: Floats, outward: Floats, picture: Picture) -> Floats:
    seen = np.zeros(points.shape[:3])
    for step in REACH:
        gradient = _at(points + step * outward, picture.gradient)
        across = np.abs((gradient * outward).sum(axis=-1))
        straight = across >= 0.85 * np.linalg.norm(gradient, axis=-1)
        seen = np.maximum(seen, across * straight)
    return np.asarray((seen >= picture.step).mean(axis=-1), np.float64)


def _colours(points: Floats, picture: Picture) -> tuple[Floats, Floats]:
    """The median colour along each edge, and by how much each point differs from the next on the average.

    From the next and not from the median: a shadow's rim that crosses the edge is no pattern.
    """
    colours = _at(points, picture.colour)
    change = np.linalg.norm(np.diff(colours, axis=2), axis=-1)
    return np.median(colours, axis=2), np.asarray(np.minimum(change, CHANGE_AT_MOST).mean(axis=-1), np.float64)


def _at(points: Floats, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture's values at the nearest pixels, or of its border."""
    high, wide = picture.shape[:2]
    x = np.clip(np.rint(points[..., 0]), 0, wide - 1).astype(np.intp)
    y = np.clip(np.rint(points[..., 1]), 0, high - 1).astype(np.intp)
    return picture[y, x]


def scores(seen: Signs, shares: Floats) -> Floats:
    """How likely each quad is a document's outline, as a log of odds; `shares` is its area's of the picture.

    Logistic regression on the quads of drawn scenes with and without a document, seeds 300 to 309.
    """
    return np.asarray(
        1.37 * seen.support.min(axis=1)
        + 3.65 * seen.support.mean(axis=1)
        + 1.23 * np.log(np.clip(seen.contrast.min(axis=1), 3, 24))
        + 0.74 * np.log(np.clip(seen.apart.min(axis=1), 3, 24))
        - 2.62 * np.log(np.clip(seen.rough_inside.mean(axis=1), 1.5, 10))
        + 1.59 * np.log(np.maximum(shares, 1e-6))
        - 3.97,
        np.float64,
    )

"""How much does a quad look like the outline of a document? Edges along it, and what differs across them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.shapes import Floats, Quads

SAMPLES = 28
"""Points looked at along each edge, its rounded ends left out."""
ENDS = 0.08
"""Of an edge at each end: the corners of a card are rounded by 3 of its 54 mm (ISO/IEC 7810)."""
REACH = (-3, -2, -1, 0, 1, 2, 3)
"""Pixels across the edge that its step is looked for: a candidate's corners are that far off."""
STEP = 7.0
"""Grey levels to a pixel from which a change of level is an edge."""
BESIDE_PX = 7.0
"""Distance from the edge at which the document and its table are compared, after a blur over as much."""


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What is seen along the edges of n quads; every array is (n, 4), one figure to an edge."""

    support: Floats
    """Share of the points with a step across the edge."""
    contrast: Floats
    """Between the colours on both sides, in Lab units."""
    rough_inside: Floats
    """Mean deviation of the colour along the inner side, in Lab units: a document has a margin."""

    def of_sides(self, sides: NDArray[np.bool_]) -> "Signs":
        """The same of three edges of each quad: `sides` is (n, 4)."""
        arrays = self.support, self.contrast, self.rough_inside
        return Signs(*(array[sides].reshape(len(sides), 3) for array in arrays))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is looked up of a picture, prepared once."""

    gradient: NDArray[np.float32]
    """(h, w, 2): of the channel that changes most, in grey levels to a pixel."""
    colour: NDArray[np.float32]
    """(h, w, 3): Lab, blurred."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.colour.shape[1], self.colour.shape[0]

    @property
    def area(self) -> int:
        """In pixels."""
        return self.colour.shape[0] * self.colour.shape[1]


def prepared(image: Image) -> Picture:
    """The gradients and blurred colours of an RGB picture."""
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    across, down = (cv2.Scharr(smooth, cv2.CV_16S, dx, dy).astype(np.float32) / 32 for dx, dy in ((1, 0), (0, 1)))
    strength = across**2 + down**2
    most = strength.argmax(axis=2)[..., None]
    gradient = np.concatenate([np.take_along_axis(across, most, 2), np.take_along_axis(down, most, 2)], axis=2)
    colour = cv2.cvtColor(cv2.blur(image, (7, 7)), cv2.COLOR_RGB2LAB).astype(np.float32)
    return Picture(gradient, colour)


def signs(quads: Quads, picture: Picture) -> Signs:
    """What is seen along each quad's edges; points beyond the frame count as neither edge nor contrast."""
    start, end = quads[:, :, None], np.roll(quads, -1, axis=1)[:, :, None]
    points = start + (end - start) * np.linspace(ENDS, 1 - ENDS, SAMPLES)[:, None]
    along = (end - start) / np.maximum(np.linalg.norm(end - start, axis=-1, keepdims=True), 1e-6)
    outward = np.stack([along[..., 1], -along[..., 0]], axis=-1)
    inner, rough_inside = _colours(points - BESIDE_PX * outward, picture)
    outer, _ = _colours(points + BESIDE_PX * outward, picture)
    contrast = np.linalg.norm(inner - outer, axis=-1)
    return Signs(_support(points, outward, picture), contrast, rough_inside)


def _support(points: Floats, outward: Floats, picture: Picture) -> Floats:
    seen = np.zeros(points.shape[:3])
    for step in REACH:
        gradient = _at(points + step * outward, picture.gradient)
        across = np.abs((gradient * outward).sum(axis=-1))
        straight = across >= 0.85 * np.linalg.norm(gradient, axis=-1)
        seen = np.maximum(seen, across * straight)
    return np.asarray((seen >= STEP).mean(axis=-1), np.float64)


def _colours(points: Floats, picture: Picture) -> tuple[Floats, Floats]:
    """The median colour along each edge, and how far the points' own lie from it on the average."""
    colours = _at(points, picture.colour)
    middle = np.median(colours, axis=2)
    return middle, np.asarray(np.linalg.norm(colours - middle[:, :, None], axis=-1).mean(axis=-1), np.float64)


def _at(points: Floats, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The picture's values at the nearest pixels, or of its border."""
    high, wide = picture.shape[:2]
    x = np.clip(np.rint(points[..., 0]), 0, wide - 1).astype(np.intp)
    y = np.clip(np.rint(points[..., 1]), 0, high - 1).astype(np.intp)
    return picture[y, x]


def scores(seen: Signs, shares: Floats) -> Floats:
    """How likely each quad is a document's outline, as a log of odds; `shares` is its area's of the picture.

    Logistic regression on the quads of drawn scenes with and without a document, seeds 300 to 311.
    """
    return np.asarray(
        1.83 * seen.support.min(axis=1)
        + 2.01 * seen.support.mean(axis=1)
        + 2.14 * np.log(np.clip(seen.contrast.min(axis=1), 4, 24))
        - 3.10 * np.log(np.clip(seen.rough_inside.mean(axis=1), 4, 40))
        + 1.37 * np.log(np.maximum(shares, 1e-6))
        + 0.21,
        np.float64,
    )

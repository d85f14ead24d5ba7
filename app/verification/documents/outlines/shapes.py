"""Of which rectangle is a quad the picture, and how far does that lean? The algebra of four corners, many at once."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.formats import FORMATS, Format

Quad = NDArray[np.float32]
"""(4, 2), x and y in pixels, clockwise."""
Corners = NDArray[np.float32] | NDArray[np.float64]
"""(…, 2), points of a photograph."""
Quads = NDArray[np.float64]
"""(n, 4, 2), each clockwise."""
Floats = NDArray[np.float64]

FOCAL_LENGTHS = tuple(np.geomspace(0.6, 2.4, 12))
"""In long sides of the photograph: wide-angle phone to short telephoto. Perspective is taken out for each of them."""
USUAL_FOCAL_LENGTH = 1.0
"""A phone's main camera is one of 26 mm to a frame of 35 mm, 0.75 long sides; a cropped picture has a longer one."""
FOCAL_SPREAD = 0.5
"""Of its natural logarithm, one standard deviation: from 0.6 to 1.65."""
RATIO_RECTIFIED = 0.04
"""R27, once perspective is taken out."""
RATIO_SPREAD = 0.012
"""One standard deviation of a ratio measured; on drawn scenes, seeds below 500."""
SKEW_SPREAD = 1.5
"""Degrees that a right angle is off, one standard deviation; on the same scenes."""
BORDER = 0.003
"""Of the photograph's long side: a corner this near its border counts as cut."""
SKEW_AT_MOST = 4.0
"""Degrees: a rectangle's own corners are right angles for the camera that took it."""


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """What n quads would be for each of f focal lengths; every array is (n, f)."""

    ratio: Floats
    """The edge from the first to the second corner over the one from the second to the third."""
    skew: Floats
    """Degrees by which the angle between them is no right one."""
    lean: Floats
    """Degrees between the rectangle's plane and the camera's."""

    @property
    def cost(self) -> Floats:
        """How unlikely the focal length is, in variances: by its angle, and by what cameras have."""
        usual = np.log(np.array(FOCAL_LENGTHS) / USUAL_FOCAL_LENGTH) / FOCAL_SPREAD
        return np.asarray((self.skew / SKEW_SPREAD) ** 2 + usual**2, np.float64)


def poses(quads: Quads, size: tuple[int, int]) -> Poses:
    """Perspective taken out of each quad, for a camera that looks at the middle of a photograph of that size.

    The columns of the homography from the unit square, freed of the camera, are the rectangle's edges
    (Zhang, A Flexible New Technique for Camera Calibration, 2000).
    """
    focal = np.array(FOCAL_LENGTHS)[None] * max(size)
    with np.errstate(all="ignore"):
        first, second = (
            np.moveaxis(edge[:, None, :] / _axes(focal), -1, 0) for edge in _edges_of_unit_square(quads, size)
        )
        lengths = np.linalg.norm(first, axis=0), np.linalg.norm(second, axis=0)
        cosine = (first * second).sum(axis=0) / (lengths[0] * lengths[1])
        normal = np.cross(first, second, axis=0)
        upright = np.abs(normal[2]) / np.linalg.norm(normal, axis=0)
        return Poses(
            ratio=_finite(lengths[0] / lengths[1], 1e9),
            skew=_finite(np.degrees(np.arcsin(np.clip(np.abs(cosine), 0, 1))), 90.0),
            lean=_finite(np.degrees(np.arccos(np.clip(upright, 0, 1))), 90.0),
        )


def fitting(quads: Quads, size: tuple[int, int], formats: tuple[Format, ...] = FORMATS) -> Floats:
    """(n, formats): how badly each format fits each quad, in variances; infinite where R27 forbids it."""
    seen = poses(quads, size)
    ratio = np.maximum(seen.ratio, 1 / np.maximum(seen.ratio, 1e-9))[:, :, None]
    off = ratio / np.array([f.ratio for f in formats]) - 1
    cost = seen.cost[:, :, None] + (off / RATIO_SPREAD) ** 2
    allowed = (np.abs(off) <= RATIO_RECTIFIED) & (seen.skew[:, :, None] <= SKEW_AT_MOST)
    return np.asarray(np.where(allowed, cost, np.inf).min(axis=1), np.float64)


def lean(quad: Quad, size: tuple[int, int]) -> float:
    """Degrees between the document's plane and the camera's, for the likeliest focal length."""
    seen = poses(quad[None].astype(np.float64), size)
    return float(seen.lean[0, int(seen.cost[0].argmin())])


def lying(quad: Quad, size: tuple[int, int]) -> Quad:
    """The corners from one at which a long edge begins: the upper left one where the document lies level."""
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    clockwise = quad[np.argsort(angles)]
    seen = poses(clockwise[None].astype(np.float64), size)
    across = seen.ratio[0, int(seen.cost[0].argmin())] >= 1
    return np.asarray(clockwise if across else np.roll(clockwise, -1, axis=0), np.float32)


def areas(quads: Quads) -> Floats:
    """Of each quad, in pixels; negative where it runs counter-clockwise."""
    following = np.roll(quads, -1, axis=1)
    return np.asarray(
        (quads[:, :, 0] * following[:, :, 1] - following[:, :, 0] * quads[:, :, 1]).sum(axis=1) / 2, np.float64
    )


def convex(quads: Quads) -> NDArray[np.bool_]:
    """Whether each quad turns clockwise at every corner."""
    edge = np.roll(quads, -1, axis=1) - quads
    onward = np.roll(edge, -1, axis=1)
    return np.asarray((edge[:, :, 0] * onward[:, :, 1] - edge[:, :, 1] * onward[:, :, 0] > 0).all(axis=1), np.bool_)


def edge_lengths(quad: Corners) -> Floats:
    """Of the four edges, from the first corner on."""
    return np.asarray(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1), np.float64)


def _axes(focal: Floats) -> Floats:
    """(1, f, 3): by what each coordinate of a ray is divided."""
    return np.stack([focal, focal, np.ones_like(focal)], axis=-1)


def _edges_of_unit_square(quads: Quads, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """The first two columns of the homography from the unit square, (n, 3) each, origin in the picture's middle.

    Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, §2.2.3.
    """
    x, y = np.moveaxis(quads - np.array(size) / 2, -1, 0)
    across = x[:, 1] - x[:, 2], y[:, 1] - y[:, 2]
    down = x[:, 3] - x[:, 2], y[:, 3] - y[:, 2]
    bend = x[:, 0] - x[:, 1] + x[:, 2] - x[:, 3], y[:, 0] - y[:, 1] + y[:, 2] - y[:, 3]
    over = across[0] * down[1] - down[0] * across[1]
    g = (bend[0] * down[1] - down[0] * bend[1]) / over
    h = (across[0] * bend[1] - bend[0] * across[1]) / over
    first = np.stack([x[:, 1] - x[:, 0] + g * x[:, 1], y[:, 1] - y[:, 0] + g * y[:, 1], g], axis=-1)
    second = np.stack([x[:, 3] - x[:, 0] + h * x[:, 3], y[:, 3] - y[:, 0] + h * y[:, 3], h], axis=-1)
    return first, second


def _finite(values: Floats, otherwise: float) -> Floats:
    return np.asarray(np.nan_to_num(values, nan=otherwise, posinf=otherwise, neginf=otherwise), np.float64)


def overlap(one: Quad, other: Quad) -> float:
    """Share of the smaller quad that the other covers."""
    shared, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    return float(shared) / max(min(abs(float(a)) for a in areas(np.stack([one, other]).astype(np.float64))), 1.0)


def at_border(corners: Corners, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(…, 4): whether each point lies on or beyond the left, top, right and bottom border of the photograph."""
    x, y = corners[..., 0], corners[..., 1]
    rim = BORDER * max(size)
    return np.stack([x < rim, y < rim, x > size[0] - 1 - rim, y > size[1] - 1 - rim], axis=-1)


def turned_back(quad: Quad, quarters: int, size: tuple[int, int]) -> Quad:
    """A quad of a picture turned counter-clockwise by so many quarters, in the picture itself; `size` is its width and height."""
    (wide, high), (x, y) = size, (quad[:, 0], quad[:, 1])
    back = ((x, y), (wide - y, x), (wide - x, high - y), (y, high - x))[quarters % 4]
    return np.stack(back, axis=1).astype(np.float32)

"""Where is a document whose outline was not found? Placed by the words it prints at known places."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.anchors import Page, Sighting, direction, sightings
from app.verification.documents.outlines.formats import Format
from app.verification.documents.outlines.shapes import USUAL_FOCAL_LENGTH, Floats, Quad
from app.verification.examination import Line

LEAST_ANCHORS = 3
"""That agree: two place a similarity, the third bears it out."""
LEAST_REACH = (0.25, 0.3)
"""Of the canvas's width and height that the agreeing anchors span at least: beyond them all is extrapolated."""
ROUGHLY = 0.14
"""Of the canvas's width: how far perspective moves a point that a similarity places, at a lean of 35 degrees."""
CLOSELY = 0.015
"""Of the canvas's width: how far the boxes of OCR lie off the ink; half of it on drawn cards."""
USUAL_LEAN = 0.35
"""Radians, one standard deviation: a lean that few points tell of is drawn to none."""
LEAN_AT_MOST = 40.0
"""Degrees: at more no OCR reads the words."""
ASKEW, ASKEW_PER_DEGREE = 0.002, 0.0006
"""Of the canvas's width: how far a similarity leaves the anchors of a card that leans, at most. A lean of 25 degrees moves
them by 0.015, on 24 cards each of eight leans: what lies further off is not where it was drawn, whatever lean explains it."""
LOOSELY = 0.035
"""Of the canvas's width, 3 mm: how far labels lie off where they were drawn on a card of another edition or another hand."""
LEAST_WIDTH = 0.08
"""Of the photograph's long side, of the document's long edge: smaller print is not read."""
STEPS = 25
FIRST_LEANS = ((0.0, 0.0), (0.4, 0.0), (-0.4, 0.0), (0.0, 0.4), (0.0, -0.4))
"""Radians about both axes."""

Flags = NDArray[np.bool_]
"""(n,): which sightings."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A document placed by its anchors."""

    quad: Quad
    """Of the canvas in the photograph, clockwise from the true top left; it may reach beyond the frame."""
    format: Format
    tilt: float
    """Degrees between the document's plane and the camera's."""
    anchors: int
    """How many agree."""
    residual: float
    """Median distance of an agreeing anchor from its place, as a share of the canvas's width."""


def placed(lines: Sequence[Line], page: Page, size: tuple[int, int]) -> Placed | None:
    """The page in a photograph of that width and height, from all lines read of it; None where too few anchors agree.

    A pose has six numbers: where, how far, turned and leaning how much about two axes. They are found for one focal
    length, since a homography of eight would follow every error of boxes that stand in one column.
    """
    seen = sightings(lines, page)
    canvas, photograph = _points(seen, page.format, size)
    agreeing = _similar(canvas, photograph, seen)
    if agreeing is None:
        return None
    leaning = _leaning(canvas, photograph, seen, agreeing, page.format, size)
    return leaning or _flat(canvas, photograph, seen, agreeing, page.format, size, direction(lines))


def _leaning(
    canvas: Floats, photograph: Floats, seen: Sequence[Sighting], agreeing: Flags, shape: Format, size: tuple[int, int]
) -> Placed | None:
    """By a pose that explains closely where every agreeing anchor stands."""
    flat = float(np.median(_off(_start(canvas[agreeing], photograph[agreeing]), canvas, photograph)[agreeing]))
    pose = _likeliest(canvas[agreeing], photograph[agreeing])
    for reach in (6, 3, 2):
        pose = _fitted(pose, canvas[agreeing], photograph[agreeing])
        off = _off(pose, canvas, photograph)
        agreeing = off <= reach * CLOSELY
        if not _enough(agreeing, canvas, seen, shape):
            return None
    residual, tilt = float(np.median(off[agreeing])), float(np.degrees(np.hypot(*pose[4:])))
    believed = tilt <= LEAN_AT_MOST and flat <= ASKEW + ASKEW_PER_DEGREE * tilt
    if residual > CLOSELY or not believed or _tiny(pose):
        return None
    return Placed(_quad(pose, shape, size), shape, tilt, len(_names(seen, agreeing)), residual)


def _flat(
    canvas: Floats,
    photograph: Floats,
    seen: Sequence[Sighting],
    agreeing: Flags,
    shape: Format,
    size: tuple[int, int],
    turn: float,
) -> Placed | None:
    """By a similarity that explains about where they stand: what no pose explains is another layout, and tells no lean.

    Nor does it tell the turn, which the lines of its text do.
    """
    for reach in (2 * ROUGHLY, 2 * LOOSELY, 2 * LOOSELY):
        pose = _start(canvas[agreeing], photograph[agreeing], turn)
        off = _off(pose, canvas, photograph)
        agreeing = agreeing & (off <= reach)
        if not _enough(agreeing, canvas, seen, shape):
            return None
    residual = float(np.median(off[agreeing]))
    if residual > LOOSELY or _tiny(pose):
        return None
    return Placed(_quad(pose, shape, size), shape, 0.0, len(_names(seen, agreeing)), residual)


def _tiny(pose: Floats) -> bool:
    return bool(np.exp(-pose[2]) * USUAL_FOCAL_LENGTH < LEAST_WIDTH)


def _names(seen: Sequence[Sighting], agreeing: Flags) -> set[str]:
    return {s.anchor for s, kept in zip(seen, agreeing, strict=True) if kept}


def _points(seen: Sequence[Sighting], shape: Format, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """The ends of the anchors in canvas widths from its middle, and in focal lengths from the photograph's."""
    canvas = np.array([s.canvas for s in seen], np.float64).reshape(-1, 2)
    photograph = np.array([s.photograph for s in seen], np.float64).reshape(-1, 2)
    flat = (canvas - np.array(shape.canvas) / 2) / shape.canvas[0]
    return flat, (photograph - np.array(size) / 2) / (USUAL_FOCAL_LENGTH * max(size))


def _similar(canvas: Floats, photograph: Floats, seen: Sequence[Sighting]) -> Flags | None:
    """The sightings that the best similarity places about right; each two of them give one to try."""
    flat, shown = canvas @ (1, 1j), photograph @ (1, 1j)
    best, most = None, (LEAST_ANCHORS - 1, 0.0)
    for one in range(len(flat)):
        for other in range(one):
            if abs(flat[one] - flat[other]) < 0.1:
                continue
            ratio = (shown[one] - shown[other]) / (flat[one] - flat[other])
            off = np.abs(shown[one] + ratio * (flat - flat[one]) - shown) / max(abs(ratio), 1e-9)
            near = off <= ROUGHLY
            score = (len(_names(seen, near)), -float(off[near].mean()))
            if score > most:
                best, most = near, score
    return best


def _likeliest(canvas: Floats, photograph: Floats) -> Floats:
    """The best of the poses that fits from several leans lead to: from none at all some end in the opposite lean."""
    upright = _start(canvas, photograph)
    tried = [_fitted(upright + np.array([0, 0, 0, 0, *lean]), canvas, photograph) for lean in FIRST_LEANS]
    costs = [float((_residuals(pose, canvas, photograph) ** 2).sum()) for pose in tried]
    return tried[int(np.argmin(costs))]


def _start(canvas: Floats, photograph: Floats, turn: float | None = None) -> Floats:
    """The pose without a lean, or that of a known turn: x, y in focal lengths, log of distance, turn, and the two leans."""
    flat, shown = canvas @ (1, 1j), photograph @ (1, 1j)
    off = flat - flat.mean()
    ratio = (np.conj(off) @ (shown - shown.mean())) / max(float((np.abs(off) ** 2).sum()), 1e-9)
    if turn is not None:
        ratio = np.exp(1j * turn) * max(float((ratio * np.exp(-1j * turn)).real), 1e-9)
    middle = shown.mean() - ratio * flat.mean()
    return np.array([middle.real, middle.imag, -np.log(max(abs(ratio), 1e-9)), np.angle(ratio), 0.0, 0.0])


def _projected(pose: Floats, canvas: Floats) -> Floats:
    x, y, distance, turn, *leaning = pose
    rotation = cv2.Rodrigues(np.array([*leaning, 0.0]))[0] @ cv2.Rodrigues(np.array([0.0, 0.0, turn]))[0]
    away = np.exp(np.clip(distance, -5, 5))
    stood = canvas @ rotation[:, :2].T + np.array([x, y, 1.0]) * away
    return np.asarray(stood[:, :2] / np.maximum(stood[:, 2:], 1e-3), np.float64)


def _off(pose: Floats, canvas: Floats, photograph: Floats) -> Floats:
    """Distance of each sighting from where the pose places it, in canvas widths."""
    return np.asarray(np.linalg.norm(_projected(pose, canvas) - photograph, axis=1) * np.exp(np.clip(pose[2], -5, 5)))


def _fitted(pose: Floats, canvas: Floats, photograph: Floats) -> Floats:
    """Levenberg and Marquardt's method over six numbers; a sighting far off counts less (Huber)."""
    damping, cost = 1e-3, _residuals(pose, canvas, photograph)
    for _ in range(STEPS):
        slopes = (
            np.stack([_residuals(pose + 1e-6 * axis, canvas, photograph) - cost for axis in np.eye(6)], axis=1) / 1e-6
        )
        square = slopes.T @ slopes
        step = np.linalg.solve(square + damping * np.diag(np.diag(square) + 1e-9), -slopes.T @ cost)
        tried = _residuals(pose + step, canvas, photograph)
        if tried @ tried < cost @ cost:
            pose, cost, damping = pose + step, tried, damping / 5
        else:
            damping *= 10
    return pose


def _residuals(pose: Floats, canvas: Floats, photograph: Floats) -> Floats:
    """In standard deviations: of every coordinate, and of the two leans."""
    off = (_projected(pose, canvas) - photograph) * np.exp(np.clip(pose[2], -5, 5)) / (CLOSELY / 2)
    length = np.linalg.norm(off, axis=1, keepdims=True)
    held = off * np.where(length > 2, np.sqrt(np.maximum(4 * length - 4, 0)) / np.maximum(length, 1e-9), 1.0)
    return np.concatenate([held.ravel(), pose[4:] / USUAL_LEAN])


def _enough(agreeing: Flags, canvas: Floats, seen: Sequence[Sighting], shape: Format) -> bool:
    if len(_names(seen, agreeing)) < LEAST_ANCHORS:
        return False
    reach = np.ptp(canvas[agreeing], axis=0)
    return bool(reach[0] >= LEAST_REACH[0] and reach[1] >= LEAST_REACH[1] / shape.ratio)


def _quad(pose: Floats, shape: Format, size: tuple[int, int]) -> Quad:
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.5, 0.5 * shape.canvas[1] / shape.canvas[0])
    return np.asarray(_projected(pose, corners) * USUAL_FOCAL_LENGTH * max(size) + np.array(size) / 2, np.float32)

"""Where in a photograph is the card, and how does it look from straight above? Outline, homography, fixed canvas."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH
from app.verification.examination import Point

Image = NDArray[np.uint8]
"""(h, w, 3), RGB."""
Quad = NDArray[np.float32]
"""(4, 2), x and y in pixels, clockwise."""

RATIO = 85.6 / 54.0
"""ID-1, ISO/IEC 7810; R27."""
RATIO_AS_SEEN = 0.12
"""Perspective bends the outline by this share at most before it is straightened; advice on card detection, R27."""
RATIO_RECTIFIED = 0.04
"""R27, once perspective is taken out."""
FOCAL_LENGTHS = tuple(np.linspace(0.6, 2.4, 10))
"""In long sides of the photograph: wide-angle phone to short telephoto. Perspective is taken out for each of them."""
LEAST_SHARE = 0.20
"""Of the photograph that a card must fill."""
SEARCH_SIZE = 1000
"""Long side, in pixels, of the picture the outline is searched in."""
LEAST_SUPPORT = 0.5
"""Share of an outline that has to lie on an edge; found on drawn cards: 0.9 and more for the card's own."""
CUT_AT_MOST = 0.63
"""Of the ratio: a card cut further than to its square half is not told from other things."""
BORDER = 3
"""A corner this near the edge of the searched picture, in pixels, counts as cut."""


class Found(StrEnum):
    """How a card was found."""

    OUTLINE = "outline"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A card found and straightened."""

    canvas: Image
    """(638, 1012, 3), RGB; which side is up is for the text to say."""
    corners: tuple[Point, Point, Point, Point]
    """In the photograph, clockwise, beginning with what became the canvas's top left."""
    found: Found
    width_px: float
    """The longer of its two long edges in the photograph."""
    edge_cut: bool
    """A corner lies outside the photograph or on its border."""


def find_card(image: Image) -> Card | None:
    """The card in a photograph, (h, w, 3) uint8 RGB; None where nothing has its outline or its ratio."""
    scale = min(1.0, SEARCH_SIZE / max(image.shape[:2]))
    height, width, _ = image.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))  # a thread of pixels stays one
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1 else image
    whole, cut = _best_outlines(np.asarray(small, np.uint8), size)
    if whole is None and _level_ratio_fits(size):
        frame = np.array([(0, 0), (image.shape[1], 0), image.shape[1::-1], (0, image.shape[0])], np.float32)
        return _rectified(image, _lying(frame), Found.WHOLE)
    quad = whole if whole is not None else cut
    return None if quad is None else _rectified(image, _lying(quad) / np.float32(scale), Found.OUTLINE)


def rotated(canvas: Image) -> Image:
    """The canvas turned by 180 degrees."""
    return np.ascontiguousarray(canvas[::-1, ::-1])


def rectified_ratio(quad: Quad, size: tuple[int, int], focal: float) -> float:
    """Long over short edge of the rectangle a quad is the picture of, for a focal length in pixels.

    The columns of the homography from the unit square, freed of the camera, are the rectangle's edges
    (Zhang, A Flexible New Technique for Camera Calibration, 2000).
    """
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    homography = cv2.getPerspectiveTransform(square, quad.astype(np.float32))
    camera = np.array([(focal, 0, size[0] / 2), (0, focal, size[1] / 2), (0, 0, 1)])
    freed = np.linalg.solve(camera, homography)
    across, down = float(np.linalg.norm(freed[:, 0])), float(np.linalg.norm(freed[:, 1]))
    return max(across, down) / max(min(across, down), 1e-9)


def _best_outlines(image: Image, size: tuple[int, int]) -> tuple[Quad | None, Quad | None]:
    """The quad most likely a card, and the one most likely what the frame left of one; by edge support and area."""
    edges = _edges(image)
    best: dict[bool, tuple[float, Quad]] = {}
    for quad in _quads(image, LEAST_SHARE * size[0] * size[1]):
        if all(_on_border(corner[None], size) for corner in quad):
            continue  # the frame of the photograph, not a thing in it
        whole = _card_like(quad, size)
        support = _support(quad, edges)
        if (whole or _cut_card_like(quad, size)) and support >= LEAST_SUPPORT:
            score = support * _area(quad) ** 0.25
            best[whole] = max(best.get(whole, (0.0, quad)), (score, quad), key=lambda scored: scored[0])
    return (best[True][1] if True in best else None), (best[False][1] if False in best else None)


def _level_ratio_fits(size: tuple[int, int]) -> bool:
    """The picture itself may be nothing but the card, cut out by whoever took it."""
    return abs(max(size) / min(size) / RATIO - 1) <= RATIO_AS_SEEN


def _quads(image: Image, least_area: float) -> Iterator[Quad]:
    for mask in _masks(image):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        quads = (_quad(np.asarray(contour, np.int32), least_area) for contour in contours)
        yield from (quad for quad in quads if quad is not None)


def _edges(image: Image) -> Image:
    """Where the picture has an edge, five pixels wide; its own border is one, so that a cut card has four."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (5, 5), 0)
    edges = cv2.dilate(cv2.Canny(grey, 30, 90), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.rectangle(edges, (0, 0), (edges.shape[1] - 1, edges.shape[0] - 1), 255, BORDER), np.uint8)


def _masks(image: Image) -> Iterator[Image]:
    """Black-and-white renderings in which a card may be one blob: edges closed, and thresholds of several channels."""
    for low, high in ((15, 45), (30, 90), (60, 150)):
        for kernel in (3, 7):
            smooth = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (5, 5), 0)
            edges = cv2.Canny(smooth, low, high)
            yield np.asarray(cv2.dilate(edges, np.ones((kernel, kernel), np.uint8)), np.uint8)
    laboratory = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
    saturation = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)[:, :, 1]
    for channel in (*cv2.split(laboratory), saturation):
        smooth = cv2.medianBlur(channel, 7)
        _, otsu = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for mask in (otsu, cv2.bitwise_not(otsu)):
            yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)


def _quad(contour: NDArray[np.int32], least_area: float) -> Quad | None:
    """The four corners of a contour that is one; rounded corners and a bitten edge are smoothed by the hull."""
    hull = cv2.convexHull(contour)
    if cv2.contourArea(hull) < least_area:
        return None
    length = cv2.arcLength(hull, closed=True)
    for share in (0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, share * length, closed=True)
        if len(corners) == 4:
            return _sharpened(np.asarray(hull, np.int32).reshape(-1, 2), corners.reshape(4, 2).astype(np.float32))
    return None


def _sharpened(hull: NDArray[np.int32], quad: Quad) -> Quad:
    """Corners moved to where the edges' own lines meet: a card's corners are rounded by 3 mm (ISO/IEC 7810)."""
    lines = [_edge_line(hull, quad[at], quad[(at + 1) % 4]) for at in range(4)]
    corners = [_meeting(lines[at - 1], lines[at]) for at in range(4)]
    moved = np.array([q if c is None else c for c, q in zip(corners, quad, strict=True)], np.float32)
    reach = 0.1 * float(np.linalg.norm(quad[0] - quad[2]))
    return moved if float(np.abs(moved - quad).max()) < reach else quad


def _edge_line(hull: NDArray[np.int32], start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float64]:
    """The homogeneous line through an edge, fitted to the outline's points along its middle."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
    dense = _dense(hull)
    offset = dense - start
    position = offset @ along
    distance = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0])
    length = float(np.linalg.norm(end - start))
    near = dense[(position > 0.12 * length) & (position < 0.88 * length) & (distance < 0.02 * length + 2)]
    if len(near) < 2:
        return np.cross(np.append(start, 1.0), np.append(end, 1.0))
    vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.cross(np.array([x, y, 1.0]), np.array([x + vx, y + vy, 1.0]))


def _dense(hull: NDArray[np.int32]) -> NDArray[np.float32]:
    """Points along the whole outline, forty to an edge of the hull."""
    nxt = np.roll(hull, -1, axis=0)
    steps = np.linspace(0, 1, 40, endpoint=False)[:, None, None]
    return np.asarray((hull + (nxt - hull) * steps).reshape(-1, 2), np.float32)


def _meeting(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64] | None:
    x, y, w = np.cross(one, other)
    return None if abs(w) < 1e-9 else np.array([x / w, y / w])


def _card_like(quad: Quad, size: tuple[int, int]) -> bool:
    """Convex, of the card's ratio as seen, and of its exact ratio for a camera that may have taken it (R27)."""
    if not cv2.isContourConvex(quad.astype(np.int32)) or _area(quad) < LEAST_SHARE * size[0] * size[1]:
        return False
    if abs(_ratio(quad) / RATIO - 1) > RATIO_AS_SEEN:
        return False
    ratios = (rectified_ratio(quad, size, float(focal) * max(size)) for focal in FOCAL_LENGTHS)
    return any(abs(ratio / RATIO - 1) <= RATIO_RECTIFIED for ratio in ratios)


def _cut_card_like(quad: Quad, size: tuple[int, int]) -> bool:
    """What is left of a card when the frame cuts one end off: two corners on the border, shorter than a card."""
    on_border = sum(_on_border(corner[None], size) for corner in quad)
    return (
        on_border == 2
        and bool(cv2.isContourConvex(quad.astype(np.int32)))
        and CUT_AT_MOST <= _ratio(quad) / RATIO <= 1 + RATIO_AS_SEEN
    )


def _support(quad: Quad, edges: Image) -> float:
    """Share of the outline that lies on an edge of the picture."""
    outline = np.zeros(edges.shape, np.uint8)
    cv2.polylines(outline, [np.rint(quad).astype(np.int32)], isClosed=True, color=255, thickness=1)
    on = outline > 0
    return float((edges[on] > 0).mean()) if on.any() else 0.0


def _area(quad: Quad) -> float:
    return float(cv2.contourArea(quad))


def _edge_lengths(quad: Quad) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1), np.float64)


def _ratio(quad: Quad) -> float:
    top, right, bottom, left = _edge_lengths(quad)
    across, down = float(top + bottom), float(right + left)
    return max(across, down) / max(min(across, down), 1e-9)


def _lying(quad: Quad) -> Quad:
    """The corners clockwise, from one at which a long edge begins: the upper left one where the card lies level."""
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    clockwise = quad[np.argsort(angles)]
    top, right, bottom, left = _edge_lengths(clockwise)
    return clockwise if top + bottom >= right + left else np.roll(clockwise, -1, axis=0)


def _rectified(image: Image, quad: Quad, found: Found) -> Card:
    size = (image.shape[1], image.shape[0])
    target = np.array([(0, 0), (CANVAS_WIDTH, 0), (CANVAS_WIDTH, CANVAS_HEIGHT), (0, CANVAS_HEIGHT)], np.float32)
    homography = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    canvas = cv2.warpPerspective(
        image, homography, (CANVAS_WIDTH, CANVAS_HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    lengths = _edge_lengths(quad)
    a, b, c, d = ((float(x), float(y)) for x, y in quad)
    return Card(
        canvas=np.asarray(canvas, np.uint8),
        corners=(a, b, c, d),
        found=found,
        width_px=float(max(lengths[0], lengths[2])),
        edge_cut=found is Found.OUTLINE and _on_border(quad, size),
    )


def _on_border(quad: Quad, size: tuple[int, int]) -> bool:
    rim = BORDER * max(1.0, max(size) / SEARCH_SIZE)
    return bool((quad < rim).any() or (quad[:, 0] > size[0] - 1 - rim).any() or (quad[:, 1] > size[1] - 1 - rim).any())

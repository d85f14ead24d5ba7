"""Which four-cornered patches has a picture? Edges closed and thresholds of several channels, their hulls' corners."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.shapes import Floats, Quad

Image = NDArray[np.uint8]
"""(h, w, 3), RGB; or (h, w), a mask or one channel."""
Points = NDArray[np.int32]
"""(n, 2)."""

CONTOURS_AT_MOST = 12
"""The largest of each mask that are looked at: the time is bounded, whatever the picture."""
HULL_FILLED = 0.6
"""Share of a contour's hull that the blob of a document fills; a bent line fills less."""


def quads(image: Image, least_area: float) -> list[Quad]:
    """The patches with four corners, unordered; the same one may come several times."""
    found = []
    for mask in _masks(image):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        large = [(w * h, c) for c in contours for _, _, w, h in [cv2.boundingRect(c)] if w * h >= least_area]
        for _, contour in sorted(large, key=lambda sized: -sized[0])[:CONTOURS_AT_MOST]:
            quad = _quad(np.asarray(contour, np.int32), least_area)
            if quad is not None:
                found.append(quad)
    return found


def _masks(image: Image) -> Iterator[Image]:
    """Black-and-white renderings in which a document may be one blob; openings part it from a pattern it touches."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (5, 5), 0)
    for low, high, kernel in ((12, 36, 3), (30, 90, 3), (30, 90, 7), (60, 150, 5)):
        yield np.asarray(cv2.dilate(cv2.Canny(grey, low, high), np.ones((kernel, kernel), np.uint8)), np.uint8)
    smooth = cv2.blur(image, (5, 5))
    saturation = cv2.cvtColor(smooth, cv2.COLOR_RGB2HSV)[:, :, 1]
    for channel in (*cv2.split(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB)), saturation):
        _, otsu = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for mask in (otsu, cv2.bitwise_not(otsu)):
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
            yield np.asarray(closed, np.uint8)
            yield np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8)), np.uint8)


def _quad(contour: Points, least_area: float) -> Quad | None:
    """The four corners of a contour that is one; rounded corners and a bitten edge are smoothed by the hull."""
    hull = cv2.convexHull(contour)
    if cv2.contourArea(hull) < least_area:
        return None
    length = cv2.arcLength(hull, closed=True)
    for share in (0.02, 0.04, 0.08):
        corners = cv2.approxPolyDP(hull, share * length, closed=True)
        if len(corners) == 4:
            return _sharpened(np.asarray(hull, np.int32).reshape(-1, 2), corners.reshape(4, 2).astype(np.float32))
    return None


def _sharpened(hull: Points, quad: Quad) -> Quad:
    """Corners moved to where the edges' own lines meet: a card's corners are rounded by 3 mm (ISO/IEC 7810)."""
    dense = _dense(hull)
    lines = [_edge_line(dense, quad[at], quad[(at + 1) % 4]) for at in range(4)]
    corners = [_meeting(lines[at - 1], lines[at]) for at in range(4)]
    moved = np.array([q if c is None else c for c, q in zip(corners, quad, strict=True)], np.float32)
    reach = 0.1 * float(np.linalg.norm(quad[0] - quad[2]))
    return moved if float(np.abs(moved - quad).max()) < reach else quad


def _edge_line(dense: NDArray[np.float32], start: NDArray[np.float32], end: NDArray[np.float32]) -> Floats:
    """The homogeneous line through an edge, fitted to the outline's points along its middle."""
    length = float(np.linalg.norm(end - start))
    along = (end - start) / max(length, 1e-6)
    offset = dense - start
    position = offset @ along
    distance = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0])
    near = dense[(position > 0.12 * length) & (position < 0.88 * length) & (distance < 0.02 * length + 2)]
    if len(near) < 2:
        return np.cross(np.append(start, 1.0), np.append(end, 1.0))
    vx, vy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.cross(np.array([x, y, 1.0]), np.array([x + vx, y + vy, 1.0]))


def _dense(hull: Points) -> NDArray[np.float32]:
    """Points along the whole outline, forty to an edge of the hull."""
    following = np.roll(hull, -1, axis=0)
    steps = np.linspace(0, 1, 40, endpoint=False)[:, None, None]
    return np.asarray((hull + (following - hull) * steps).reshape(-1, 2), np.float32)


def _meeting(one: Floats, other: Floats) -> Floats | None:
    x, y, w = np.cross(one, other)
    return None if abs(w) < 1e-9 else np.array([x / w, y / w])

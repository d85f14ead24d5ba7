"""How does a phone see a card? Lays a drawing on a desk and photographs it: lean, light, noise, blur, JPEG."""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, Size, to_picture

Corners = NDArray[np.float64]
"""(4, 2), x and y in pixels: the card's corners as printed, clockwise from its own top left."""

DESKS = ((62, 84, 112), (84, 76, 70), (70, 92, 78), (96, 66, 58), (58, 58, 64))
"""Darker than a card, as the capture guide asks for."""
MEAN_LIGHT = 0.82
"""Of the drawing's own grey levels: a well exposed card is not saturated even at its brighter side."""


class Flat(Protocol):
    """What can be laid on a desk: every drawing."""

    @property
    def canvas(self) -> Picture:
        """What is printed on it."""

    @property
    def corner_px(self) -> int:
        """How far its corners are rounded."""


@dataclass(frozen=True, slots=True)
class Capture:
    """How a photograph is taken; the seed decides what lies within the limits."""

    seed: int = 0
    frame: tuple[int, int] = (1600, 1200)
    """Width, height in pixels."""
    card_share: float = 0.76
    """The card's long edge over the frame's width."""
    turn_degrees: float = 4.0
    """In the plane of the desk, to either side at most."""
    lean_degrees: float = 9.0
    """Out of that plane, about each axis, at most."""
    unevenness: float = 0.22
    """Light at the bright edge over the mean, less one."""
    noise: float = 3.0
    """Standard deviation, grey levels."""
    blur_px: float = 0.7
    """Standard deviation of the lens."""
    jpeg_quality: int = 90


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """Pixels as decoded, and where the card truly lies in them."""

    pixels: Picture
    corners: Corners
    canvas: Size
    """Of the drawing."""
    jpeg_quality: int
    others: tuple[Corners, ...] = ()
    """Of further cards in the same picture."""

    def jpeg(self) -> bytes:
        """What the phone sends."""
        return cv2.imencode(".jpg", self.pixels, (cv2.IMWRITE_JPEG_QUALITY, self.jpeg_quality))[1].tobytes()


def photograph(drawing: Flat, capture: Capture | None = None) -> Photograph:
    """The drawing on a desk; the same capture gives the same photograph."""
    capture = capture or Capture()
    chance = np.random.default_rng(capture.seed)
    corners = corners_seen(capture, size_of(drawing), chance)
    return taken(drawing, corners, desk(capture, chance), capture, chance)


def taken(
    drawing: Flat, corners: Corners, scene: NDArray[np.float32], capture: Capture, chance: np.random.Generator
) -> Photograph:
    """The drawing laid over the scene with its corners there."""
    lay(scene, drawing, corners)
    return Photograph(developed(scene, capture, chance), corners, size_of(drawing), capture.jpeg_quality)


def developed(scene: NDArray[np.float32], capture: Capture, chance: np.random.Generator) -> Picture:
    """What the camera makes of the scene: uneven light, the lens, the sensor's noise."""
    scene *= light(capture, chance)
    soft = cv2.GaussianBlur(scene, (0, 0), capture.blur_px)
    return to_picture(soft + capture.noise * chance.standard_normal(scene.shape, np.float32))


def rectified(photo: Photograph) -> Picture:
    """The document back on its canvas by the corners we know; a reader has to find them first."""
    homography = cv2.getPerspectiveTransform(photo.corners.astype(np.float32), corners_of(photo.canvas))
    return np.asarray(cv2.warpPerspective(photo.pixels, homography, photo.canvas, flags=cv2.INTER_AREA), np.uint8)


def size_of(drawing: Flat) -> Size:
    """Of its canvas."""
    return drawing.canvas.shape[1], drawing.canvas.shape[0]


def corners_of(size: Size) -> NDArray[np.float32]:
    """The four corners of a canvas, clockwise from the top left."""
    wide, high = size
    return np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)


def corners_seen(capture: Capture, size: Size, chance: np.random.Generator) -> Corners:
    """A pinhole camera over a card that is turned and leans a little; its focal length is 1.2 frame widths."""
    wide, high = capture.frame
    lean_x, lean_y = np.radians(chance.uniform(-capture.lean_degrees, capture.lean_degrees, 2))
    turn = np.radians(chance.uniform(-capture.turn_degrees, capture.turn_degrees))
    seen = seen_leaning((lean_x, lean_y, turn), size, capture.card_share)
    room = (1 - capture.card_share) * 0.15
    centre = np.array([wide, high]) / 2 + chance.uniform(-room, room, 2) * (wide, high)
    return np.asarray(seen * capture.card_share * wide + centre, np.float64)


def seen_leaning(angles: tuple[float, float, float], size: Size, share: float) -> Corners:
    """A card one wide, leaning about two axes and turned about the third, in radians, around its middle."""
    lean_x, lean_y, turn = angles
    rotation = cv2.Rodrigues(np.array([lean_x, lean_y, 0.0]))[0] @ cv2.Rodrigues(np.array([0.0, 0.0, turn]))[0]
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float64) * (0.5, 0.5 * size[1] / size[0], 0)
    stood = flat @ rotation.T
    return np.asarray(stood[:, :2] / (1 + stood[:, 2:] * share / 1.2), np.float64)


def desk(capture: Capture, chance: np.random.Generator) -> NDArray[np.float32]:
    """A plain surface with a faint grain along it."""
    wide, high = capture.frame
    colour = np.array(DESKS[int(chance.integers(len(DESKS)))], np.float32)
    grain = cv2.GaussianBlur(chance.standard_normal((high, wide), np.float32), (0, 0), 24, sigmaY=1.5)
    return np.ascontiguousarray(colour + 40 * grain[..., None], np.float32)


def cast_shadow(scene: NDArray[np.float32], corners: Corners) -> None:
    """The soft dark rim below and beside a card that lies on something."""
    shadow = np.zeros(scene.shape[:2], np.float32)
    cv2.fillConvexPoly(shadow, (corners + np.array([5, 8])).astype(np.int32), (1.0,))
    scene *= 1 - 0.45 * cv2.GaussianBlur(shadow, (0, 0), 7)[..., None]


def lay(scene: NDArray[np.float32], drawing: Flat, corners: Corners) -> None:
    """The document and its shadow over the desk, its corners rounded."""
    cast_shadow(scene, corners)
    size = (scene.shape[1], scene.shape[0])
    homography = cv2.getPerspectiveTransform(corners_of(size_of(drawing)), corners.astype(np.float32))
    seen = cv2.warpPerspective(drawing.canvas, homography, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(rounded(drawing), homography, size, flags=cv2.INTER_LINEAR)[..., None]
    scene += inside * (seen.astype(np.float32) - scene)


def rounded(drawing: Flat) -> NDArray[np.float32]:
    """One inside the document, zero outside its rounded corners."""
    (wide, high), radius = size_of(drawing), drawing.corner_px
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    past_x = np.maximum(np.abs(x - wide / 2) - (wide / 2 - radius), 0)
    past_y = np.maximum(np.abs(y - high / 2) - (high / 2 - radius), 0)
    return np.asarray(np.clip(radius - np.hypot(past_x, past_y) + 0.5, 0, 1), np.float32)


def light(capture: Capture, chance: np.random.Generator) -> NDArray[np.float32]:
    """Brighter towards one side, (height, width, 1)."""
    wide, high = capture.frame
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    heading = chance.uniform(0, 2 * np.pi)
    ramp = (x * np.cos(heading) + y * np.sin(heading)) / np.sqrt(2)
    return np.asarray(MEAN_LIGHT + capture.unevenness * ramp[..., None], np.float32)

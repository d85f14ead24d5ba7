"""How does a phone see a card? Lays a drawing on a desk and photographs it: lean, light, noise, blur, JPEG."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.resident_card import HEIGHT, WIDTH, Drawing, Picture, to_picture

Corners = NDArray[np.float64]
"""(4, 2), x and y in pixels: the card's corners as printed, clockwise from its own top left."""

DESKS = ((62, 84, 112), (84, 76, 70), (70, 92, 78), (96, 66, 58), (58, 58, 64))
"""Darker than a card, as the capture guide asks for."""
MEAN_LIGHT = 0.82
"""Of the drawing's own grey levels: a well exposed card is not saturated even at its brighter side."""
CORNER_RADIUS = 38
"""3.18 mm, ISO/IEC 7810."""


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
    jpeg_quality: int

    def jpeg(self) -> bytes:
        """What the phone sends."""
        return cv2.imencode(".jpg", self.pixels, (cv2.IMWRITE_JPEG_QUALITY, self.jpeg_quality))[1].tobytes()


def photograph(drawing: Drawing, capture: Capture | None = None) -> Photograph:
    """The drawing on a desk; the same capture gives the same photograph."""
    capture = capture or Capture()
    chance = np.random.default_rng(capture.seed)
    corners = corners_seen(capture, chance)
    scene = desk(capture, chance)
    cast_shadow(scene, corners)
    lay(scene, drawing.canvas, corners)
    scene *= light(capture, chance)
    soft = cv2.GaussianBlur(scene, (0, 0), capture.blur_px)
    noise = capture.noise * chance.standard_normal(scene.shape, np.float32)
    return Photograph(to_picture(soft + noise), corners, capture.jpeg_quality)


def rectified(photo: Photograph) -> Picture:
    """The card back on its canvas by the corners we know; a reader has to find them first."""
    homography = cv2.getPerspectiveTransform(photo.corners.astype(np.float32), canvas_corners())
    return np.asarray(cv2.warpPerspective(photo.pixels, homography, (WIDTH, HEIGHT), flags=cv2.INTER_AREA), np.uint8)


def canvas_corners() -> NDArray[np.float32]:
    """The four corners of the canvas, clockwise from the top left."""
    return np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)


def corners_seen(capture: Capture, chance: np.random.Generator) -> Corners:
    """A pinhole camera over a card that is turned and leans a little; its focal length is 1.2 frame widths."""
    wide, high = capture.frame
    lean_x, lean_y = np.radians(chance.uniform(-capture.lean_degrees, capture.lean_degrees, 2))
    turn = np.radians(chance.uniform(-capture.turn_degrees, capture.turn_degrees))
    rotation = cv2.Rodrigues(np.array([lean_x, lean_y, 0.0]))[0] @ cv2.Rodrigues(np.array([0.0, 0.0, turn]))[0]
    flat = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float64) * (0.5, 0.5 * HEIGHT / WIDTH, 0)
    stood = flat @ rotation.T
    seen = stood[:, :2] / (1 + stood[:, 2:] * capture.card_share / 1.2)
    room = (1 - capture.card_share) * 0.15
    centre = np.array([wide, high]) / 2 + chance.uniform(-room, room, 2) * (wide, high)
    return np.asarray(seen * capture.card_share * wide + centre, np.float64)


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


def lay(scene: NDArray[np.float32], canvas: Picture, corners: Corners) -> None:
    """The card over the desk, its corners rounded."""
    size = (scene.shape[1], scene.shape[0])
    homography = cv2.getPerspectiveTransform(canvas_corners(), corners.astype(np.float32))
    seen = cv2.warpPerspective(canvas, homography, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(rounded(), homography, size, flags=cv2.INTER_LINEAR)[..., None]
    scene += inside * (seen.astype(np.float32) - scene)


def rounded() -> NDArray[np.float32]:
    """One inside the card, zero outside its rounded corners."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    past_x = np.maximum(np.abs(x - WIDTH / 2) - (WIDTH / 2 - CORNER_RADIUS), 0)
    past_y = np.maximum(np.abs(y - HEIGHT / 2) - (HEIGHT / 2 - CORNER_RADIUS), 0)
    return np.asarray(np.clip(CORNER_RADIUS - np.hypot(past_x, past_y) + 0.5, 0, 1), np.float32)


def light(capture: Capture, chance: np.random.Generator) -> NDArray[np.float32]:
    """Brighter towards one side, (height, width, 1)."""
    wide, high = capture.frame
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    heading = chance.uniform(0, 2 * np.pi)
    ramp = (x * np.cos(heading) + y * np.sin(heading)) / np.sqrt(2)
    return np.asarray(MEAN_LIGHT + capture.unevenness * ramp[..., None], np.float32)

"""Whose face is on a specimen? Two real portraits in the public domain, found in the wheels that carry them."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from app.specimens.canvas import Box, Picture, to_picture

SELFIE_WIDTH, SELFIE_HEIGHT = 960, 1280
QUARTER_TURNS_BACK = {1: None, 3: cv2.ROTATE_180, 6: cv2.ROTATE_90_COUNTERCLOCKWISE, 8: cv2.ROTATE_90_CLOCKWISE}
"""How the sensor lay for each EXIF orientation; the mirrored ones no camera writes."""


class PortraitMissing(Exception):
    """The package that carries the portrait is not installed."""


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """One photograph of a person, and how it is framed for a card and for a selfie."""

    photograph: Picture
    card_frame: Box
    """Ratio 310 : 380."""
    selfie_frame: Box
    """Ratio 3 : 4; wider, and never with a second face in it."""

    def for_card(self) -> Picture:
        """Head and shoulders, as printed."""
        return cropped(self.photograph, self.card_frame)


def astronaut() -> Portrait:
    """Eileen Collins (NASA); framed narrowly, because a detector sees a second face in the whole picture."""
    return Portrait(installed("skimage", "data/astronaut.png"), (127, 2, 190, 233), (87, 0, 270, 360))


def grace_hopper() -> Portrait:
    """Grace Hopper (US Navy)."""
    return Portrait(
        installed("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"), (68, 0, 400, 490), (48, 10, 440, 586)
    )


def selfie(portrait: Portrait, seed: int, orientation: int = 1) -> bytes:
    """A rendition of the same photograph, framed, lit and turned otherwise: NOT a second photograph of the person.

    JPEG of 960 × 1280 px as shown; with an EXIF orientation other than 1 its pixels are stored lying.
    """
    chance = np.random.default_rng(seed)
    picture = lit(reframed(portrait, chance), chance)
    noisy = picture.astype(np.float32) + chance.normal(0, 2.5, picture.shape)
    return encode(to_picture(noisy), orientation)


def reframed(portrait: Portrait, chance: np.random.Generator) -> Picture:
    """The selfie frame shifted and scaled a little, rolled by up to 6° and foreshortened by up to 5 % to one side."""
    left, top, width, height = portrait.selfie_frame
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64) * (width, height) - (width / 2, height / 2)
    corners *= chance.uniform(0.88, 0.98)
    corners[:, 1] *= 1 + np.sign(corners[:, 0]) * chance.uniform(-0.05, 0.05)
    roll = np.radians(chance.uniform(-6, 6))
    corners = corners @ np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    corners += (left + width / 2, top + height / 2) + chance.uniform(-0.02, 0.02, 2) * width
    whole = np.array([[0, 0], [SELFIE_WIDTH, 0], [SELFIE_WIDTH, SELFIE_HEIGHT], [0, SELFIE_HEIGHT]], np.float32)
    homography = cv2.getPerspectiveTransform(corners.astype(np.float32), whole)
    size = (SELFIE_WIDTH, SELFIE_HEIGHT)
    warped = cv2.warpPerspective(
        portrait.photograph, homography, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, np.uint8)


def lit(picture: Picture, chance: np.random.Generator) -> Picture:
    """Light from one side, of another strength and another warmth."""
    across = np.linspace(-1, 1, picture.shape[1], dtype=np.float32)[None, :, None]
    side = 1 + chance.uniform(0.05, 0.18) * chance.choice((-1.0, 1.0)) * across
    warmth = 1 + np.array([-1, 0, 1], np.float32) * chance.uniform(-0.05, 0.05)
    gamma = chance.uniform(0.8, 1.2)
    light = (picture.astype(np.float32) / 255) ** gamma * side * warmth
    return to_picture(light * 255)


def encode(picture: Picture, orientation: int) -> bytes:
    """JPEG, stored as the sensor lay, with the EXIF tag 0x0112 that says how to hold it (EXIF 2.32 §4.6.4)."""
    turn = QUARTER_TURNS_BACK[orientation]
    stored = picture if turn is None else np.asarray(cv2.rotate(picture, turn), np.uint8)
    jpeg = cv2.imencode(".jpg", stored, (cv2.IMWRITE_JPEG_QUALITY, 92))[1].tobytes()
    if orientation == 1:
        return jpeg
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + b"\x01\x12\x00\x03\x00\x00\x00\x01"
    exif = b"Exif\x00\x00" + tiff + orientation.to_bytes(2, "big") + bytes(6)
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


def installed(package: str, path: str) -> Picture:
    """The picture from the package's folder, without importing the package."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise PortraitMissing(f"the portrait is in the package {package}, which is not installed")
    file = Path(spec.origin).parent / path
    picture = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise PortraitMissing(f"{file} is not a picture")
    return np.asarray(picture, np.uint8)


def cropped(picture: Picture, box: Box) -> Picture:
    """The part inside the box."""
    left, top, width, height = box
    return picture[top : top + height, left : left + width]

"""How does a camera see a card, and what does the reader make of it? Drawn for these tests alone: plumbing, not accuracy."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, to_picture
from app.specimens.drawing import Drawing
from app.specimens.people import CardTruth, random_card
from app.specimens.photograph import Capture, Corners, Photograph, photograph
from app.specimens.portraits import astronaut, cropped, grace_hopper
from app.specimens.resident_card import (
    NUMBER_STEP,
    NUMBER_X,
    NUMBER_Y,
    PORTRAIT_BOX,
    draw_emblem_side,
    draw_portrait_side,
)
from app.verification.documents.layout import Box
from app.verification.examination import Polygon
from tests.verification.found_cards import Image, find_card

TODAY = date(2025, 11, 1)
PORTRAIT = "portrait"
EMBLEM = "emblem"
LEFT, TOP, WIDE, HIGH = PORTRAIT_BOX
Chance = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One photograph with its straightened card, and where its fields stand, as an OCR engine would box them."""

    canvas: Image
    places: Mapping[str, Box]
    portrait: Box | None
    photograph: Image
    outline: Polygon | None
    side: str


@cache
def _faces() -> tuple[Picture, Picture]:
    return astronaut().for_card(), grace_hopper().for_card()


def face(chance: Chance) -> Picture:
    """One of two public-domain portraits, framed and lit a little otherwise each time."""
    picture = _faces()[int(chance.integers(2))]
    high, wide = picture.shape[:2]
    left, top = int(chance.uniform(0, 0.08) * wide), int(chance.uniform(0, 0.06) * high)
    framed = cropped(picture, (left, top, wide - left - int(chance.uniform(0, 0.08) * wide), high - top))
    return to_picture(255 * (framed.astype(np.float32) / 255) ** chance.uniform(0.75, 1.2))


def drawn(seed: int, side: str) -> tuple[Drawing, CardTruth]:
    """A fictitious card."""
    truth = random_card(seed, TODAY)
    drawing = (
        draw_portrait_side(truth, face(np.random.default_rng(seed))) if side == PORTRAIT else draw_emblem_side(truth)
    )
    return drawing, truth


def capture(chance: Chance) -> Capture:
    """An honest clerk's or applicant's photograph: a little soft, a little noisy, JPEG 60 to 95, light from one side."""
    frame = ((1600, 1200), (1440, 1080), (1920, 1440))[int(chance.integers(3))]
    return Capture(
        seed=int(chance.integers(1 << 30)),
        frame=frame,
        card_share=float(chance.uniform(0.62, 0.84)),
        unevenness=float(chance.uniform(0.05, 0.28)),
        noise=float(chance.uniform(1.0, 5.0)),
        blur_px=float(chance.uniform(0.5, 1.6)),
        jpeg_quality=int(chance.integers(60, 96)),
    )


def taken(photo: Photograph, chance: Chance, side: str) -> Shot:
    """What arrives: the lamp's colour, a shadow, a touch of glare, the JPEG; the card found as the reader finds it."""
    pixels = photo.pixels.astype(np.float32) * chance.uniform(0.93, 1.07, 3)
    if chance.random() < 0.3:
        pixels *= _shade(photo, chance)
    if chance.random() < 0.25:
        pixels += _sheen(photo, chance)
    sent = replace(photo, pixels=to_picture(pixels))
    return received(sent, side, chance)


def received(photo: Photograph, side: str, chance: Chance) -> Shot:
    """The photograph after its JPEG, and the canvas of the card in it."""
    decoded = cv2.imdecode(np.frombuffer(photo.jpeg(), np.uint8), cv2.IMREAD_COLOR)
    rgb = np.ascontiguousarray(np.asarray(decoded)[..., ::-1], np.uint8)
    card = find_card(rgb)
    canvas, outline = _truly(rgb, photo.corners)
    if card is not None and _near(card.corners, photo.corners):
        canvas, outline = card.canvas, card.corners
    return Shot(
        canvas, boxes(side, chance), _loose(PORTRAIT_AT, chance) if side == PORTRAIT else None, rgb, outline, side
    )


def _near(found: Polygon, true: Corners) -> bool:
    return bool(np.abs(np.array(found) - true).max() < 12)


def _truly(rgb: Image, corners: Corners) -> tuple[Image, Polygon]:
    target = np.array([(0, 0), (1012, 0), (1012, 638), (0, 638)], np.float32)
    homography = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    canvas = np.asarray(cv2.warpPerspective(rgb, homography, (1012, 638), flags=cv2.INTER_AREA), np.uint8)
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return canvas, (a, b, c, d)


PORTRAIT_AT = Box(LEFT, TOP, LEFT + WIDE, TOP + HIGH)
NUMBER_AT = Box(NUMBER_X - 4, NUMBER_Y - 38, NUMBER_X + 18 * NUMBER_STEP + 2, NUMBER_Y + 8)
BIRTH_AT = Box(152, 210, 508, 250)
VALIDITY_AT = Box(396, 520, 800, 560)
NAME_AT = Box(152, 70, 300, 114)


def boxes(side: str, chance: Chance) -> dict[str, Box]:
    """The fields' boxes, out by some pixels each, as an engine's are."""
    known = {"name": NAME_AT, "birth": BIRTH_AT, "number": NUMBER_AT}
    if side == EMBLEM:
        known = {"valid_from": VALIDITY_AT, "valid_to": VALIDITY_AT}
    return {name: _loose(box, chance) for name, box in known.items()}


def _loose(box: Box, chance: Chance) -> Box:
    a, b, c, d = chance.uniform(-4, 4, 4)
    return Box(box.left + a, box.top + b, box.right + c, box.bottom + d)


def _shade(photo: Photograph, chance: Chance) -> NDArray[np.float32]:
    """Somebody's hand or phone between lamp and card: a straight soft edge."""
    high, wide = photo.pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    heading = chance.uniform(0, 2 * np.pi)
    middle = photo.corners.mean(axis=0) + chance.uniform(-200, 200, 2)
    across = (x - middle[0]) * np.cos(heading) + (y - middle[1]) * np.sin(heading)
    depth = chance.uniform(0.12, 0.35)
    return np.asarray(1 - depth / (1 + np.exp(-across / chance.uniform(15, 60))), np.float32)[..., None]


def _sheen(photo: Photograph, chance: Chance) -> NDArray[np.float32]:
    """A window's soft reflection over part of the card."""
    high, wide = photo.pixels.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    cx, cy = photo.corners.mean(axis=0) + chance.uniform(-250, 250, 2)
    spread = chance.uniform(90, 220)
    glow = np.exp(-(((x - cx) / spread) ** 2 + ((y - cy) / (0.6 * spread)) ** 2))
    return np.asarray(chance.uniform(20, 60) * glow, np.float32)[..., None]


def honest(seed: int, side: str = PORTRAIT) -> Shot:
    """Nothing forged."""
    chance = np.random.default_rng((seed, 1))
    return taken(photograph(drawn(seed, side)[0], capture(chance)), chance, side)


def plain(seed: int, side: str = PORTRAIT) -> Shot:
    """As the sandbox's specimens are taken, nothing forged."""
    chance = np.random.default_rng((seed, 9))
    return received(photograph(drawn(seed, side)[0], Capture(seed=seed)), side, chance)

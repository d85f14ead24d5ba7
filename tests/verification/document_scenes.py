"""Synthetic photographs of documents of any shape on any table, with their true corners: what the search is judged by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import to_picture
from app.specimens.people import random_card
from app.specimens.resident_card import draw_emblem_side, draw_portrait_side

Corners = NDArray[np.float64]
Levels = NDArray[np.float32]
"""(h, w, 3), RGB."""
Image = NDArray[np.uint8]

PIXELS_TO_THE_EDGE = 400
"""Of the surface as it is drawn, to one long edge of the document lying on it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """How a document lies and is seen; the seed decides what the limits leave open."""

    seed: int
    ratio: float = 85.6 / 54.0
    desk: str = "plain"
    frame: tuple[int, int] = (1280, 960)
    share: tuple[float, float] = (0.45, 0.75)
    """The document's long edge over the frame's long side."""
    lean: tuple[float, float] = (0.0, 10.0)
    """Degrees out of the desk's plane, about any axis."""
    turn: float = 180.0
    """Degrees in the plane, to either side at most."""
    focal: tuple[float, float] = (0.75, 1.5)
    """In long sides of the frame."""
    light: float = 0.2
    """Brighter at one side of the frame and darker at the other by this share."""
    shadow: float = 0.0
    """Of the light a hand takes from one half of the picture."""
    guilloche: float = 0.0
    """Grey levels of a fine pattern printed over the document, to its edges."""
    offsets: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    """Where documents lie on the desk, in long edges from its middle."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The photograph, RGB, and each document's corners in it, clockwise from its own top left."""

    pixels: Image
    corners: tuple[Corners, ...]


def seen(scene: Scene) -> Seen:
    """The same scene gives the same photograph."""
    chance = np.random.default_rng(scene.seed)
    plane = _plane(scene, chance)
    picture = _warped(DESKS[scene.desk](chance), plane @ _scaled(1 / PIXELS_TO_THE_EDGE, -1.5), scene.frame)
    corners = tuple(_laid(scene, picture, plane, offset, chance) for offset in scene.offsets)
    picture *= _light(scene, chance)
    soft = cv2.GaussianBlur(picture, (0, 0), chance.uniform(0.6, 1.4))
    return Seen(to_picture(soft + 3 * chance.standard_normal(soft.shape, np.float32)), corners)


def projected(rectangle: Corners, plane: NDArray[np.float64]) -> Corners:
    """Points of the desk, in long edges, as the photograph shows them."""
    return np.asarray(cv2.perspectiveTransform(rectangle[None].astype(np.float64), plane)[0], np.float64)


def pose(lean: float, about: float, turn: float, focal: float) -> NDArray[np.float64]:
    """The homography from the desk, seen from as far as makes one unit one pixel, to a camera looking at its origin."""
    axis = np.array([np.cos(about), np.sin(about), 0.0])
    rotation = cv2.Rodrigues(np.radians(lean) * axis)[0] @ cv2.Rodrigues(np.array([0.0, 0.0, np.radians(turn)]))[0]
    flat = np.column_stack([rotation[:, 0], rotation[:, 1], (0.0, 0.0, focal)])
    return np.asarray(np.diag([focal, focal, 1.0]) @ flat, np.float64)


def _plane(scene: Scene, chance: np.random.Generator) -> NDArray[np.float64]:
    longer = max(scene.frame)
    size, focal = chance.uniform(*scene.share) * longer, chance.uniform(*scene.focal) * longer
    turn, lean = chance.uniform(-scene.turn, scene.turn), chance.uniform(*scene.lean)
    tall = abs(np.sin(np.radians(turn))) + abs(np.cos(np.radians(turn))) / scene.ratio
    if len(scene.offsets) == 1:
        size = min(size, 0.86 * scene.frame[1] / tall)
    camera = pose(lean, chance.uniform(0, 2 * np.pi), turn, focal)
    middle = np.array(scene.frame) / 2 + chance.uniform(-0.03, 0.03, 2) * scene.frame
    return np.array([(1, 0, middle[0]), (0, 1, middle[1]), (0, 0, 1)]) @ camera @ np.diag([size, size, 1.0])


def _scaled(by: float, to: float) -> NDArray[np.float64]:
    return np.array([(by, 0, to), (0, by, to), (0, 0, 1)])


def _warped(surface: Levels, homography: object, frame: tuple[int, int]) -> Levels:
    shown = cv2.warpPerspective(
        surface, np.asarray(homography, np.float64), frame, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(shown, np.float32)


def _laid(
    scene: Scene, picture: Levels, plane: NDArray[np.float64], offset: tuple[float, float], chance: np.random.Generator
) -> Corners:
    """One document on the desk, its corners rounded where its kind has them so, its shadow beside it."""
    face = _face(scene.ratio, int(chance.integers(4)))
    high, wide = face.shape[:2]
    if scene.guilloche:
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        waves = np.sin(x / 9 + 6 * np.sin(y / 70)) + np.sin(y / 7 + 5 * np.sin(x / 90))
        face = face - scene.guilloche * waves[..., None] * np.array([0.4, 1.0, 0.7], np.float32)
    rectangle = (np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.5, 0.5 / scene.ratio)) + offset
    corners = projected(rectangle, plane)
    shade = np.zeros(picture.shape[:2], np.float32)
    cv2.fillConvexPoly(shade, (corners + chance.uniform(-7, 7, 2)).astype(np.int32), (1.0,))
    picture *= 1 - chance.uniform(0.05, 0.4) * cv2.GaussianBlur(shade, (0, 0), 6)[..., None]
    canvas = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    homography = cv2.getPerspectiveTransform(canvas, corners.astype(np.float32))
    inside = cv2.warpPerspective(_rounded(wide, high), homography, scene.frame, flags=cv2.INTER_LINEAR)[..., None]
    picture += inside * (_warped(face, homography, scene.frame) - picture)
    return corners


@cache
def _face(ratio: float, which: int) -> Levels:
    """Something printed: the resident card's drawings, stretched to the ratio."""
    truth = random_card(which, date(2025, 11, 1))
    portrait = to_picture(np.full((380, 310, 3), 150.0) + 60 * np.sin(np.arange(380) / 40)[:, None, None])
    drawn = draw_portrait_side(truth, portrait) if which % 2 else draw_emblem_side(truth)
    return cv2.resize(drawn.canvas[:, :, ::-1], (1012, round(1012 / ratio)), interpolation=cv2.INTER_AREA).astype(
        np.float32
    )


def _rounded(wide: int, high: int, radius: int = 36) -> Levels:
    mask = np.zeros((high, wide), np.float32)
    cv2.rectangle(mask, (radius, radius), (wide - radius, high - radius), (1.0,), -1)
    return np.asarray(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)), np.float32)


def _light(scene: Scene, chance: np.random.Generator) -> Levels:
    wide, high = scene.frame
    y, x = np.mgrid[-1 : 1 : high * 1j, -1 : 1 : wide * 1j].astype(np.float32)
    heading, falling = chance.uniform(0, 2 * np.pi, 2)
    ramp = 0.85 + scene.light * (x * np.cos(heading) + y * np.sin(heading)) / np.sqrt(2)
    across = x * np.cos(falling) + y * np.sin(falling) - chance.uniform(-0.3, 0.3)
    return np.asarray((ramp * (1 - scene.shadow / (1 + np.exp(-across * 25))))[..., None], np.float32)


def _surface(chance: np.random.Generator, colour: tuple[float, float, float], grain: float = 3.0) -> Levels:
    side = 3 * PIXELS_TO_THE_EDGE
    fine = cv2.GaussianBlur(chance.standard_normal((side, side), np.float32), (0, 0), 1.5)
    return np.ascontiguousarray(np.array(colour, np.float32) + grain * 4 * fine[..., None], np.float32)


def _plain(chance: np.random.Generator) -> Levels:
    grey = chance.uniform(40, 130)
    return _surface(chance, tuple(grey + chance.uniform(-20, 20, 3)))


def _white(chance: np.random.Generator) -> Levels:
    """Nearly as bright as the paper of a card."""
    grey = chance.uniform(208, 232)
    return _surface(chance, tuple(grey + chance.uniform(-6, 6, 3)), 1.0)


def _wood(chance: np.random.Generator) -> Levels:
    """Boards with grain along them and dark joints between them."""
    side = 3 * PIXELS_TO_THE_EDGE
    brown = np.array([(150, 105, 65), (95, 62, 40), (190, 150, 105)][int(chance.integers(3))], np.float32)
    grain = cv2.blur(chance.standard_normal((side, side), np.float32), (101, 3))
    rings = np.sin(np.arange(side)[:, None] / chance.uniform(3, 8) + 60 * cv2.blur(grain, (41, 41)))
    boards = brown * (1 + 1.5 * grain + 0.07 * rings)[..., None]
    for top in range(int(chance.integers(120)), side, int(chance.integers(110, 260))):
        boards[top : top + 3] *= 0.4
    return np.ascontiguousarray(boards, np.float32)


def _checks(chance: np.random.Generator) -> Levels:
    """A gingham cloth: three tones in squares."""
    side, cell = 3 * PIXELS_TO_THE_EDGE, int(chance.integers(18, 70))
    stripe = (np.arange(side) // cell % 2).astype(np.float32)
    tone = (stripe[:, None] + stripe[None]) / 2
    colour = np.array([(190, 40, 45), (45, 80, 160), (40, 120, 70)][int(chance.integers(3))], np.float32)
    return np.ascontiguousarray(235 + tone[..., None] * (colour - 235), np.float32)


def _tiles(chance: np.random.Generator) -> Levels:
    """Tiles of a card's size and near its shape, pale grout between them."""
    side = 3 * PIXELS_TO_THE_EDGE
    surface = _surface(chance, tuple(chance.uniform(90, 190) + chance.uniform(-15, 15, 3)))
    wide = int(chance.integers(110, 440))
    high = int(wide / chance.choice([1.0, 1.5, 2.0]))
    for left in range(int(chance.integers(wide)), side, wide):
        surface[:, left : left + 5] = 215
    for top in range(int(chance.integers(high)), side, high):
        surface[top : top + 5] = 215
    return surface


def _print(chance: np.random.Generator) -> Levels:
    """A page of text, as a card laid on a form."""
    surface = _surface(chance, (222, 222, 218), 0.7)
    height = int(chance.integers(9, 19))
    for top in range(0, surface.shape[0], 2 * height):
        left = int(chance.integers(40))
        while left < surface.shape[1]:
            wide = int(chance.integers(height, 6 * height))
            glyphs = chance.random((height // 2, wide // 2)).repeat(2, axis=0).repeat(2, axis=1) > 0.55
            part = surface[top : top + glyphs.shape[0], left : left + glyphs.shape[1]]
            part[glyphs[: part.shape[0], : part.shape[1]]] = 60
            left += wide + height // 2
    return surface


DESKS: dict[str, Callable[[np.random.Generator], Levels]] = {
    "plain": _plain,
    "white": _white,
    "wood": _wood,
    "checks": _checks,
    "tiles": _tiles,
    "print": _print,
}

"""Which forgeries are shown to a camera? Drawn for these tests alone: plumbing, not accuracy.

Nothing here is what the specimens' degradations draw, so that no signal is judged by the generator it was tuned on.
Seeds below 500 are for tuning, seeds from 1000 for judging.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, to_picture, write
from app.specimens.drawing import CARD_CORNER
from app.specimens.photograph import Corners, Photograph, lay, photograph
from app.specimens.resident_card import (
    NUMBER_SIZE,
    NUMBER_STEP,
    NUMBER_X,
    NUMBER_Y,
    draw_portrait_side,
)
from tests.verification.card_shots import (
    EMBLEM,
    HIGH,
    LEFT,
    PORTRAIT,
    TOP,
    WIDE,
    Chance,
    Shot,
    capture,
    drawn,
    face,
    received,
    taken,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A picture that can be laid where a card lies."""

    canvas: Picture
    corner_px: int = CARD_CORNER


# Shown on a screen.


def _grid(u: NDArray[np.float32], v: NDArray[np.float32], depth: float) -> NDArray[np.float32]:
    """What a screen's dots let through: stripes of blue, green and red beside each other, a dark line between rows."""
    shift = np.array([2 / 3, 1 / 3, 0], np.float32)
    across = (
        1
        + depth * np.cos(2 * np.pi * (u[..., None] - shift))
        + 0.3 * depth * np.cos(4 * np.pi * (u[..., None] - shift))
    )
    return np.asarray(across * (1 + 0.4 * depth * np.cos(2 * np.pi * v))[..., None], np.float32)


def screen(seed: int, side: str = PORTRAIT, *, bezel: bool = False, bands: bool = False, grid: bool = True) -> Shot:
    """The card shown on a screen: its dot grid sampled by the sensor; on demand the frame around it, refresh bands."""
    chance = np.random.default_rng((seed, 2))
    drawing, setting = drawn(seed, side)[0], replace(capture(chance), turn_degrees=7.0)
    flat = photograph(drawing, replace(setting, noise=0.0, blur_px=0.01))
    wide, high = setting.frame
    twice = cv2.resize(flat.pixels, (2 * wide, 2 * high), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    if bezel:
        _frame(twice, 2 * flat.corners, chance)
    if grid:
        dots = float(chance.uniform(620, 1050))  # of the screen, along the card's long edge
        twice *= _grid(*_screen_points(flat.corners, (2 * wide, 2 * high), dots), float(chance.uniform(0.25, 0.6)))
    if bands:
        _refresh(twice, chance)
    seen = cv2.resize(
        cv2.GaussianBlur(twice, (0, 0), float(chance.uniform(0.7, 1.3))), (wide, high), interpolation=cv2.INTER_AREA
    )
    noisy = seen * 1.05 + setting.noise * chance.standard_normal(seen.shape, np.float32)
    return received(replace(flat, pixels=to_picture(noisy)), side, chance)


def _screen_points(
    corners: Corners, size: tuple[int, int], dots: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    plane = np.array([(0, 0), (dots, 0), (dots, dots * 638 / 1012), (0, dots * 638 / 1012)], np.float32)
    back = cv2.getPerspectiveTransform((2 * corners).astype(np.float32), plane).astype(np.float32)
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    return (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w, (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w


def _frame(scene: NDArray[np.float32], corners: Corners, chance: Chance) -> None:
    """A tablet around the card: some letterbox of its wallpaper, then a black rim, then the table."""
    centre = corners.mean(axis=0)
    card = scene.copy()
    inner, rim = float(chance.uniform(1.02, 1.10)), float(chance.uniform(0.05, 0.10))
    outer = (corners - centre) * (inner + rim) + centre
    cv2.fillConvexPoly(scene, outer.astype(np.int32), (14.0, 13.0, 13.0))
    glow = float(chance.uniform(60, 230))
    cv2.fillConvexPoly(scene, ((corners - centre) * inner + centre).astype(np.int32), (glow, glow, glow))
    mask = np.zeros(scene.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), (1,))
    scene[mask > 0] = card[mask > 0]


def _refresh(scene: NDArray[np.float32], chance: Chance) -> None:
    """A rolling shutter over a backlight that is switched: soft bands across the frame."""
    rows = np.arange(scene.shape[0], dtype=np.float32) / scene.shape[0]
    wave = np.sin(2 * np.pi * (rows * chance.uniform(5, 12) + chance.random()))
    scene *= (1 + float(chance.uniform(0.05, 0.15)) * wave)[:, None, None]


# Copied on paper.


def grey_copy(seed: int, side: str = PORTRAIT) -> Shot:
    """A black-and-white copy: greys alone, contrast raised, on white paper."""
    chance = np.random.default_rng((seed, 3))
    drawing = drawn(seed, side)[0]
    grey = cv2.cvtColor(drawing.canvas, cv2.COLOR_BGR2GRAY).astype(np.float32)
    toned = np.clip((grey - 20) * chance.uniform(1.0, 1.15), 0, 250)
    tone = np.array([1, 1, 1], np.float32) * (1 + chance.uniform(-0.02, 0.02, 3).astype(np.float32))
    copy = replace(drawing, canvas=to_picture(toned[..., None] * tone))
    return taken(photograph(copy, capture(chance)), chance, side)


def toner_copy(seed: int, side: str = PORTRAIT) -> Shot:
    """A laser printer's copy: every colour screened into dots at its own angle."""
    chance = np.random.default_rng((seed, 4))
    drawing = drawn(seed, side)[0]
    wide, high = 2 * 1012, 2 * 638
    inks = 255 - cv2.resize(drawing.canvas, (wide, high), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    period = float(chance.uniform(6.0, 9.0))  # of the doubled canvas at 600 dpi: 67 to 100 lines to the inch
    turned = chance.uniform(-4, 4)
    for channel, angle in enumerate((0.0, 75.0, 45.0)):
        a = np.radians(angle + turned)
        cell = np.cos(2 * np.pi * (x * np.cos(a) + y * np.sin(a)) / period) + np.cos(
            2 * np.pi * (-x * np.sin(a) + y * np.cos(a)) / period
        )
        inks[..., channel] = 235 / (1 + np.exp(-(inks[..., channel] / 255 - 0.5 + 0.24 * cell) * 14))
    printed = cv2.resize(cv2.GaussianBlur(255 - inks, (0, 0), 1.0), (1012, 638), interpolation=cv2.INTER_AREA)
    return taken(
        photograph(replace(drawing, canvas=to_picture(np.asarray(printed, np.float32))), capture(chance)), chance, side
    )


# Changed digits.


def _cell(position: int) -> tuple[slice, slice]:
    left = NUMBER_X + position * NUMBER_STEP - 1
    return slice(NUMBER_Y - 40, NUMBER_Y + 12), slice(left, left + NUMBER_STEP)


def digit_moved(seed: int) -> Shot:
    """A digit scraped off the card and printed again: higher, or of another size or weight than its neighbours."""
    chance = np.random.default_rng((seed, 5))
    drawing, truth = drawn(seed, PORTRAIT)
    position = int(chance.integers(1, 17))
    canvas = drawing.canvas.copy()
    above = canvas[NUMBER_Y - 96 : NUMBER_Y - 44, _cell(position)[1]]
    canvas[_cell(position)] = above
    digit = str((int(truth.person.number[position]) + int(chance.integers(1, 9))) % 10)
    at = NUMBER_X + position * NUMBER_STEP
    match int(chance.integers(3)):
        case 0:
            write(canvas, digit, (at, NUMBER_Y + int(chance.choice((-5, -4, 4, 5)))), NUMBER_SIZE)
        case 1:
            write(canvas, digit, (at, NUMBER_Y), NUMBER_SIZE + int(chance.choice((-7, -6, 6, 7))))
        case _:
            for aside in (0, 1, 2, 3):
                write(canvas, digit, (at + aside - 1, NUMBER_Y), NUMBER_SIZE)
    return taken(photograph(replace(drawing, canvas=canvas), capture(chance)), chance, PORTRAIT)


def digit_painted(seed: int) -> Shot:
    """One or two digits changed in the photograph itself: smooth colour over the old one, the new one drawn on it."""
    chance = np.random.default_rng((seed, 6))
    drawing, truth = drawn(seed, PORTRAIT)
    photo = photograph(drawing, capture(chance))
    position = int(chance.integers(1, 16))
    fake = drawing.canvas.copy()
    mean = fake[_cell(position)].reshape(-1, 3).max(axis=0)
    for at in (position, position + 1)[: int(chance.integers(1, 3))]:
        fake[_cell(at)] = mean
        digit = str((int(truth.person.number[at]) + int(chance.integers(1, 9))) % 10)
        write(fake, digit, (NUMBER_X + at * NUMBER_STEP, NUMBER_Y), NUMBER_SIZE)
    last = position + 2 if np.any(fake[_cell(position + 1)] != drawing.canvas[_cell(position + 1)]) else position + 1
    mask = np.zeros(fake.shape[:2], np.float32)
    mask[_cell(0)[0], _cell(position)[1].start : _cell(last - 1)[1].stop] = 1
    return _pasted(photo, fake, mask, chance, soft=float(chance.uniform(0.6, 1.2)), noise=0.0)


def _pasted(
    photo: Photograph, fake: Picture, mask: NDArray[np.float32], chance: Chance, *, soft: float, noise: float
) -> Shot:
    """Part of another picture laid over the photograph before it is saved: lit as its surroundings, its noise its own."""
    scene = np.zeros(photo.pixels.shape, np.float32)
    lay(scene, _Sheet(fake), photo.corners)
    over = np.zeros(photo.pixels.shape, np.float32)
    lay(over, _Sheet(to_picture(np.repeat(255 * mask[..., None], 3, axis=2))), photo.corners)
    inside = over[..., :1] / 255
    real, drawn_light = (_lightness(picture.astype(np.float32)) for picture in (photo.pixels, scene))
    lit = cv2.GaussianBlur(scene, (0, 0), soft) * (real + 1) / (drawn_light + 1)
    lit += noise * chance.standard_normal(lit.shape, np.float32)
    edited = photo.pixels * (1 - inside) + lit * inside
    return received(replace(photo, pixels=to_picture(edited)), PORTRAIT, chance)


def _lightness(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    high, wide = picture.shape[:2]
    small = cv2.resize(picture, (wide // 8, high // 8), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), 8), (wide, high)), np.float32)


# Another portrait.


def portrait_glued(seed: int) -> Shot:
    """A photograph glued over the portrait: its edges are cut, and cast a line of shadow."""
    chance = np.random.default_rng((seed, 7))
    drawing = drawn(seed, PORTRAIT)[0]
    canvas = drawing.canvas.copy()
    inset = int(chance.integers(0, 14))
    left, top, wide, high = LEFT + inset, TOP + inset, WIDE - 2 * inset, HIGH - 2 * inset
    other = cv2.resize(face(np.random.default_rng((seed, 77))), (wide, high), interpolation=cv2.INTER_AREA)
    cv2.rectangle(canvas, (left - 1, top - 1), (left + wide, top + high), (150, 150, 150), 1, cv2.LINE_AA)
    canvas[top : top + high, left : left + wide] = other
    return taken(photograph(replace(drawing, canvas=canvas), capture(chance)), chance, PORTRAIT)


def portrait_pasted(seed: int) -> Shot:
    """Another portrait laid over in the photograph itself, smoother or noisier than what is around it."""
    chance = np.random.default_rng((seed, 8))
    drawing, truth = drawn(seed, PORTRAIT)
    photo = photograph(drawing, capture(chance))
    fake = draw_portrait_side(truth, face(np.random.default_rng((seed, 88)))).canvas
    mask = np.zeros(fake.shape[:2], np.float32)
    inset = int(chance.integers(2, 14))
    mask[TOP + inset : TOP + HIGH - inset, LEFT + inset : LEFT + WIDE - inset] = 1
    smooth = chance.random() < 0.5
    soft, noise = (chance.uniform(1.8, 2.6), 0.0) if smooth else (0.5, chance.uniform(9, 14))
    return _pasted(photo, fake, mask, chance, soft=float(soft), noise=float(noise))


SPECIES: Mapping[str, Callable[[int], Shot]] = {
    "screen, its grid alone": screen,
    "screen with its frame": lambda seed: screen(seed, bezel=True),
    "screen with refresh bands": lambda seed: screen(seed, bands=True, grid=False),
    "grey copy": grey_copy,
    "toner copy": toner_copy,
    "grey copy of the emblem": lambda seed: grey_copy(seed, EMBLEM),
    "digit printed anew": digit_moved,
    "digit painted over": digit_painted,
    "portrait glued over": portrait_glued,
    "portrait pasted in": portrait_pasted,
}

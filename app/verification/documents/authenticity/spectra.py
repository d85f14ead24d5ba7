"""Does a plain part of the card repeat itself as nothing printed on it does? Peaks in the spectra of its flat tiles."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.planes import Plane

MOST_TILES = 14
"""The flattest ones; more cost time and hold print."""
FEWEST_TILES = 3
"""Fewer flat tiles tell nothing: the picture is all print, or tiny."""
BLACK, BURNT = 30.0, 252.0
"""Grey levels beyond which a tile holds no detail."""
PRINT = 3.0
"""Robust standard deviations beyond which a pixel is print, and cut to that: one stroke would drown a faint pattern."""
RING = 3
"""Cycles per tile: a frequency is compared with the others as fast as it, for pictures fade towards fine detail."""
AXIS = 2.5
"""Cycles per tile: nearer to level or upright lie the edges of print and the blocks of a JPEG."""
THIRD = np.exp(2j * np.pi / 3)
"""A turn by a third."""
ROUNDING = 1.0
"""Power in a ring that a picture without any noise may be said to have: rounding to whole grey levels leaves more."""

Power = NDArray[np.float64]
"""(tiles, tile, tile // 2 + 1): logarithm of power over that of others as fast."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """Of the flat tiles of one picture."""

    tile: int
    """Side of a tile, in pixels."""
    corners: tuple[tuple[int, int], ...]
    """Left and top of each."""
    heights: Power


@dataclass(frozen=True, slots=True)
class Peak:
    """How far the strongest frequency stands out, and the tile that shows it most."""

    height: float
    """Natural logarithm of power; the median over the flat tiles, for a pattern of the whole surface is in all of them."""
    left: int
    top: int


def spectra(planes: tuple[Plane, ...], grey: Plane, tile: int) -> Spectra | None:
    """Of the tiles that are flat in `grey`, the powers of all planes together; None where too little of it is flat."""
    corners = _flattest(grey, tile)
    if len(corners) < FEWEST_TILES:
        return None
    power = np.sum([np.abs(_swings(plane, corners, tile)) ** 2 for plane in planes], axis=0)
    return Spectra(tile, corners, _over_usual(power, tile))


def succession(red: Plane, green: Plane, blue: Plane, grey: Plane, tile: int) -> Spectra | None:
    """Of repetitions in which red, green and blue follow each other, each a third behind the last.

    So do the stripes of a screen's pixels. Inks lie on each other or between each other, whatever their colours: what
    swings in step or against it has one power in both orders of the colours (Fortescue's symmetrical components), and a
    height counts only as far as it stands above that of the other order too.
    """
    corners = _flattest(grey, tile)
    if len(corners) < FEWEST_TILES:
        return None
    first, second, third = (_swings(plane, corners, tile) for plane in (red, green, blue))
    there, back = (np.abs(first + turn * second + turn**2 * third) ** 2 for turn in (THIRD, THIRD.conjugate()))
    ahead = np.log((there + ROUNDING) / (back + ROUNDING))
    heights = np.maximum(np.minimum(_over_usual(there, tile), ahead), np.minimum(_over_usual(back, tile), -ahead))
    return Spectra(tile, corners, heights)


def peak(of: Spectra, slowest: float, fastest: float, *, off_axis: float = 0.0) -> Peak:
    """The strongest repetition between two frequencies, in cycles per tile, that is further than that from both axes."""
    down, across = _frequencies(of.tile)
    speed = np.hypot(down, across)
    asked = (speed >= slowest) & (speed <= fastest) & (np.abs(down) >= off_axis) & (np.abs(across) >= off_axis)
    return _strongest(of, of.heights[:, asked].max(axis=1))


def lattice(of: Spectra, slowest: float, fastest: float) -> Peak:
    """The strongest repetition that goes with one as fast at a right angle to it: dots, where lines have but one."""
    mirrored = _whole(of.heights)
    near = np.stack([cv2.dilate(each, np.ones((3, 3), np.uint8)) for each in mirrored.astype(np.float32)])
    turned = np.stack([np.rot90(each) for each in near])
    down, across = _frequencies_of_whole(of.tile)
    speed = np.hypot(down, across)
    asked = (speed >= slowest) & (speed <= fastest)
    return _strongest(of, np.asarray(np.minimum(near, turned)[:, asked].max(axis=1), np.float64))


def _swings(plane: Plane, corners: tuple[tuple[int, int], ...], tile: int) -> NDArray[np.complex128]:
    """How each tile of a plane swings at every frequency."""
    tiles = np.stack([_cleaned(plane[top : top + tile, left : left + tile]) for left, top in corners])
    return np.asarray(np.fft.rfft2(tiles * _window(tile)), np.complex128)


def _over_usual(power: Power, tile: int) -> Power:
    """Logarithm of each power over the usual of those as fast."""
    rings = _rings(tile)
    usual = np.empty_like(power)
    for ring in range(int(rings.max()) + 1):
        on = rings == ring
        usual[:, on] = np.median(power[:, on], axis=1, keepdims=True)
    return np.asarray(np.log((power + ROUNDING) / (usual + ROUNDING)), np.float64)


def _strongest(of: Spectra, heights: Power) -> Peak:
    return Peak(float(np.median(heights)), *of.corners[int(np.argmax(heights))])


def _flattest(grey: Plane, tile: int) -> tuple[tuple[int, int], ...]:
    """The tiles with the least print."""
    high, wide = grey.shape
    small = cv2.resize(grey, (max(wide // 4, 1), max(high // 4, 1)), interpolation=cv2.INTER_AREA)
    spread: list[tuple[float, tuple[int, int]]] = []
    for top in range(0, high - tile + 1, tile // 2):
        for left in range(0, wide - tile + 1, tile // 2):
            part = small[top // 4 : (top + tile) // 4, left // 4 : (left + tile) // 4]
            if BLACK < float(part.mean()) < BURNT:
                spread.append((float(part.std()) / float(part.mean()), (left, top)))
    return tuple(corner for _, corner in sorted(spread)[:MOST_TILES])


def _cleaned(tile: Plane) -> Plane:
    """Light and shadow taken out, print cut to the noise's height."""
    level = tile - cv2.GaussianBlur(tile, (0, 0), 6)
    spread = PRINT * (1.4826 * float(np.median(np.abs(level))) + 1e-3)
    return np.asarray(np.clip(level, -spread, spread), np.float32)


def _whole(heights: Power) -> Power:
    """Both halves of a real picture's spectrum, zero in the middle; the row and column of the fastest left out."""
    half = np.fft.fftshift(heights, axes=1)[:, 1:, :-1]
    return np.concatenate([half[:, ::-1, :0:-1], half], axis=2)


@cache
def _window(tile: int) -> Plane:
    return np.asarray(np.outer(np.hanning(tile), np.hanning(tile)), np.float32)


@cache
def _rings(tile: int) -> NDArray[np.int64]:
    """Which ring each frequency lies in."""
    return np.asarray(np.hypot(*_frequencies(tile)) / RING, np.int64)


def _frequencies(tile: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Down and across, in cycles per tile."""
    down, across = np.fft.fftfreq(tile, 1 / tile), np.fft.rfftfreq(tile, 1 / tile)
    return np.broadcast_to(down[:, None], (tile, len(across))), np.broadcast_to(across, (tile, len(across)))


def _frequencies_of_whole(tile: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    reach = np.arange(1 - tile // 2, tile // 2)
    return np.broadcast_to(reach[:, None], (len(reach),) * 2), np.broadcast_to(reach, (len(reach),) * 2)

"""What does one frame of a liveness session show? Found where it was before, measured, and forgotten.

A frame comes ten times a second and is worth a few milliseconds: the detector sees the surroundings of the last place, at
the smallest scale at which it still finds a face; the whole frame is searched where that fails, and whenever the face is
described, so that a second one does not stay unseen.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Final

import cv2
import dlib
import numpy as np
import numpy.typing as npt

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.faces import dlib_chip
from app.gateways.vision.finding import five_points, weights_folder
from app.gateways.vision.frame_measuring import background, cheeks, edges, spectrum, texture
from app.verification.faces.five_points import Box, FivePoints
from app.verification.faces.liveness.frame import FrameView, SeenFace, may_be_read
from app.verification.faces.quality import LUMA, sharpness

FACE_SIDE: Final = 100.0
"""Pixels of a face as the detector sees it near its last place: its own window is 80."""
WHOLE_SIDE: Final = 480
"""Long side of the whole frame as it is searched: a face that fills a sixth of the width is found."""
AROUND: Final = 0.55
"""Of the box, on each side: how far a face may move between two frames and still be found near its last place."""
SKETCH_SIZE: Final = (80, 60)
"""Width, height: 4,800 pixels of the frame are enough to tell two apart."""
SKETCH_NUMBERS: Final = 32
"""Their root mean square errs by an eighth."""

Describe = Callable[[Pixels], tuple[float, ...]]
"""The face network: an aligned chip of 150 × 150 px → descriptor. Handed in: which one, is the engine's business."""
Rate = Callable[[Pixels, Box], float]
"""A bank's own model for presentation attacks: the frame and where the face is → how live, 0 to 1."""


class FrameEngine:
    """Detector and five points, loaded once; network and a bank's model as they are handed in."""

    def __init__(self, describe: Describe | None, rate: Rate | None = None) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(weights_folder() / "shape_predictor_5_face_landmarks.dat"))
        self.describe, self.rate = describe, rate

    def found(self, grey: npt.NDArray[np.uint8], near: Box | None) -> list[Box]:
        """Faces near the last place; of the whole frame where there is none, or no last place."""
        if near is not None and (boxes := self._near(grey, near)):
            return boxes
        return self._in(grey, (0, 0, grey.shape[1], grey.shape[0]), max(grey.shape) / WHOLE_SIDE)

    def _near(self, grey: npt.NDArray[np.uint8], near: Box) -> list[Box]:
        left, top, right, bottom = near
        wide, high = (right - left) * AROUND, (bottom - top) * AROUND
        window = (
            max(0, int(left - wide)),
            max(0, int(top - high)),
            min(grey.shape[1], int(right + wide)),
            min(grey.shape[0], int(bottom + high)),
        )
        if window[0] >= window[2] or window[1] >= window[3]:
            return []
        return self._in(grey, window, max(right - left, 1.0) / FACE_SIDE)

    def _in(self, grey: npt.NDArray[np.uint8], window: tuple[int, int, int, int], factor: float) -> list[Box]:
        left, top, right, bottom = window
        part, factor = grey[top:bottom, left:right], max(factor, 0.5)
        size = (max(1, round(part.shape[1] / factor)), max(1, round(part.shape[0] / factor)))
        small = np.ascontiguousarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA))
        return [
            (
                box.left() * factor + left,
                box.top() * factor + top,
                box.right() * factor + left,
                box.bottom() * factor + top,
            )
            for box in self._detector(small, 0)
        ]

    def shape(self, grey: npt.NDArray[np.uint8], box: Box) -> dlib.full_object_detection:
        """The five points of the face in a box, read twice: the second time in the box that the first ones say.

        The detector's boxes lie on a grid of 8 px, and the points follow them; so do figures that must not jump.
        """
        first = self._points(grey, dlib.rectangle(*(round(edge) for edge in box)))
        left, top, right, bottom = _around(five_points(first))
        return self._points(grey, dlib.rectangle(round(left), round(top), round(right), round(bottom)))


def read_frame(engine: FrameEngine, jpeg: bytes, *, near: Box | None, wants_descriptor: bool) -> FrameView:
    """The measures of one frame. Raises FrameTooLarge and the refusals of `verification.picture`."""
    may_be_read(jpeg)
    picture = decode(jpeg).pixels
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    boxes = engine.found(grey, None if wants_descriptor else near)
    if wants_descriptor and near is not None and not boxes:
        boxes = engine.found(grey, near)
    largest = max(boxes, key=lambda box: box[2] - box[0], default=None)
    return FrameView(
        sha256=hashlib.sha256(jpeg).hexdigest(),
        width=picture.shape[1],
        height=picture.shape[0],
        faces=len(boxes),
        face=None if largest is None else _seen(engine, picture, grey, largest, wants_descriptor=wants_descriptor),
        sketch=_sketch(grey),
    )


def _seen(
    engine: FrameEngine, picture: Pixels, grey: npt.NDArray[np.uint8], box: Box, *, wants_descriptor: bool
) -> SeenFace:
    shape = engine.shape(grey, box)
    points = five_points(shape)
    chip = dlib_chip(picture, shape)
    light = chip @ LUMA
    steady = _around(points)
    described = engine.describe(chip) if wants_descriptor and engine.describe is not None else None
    return SeenFace(
        box=steady,
        points=points,
        skin=cheeks(picture, points),
        background=background(picture, steady),
        sharpness=sharpness(light),
        brightness=float(light.mean()),
        texture=texture(light),
        spectrum=spectrum(light),
        edges=edges(grey, steady),
        descriptor=described,
        pad=engine.rate(picture, steady) if wants_descriptor and engine.rate is not None else None,
    )


def _around(points: FivePoints) -> Box:
    """A box as the detector would draw it: half its width above and below the middle of eyes and nose."""
    xs, ys = zip(*((points.left_outer, points.right_outer, points.nose)), strict=True)
    eyes_y = (ys[0] + ys[1]) / 2
    half = max(xs[1] - xs[0], (ys[2] - eyes_y) * 1.9, 1.0) * 0.82
    middle_x, middle_y = (xs[0] + xs[1] + xs[2]) / 3, (eyes_y + ys[2]) / 2 + half * 0.1
    return middle_x - half, middle_y - half, middle_x + half, middle_y + half


@cache
def _signs() -> npt.NDArray[np.float32]:
    wide, high = SKETCH_SIZE
    chance = np.random.Generator(np.random.PCG64(20_261_126))  # any fixed one: every process must project alike
    return (chance.integers(0, 2, (SKETCH_NUMBERS, wide * high)) * 2 - 1).astype(np.float32) / np.float32(
        wide * high
    ) ** 0.5


def _sketch(grey: npt.NDArray[np.uint8]) -> tuple[float, ...]:
    """Of single pixels, not of their means: a camera's noise is what a frozen picture lacks."""
    small = cv2.resize(grey, SKETCH_SIZE, interpolation=cv2.INTER_NEAREST).astype(np.float32).ravel()
    return tuple(round(float(number), 3) for number in _signs() @ small)

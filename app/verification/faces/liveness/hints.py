"""What helps somebody to be seen? Said at once, of what anybody sees in a mirror; never of what speaks against them."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from app.verification.faces.liveness.frame import FrameView
from app.verification.thresholds import Thresholds

TOO_FAR: Final = 0.16
"""Of the picture's shorter side, the width of a face below which its eyes are fewer pixels apart than a comparison asks."""
TOO_NEAR: Final = 0.85
"""From which a head that turns leaves the picture."""
OFF_CENTRE: Final = 0.25
"""Of the picture's width and height, the middle of a face off the middle of the picture."""


class Hint(StrEnum):
    """What to do better, in the order in which it is worth saying."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TOO_DARK = "too_dark"
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    OFF_CENTRE = "off_centre"
    BLURRED = "blurred"


def hint_of(view: FrameView, limits: Thresholds, *, moving: bool) -> Hint | None:
    """The first thing to do better; of somebody who is moving as asked only what hides them. None: nothing."""
    return next(_hints(view, limits, moving=moving), None)


def _hints(view: FrameView, limits: Thresholds, *, moving: bool) -> Iterator[Hint]:
    face = view.face
    if face is None:
        yield Hint.NO_FACE
        return
    if view.faces > 1:
        yield Hint.SEVERAL_FACES
    if face.brightness < limits.face_brightness_least.value:
        yield Hint.TOO_DARK
    if moving:
        return
    left, top, right, bottom = face.box
    wide = (right - left) / min(view.width, view.height)
    if wide < TOO_FAR:
        yield Hint.TOO_FAR
    if wide > TOO_NEAR:
        yield Hint.TOO_NEAR
    aside = abs((left + right) / 2 / view.width - 0.5), abs((top + bottom) / 2 / view.height - 0.5)
    if max(aside) > OFF_CENTRE:
        yield Hint.OFF_CENTRE
    if face.sharpness < limits.liveness_still_blur_least.value:
        yield Hint.BLURRED

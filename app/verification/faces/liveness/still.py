"""Which frame is compared? The sharpest frontal one the server has described itself; nothing is uploaded apart for it."""

from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.path import pose_in
from app.verification.faces.liveness.steps import Colour
from app.verification.thresholds import Thresholds


def chosen(challenge: Challenge, limits: Thresholds) -> Frame | None:
    """Of the frames in which only a colour was shown, so that no other movement is asked; None: none is good enough."""
    good = [
        frame
        for at, prompt in enumerate(challenge.prompts)
        if isinstance(prompt.ask, Colour)
        for frame in challenge.during(at)
        if _good(frame, limits, mirrored=challenge.mirrored)
    ]
    return max(good, key=_sharpness, default=None)


def may_be_chosen(challenge: Challenge) -> bool:
    """Whether one of the frames that come now may be it: no other picture needs to be at hand when it is over."""
    return challenge.asked is not None and isinstance(challenge.asked.ask, Colour)


def _good(frame: Frame, limits: Thresholds, *, mirrored: bool) -> bool:
    face, pose = frame.view.face, pose_in(frame, mirrored=mirrored)
    if face is None or pose is None or face.descriptor is None or frame.view.faces != 1:
        return False
    return (
        max(abs(pose.yaw), abs(pose.roll)) <= limits.liveness_still_turn_most_degrees.value
        and face.sharpness >= limits.liveness_still_blur_least.value
        and limits.face_brightness_least.value <= face.brightness <= limits.face_brightness_most.value
    )


def _sharpness(frame: Frame) -> float:
    return 0.0 if frame.view.face is None else frame.view.face.sharpness

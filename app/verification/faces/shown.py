"""How does one photograph show a face that is to be compared? Measures only, each named by what it may lead to (R-section 6.4)."""

import math

import numpy as np
import numpy.typing as npt

from app.verification.examination import Measure, Point, ShownFace
from app.verification.faces.five_points import Box, Landmarks
from app.verification.faces.quality import face_view
from app.verification.reasons import Polygon, ReasonCode

Pixels = npt.NDArray[np.uint8]

LEVEL = 0.69
"""How far the nose stands below the eyes, over their distance, of who looks straight: the median of 200 pictures of 20 people."""
BURNT = 245
"""Grey level of every channel from which a pixel shows nothing but the lamp: skin in good light stays below 240."""
EYE_WIDE, EYE_HIGH = 0.25, 0.15
"""Half the patch around an eye, over the distance of the eyes: between the nose and the temple, from lid to lid."""


def shown_face(
    *, boxes: tuple[Box, ...], landmarks: Landmarks, chip: Pixels, frame: tuple[int, int], picture: Pixels
) -> ShownFace:
    """The measures of the first box's face, the largest; `chip` (150, 150, 3) RGB and aligned.

    Places are in a photograph of `frame` = (width, height); `picture` (h, w, 3) RGB may show it smaller.
    """
    smaller, largest = picture.shape[1] / frame[0], boxes[0]
    return ShownFace(
        face_view(faces=1, box=largest, landmarks=landmarks, frame=frame, chip=chip),
        tuple(_area(box) / _area(largest) for box in boxes[1:]),
        (
            Measure(ReasonCode.FACE_PITCHED, pitch(landmarks), None, None),
            Measure(ReasonCode.FACE_CUT, cut(largest, frame), _corners(largest), None),
            *(
                Measure(ReasonCode.FACE_GLARE, burnt(_scaled(patch, smaller), picture), _corners(patch), None)
                for patch in eye_patches(landmarks)
            ),
        ),
    )


def pitch(landmarks: Landmarks) -> float:
    """How much lower the nose stands than of who looks straight, over the distance of the eyes; negative looks up.

    Of three points no angle can be told, for noses differ; a rolled head does not change it.
    """
    (left_x, left_y), (right_x, right_y) = landmarks.left_eye, landmarks.right_eye
    across_x, across_y = right_x - left_x, right_y - left_y
    square = across_x**2 + across_y**2
    if square == 0:
        return 1.0  # both eyes in one place: no face looks like that
    off_x = landmarks.nose[0] - (left_x + right_x) / 2
    off_y = landmarks.nose[1] - (left_y + right_y) / 2
    return (across_x * off_y - across_y * off_x) / square - LEVEL


def cut(box: Box, frame: tuple[int, int]) -> float:
    """Share of the face's box that lies outside the picture."""
    left, top, right, bottom = box
    width, height = frame
    inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    return 1 - inside / _area(box)


def eye_patches(landmarks: Landmarks) -> tuple[Box, Box]:
    """Where glasses would mirror a lamp over an eye."""
    apart = math.dist(landmarks.left_eye, landmarks.right_eye)
    one, other = (_around(eye, EYE_WIDE * apart, EYE_HIGH * apart) for eye in (landmarks.left_eye, landmarks.right_eye))
    return one, other


def burnt(patch: Box, picture: Pixels) -> float:
    """Share of the patch that shows nothing but a lamp; 0 where none of it lies in the picture, which is then cut."""
    left, top, right, bottom = (max(0, round(edge)) for edge in patch)
    seen = picture[top : bottom + 1, left : right + 1]
    return float((seen.min(axis=2) >= BURNT).mean()) if seen.size else 0.0


def _around(point: Point, wide: float, high: float) -> Box:
    return point[0] - wide, point[1] - high, point[0] + wide, point[1] + high


def _scaled(box: Box, factor: float) -> Box:
    left, top, right, bottom = box
    return left * factor, top * factor, right * factor, bottom * factor


def _area(box: Box) -> float:
    return max(1.0, (box[2] - box[0]) * (box[3] - box[1]))


def _corners(box: Box) -> Polygon:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)

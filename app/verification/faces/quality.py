"""How well does a photograph show a face? Measures only; the policy holds the thresholds."""

import math

import numpy as np
import numpy.typing as npt

from app.verification.examination import FaceView
from app.verification.faces.five_points import Box, Landmarks

Pixels = npt.NDArray[np.uint8]
LUMA = np.array([0.299, 0.587, 0.114])
"""ITU-R BT.601-7 §2.5.1."""

NO_FACE = FaceView(faces=0, eye_distance_px=0.0, box_share=0.0, blur=0.0, brightness=0.0, turn=0.0)


def face_view(*, faces: int, box: Box, landmarks: Landmarks, frame: tuple[int, int], chip: Pixels) -> FaceView:
    """The measures of the largest of `faces`; `frame` is (width, height), `chip` (150, 150, 3) RGB, aligned."""
    grey = chip @ LUMA
    return FaceView(
        faces=faces,
        eye_distance_px=math.dist(landmarks.left_eye, landmarks.right_eye),
        box_share=box_share(box, frame),
        blur=sharpness(grey),
        brightness=float(grey.mean()),
        turn=turn(landmarks),
    )


def box_share(box: Box, frame: tuple[int, int]) -> float:
    """The part of the box that lies in the frame, over the frame: 0 to 1."""
    left, top, right, bottom = box
    width, height = frame
    inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(bottom, height) - max(top, 0.0))
    return inside / (width * height)


def turn(landmarks: Landmarks) -> float:
    """How far the nose stands off the middle between the eyes, along the line of the eyes, over their distance.

    0 looks straight, positive towards the picture's right. A rolled head does not change it.
    """
    (left_x, left_y), (right_x, right_y) = landmarks.left_eye, landmarks.right_eye
    across_x, across_y = right_x - left_x, right_y - left_y
    square = across_x**2 + across_y**2
    if square == 0:
        return 0.0
    off_x = landmarks.nose[0] - (left_x + right_x) / 2
    off_y = landmarks.nose[1] - (left_y + right_y) / 2
    return (off_x * across_x + off_y * across_y) / square


def sharpness(grey: npt.NDArray[np.float64]) -> float:
    """Variance of the four-neighbour Laplacian inside the border: low is blurred. Comparable at one size only."""
    centre = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * centre
    return float(laplacian.var())

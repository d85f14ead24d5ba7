"""Where are the faces of a picture? dlib's detector on as small a picture as will do, and its five points.

The 68-point predictor in the wheel that carries them is left alone: its training data exclude commercial use.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import dlib
import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.scaling import sketched
from app.verification.faces.five_points import Box, FivePoints

FIRST_SIGHT: Final = 480
"""Long side, in pixels, of the picture the detector sees first: faces of a sixth of it are found, once doubled of a
twelfth. So were all of 24 photographs with faces of 7 to 31 % of the long side."""
LAST_SIGHT: Final = 960
"""Where nothing was found, doubled: faces of a twenty-fourth."""
BESIDE_SIGHT: Final = 720
"""Where a small face was found, for others: of a ninth of the long side."""
LEAST_FACE: Final = 80
"""Pixels: the detector's window."""
BESIDE: Final = 2
"""A face is to be seen beside one that is so many times as wide, unless it is smaller than the last of these sights shows."""
OVERLAP: Final = 0.3
"""Of two boxes' common area over all of theirs, from which on they are one face's: the detector's own is about that."""
PASSES: Final = 2
"""How often a box is placed anew by the points found in it."""
MEAN_POINTS: Final = np.array(
    [0.8070 + 0.2951j, 0.6365 + 0.2971j, 0.1968 + 0.2951j, 0.3672 + 0.2971j, 0.5019 + 0.6010j]
)
"""The five points in a box of the detector, its corners 0 and 1 + 1j: the mean of 255 faces found in full pictures
(ORL's even persons and dlib's examples), made symmetrical."""


class Boxes(Protocol):
    """What finds faces in place of dlib's detector."""

    model: str

    def boxes(self, image: Pixels) -> list[Box]:
        """Of every face that is seen, the largest first."""
        ...


class FaceFinder:
    """Holds the detector and the predictor."""

    def __init__(self, own: Boxes | None = None) -> None:
        self._own = own
        self.model = None if own is None else own.model
        """Of the bank's detector, where there is one: a box moves the points, and they the descriptor."""
        self._detector = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(weights_folder() / "shape_predictor_5_face_landmarks.dat"))

    def boxes(self, image: Pixels) -> list[Box]:
        """Of every face that is seen, the largest first; of a contiguous picture."""
        if self._own is not None:
            return self._own.boxes(image)
        boxes, factor = self._seen(image, FIRST_SIGHT, doublings=0)
        if boxes:
            return boxes + self._beside(image, boxes, factor)
        boxes, factor = self._seen(image, FIRST_SIGHT, doublings=1)
        if not boxes and factor > 1:
            boxes, _ = self._seen(image, LAST_SIGHT, doublings=1)
        return boxes

    def points(self, image: Pixels, box: Box) -> dlib.full_object_detection:
        """The five points of the face in a box, wherever about it the box was drawn."""
        found = self._points(image, _rectangle(box))
        for _ in range(PASSES):
            found = self._points(image, _rectangle(placed(found)))
        return found

    def points_in(self, image: Pixels, box: Box) -> dlib.full_object_detection:
        """The five points as dlib finds them in this very box."""
        return self._points(image, _rectangle(box))

    def _seen(self, image: Pixels, long_side: float, *, doublings: int) -> tuple[list[Box], float]:
        small, factor = sketched(image, round(long_side))
        found = sorted(self._detector(small, doublings), key=lambda box: box.area(), reverse=True)
        edges = [(box.left(), box.top(), box.right(), box.bottom()) for box in found]
        return [(a * factor, b * factor, c * factor, d * factor) for a, b, c, d in edges], factor

    def _beside(self, image: Pixels, boxes: list[Box], factor: float) -> list[Box]:
        """Faces half as wide as the largest that the first sight was too small for: a second person is not overseen."""
        width = (boxes[0][2] - boxes[0][0]) / factor
        if factor <= 1 or width >= BESIDE * LEAST_FACE:
            return []
        closer, _ = self._seen(image, min(BESIDE_SIGHT, FIRST_SIGHT * BESIDE * LEAST_FACE / width), doublings=0)
        return [each for each in closer if all(overlap(each, known) < OVERLAP for known in boxes)]


def placed(shape: dlib.full_object_detection) -> Box:
    """The box in which these points would stand as they do on the mean face.

    Least squares over turning, scaling and moving: Umeyama 1991, in the complex plane.
    """
    points = complex_points(shape)
    mean, known = points.mean(), MEAN_POINTS.mean()
    turned = ((MEAN_POINTS - known).conj() @ (points - mean)) / (abs(MEAN_POINTS - known) ** 2).sum()
    centre, half = mean + turned * (0.5 + 0.5j - known), abs(turned) / 2
    return centre.real - half, centre.imag - half, centre.real + half, centre.imag + half


def complex_points(shape: dlib.full_object_detection) -> NDArray[np.complex128]:
    """Outer and inner corner of the eye on the picture's right, of the one on its left, nose."""
    return np.array([complex(point.x, point.y) for point in shape.parts()])


def five_points(shape: dlib.full_object_detection) -> FivePoints:
    """Dlib's order made ours."""
    right_outer, right_inner, left_outer, left_inner, nose = ((float(each.x), float(each.y)) for each in shape.parts())
    return FivePoints(left_outer, left_inner, right_inner, right_outer, nose)


def weights_folder() -> Path:
    """Where the wheel face_recognition_models keeps its models; importing it would need pkg_resources."""
    spec = find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package face_recognition_models, which holds the face network's weights")
    return Path(spec.submodule_search_locations[0]) / "models"


def _rectangle(box: Box) -> dlib.rectangle:
    return dlib.rectangle(*(round(edge) for edge in box))


def overlap(first: Box, second: Box) -> float:
    """Common area over all of theirs."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    common = max(0.0, across) * max(0.0, down)
    return common / (area(first) + area(second) - common)


def area(box: Box) -> float:
    """In pixels."""
    return (box[2] - box[0]) * (box[3] - box[1])

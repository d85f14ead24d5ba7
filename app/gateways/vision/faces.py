"""Whose face is it, in 128 numbers? dlib's detector, five points and descriptor network, used directly."""

from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import Face, Look, version_of
from app.gateways.vision.scaling import shrunk
from app.verification.faces.quality import Landmarks

DETECTION_LONG_SIDE = 800
"""Of the picture the detector sees; a face of 80 px in it is found at once, of 40 px after doubling."""
CHIP_SIDE = 150
CHIP_PADDING = 0.25
"""What the network was trained on: `compute_face_descriptor` cuts the same chip."""


class DlibFaces:
    """dlib with the weights of the wheel face_recognition_models, which is located and never imported.

    The 68-point predictor in the same wheel is left alone: its training data exclude commercial use.
    """

    def __init__(self) -> None:
        weights = weights_folder()
        network = weights / "dlib_face_recognition_resnet_model_v1.dat"
        self._detector = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(weights / "shape_predictor_5_face_landmarks.dat"))
        self._network = dlib.face_recognition_model_v1(str(network))
        self.model = version_of(network)

    def look(self, image: Pixels) -> Look:
        """Detected small, aligned and described at full size."""
        whole = np.ascontiguousarray(image)  # dlib takes no views
        small, factor = shrunk(whole, DETECTION_LONG_SIDE)
        boxes = self._detector(small, 0) or self._detector(small, 1)
        found = sorted(boxes, key=lambda box: box.area(), reverse=True)
        placed = tuple(_placed(box, factor) for box in found)
        return Look(placed, self.at(whole, placed[0]) if placed else None)

    def at(self, image: Pixels, box: tuple[int, int, int, int]) -> Face:
        """The face in a known box of a contiguous picture."""
        shape = self._points(image, dlib.rectangle(*box))
        chip = dlib.get_face_chip(image, shape, size=CHIP_SIDE, padding=CHIP_PADDING)
        descriptor = np.array(self._network.compute_face_descriptor(chip), dtype=np.float32)
        return Face(box, _landmarks(shape), chip, descriptor)


def _placed(box: dlib.rectangle, factor: float) -> tuple[int, int, int, int]:
    """Where it lies in the picture that was made smaller."""
    left, top, right, bottom = (round(edge * factor) for edge in (box.left(), box.top(), box.right(), box.bottom()))
    return left, top, right, bottom


def weights_folder() -> Path:
    """Where the wheel keeps its models; importing it would need pkg_resources."""
    spec = find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package face_recognition_models, which holds the face network's weights")
    return Path(spec.submodule_search_locations[0]) / "models"


def _landmarks(shape: dlib.full_object_detection) -> Landmarks:
    """Dlib's order: outer and inner corner of the eye on the picture's right, of the one on its left, nose."""
    points = np.array([(point.x, point.y) for point in shape.parts()], dtype=float)
    right, left, nose = points[0:2].mean(axis=0), points[2:4].mean(axis=0), points[4]
    return Landmarks(
        left_eye=(float(left[0]), float(left[1])),
        right_eye=(float(right[0]), float(right[1])),
        nose=(float(nose[0]), float(nose[1])),
    )

"""What is printed here? RapidOCR with the PP-OCR weights of its wheel, on onnxruntime, one thread."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetOutput
from rapidocr.utils.process_img import get_rotate_crop_image

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import version_of
from app.gateways.vision.recogniser import LineRecogniser
from app.verification.examination import Line, Point

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"
DETECTION_LONG_SIDE = 736
"""Of the canvas as the detector sees it, its print then 22 to 26 px high; the recogniser cuts its lines from the canvas
itself. The wheel's own setting enlarges the canvas and takes half as long again for the same lines."""
LOWEST_SCORE = 0.3
"""Below the wheel's own 0.5: a line read badly must reach the decision as read badly (R40), not be missing."""


class RapidReader:
    """Weights given by path, so that nothing is ever downloaded.

    The model that turns single lines over is left out: a rectified card is upside down as a whole or not at all.
    """

    def __init__(self) -> None:
        weights = weights_folder()
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_LONG_SIDE,
                "Det.model_path": str(weights / DETECTOR),
            }
        )
        self._recogniser = LineRecogniser(weights / RECOGNISER)
        self.model = f"{version_of(weights / DETECTOR)}+{version_of(weights / RECOGNISER)}"

    def read(self, image: Pixels) -> tuple[Line, ...]:
        """Every line of a canvas, boxes in its pixels."""
        found = self._engine(np.ascontiguousarray(image[:, :, ::-1]), use_det=True, use_rec=False)
        if not isinstance(found, TextDetOutput) or found.boxes is None:
            return ()
        seen = [(self.read_line(get_rotate_crop_image(image, box)), box) for box in found.boxes]
        return tuple(
            Line(text, score, _corners(box)) for (text, score), box in seen if text.strip() and score >= LOWEST_SCORE
        )

    def read_line(self, crop: Pixels) -> tuple[str, float]:
        """The recogniser alone, on one line."""
        return self._recogniser.read(crop)


def weights_folder() -> Path:
    """Where the wheel keeps its models."""
    spec = find_spec("rapidocr")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package rapidocr, which holds the weights of the text models")
    return Path(spec.submodule_search_locations[0]) / "models"


def _corners(box: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> tuple[Point, Point, Point, Point]:
    first, second, third, fourth = ((float(x), float(y)) for x, y in box)
    return first, second, third, fourth

"""What does the picture of one line say? The recogniser of RapidOCR's wheel, each line in a tensor no wider than it.

The wheel's own pipeline lays six lines into one tensor as wide as its longest and as wide as 320 px at least: most of it
is padding, and on one core a batch costs what its lines cost one by one.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from app.gateways.vision.decoding import Pixels

HEIGHT = 48
"""Of a line as the model was trained on it, as the next."""
LEAST_WIDTH = 320
"""Shorter lines are padded: on drawn cards, tensors of 128 px lost three times as many scores above 0.9."""
STEP = 32
"""Widths are rounded up to a multiple of it, so that tensors have some ninety shapes, however wide lines are."""
WIDEST = 3072
"""Of a tensor: a thread of pixels is no line, and stretched to the height of one it would fill the memory."""


class LineRecogniser:
    """Holds the model; one thread."""

    def __init__(self, weights: Path) -> None:
        options = SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it keeps what its largest line took
        self._session = InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        known = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = np.array(["", *known, " "])

    def read(self, crop: Pixels) -> tuple[str, float]:
        """The text of an RGB crop, and the mean score of its characters; ("", 0.0) where none was seen."""
        scores = self._session.run(None, {self._input: tensor(crop)})[0][0]
        return decoded(scores.argmax(axis=1), scores.max(axis=1), self._characters)


def tensor(crop: Pixels) -> NDArray[np.float32]:
    """(1, 3, 48, width), BGR from -1 to 1; zero right of the line, as in training."""
    height, width, _ = crop.shape
    wide = min(max(1, -(-HEIGHT * width // height)), WIDEST)
    sized = cv2.resize(crop[:, :, ::-1], (wide, HEIGHT)).astype(np.float32)
    padded = np.zeros((1, 3, HEIGHT, max(LEAST_WIDTH, -(-wide // STEP) * STEP)), np.float32)
    padded[0, :, :, :wide] = (sized / 127.5 - 1).transpose(2, 0, 1)
    return padded


def decoded(best: NDArray[np.int64], scores: NDArray[np.float32], characters: NDArray[np.str_]) -> tuple[str, float]:
    """Connectionist temporal classification: runs of one character are one, and class 0 is between characters."""
    starts = np.append(True, best[1:] != best[:-1]) & (best != 0)
    if not starts.any():
        return "", 0.0
    return "".join(characters[best[starts]]), float(scores[starts].mean())

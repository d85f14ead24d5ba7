"""Is a cell with a grain of its own told from a paper whose grain changes from place to place? Drawn here."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.specimens.canvas import ID_1, paper, write
from app.specimens.resident_card import NUMBER_STEP, NUMBER_X, NUMBER_Y, PORTRAIT_TINT
from app.verification.documents.authenticity.tampering import noise_of_fields
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from tests.verification.examinations import policy

LIMIT = policy("production-1").thresholds.noise_differs_most.value
NUMBER = Box(NUMBER_X - 6, NUMBER_Y - 44, NUMBER_X + 18 * NUMBER_STEP + 6, NUMBER_Y + 10)
ACROSS = np.arange(ID_1[0])


def numbered(grain: NDArray[np.float64]) -> Image:
    """A number on paper, the noise of each column so many grey levels high."""
    canvas = paper(PORTRAIT_TINT)
    for position, digit in enumerate("619900199811106434"):
        write(canvas, digit, (NUMBER_X + position * NUMBER_STEP, NUMBER_Y), 40)
    noise = np.random.default_rng(8).normal(0, 1, canvas.shape[:2]) * grain
    return np.asarray(np.clip(np.rint(canvas[:, :, ::-1] + noise[..., None]), 0, 255), np.uint8)


def oddest(canvas: Image) -> float:
    return noise_of_fields(canvas, {"number": NUMBER})[0].score


def test_a_grain_that_changes_all_along_the_number_is_the_papers() -> None:
    assert oddest(numbered(2 + 0.9 * np.sin(ACROSS / 30))) < LIMIT


@pytest.mark.parametrize(("first", "last"), [(15, 18), (13, 18), (11, 18), (1, 6)])
def test_a_run_of_digits_painted_over_does_not_become_the_usual(first: int, last: int) -> None:
    canvas = numbered(np.full(ID_1[0], 3.0))
    run = slice(NUMBER_X + (first - 1) * NUMBER_STEP, NUMBER_X + last * NUMBER_STEP)
    canvas[NUMBER_Y - 40 : NUMBER_Y + 8, run] = cv2.GaussianBlur(canvas[NUMBER_Y - 40 : NUMBER_Y + 8, run], (0, 0), 1.2)
    assert oddest(canvas) > LIMIT


def test_one_digit_painted_over_has_a_grain_of_its_own() -> None:
    canvas = numbered(np.full(ID_1[0], 2.0))
    assert oddest(canvas) < LIMIT
    left = NUMBER_X + 9 * NUMBER_STEP
    cell = (slice(NUMBER_Y - 40, NUMBER_Y + 8), slice(left, left + NUMBER_STEP))
    canvas[cell] = cv2.GaussianBlur(canvas[cell], (0, 0), 1.5)
    assert oddest(canvas) > LIMIT

"""Are lines laid into tensors of few shapes, read as a model says them, and asked for no oftener than needed?"""

from collections.abc import Iterator
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.recogniser import HEIGHT, LEAST_WIDTH, STEP, WIDEST, decoded, tensor
from app.gateways.vision.rereading import voted
from app.verification.documents.layout import Box
from app.verification.examination import Line

CHARACTERS = np.array(["", "年", "月", " "])
CANVAS = np.full((40, 200, 3), 200, np.uint8)


class InTurn:
    """Says one text after the other, over and over."""

    model = "in turn@0"

    def __init__(self, *texts: str) -> None:
        self._texts: Iterator[str] = cycle(texts)
        self.asked = 0

    def read(self, image: Pixels) -> tuple[Line, ...]:
        raise AssertionError(image.shape)

    def read_line(self, _crop: Pixels) -> tuple[str, float]:
        self.asked += 1
        return next(self._texts), 0.9


@given(st.integers(1, 60), st.integers(1, 3000))
def test_every_line_fits_a_tensor_of_one_of_few_shapes(height: int, width: int) -> None:
    shape = tensor(np.zeros((height, width, 3), np.uint8)).shape
    assert shape[:3] == (1, 3, HEIGHT)
    assert LEAST_WIDTH <= shape[3] <= WIDEST
    assert shape[3] % STEP == 0


def test_a_line_keeps_its_ratio_and_what_is_right_of_it_is_neither_dark_nor_light() -> None:
    laid = tensor(np.full((24, 100, 3), 255, np.uint8))
    assert (laid[..., :200] == 1).all()
    assert (laid[..., 200:] == 0).all()


def test_the_model_is_shown_blue_first() -> None:
    assert tensor(np.full((48, 48, 3), (255, 0, 0), np.uint8))[0, :, 0, 0].tolist() == [-1, -1, 1]


def test_a_run_of_one_character_is_one_and_a_blank_parts_two() -> None:
    best, scores = np.array([0, 1, 1, 0, 1, 2, 0]), np.array([1, 0.9, 0.8, 1, 0.7, 0.5, 1], np.float32)
    text, score = decoded(best, scores, CHARACTERS)
    assert text == "年年月"
    assert score == pytest.approx(0.7)


def test_blanks_alone_say_nothing() -> None:
    assert decoded(np.zeros(5, np.int64), np.ones(5, np.float32), CHARACTERS) == ("", 0.0)


def test_two_readings_of_a_region_that_agree_are_enough() -> None:
    reader = InTurn("长期")
    assert voted(reader, CANVAS, Box(0, 0, 100, 30)) == ("长期", 0.9)
    assert reader.asked == 2


@pytest.mark.parametrize("texts", [("1", "7"), ("",)])
def test_where_two_differ_or_say_nothing_all_four_are_asked(texts: tuple[str, ...]) -> None:
    reader = InTurn(*texts)
    voted(reader, CANVAS, Box(0, 0, 100, 30))
    assert reader.asked == 4


def test_four_that_differ_are_a_vote() -> None:
    text, score = voted(InTurn("1234", "1284", "1234", "1234"), CANVAS, Box(0, 0, 100, 30))
    assert text == "1234"
    assert score == pytest.approx(3 / 4 * 0.9)


def test_an_empty_region_is_not_asked_for() -> None:
    reader = InTurn("1")
    assert voted(reader, CANVAS, Box(50, 10, 50, 30)) == ("", 0.0)
    assert reader.asked == 0

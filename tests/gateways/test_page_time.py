"""Does a page that takes too long cost itself alone, and neither its process nor the pages beside it?"""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import cv2
import numpy as np
import pytest

from app.gateways.vision.cards import CardReader
from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import Look
from app.gateways.vision.examiner import Examiner
from app.gateways.vision.messages import Seen, Task, names_of
from app.gateways.vision.page_time import TooLong, at_most, shares
from app.verification.examination import Kind, Line, Side

PICTURE = cv2.imencode(".png", np.full((600, 900, 3), 90, np.uint8))[1].tobytes()
PICTURES = {(Kind.RESIDENT_CARD, Side.PORTRAIT): PICTURE, (Kind.RESIDENT_CARD, Side.EMBLEM): PICTURE}


class Slow:
    """Stands before the first picture for ever, as before a page of print, and finds nothing on the others."""

    model = "slow@0"

    def __init__(self) -> None:
        self.asked = 0

    def read(self, _: Pixels) -> tuple[Line, ...]:
        """Nothing, at last."""
        self.asked += 1
        if self.asked == 1:
            time.sleep(60)
        return ()

    def read_line(self, _: Pixels) -> tuple[str, float]:
        """Nothing."""
        return "", 0.0


class NoFaces:
    """Is not asked."""

    model = "none@0"

    def look(self, _: Pixels) -> Look:
        """Fail the test."""
        raise AssertionError


def test_a_page_that_takes_too_long_is_none_and_the_next_one_is_read() -> None:
    slow, begun = Slow(), time.monotonic()
    examiner = Examiner(CardReader(slow, lambda: date(2025, 6, 1)), NoFaces(), pages_seconds=8.0)
    answer, _ = examiner.handle(Task.EXAMINE, (b"", names_of(PICTURES), *PICTURES.values()))
    assert isinstance(answer, Seen)
    assert [page.reading.kind for page in answer.measured.pages] == [None, None]
    assert (slow.asked > 1, time.monotonic() - begun < 30) == (True, True)


def _busily() -> None:
    while True:
        sum(range(1000))


@pytest.mark.parametrize("long", [_busily, lambda: time.sleep(60)])
def test_whatever_takes_too_long_is_left_and_no_library_takes_that_for_its_own_fault(long: Callable[[], None]) -> None:
    def swallowing() -> None:
        with suppress(Exception):  # as many a library does
            long()

    with pytest.raises(TooLong), at_most(0.05):
        swallowing()


def test_whatever_is_done_in_time_is_not_disturbed_afterwards() -> None:
    with at_most(1.0):
        pass
    time.sleep(1.1)


def test_what_is_lost_once_is_raised_again() -> None:
    def losing() -> None:
        with suppress(TooLong):  # as whatever is raised within a __del__
            time.sleep(60)
        time.sleep(60)

    begun = time.monotonic()
    with pytest.raises(TooLong), at_most(0.05):
        losing()
    assert time.monotonic() - begun < 30


def test_a_timer_that_ran_before_runs_on() -> None:
    before, handler = signal.setitimer(signal.ITIMER_REAL, 500.0), signal.getsignal(signal.SIGALRM)
    try:
        with at_most(100.0):
            assert signal.getitimer(signal.ITIMER_REAL)[0] <= 100
        assert 100 < signal.getitimer(signal.ITIMER_REAL)[0] <= 500
        assert signal.getsignal(signal.SIGALRM) is handler
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)


def test_what_one_page_does_not_use_is_the_others() -> None:
    first, second, third = shares(3, of_seconds=30.0)
    assert (round(first), round(second), round(third)) == (10, 15, 30)

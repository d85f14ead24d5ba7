"""Does a page that takes too long cost itself alone, and neither its process nor the pages beside it?"""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import cv2
import numpy as np
import pytest
from structlog import get_logger
from structlog.testing import capture_logs

from app.gateways.vision import VisionFailed, Why
from app.gateways.vision.cards import CardReader
from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import Look
from app.gateways.vision.examiner import Examiner
from app.gateways.vision.messages import Read, Seen, Task, names_of
from app.gateways.vision.page_time import Starved, TooLong, at_most, shares, starved
from app.gateways.vision.pooled import PooledVision
from app.gateways.vision.reader import Reader
from app.verification.examination import Kind, Line, Side
from tests.gateways.test_vision_pool import NONE, card, started

PICTURE = cv2.imencode(".png", np.full((600, 900, 3), 90, np.uint8))[1].tobytes()
PICTURES = {(Kind.RESIDENT_CARD, Side.PORTRAIT): PICTURE, (Kind.RESIDENT_CARD, Side.EMBLEM): PICTURE}


class Slow:
    """Stands before the first picture for ever, as before a page of print or another's work, and finds nothing on the others."""

    model = "slow@0"

    def __init__(self, doing: Callable[[], None]) -> None:
        self.asked, self._doing = 0, doing

    def read(self, _: Pixels) -> tuple[Line, ...]:
        """Nothing, at last."""
        self.asked += 1
        if self.asked == 1:
            self._doing()
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


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> None:
    """A logger keeps the processors it was first used with, and another test's house may have used this one."""
    monkeypatch.setattr("app.gateways.vision.pool.log", get_logger())


def _busily() -> None:
    while True:
        sum(range(1000))


def test_a_page_that_takes_too_long_is_none_and_the_next_one_is_read() -> None:
    slow, begun = Slow(_busily), time.monotonic()
    examiner = Examiner(CardReader(slow, lambda: date(2025, 6, 1)), NoFaces(), pages_seconds=8.0)
    answer, _ = examiner.handle(Task.EXAMINE, (b"", names_of(PICTURES), *PICTURES.values()))
    assert isinstance(answer, Seen)
    assert [page.reading.kind for page in answer.measured.pages] == [None, None]
    assert (slow.asked > 1, answer.overdue, time.monotonic() - begun < 30) == (True, 1, True)


def test_a_reader_leaves_a_page_that_takes_too_long_and_says_there_is_no_document() -> None:
    slow = Slow(_busily)
    reader = Reader(CardReader(slow, lambda: date(2025, 6, 1)), page_seconds=4.0)
    answer, (canvas, *_) = reader.handle(Task.READ, (PICTURE, b"", b""))
    assert isinstance(answer, Read)
    assert (answer.reading.kind, canvas, slow.asked) == (None, b"", 1)


def test_where_others_had_the_processor_a_page_is_looked_at_again_and_not_called_none() -> None:
    slow = Slow(lambda: time.sleep(60))
    examiner = Examiner(CardReader(slow, lambda: date(2025, 6, 1)), NoFaces(), pages_seconds=4.0)
    with pytest.raises(Starved):
        examiner.handle(Task.EXAMINE, (b"", names_of(PICTURES), *PICTURES.values()))


@pytest.mark.parametrize(("worked", "is_starved"), [(7.9, True), (8.0, False), (80.0, False)])
def test_a_page_that_had_a_fifth_of_a_processor_was_looked_at(worked: float, *, is_starved: bool) -> None:
    assert starved(worked, 40.0) is is_starved


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


@pytest.mark.usefixtures("listening")
async def test_what_a_busy_machine_did_not_look_at_in_time_is_for_later_and_no_process_is_lost_with_it() -> None:
    async with started() as pool:
        with capture_logs() as logged, pytest.raises(VisionFailed) as failed:
            await PooledVision(intake=NONE, examiner=pool).examine(card(), b"late")
        found = pool.stats()
    assert (failed.value.why, found.timed_out, found.replaced) == (Why.TIMED_OUT, 1, 0)
    assert [each["event"] for each in logged] == ["vision_task_starved"]


@pytest.mark.usefixtures("listening")
async def test_a_page_that_was_left_is_told_to_whoever_runs_this_and_nothing_of_whose_it_is() -> None:
    async with started() as pool:
        with capture_logs() as logged:
            await PooledVision(intake=NONE, examiner=pool).examine(card(), b"left")
    told = {"event": "vision_pages_left", "log_level": "warning", "role": "obedient", "task": "examine", "pages": 1}
    assert logged == [told]

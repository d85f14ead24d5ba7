"""How long may one page hold an examiner or a reader? What takes longer is left unread, so that no other is lost with it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, process_time
from typing import Final, Never, TypeVar

T = TypeVar("T")

PAGES_SECONDS: Final = 50.0
"""Of the examiner's sixty, for all pages: a face takes one or two, and the process is killed for what is over."""
PAGE_SECONDS: Final = 25.0
"""Of a reader's thirty."""
AGAIN_SECONDS: Final = 0.5
"""From one alarm to the next, where the first was lost."""
BUSY_PART: Final = 0.2
"""Of its time that a page of print takes on a processor, at the least: with less the machine was busy with others."""


class TooLong(BaseException):
    """Not an Exception: no library on the way may take it for a fault of its own and read on."""


class Starved(Exception):
    """The time went by and the processor was others': nothing is known of the picture, and it is looked at again."""


def starved(worked_seconds: float, of_seconds: float) -> bool:
    """Whether so much of a processor is too little to say that a page takes too long."""
    return worked_seconds < BUSY_PART * of_seconds


def shares(pages: int, *, of_seconds: float) -> Iterator[float]:
    """For each page in turn its part of what is left: what one does not use is the others'."""
    begun = monotonic()
    for left in range(pages, 0, -1):
        yield max(0.1, (of_seconds - (monotonic() - begun)) / left)


def in_time(read: Callable[[], T], seconds: float) -> T | None:
    """What is read of one page, or nothing that is a document: whoever photographs a page of print may take nobody else's minute.

    Raises Starved where it was others who took it: an honest applicant would be told that there is no card.
    """
    begun = process_time()
    try:
        with at_most(seconds):
            return read()
    except TooLong:
        if starved(process_time() - begun, seconds):
            raise Starved from None
        return None


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong in the midst of what takes longer; in the main thread of a process alone.

    Again and again until it is heard: what is raised within a `__del__` reaches nobody. A timer that ran before runs on.
    """

    def end(*_: object) -> Never:
        raise TooLong

    before, begun = signal.signal(signal.SIGALRM, end), monotonic()
    left, every = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)  # it may have gone off just before the same line above
        signal.signal(signal.SIGALRM, before)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (monotonic() - begun)), every)

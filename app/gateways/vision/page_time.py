"""How long may one page hold an examiner? What takes longer is left unread, so that the others are not lost with it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final, Never

PAGES_SECONDS: Final = 50.0
"""Of the examiner's sixty, for all pages: a face takes one or two, and the process is killed for what is over."""


class TooLong(BaseException):
    """Not an Exception: no library on the way may take it for a fault of its own and read on."""


def shares(pages: int, *, of_seconds: float) -> Iterator[float]:
    """For each page in turn its part of what is left: what one does not use is the others'."""
    begun = monotonic()
    for left in range(pages, 0, -1):
        yield max(0.1, (of_seconds - (monotonic() - begun)) / left)


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong in the midst of what takes longer; in the main thread of a process alone, and none within another."""

    def end(*_: object) -> Never:
        raise TooLong

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

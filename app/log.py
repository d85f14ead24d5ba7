"""How do we write down what we do? One JSON line an event, to standard output, without personal data."""

import asyncio
import logging
import sys
from typing import Final, TextIO, cast

import structlog
from prometheus_client import Counter

LOST: Final = Counter("hufu_log_lines_lost", "Lines of the log that could not be written")
SHEET_SECONDS: Final = 0.1
SHEET_LINES: Final = 500


class Lines:
    """Where the lines go. One that cannot be written is counted and forgotten: the record is the audit, and no caller's
    answer, after its commit, may be lost for want of room on the log's disk.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """One line or more, if they can be."""
        try:
            self._file.write(text)
        except OSError:
            LOST.inc(text.count("\n"))

    def flush(self) -> None:
        """Out with it, if it can be."""
        try:
            self._file.flush()
        except OSError:
            LOST.inc()


class Sheet:
    """Lines that are written together, a tenth of a second after the first of them: a call of the system for each costs
    a request more than making the line. Killed, a process loses what stands on its sheet; the record is the audit.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._standing: list[str] = []

    def write(self, line: str) -> None:
        """One line, soon."""
        loop = asyncio.get_running_loop()
        self._standing.append(line)
        if len(self._standing) == 1:
            loop.call_later(SHEET_SECONDS, self.flush)
        elif len(self._standing) >= SHEET_LINES:
            self.flush()

    def flush(self) -> None:
        """All that stands on it, now."""
        standing, self._standing = self._standing, []
        if standing:
            self._lines.write("".join(standing))


def configure(level: str) -> None:
    """Set the one log up; called once a process, by whoever starts it."""
    chosen = _chosen(level)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Lines(sys.stdout))),
        cache_logger_on_first_use=True,
    )
    # The queue says every job twice; what a job did stands in the audit.
    logging.getLogger("procrastinate").setLevel(max(chosen, logging.WARNING))
    # It writes whole addresses: of a gateway asked by GET, with the number, the code and the gateway's secret in them.
    logging.getLogger("httpx").setLevel(max(chosen, logging.WARNING))
    # The same of sockets, with ids of people in them, and the headers they were asked for with.
    logging.getLogger("hufu.sockets").setLevel(max(chosen, logging.WARNING))
    # It writes what it cannot write, and why, to standard error, which may be on the same full disk.
    logging.raiseExceptions = False
    logging.basicConfig(level=max(chosen, logging.INFO), stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")


def sheet(level: str) -> Sheet | None:
    """Takes finished lines at level info; None where that is not wanted."""
    return Sheet(Lines(sys.stdout)) if _chosen(level) <= logging.INFO else None


def _chosen(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)

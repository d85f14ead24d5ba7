"""`make bench`: each kind of work beside its limit, taken in the same run, as one table."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from app.settings import Settings
from benchmarks import limits, talk
from benchmarks.documents import reading_rows
from benchmarks.face_comparisons import comparison_rows
from benchmarks.face_memory import memory_row as face_memory_row
from benchmarks.face_search import search_rows
from benchmarks.faces import face_rows
from benchmarks.loop import loop_row
from benchmarks.machine import OTHER_CORE, House, house
from benchmarks.marks import sample_rows
from benchmarks.memory import memory_row
from benchmarks.overload import overload_row
from benchmarks.row import Row, at_most
from benchmarks.speed import password_row, speed_rows
from benchmarks.timing import timing_rows

MEMORY_LIMIT_MB = 200


def main() -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {OTHER_CORE})
    console = Console(width=None if sys.stdout.isatty() else 200)
    os.environ.setdefault("HUFU_ARGON2_THREADS", "1")  # as many as the API has cores here
    console.print("Each figure beside its limit, from this run; each is told as it comes, all of them at the end.")
    rows = []
    for row in _rows():
        console.print(f"{row.work}: {row.ours} of {row.limit}, {'met' if row.met else 'not met'} ({row.wanted})")
        rows.append(row)
    _print(console, rows)


def _rows() -> Iterator[Row]:
    with house() as ours, limits.bare_server() as bare:
        settings = Settings()
        somebody = talk.enrol(settings)
        yield from speed_rows(ours, settings, somebody, bare)
        yield password_row(ours, settings, somebody)
        yield _memory_row(ours, settings)
        yield overload_row(ours, somebody)
        yield from comparison_rows(ours, settings)
        yield from search_rows(settings)
    yield loop_row()
    yield _examination_row()
    yield from face_rows()
    yield face_memory_row()
    yield from reading_rows()
    yield from sample_rows()
    yield from timing_rows()
    with house() as ours:  # what takes longest comes last
        yield memory_row(ours, talk.enrol(Settings()))


def _memory_row(ours: House, settings: Settings) -> Row:
    limit = MEMORY_LIMIT_MB + settings.argon2_threads * settings.argon2_memory_kib / 1024
    used = ours.api_memory_octets() / 2**20
    return at_most("memory of the API and its pool", used, limit, 1.0, unit="MB", how="PSS after all of the above")


def _examination_row() -> Row:
    command = [sys.executable, "-m", "benchmarks.examination"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    how = "CPU of both sides and face on one core; limit: two plain RapidOCR calls, two dlib descriptors"
    return at_most("examination of one card", found["ours"], found["bare"], 1.5, unit="s", how=how)


def _print(console: Console, rows: list[Row]) -> None:
    table = Table(
        "work",
        "ours",
        "limit",
        "ratio",
        "mark",
        "",
        "best peer",
        "beside",
        title="rates per CPU second of the API's process",
    )
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.work, row.ours, row.limit, ratio, row.wanted, "✓" if row.met else "✗", row.peer, row.how)
    console.print(table)


if __name__ == "__main__":
    main()

"""How long do token endpoints take while two pictures are being examined? `python -m benchmarks.overload`.

An open loop asks at a modest rate whatever becomes of the answers, first in quiet, then while two pools of examiners work
without a pause; the median of several rounds of both, for a shared machine is not the same machine for long.
"""

import asyncio
import os
import statistics
import sys
import time
from datetime import date

import uvloop

from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Task, names_of
from app.gateways.vision.pool import Limits, Pool
from app.gateways.vision.pooled import EXAMINER
from app.settings import Settings
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut
from app.verification.examination import Kind, Side
from benchmarks import talk
from benchmarks.load import LENGTH, NotAnswered
from benchmarks.machine import OTHER_CORE, House, house
from benchmarks.row import Row, at_most

MARK = 3.0
ASKED_A_SECOND = 50
ROUND_SECONDS = 6.0
ROUNDS = 5
PICTURES = 2
CARD = ((Kind.RESIDENT_CARD, Side.PORTRAIT), (Kind.RESIDENT_CARD, Side.EMBLEM))


def overload_row(ours: House, somebody: talk.Enrolled) -> Row:
    """The p95 of client_credentials beside its quiet p95 of the same minutes."""
    quiet, busy = uvloop.run(_rounds(ours.api.port, talk.client_credentials(somebody.core)))
    how = f"client_credentials, {ASKED_A_SECOND} a second, median p95 of {ROUNDS} rounds; limit: its quiet p95"
    return at_most(f"p95 while {PICTURES} pictures are examined", busy, quiet, MARK, unit="ms", how=how)


async def _rounds(port: int, asked: bytes) -> tuple[float, float]:
    """Quiet and busy p95 in milliseconds."""
    upload = honest_upload(0, date(2026, 11, 22), astronaut())
    blobs = upload.face, names_of(CARD), upload.portrait_side, upload.emblem_side
    pool = Pool(EXAMINER, Limits(PICTURES, waiting=PICTURES, task_seconds=120.0, patience_seconds=240.0))
    quiet: list[float] = []
    busy: list[float] = []
    # Examiners run wherever the system puts them, as in production: on the API's core too.
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    await pool.start()
    os.sched_setaffinity(0, {OTHER_CORE})
    try:
        await pool.ask(Task.EXAMINE, blobs)
        for _ in range(ROUNDS):
            quiet.append(await _p95(port, asked))
            working = [asyncio.create_task(_without_pause(pool, blobs)) for _ in range(PICTURES)]
            await asyncio.sleep(0.5)
            busy.append(await _p95(port, asked))
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await _idle(pool)
    finally:
        await pool.stop()
    print("p95 in ms, quiet:", *(f"{each:.1f}" for each in quiet), "busy:", *(f"{each:.1f}" for each in busy))
    return statistics.median(quiet), statistics.median(busy)


async def _without_pause(pool: Pool, blobs: Blobs) -> None:
    while True:
        await pool.ask(Task.EXAMINE, blobs)


async def _idle(pool: Pool) -> None:
    while pool.stats().running:  # noqa: ASYNC110  processes of another's making are only seen by looking
        await asyncio.sleep(0.05)


async def _p95(port: int, asked: bytes) -> float:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    asking = []
    for each in range(int(ASKED_A_SECOND * ROUND_SECONDS)):
        await asyncio.sleep(max(0.0, begun + each / ASKED_A_SECOND - loop.time()))
        asking.append(asyncio.create_task(_timed(port, asked)))
    taken = sorted(await asyncio.gather(*asking))
    return 1000 * taken[int(len(taken) * 0.95)]


async def _timed(port: int, asked: bytes) -> float:
    """Seconds to the whole answer, connection and all."""
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    if length is None or not head.startswith(b"HTTP/1.1 2"):
        raise NotAnswered(head.decode(errors="replace"))
    await reader.readexactly(int(length.group(1)))
    taken = time.perf_counter() - begun
    writer.close()
    return taken


def main() -> None:
    """Measure this alone."""
    os.sched_setaffinity(0, {OTHER_CORE})
    with house() as ours:
        found = overload_row(ours, talk.enrol(Settings()))
    print(found.work, found.ours, found.limit, f"{found.ratio:.2f} {found.wanted}", found.how)
    sys.exit(0 if found.met else 1)


if __name__ == "__main__":
    main()

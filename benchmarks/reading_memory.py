"""Does the memory of a process that reads documents stay flat? `python -m benchmarks.reading_memory [COUNT]`.

Every kind of document at mixed sizes, through the pool that the API has. Pieces of nine minutes, each a fresh process:
what was measured is kept in `data/bench-reading-memory.json`, and the same command goes on until COUNT is reached.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Final

from app.gateways.vision.pool import Limits, Pool
from app.gateways.vision.pooled import READER, PooledVision
from app.specimens.kinds import draw
from app.specimens.names import Kind
from app.specimens.photograph import Capture, photograph
from app.specimens.portraits import astronaut
from benchmarks.machine import family, pss_octets
from benchmarks.memory import MARK, SCALES, WARM_UP, Series, scaled, thirds
from benchmarks.row import Row, at_most

WANTED: Final = 1000
PIECE_SECONDS: Final = 540.0
KEPT: Final = Path("data/bench-reading-memory.json")
NO_POOL: Final = Limits(0, waiting=0, task_seconds=0.0, patience_seconds=0.0)


def pictures() -> list[bytes]:
    """One of every page of every kind, at each size."""
    face = astronaut().for_card()
    drawn = [page for kind in Kind for page in draw(kind, 1000, date(2026, 11, 26), face)]
    shots = [photograph(page, Capture(seed=1000 + at)).jpeg() for at, page in enumerate(drawn)]
    return [scaled(shot, scale) for shot in shots for scale in SCALES]


async def samples() -> AsyncIterator[float]:
    """After each reading, the proportional set size of the reading process in MB."""
    limits = Limits(1, waiting=1, task_seconds=120.0, patience_seconds=240.0)
    pools = PooledVision(intake=Pool(READER, NO_POOL), examiner=Pool(READER, NO_POOL), reader=Pool(READER, limits))
    try:
        for octets in itertools.cycle(pictures()):
            found = await pools.read(octets)
            if found.reading.kind is None:
                raise ValueError("a drawn document was not read")
            yield sum(map(pss_octets, _readers())) / 2**20
    finally:
        await pools.stop()


def _readers() -> list[int]:
    """The processes below this one."""
    own = int(Path("/proc/self").resolve().name)
    return [pid for pid in family(own) if pid != own]


def judged(pieces: list[Series]) -> Row:
    """Of several processes, the mean of how each ended beside how it began, in MB."""
    found = [thirds(piece[WARM_UP:]) for piece in pieces if len(piece) >= 2 * WARM_UP]
    first, last = (sum(each[which] for each in found) / len(found) for which in (0, 1))
    most = max(itertools.chain.from_iterable(pieces))
    how = f"PSS, {sum(map(len, pieces))} readings of {len(SCALES)} sizes, {most:.0f} MB at most; limit: the first third"
    return at_most("reader's memory, median of the last third", last, first, MARK, unit="MB", how=how)


async def _piece(missing: int, pieces: list[Series]) -> Series:
    piece: Series = []
    end = time.monotonic() + PIECE_SECONDS
    async for found in samples():
        piece.append(found)
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps([*pieces, piece]), encoding="utf-8")
        if len(piece) >= missing or time.monotonic() > end:
            break
    return piece


def main() -> None:
    """Measure until COUNT is reached or a piece is over; then say how it stands."""
    wanted = int((sys.argv[1:2] or [str(WANTED)])[0])
    pieces: list[Series] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    missing = wanted - sum(map(len, pieces))
    if missing > 0:
        pieces.append(asyncio.run(_piece(missing, pieces)))
    row, done = judged(pieces), sum(map(len, pieces))
    print(f"{row.work}: {row.ours} of {row.limit}, {row.ratio:.3f} {row.wanted}; {row.how}")
    if done < wanted:
        print(f"{done} of {wanted} are done; the same command goes on")
    else:
        KEPT.unlink()


if __name__ == "__main__":
    main()

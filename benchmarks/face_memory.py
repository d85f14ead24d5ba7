"""Does the memory of a process that looks at faces stay flat? `python -m benchmarks.faces FACES`.

The real process, asked as the API asks it, four crops each, photographs of several sizes in turn. Many faces are looked at
in pieces of nine minutes: what was measured is kept in `data/bench-faces.json`, and the same command goes on with a fresh
process until FACES is reached.
"""

import asyncio
import itertools
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.gateways.vision.decoding import decode
from app.gateways.vision.pooled import Lookers
from app.specimens.portraits import astronaut, grace_hopper, selfie
from benchmarks.faces import phone_photograph
from benchmarks.machine import command_of, family, pss_octets
from benchmarks.memory import scaled, thirds
from benchmarks.row import Row, at_most

SAMPLE = 300
EVERY = 10
"""Faces between two looks at the memory."""
WARM_UP = 3
"""Looks at the memory: each photograph was seen."""
SCALES = (1.0, 0.6, 1.6, 1.0, 0.8, 1.3)
PIECE_SECONDS = 540.0
MARK = 1.05
KEPT = Path("data/bench-faces.json")
Series = list[float]


def memory_row(count: int = SAMPLE) -> Row:
    """One process, the last third beside the first."""
    return judged([list(itertools.islice(samples(), count // EVERY))])


def judged(pieces: Sequence[Series]) -> Row:
    """Of several processes, the median of how each ended beside how it began, in MB."""
    found = [thirds(piece[WARM_UP:]) for piece in pieces if len(piece) >= 2 * WARM_UP]
    first, last = (statistics.median(each[which] for each in found) for which in (0, 1))
    faces = EVERY * sum(map(len, pieces))
    most = max(max(piece[WARM_UP:]) for piece in pieces if len(piece) >= 2 * WARM_UP)
    how = (
        f"PSS of a looker, {faces} faces in {len(pieces)} processes, most {most:.1f}; limit: median of the first third"
    )
    return at_most("looker's memory, median of the last third", last, first, MARK, unit="MB", how=how)


def go_on(wanted: int) -> None:
    """Measure until so many are done or a piece is over; then say how it stands."""
    pieces: list[Series] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    missing, end, piece = wanted // EVERY - sum(map(len, pieces)), time.monotonic() + PIECE_SECONDS, Series()
    for held in itertools.islice(samples(), max(0, missing)):
        piece.append(held)
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps([*pieces, piece]), encoding="utf-8")
        if time.monotonic() > end:
            break
    pieces += [piece] if piece else []
    row, done = judged(pieces), EVERY * sum(map(len, pieces))
    print(f"{row.work}: {row.ours} of {row.limit}, {row.ratio:.3f} {row.wanted}; {row.how}")
    if done + EVERY <= wanted:
        print(f"{done} of {wanted} are done; the same command goes on")
    else:
        KEPT.unlink()


def samples() -> Iterator[float]:
    """After each few faces, the proportional set size of the process in MB."""
    lookers, pictures = Lookers(1), itertools.cycle(_photographs())
    with asyncio.Runner() as runner:
        runner.run(lookers.__aenter__())
        try:
            (looker,) = [pid for pid in family(os.getpid()) if " looker " in command_of(pid)]
            while True:
                for octets in itertools.islice(pictures, EVERY):
                    if not runner.run(lookers.look(octets)).descriptor:
                        raise LookupError("no face")
                yield pss_octets(looker) / 2**20
        finally:
            runner.run(lookers.__aexit__())


def _photographs() -> list[bytes]:
    """Two people at several sizes, and one of a phone's own."""
    selfies = [selfie(person, seed) for seed, person in enumerate((astronaut(), grace_hopper()))]
    sized = [scaled(octets, scale) for scale in SCALES for octets in selfies]
    return [*sized, phone_photograph(decode(selfies[0]).pixels[:, :, ::-1])]

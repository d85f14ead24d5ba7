"""Does any single callback hold the API's event loop while passwords are proven? Asked of the loop itself, in its debug mode."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from app.settings import Settings
from benchmarks import talk
from benchmarks.load import CONNECTIONS, Asked, rate
from benchmarks.machine import house
from benchmarks.row import Row

TOOK = re.compile(r"^WARNING asyncio Executing .* took (\d+\.\d+) seconds", re.MULTILINE)
LONGEST_MS = 20


def loop_row() -> Row:
    """The longest callback over 20 ms, by the wall clock, of those the loop told of."""
    with _told_of_slow_callbacks(), house() as ours:
        somebody = talk.enrol(Settings())
        log = ours.folder / "logs" / "api.log"
        before = log.stat().st_size
        conversations = [talk.password_proofs(somebody) for _ in range(CONNECTIONS)]
        found = uvloop.run(rate(Asked(ours.api.port, conversations, ours.clocks)))
        said = log.read_bytes()[before:].decode(errors="replace")
    slow = [1000 * float(seconds) for seconds in TOOK.findall(said)]
    return Row(
        "longest callback meanwhile", f"{max(slow):.0f} ms" if slow else f"< {LONGEST_MS} ms", f"{LONGEST_MS} ms", None,
        f"≤ {LONGEST_MS} ms", not slow, "", f"wall clock, loop in debug mode, {found.answers} answers; longer ones: {len(slow)}",
    )  # fmt: skip


@contextmanager
def _told_of_slow_callbacks() -> Iterator[None]:
    os.environ["PYTHONASYNCIODEBUG"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONASYNCIODEBUG"]

"""How dear may a hash be on this machine? As much memory as its time allows, and never less than is safe."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Final

from app.gateways.passwords import Cost, argon2id

MEMORIES_KIB: Final = (19456, 47104, 65536, 131072, 262144)
"""From the least of A10 to what a server with some tens of log-ins at once can lend."""
LEAST_PASSES: Final = 2
MOST_PASSES: Final = 10
TRIES: Final = 3


def proposed(seconds: Callable[[Cost], float], *, at_most_seconds: float) -> Cost | None:
    """The dearest cost within the time: memory first, which an attacker's hardware has least of (RFC 9106 §4)."""
    for memory_kib in reversed(MEMORIES_KIB):
        allowed = None
        for passes in range(LEAST_PASSES, MOST_PASSES + 1):
            cost = Cost(memory_kib, passes)
            if seconds(cost) > at_most_seconds:
                break
            allowed = cost
        if allowed is not None:
            return allowed
    return None


def seconds_of(cost: Cost) -> float:
    """What one hash takes here, the median of some."""
    context = argon2id(cost)
    return median(_timed(lambda: context.hash("calibration")) for _ in range(TRIES))


def _timed(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return perf_counter() - before

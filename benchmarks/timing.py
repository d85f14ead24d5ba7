"""Does the clock tell who is enrolled? Known and unknown names tried in turn, and their CPU time compared (A28).

`python -m benchmarks.timing [PAIRS [SEED]]`, or part of `make bench`. Each round tries every name once, in an order drawn
from the printed seed, with a wrong password: a log-in begun, a password proven, through the real services on a real
PostgreSQL; the names besides the two in every fourth round alone, to be done in time. What is compared is the CPU time of this process, its hashing threads among it, of each of the two steps; of
the differences of one round's pairs, a tenth at either end is trimmed (collected garbage, another process's interrupt),
and Yuen's interval for a trimmed mean gives the bound: the difference is below it with 95 % confidence on either side.
"""

import contextlib
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import uvloop
from rich.console import Console
from rich.table import Table

from app.core.secret import Secret
from app.mfa.guessing import TooManyTries
from app.mfa.login import WrongProof
from app.settings import Settings
from benchmarks.claimants import (
    DISABLED,
    KNOWN,
    LOCKED,
    LOCKED_UNKNOWN,
    NETWORK,
    NO_PASSWORD,
    OLD_HASH,
    PHONES,
    UNKNOWN,
    Bench,
    bench,
    founded,
)
from benchmarks.row import Row, at_most

PAIRS = 10_000
WARM_UP = 50
TOLD_EVERY = 1_000
OTHERS_EVERY = 4
MOST_MICROSECONDS = 100.0
TRIMMED = 0.1
"""Of the differences, at either end."""
TWO_SIDED_95 = 1.96
"""Quantile of the normal distribution; Student's is the same at thousands of pairs."""
COMPARED = (
    (KNOWN, UNKNOWN),
    (DISABLED, UNKNOWN),
    (NO_PASSWORD, UNKNOWN),
    (OLD_HASH, UNKNOWN),
    (LOCKED, LOCKED_UNKNOWN),
    (LOCKED, KNOWN),
)


class Spent(NamedTuple):
    """CPU seconds of one try, and the round it was made in."""

    turn: int
    begin: float
    password: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What the CPU times of two names differ by, in microseconds; of the step at which they differ most."""

    name: str
    beside: str
    step: str
    mean: float
    bound: float
    pairs: int


def compared(measured: dict[str, list[Spent]]) -> list[Difference]:
    """Every pair of names, at the step that tells them apart best."""
    found = []
    for name, beside in COMPARED:
        steps = []
        for number, step in enumerate(Spent._fields[1:], start=1):
            beside_in = {each.turn: each for each in measured[beside]}
            pairs = [(each, beside_in[each.turn]) for each in measured[name] if each.turn in beside_in]
            differences = [1e6 * (one[number] - other[number]) for one, other in pairs]
            mean, half = trimmed_interval(differences)
            steps.append(Difference(name, beside, step, mean, abs(mean) + half, len(differences)))
        found.append(max(steps, key=lambda each: each.bound))
    return found


def trimmed_interval(differences: Sequence[float]) -> tuple[float, float]:
    """The trimmed mean, and half its 95 % interval (Yuen 1974: the winsorised deviation, over what is left)."""
    ordered, cut = sorted(differences), int(TRIMMED * len(differences))
    kept = ordered[cut : len(ordered) - cut]
    winsorised = [kept[0]] * cut + kept + [kept[-1]] * cut
    error = statistics.stdev(winsorised) / ((1 - 2 * TRIMMED) * len(ordered) ** 0.5)
    return statistics.fmean(kept), TWO_SIDED_95 * error


async def measure(settings: Settings, pairs: int, seed: int, told: Callable[[str], None]) -> dict[str, list[Spent]]:
    """CPU seconds of the two steps of each try, by name, round by round."""
    order = random.Random(seed)  # noqa: S311  no secret
    measured: dict[str, list[Spent]] = {name: [] for name in PHONES}
    async with bench(settings) as house:
        for turn in range(WARM_UP + pairs):
            tried = list(PHONES) if turn % OTHERS_EVERY == 0 else [KNOWN, UNKNOWN]
            order.shuffle(tried)
            for name in tried:
                spent = await _tried(house, name)
                if turn >= WARM_UP:
                    measured[name].append(Spent(turn, *spent))
            if turn and turn % TOLD_EVERY == 0:
                told(f"… {turn} rounds")
    return measured


async def _tried(house: Bench, name: str) -> tuple[float, float]:
    """One wrong try: the CPU seconds of its beginning and of its password."""
    await house.make_even(name)
    asked, wrong = house.asked(name), Secret("wrong-Wrong-12")
    at_first = time.process_time()
    login = await house.logins.begin(house.credentials, asked, NETWORK)
    begun = time.process_time()
    with contextlib.suppress(WrongProof, TooManyTries):
        await house.logins.prove_password(login.login_id, wrong, NETWORK)
    return begun - at_first, time.process_time() - begun


def timing(pairs: int = PAIRS, seed: int | None = None) -> list[Difference]:
    """Measured in a process of its own, that nothing else of a benchmark's runs in."""
    words = [sys.executable, "-m", "benchmarks.timing", str(pairs), *([] if seed is None else [str(seed)]), "--json"]
    found = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return [Difference(**each) for each in json.loads(found.splitlines()[-1])]


def timing_rows() -> list[Row]:
    """What the clock tells of a name, at most, beside what it may tell."""
    return [
        at_most(
            f"CPU time of a try: {each.name} − {each.beside}", each.bound, MOST_MICROSECONDS, 1.0, unit="µs",
            how=f"95 % bound, {each.pairs} pairs, at the {each.step} step; difference {each.mean:+.1f} µs",
        )
        for each in timing()
    ]  # fmt: skip


def main(words: list[str]) -> None:
    """Measure and print."""
    numbers = [int(word) for word in words if word.isdecimal()]
    pairs = numbers[0] if numbers else PAIRS
    seed = numbers[1] if len(numbers) > 1 else time.time_ns() % 2**32
    console = Console(stderr=True)
    console.print(f"{pairs} rounds of {len(PHONES)} names, seed {seed}")
    with founded() as settings:
        measured = uvloop.run(measure(settings, pairs, seed, console.print))
    found = compared(measured)
    if "--json" in words:
        print(json.dumps([asdict(each) for each in found]))
        return
    table = Table("name", "beside", "step", "difference", "95 % bound", "pairs", "wanted", title="CPU time of one try")
    for each in found:
        wanted = f"< {MOST_MICROSECONDS:.0f} µs"
        table.add_row(
            each.name, each.beside, each.step, f"{each.mean:+.1f} µs", f"{each.bound:.1f} µs", str(each.pairs), wanted
        )
    console.print(table)
    for name, spent in measured.items():
        begun, proven = (1e3 * statistics.median(each[step] for each in spent) for step in (1, 2))
        console.print(f"{name}: {begun:.2f} ms to begin, {proven:.2f} ms for the password (medians)")


if __name__ == "__main__":
    main(sys.argv[1:])

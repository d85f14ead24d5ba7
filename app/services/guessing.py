"""Is another guess looked at? The counters of one try: read before, held while it is judged, struck where it failed."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.clock import Clock
from app.mfa.guessing import EMPTY, Counter, Key, Keys, Limits, TooManyTries, cleared_by_success, refusal_of, strike
from app.storage.work import Work

CHEAP = frozenset({Key.NETWORK, Key.DEVICE})
"""Whose block is told before anything costly: it is the caller's own, and says nothing of whoever they named."""


@dataclass(frozen=True, slots=True)
class Held:
    """Counters nobody else changes until the unit ends."""

    counters: Mapping[Key, Counter]
    refusal: TooManyTries | None
    """Why the try is not looked at; a racer that waited finds the block its rivals have earned."""

    def refuse(self) -> None:
        """Raise it."""
        if self.refusal is not None:
            raise self.refusal


class GuessingDefence:
    """The same limits for whoever guesses."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits

    async def refuse_before_hashing(self, work: Work, keys: Keys) -> bool:
        """Raise TooManyTries where a hash would be wasted; otherwise whether the try is blocked all the same.

        By an identifier's block, that is: such a try costs its hash like any other, so that it takes as long, and is
        paid for by its network.
        """
        now, blocks = self._clock.now(), await work.guesses.blocks(keys)
        if refusal := refusal_of({key: blocks[key] for key in keys.keys() & CHEAP}, now):
            raise refusal
        return refusal_of(blocks, now) is not None

    async def hold(self, work: Work, keys: Keys) -> Held:
        """The counters, held in one order by everybody."""
        counters = await work.guesses.hold(keys)
        return Held(counters, refusal_of(counters, self._clock.now()))

    async def strike(self, work: Work, keys: Keys, held: Held) -> None:
        """Count a try that came to nothing.

        One that was not looked at is no guess and counts on its network alone, which it cost a hash; every key is written
        in either case, so that both ask the database for the same.
        """
        now = self._clock.now()
        for key, counter in held.counters.items():
            counts = held.refusal is None or key is Key.NETWORK
            struck = strike(counter, now, self._limits.of(key)) if counts else counter
            await work.guesses.save(key, keys[key], struck)

    async def strike_alone(self, work: Work, keys: Keys) -> None:
        """Count a try that nothing more is known of."""
        await self.strike(work, keys, await self.hold(work, keys))

    async def forget(self, work: Work, keys: Keys) -> None:
        """After the last proof (A25), though others have earned a block meanwhile."""
        # Emptied, not deleted: whoever waits for the row must still find one to hold.
        for key in await work.guesses.hold(cleared_by_success(keys)):
            await work.guesses.save(key, keys[key], EMPTY)

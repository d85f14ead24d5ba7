"""Is another guess looked at? The counters of one try: read before, held while it is judged, struck where it failed."""

from app.core.clock import Clock
from app.mfa.guessing import LIMIT_BY_KEY, Counter, Key, cleared, refuse_blocked, strike
from app.storage.work import Work

Keys = dict[Key, bytes]
"""What a try counts on: each kind of key with the keyed hash of its value."""


class GuessingDefence:
    """The same limits for whoever guesses."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def refuse_blocked(self, work: Work, keys: Keys) -> None:
        """Raise TooManyTries before the costly part of a try."""
        now = self._clock.now()
        for key, index in keys.items():
            refuse_blocked(await work.guesses.read(key, index), now, LIMIT_BY_KEY[key])

    async def hold(self, work: Work, keys: Keys) -> dict[Key, Counter]:
        """The counters, held in one order by everybody; a racer that waited finds the block its rivals have earned."""
        now = self._clock.now()
        counters = {key: await work.guesses.lock(key, keys[key]) for key in sorted(keys)}
        for key, counter in counters.items():
            refuse_blocked(counter, now, LIMIT_BY_KEY[key])
        return counters

    async def strike(self, work: Work, keys: Keys, counters: dict[Key, Counter]) -> None:
        """Count a wrong proof on every key."""
        now = self._clock.now()
        for key, counter in counters.items():
            await work.guesses.save(key, keys[key], strike(counter, now, LIMIT_BY_KEY[key]))

    async def forget(self, work: Work, keys: Keys) -> None:
        """After the last proof (A25), though others have earned a block meanwhile; a network's are forgotten by time alone."""
        for key in sorted(keys.keys() - {Key.NETWORK}):
            await work.guesses.save(key, keys[key], cleared(await work.guesses.lock(key, keys[key])))

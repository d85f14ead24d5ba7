"""How much may one caller ask? A bucket that fills with each request and drains evenly; full means later."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from app.core.refusal import Unavailable

MINUTE: Final = 60.0
MOST_REMEMBERED: Final = 20_000


class TooManyRequests(Unavailable, code="too_many_requests"):
    """One caller's share is used up; others' is not. Facts: retry_after_seconds."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many at once, and so many a minute for ever."""

    a_minute: int

    def taken(self, drained_at: float, now: float) -> tuple[float, float]:
        """When the bucket will have drained with one more in it, and how long until that one fits: 0.0 says it does.

        `drained_at` is all there is to know of a bucket (the generic cell rate algorithm, ITU-T I.371). Moments are in
        seconds of a clock that nobody sets.
        """
        each = MINUTE / self.a_minute
        filled = max(drained_at, now) + each
        wait = filled - now - MINUTE
        # A hair of room: adding up a minute's shares must not come to more than the minute.
        return (filled, 0.0) if wait <= each * 1e-6 else (drained_at, wait)


class Buckets:
    """The buckets of one kind, by caller: as many as may be remembered, the longest unused forgotten first.

    Whoever is forgotten begins with an empty bucket, so forgetting refuses nobody.
    """

    def __init__(self, quota: Quota, *, most: int = MOST_REMEMBERED) -> None:
        self._quota, self._most = quota, most
        self._drained_at: dict[str, float] = {}
        self.refused = 0

    def take(self, caller: str, now: float) -> None:
        """Count one request; raises TooManyRequests where the caller's bucket is full."""
        buckets = self._drained_at
        drained_at, wait = self._quota.taken(buckets.pop(caller, now), now)
        buckets[caller] = drained_at  # at the end: a dict keeps the order in which its keys were put in
        if len(buckets) > self._most:
            del buckets[next(iter(buckets))]
        if wait > 0.0:
            self.refused += 1
            raise TooManyRequests(retry_after_seconds=ceil(wait))

    def __len__(self) -> int:
        return len(self._drained_at)

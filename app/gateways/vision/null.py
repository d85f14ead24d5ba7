"""What do services see where no model runs? What the test gave; refused by name in production."""

import hashlib

from app.gateways.vision import Examined, PoolStats
from app.verification.picture import Picture, Traces, inspect


class NullVision:
    """Reads headers only, and measures what it was told to have measured."""

    def __init__(self, examined: Examined) -> None:
        self.examined = examined
        """Answer of every examination; tests may put another."""
        self.seen: list[tuple[bytes, bytes, bytes | None]] = []
        """What was asked, in order."""

    def stats(self) -> tuple[PoolStats, ...]:
        """There is no pool."""
        return ()

    async def intake(self, octets: bytes) -> Picture:
        """The declared facts; the header's refusals are the real ones."""
        header = inspect(octets)
        untraced = Traces(software=None, make=None, taken=None)
        return Picture(header.format, header.width, header.height, hashlib.sha256(octets).hexdigest(), untraced)

    async def examine(self, portrait: bytes, emblem: bytes, face: bytes | None) -> Examined:
        """As told."""
        self.seen.append((portrait, emblem, face))
        return self.examined

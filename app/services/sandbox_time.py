"""How does time pass in the sandbox? As fast as whoever tries something out wants it to, for every process alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.audit import Actor
from app.core.clock import SandboxClock
from app.core.refusal import Refusal
from app.services.journal import Journal
from app.storage.work import Work

MOST_AHEAD = timedelta(days=3660)
"""Ten years: over every card, password and token there is."""


class ClockTooFar(Refusal, code="clock_too_far"):
    """The sandbox's clock would be further ahead than it goes. Facts: most_days."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the sandbox's clock shows."""

    now: datetime
    ahead: timedelta


class SandboxTime:
    """The sandbox's clock, as its hands."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def read(self) -> Told:
        """What it shows; what this process goes by is that from here on."""
        async with self._journal.database.work() as work:
            return Told(self._journal.clock.now(), await work.sandbox_clock.ahead())

    async def advance(self, by: timedelta, actor: Actor) -> Told:
        """Let `by` pass at once, for everybody; raises ClockTooFar. There is no way back: what is over stays over."""
        async with self._journal.act("sandbox.clock", actor) as act, self._journal.database.work() as work:
            if not await work.sandbox_clock.advance(by, most=MOST_AHEAD):
                raise ClockTooFar(most_days=MOST_AHEAD.days)
            await act.record(work, advanced_seconds=int(by.total_seconds()))
        return await self.read()


async def follow(clock: SandboxClock, work: Work) -> None:
    """Go by what the row says: at the start of every unit of work, so that no two processes decide by two times."""
    clock.follow(await work.sandbox_clock.ahead())

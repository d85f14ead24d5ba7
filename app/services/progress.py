"""How does a caller follow a proofing without asking again and again? Each state is told as it is reached, from any one on."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.core.ids import ProofingId
from app.core.refusal import Unavailable
from app.services.journal import Journal
from app.services.proofing_view import Caller, opened_by
from app.services.vault import Vault
from app.storage.notices import Notices
from app.storage.proofings import StateReached
from app.verification.proofing import WHOSE_MOVE, Mover, Proofing

HEARTBEAT: Final = timedelta(seconds=15)
"""Proxies close what is silent longer."""
LONGEST: Final = timedelta(minutes=5)
"""Then the caller comes again, with credentials that are good then."""
MOST_OF_ONE: Final = 8
"""A phone, a kiosk and the bank's own client follow one proofing; nobody follows it a hundred times over."""
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Following:
    """What to follow, from where."""

    proofing: Proofing
    after: int


class Progress:
    """Those who follow proofings, in this process."""

    def __init__(
        self, journal: Journal, vault: Vault, notices: Notices, *, most: int, heartbeat: timedelta = HEARTBEAT
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._vault = vault
        self._notices = notices
        self._most = most
        self._heartbeat = heartbeat.total_seconds()
        self._following: Counter[ProofingId] = Counter()

    async def begin(self, caller: Caller, proofing_id: str, *, after: int) -> Following | None:
        """What `states` will tell; None: all is told, and nothing more will come. Raises NotFound, Unavailable."""
        async with self._journal.act("proofing.follow", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                proofing = opened_by(caller, await work.proofings.find(proofing_id), self._vault).proofing
                act.subject = proofing.person_id
                if self._is_full(proofing.id):
                    raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
                further = await work.proofings.states(proofing.id, after)
                await act.record(work, after=after)
        return None if not further and WHOSE_MOVE[proofing.state] is Mover.NOBODY else Following(proofing, after)

    async def states(self, following: Following) -> AsyncGenerator[StateReached | None, None]:
        """Every state since, then each as it is reached, until the last; None: still here. Ends by itself in time.

        At once where the last place was taken since `begin`: of many who begin together, no more than fit stay.
        """
        proofing_id, after = following.proofing.id, following.after
        if self._is_full(proofing_id):
            return
        clock = asyncio.get_running_loop().time
        end = clock() + LONGEST.total_seconds()
        changed = self._notices.watch(proofing_id)
        self._following[proofing_id] += 1
        try:
            while clock() < end:
                changed.clear()
                reached = await self._reached(proofing_id, after)
                for each in reached:
                    after = each.sequence
                    yield each
                if reached and WHOSE_MOVE[reached[-1].state] is Mover.NOBODY:
                    return
                # Without a database nothing changes that we could tell: the caller is kept, not sent away to come back at once.
                if not await _set_within(changed, self._heartbeat):
                    yield None
        finally:
            self._following -= Counter([proofing_id])
            self._notices.unwatch(proofing_id, changed)

    async def _reached(self, proofing_id: ProofingId, after: int) -> tuple[StateReached, ...]:
        """The states since; none while the database is away: those who follow are told when it is back."""
        try:
            async with self._database.work() as work:
                return tuple(await work.proofings.states(proofing_id, after))
        except Unavailable:
            return ()

    def _is_full(self, proofing_id: ProofingId) -> bool:
        """Whether all places are taken, or all that one proofing may take of everybody's."""
        return self._following.total() >= self._most or self._following[proofing_id] >= MOST_OF_ONE


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False

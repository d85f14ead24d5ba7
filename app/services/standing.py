"""Can we work, and does what works beside us? Ready is what a load balancer asks; degraded is what an operator must see to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

import structlog

from app.assertion.key_ring import KeyRing, signing_key
from app.core.clock import STEP, Clock, SteadyClock, SystemClock
from app.core.refusal import Unavailable
from app.services.refused_faces import refused_since
from app.storage.face_counts import Counted
from app.storage.standing import Seen
from app.storage.work import Database

LOG = structlog.get_logger("standing")
WATCH_SECONDS: Final = 10.0
LONGEST_SILENCE: Final = timedelta(seconds=30)
"""Of all workers; each says every five seconds that it lives."""
LONGEST_UNSENT: Final = timedelta(minutes=5)
"""A code lives ten minutes; a gateway that is down for longer than this makes people wait in vain."""
LONGEST_UNAPPENDED: Final = timedelta(minutes=1)
"""A batch is appended each second; what waits for longer could still be altered unseen."""

FILED_FROM: Final = 100_000
"""Persons whose faces are stored, from whom on the bank files with the provincial CAC within 30 working days (人脸识别 Art. 15, R100)."""
TOLD_FROM: Final = FILED_FROM * 8 // 10
"""R100: early enough to prepare it."""
COUNTED_EVERY: Final = timedelta(minutes=10)
REFUSALS_EVERY: Final = timedelta(minutes=1)
"""Whoever tries masks in a row is to be seen while they are at it."""
LATELY: Final = timedelta(days=1)
"""What figures of refusals are of: by the hour, so of 23 to 24 hours."""


@dataclass(frozen=True, slots=True)
class Health:
    """What is well, by name."""

    needed: dict[str, bool]
    """Without one of these nobody is let in, so this process is not ready."""
    beside: dict[str, bool]
    """Without these people wait, and nothing is lost: still ready, and degraded."""

    @property
    def ready(self) -> bool:
        """Whether requests should come here."""
        return all(self.needed.values())

    @property
    def degraded(self) -> bool:
        """Whether somebody should look."""
        return not all((*self.needed.values(), *self.beside.values()))


@dataclass(slots=True)
class Figures:
    """As last seen, for /metrics."""

    clock_apart_seconds: float = 0.0
    clock_steps: int = 0
    oldest_unsent_seconds: float = 0.0
    examinations_waiting: int = 0
    worker_silent_seconds: float = 0.0
    oldest_unappended_seconds: float = 0.0
    enrolled_persons: int = 0
    refused_faces: tuple[Counted, ...] = ()


class Standing:
    """Looks at the database and the clock by itself, and when it is asked."""

    def __init__(
        self,
        database: Database,
        steady: SteadyClock,
        shown: Clock,
        ring: Callable[[], KeyRing],
        keys_are_fresh: Callable[[], bool],
    ) -> None:
        """`shown`: what the house goes by, in a sandbox ahead of `steady`."""
        self._database, self._ring, self._keys_are_fresh = database, ring, keys_are_fresh
        self._steady, self._shown = steady, shown
        self._machine = SystemClock()  # itself, whatever the house was given to go by
        self._looking: asyncio.Task[Health] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._agrees = True
        self.figures = Figures()

    def start(self) -> None:
        """Begin to watch."""
        self._watching = asyncio.create_task(self._watch(), name="standing")

    async def stop(self) -> None:
        """Stop watching."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    def refuse_by_a_wrong_clock(self) -> None:
        """Raise Unavailable while this machine and its database disagree on the time.

        One of them would end blocks early or keep tokens alive, and which one is not for us to say.
        """
        if not self._agrees:
            raise Unavailable(retry_after_seconds=int(WATCH_SECONDS))

    async def look(self) -> Health:
        """How we stand: one statement, shared by all who ask while it is on its way."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="look")
            self._looking.add_done_callback(self._looked)
        return await asyncio.shield(self._looking)

    def _looked(self, _: asyncio.Task[Health]) -> None:
        self._looking = None

    async def _look(self) -> Health:
        before = self._machine.now()
        try:
            seen = await self._database.standing()
        except Unavailable:
            return Health(self._needed(database=False), dict.fromkeys(("worker", "outbox", "audit_log"), False))
        self._compare(before, seen.now, self._machine.now())
        self._note(seen)
        worker = seen.heartbeat_at is not None and seen.now - seen.heartbeat_at <= LONGEST_SILENCE
        outbox = self.figures.oldest_unsent_seconds <= LONGEST_UNSENT.total_seconds()
        log = self.figures.oldest_unappended_seconds <= LONGEST_UNAPPENDED.total_seconds()
        return Health(self._needed(database=True), {"worker": worker, "outbox": outbox, "audit_log": log})

    def _needed(self, *, database: bool) -> dict[str, bool]:
        clock = self._agrees and abs(self._steady.apart()) <= STEP
        return {"database": database, "keys": self._has_key() and self._keys_are_fresh(), "clock": clock}

    def _compare(self, before: datetime, theirs: datetime, after: datetime) -> None:
        """Theirs was read between the two: a slow answer is no difference."""
        apart = max(before - theirs, theirs - after, timedelta())
        self.figures.clock_apart_seconds = max(apart, abs(self._steady.apart())).total_seconds()
        self.figures.clock_steps = self._steady.steps
        if self._agrees is not (apart <= STEP):
            self._agrees = apart <= STEP
            LOG.error("clock_and_database_agree" if self._agrees else "clock_and_database_disagree", apart=str(apart))

    def _note(self, seen: Seen) -> None:
        now = self._shown.now()
        figures = self.figures
        figures.examinations_waiting = seen.examinations_waiting
        figures.oldest_unsent_seconds = _age(now, seen.oldest_unsent_at)
        figures.oldest_unappended_seconds = _age(now, seen.oldest_unappended_at)
        figures.worker_silent_seconds = _age(seen.now, seen.heartbeat_at)

    def _has_key(self) -> bool:
        try:
            signing_key(self._ring(), self._shown.now())
        except Unavailable:
            return False
        return True

    async def count_faces(self) -> None:
        """How many persons have a face enrolled, with a warning as long as there are many (R100)."""
        async with self._database.looking() as work:
            persons = (await work.faces.total()).persons
        self.figures.enrolled_persons = persons
        if persons >= TOLD_FROM:
            LOG.warning("faces_to_be_filed", persons=persons, filed_from=FILED_FROM)

    async def count_refused_faces(self) -> None:
        """How often faces were refused within a day (R91)."""
        async with self._database.looking() as work:
            self.figures.refused_faces = await refused_since(work, self._shown.now() - LATELY)

    async def _watch(self) -> None:
        looks = count(0)
        while True:
            try:
                await self.look()
                at = next(looks) * WATCH_SECONDS
                if at % COUNTED_EVERY.total_seconds() == 0:
                    await self.count_faces()
                if at % REFUSALS_EVERY.total_seconds() == 0:
                    await self.count_refused_faces()
            except Exception as fault:  # noqa: BLE001  the clock is compared here: a look that failed must not be the last
                LOG.error("not_looked", kind=type(fault).__name__)  # noqa: TRY400  its words may quote a value
            await asyncio.sleep(WATCH_SECONDS)


def _age(now: datetime, then: datetime | None) -> float:
    return 0.0 if then is None else max((now - then).total_seconds(), 0.0)

"""How is an act remembered? Once, in the unit of work it tells of; a refusal is recorded before it is spoken."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self, TypeVar

from app.core import ids
from app.core.audit import Actor, Event, Outcome
from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.ids import EventId
from app.core.refusal import Refusal, Unavailable
from app.storage.work import Database, Work

Detail = str | int | float | bool | None
Found = TypeVar("Found")
Write = Callable[[Event, EventId], Awaitable[Found]]


class Journal:
    """Opens acts: `async with journal.act("login.open", actor) as act`."""

    def __init__(self, database: Database, clock: Clock, names: Entropy) -> None:
        """`names`: chance for the names of events."""
        self.database = database
        self.clock = clock
        self._names = names

    def act(self, action: str, actor: Actor, *, subject: str | None = None, object_id: str | None = None) -> "Act":
        """One act of one caller, to be recorded exactly once."""
        return Act(self, action, actor, subject, object_id)

    async def note(self, work: Work, event: Event) -> None:
        """Append an event to this unit of work."""
        await work.audit.record(event, self._new_id())

    async def note_alone(self, event: Event) -> None:
        """Append an event that tells of nothing else written, in a commit shared with whoever does so at this moment."""
        await self.database.gathered.record(event, self._new_id())

    async def note_with(self, write: Write[Found], event: Event) -> Found:
        """Let `write` append the event in the statement that does, or finds, what it tells of; what came of it."""
        return await write(event, self._new_id())

    def _new_id(self) -> EventId:
        return EventId(ids.named("evt", self._names.draw(ids.NONCE_BYTES)))


class Act:
    """An act under way. A refusal that leaves it unrecorded is recorded in a unit of its own, then spoken."""

    def __init__(self, journal: Journal, action: str, actor: Actor, subject: str | None, object_id: str | None) -> None:
        self._journal = journal
        self._action = action
        self.actor = actor
        self.subject = subject
        self.object_id = object_id
        self._done = False
        self._refusal: Refusal | None = None

    async def record(self, work: Work, refusal: Refusal | None = None, **detail: Detail) -> None:
        """Write the act's event into this unit: done, or refused with this refusal."""
        await self._journal.note(work, self._event(refusal, detail))
        self._recorded(refusal)

    async def record_alone(self, refusal: Refusal | None = None, **detail: Detail) -> None:
        """The same for an act that writes nothing else: durable when this returns."""
        await self._journal.note_alone(self._event(refusal, detail))
        self._recorded(refusal)

    async def record_with(self, write: Write[Found | None], **detail: Detail) -> Found | None:
        """The same for an act of one statement that writes its own event; None: not done, and nothing written."""
        found = await self._journal.note_with(write, self._event(None, detail))
        if found is not None:
            self._recorded(None)
        return found

    async def record_judged(self, judge: Write[bool]) -> bool:
        """The same for an act whose outcome the statement finds and writes; both are recorded."""
        found = await self._journal.note_with(judge, self._event(None, {}))
        self._recorded(None)
        return found

    def _event(self, refusal: Refusal | None, detail: dict[str, Detail]) -> Event:
        return Event(
            action=self._action,
            outcome=Outcome.ALLOWED if refusal is None else Outcome.REFUSED,
            actor=self.actor,
            at=self._journal.clock.now(),
            subject=self.subject,
            object_id=self.object_id,
            reason=None if refusal is None else refusal.code,
            detail=detail,
        )

    def _recorded(self, refusal: Refusal | None) -> None:
        self._done = refusal is None
        self._refusal = refusal

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Record what was refused and not yet recorded.

        A unit that was rolled back took its event along, so a refusal is recorded here unless `record` was given this
        very refusal; where the database is down nothing can be recorded and the caller gets no more than a 503.
        """
        if isinstance(error, Unavailable):
            return
        if isinstance(error, Refusal) and self._refusal is not error:
            await self.record_alone(error)
        elif error is None and not self._done:
            raise RuntimeError(f"{self._action} ended without an event")

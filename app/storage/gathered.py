"""What needs one statement and no unit of its own? What token endpoints ask at every call, asked for everybody at once.

Each of these statements commits by itself, and an answer here means that it is durable.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection

from app.core.audit import Event
from app.core.ids import EventId, SessionId
from app.core.load import Load
from app.storage.audit import Audit, as_row
from app.storage.clients import Clients, StoredClient
from app.storage.gathering import Gathering
from app.storage.sessions import LiveSession, Rotation, Session, Sessions
from app.storage.statement import Row
from app.storage.tokens import Tokens

Connected = Callable[[], AbstractAsyncContextManager[AsyncConnection[Any]]]


@dataclass(frozen=True, slots=True)
class Bearer:
    """What may have been revoked of a token: itself, or the session behind it."""

    jti: str
    session_id: SessionId | None


class Gathered:
    """The questions that are asked together."""

    def __init__(self, connected: Connected) -> None:
        self._connected = connected
        self._events: Gathering[Row, None] = Gathering(self._record)
        self._bearers: Gathering[Bearer, bool] = Gathering(self._revoked)
        self._judged: Gathering[Row, bool] = Gathering(self._judge)
        self._registrations: Gathering[str, StoredClient | None] = Gathering(self._found)
        self._live: Gathering[SessionId, LiveSession | None] = Gathering(self._of_sessions)
        self._rotations: Gathering[Rotation, Session | None] = Gathering(self._rotated)

    async def record(self, event: Event, event_id: EventId) -> None:
        """Append one event that tells of nothing else in the database; durable when this returns."""
        await self._events.ask(as_row(event, event_id))

    async def is_revoked(self, jti: str, session_id: SessionId | None) -> bool:
        """As `Tokens.is_revoked`."""
        return await self._bearers.ask(Bearer(jti, session_id))

    async def is_live(self, jti: str, session_id: SessionId | None, event: Event, event_id: EventId) -> bool:
        """Whether it was not revoked; recorded with `active` in the event's detail, durable when this returns."""
        asked = as_row(event, event_id)
        asked["jti"], asked["session_id"] = jti, session_id
        return not await self._judged.ask(asked)

    async def client(self, client_id: str) -> StoredClient | None:
        """As `Clients.find`."""
        return await self._registrations.ask(client_id)

    async def session(self, session_id: SessionId) -> LiveSession | None:
        """The session as it is now, held by nobody: what is decided by it is decided again where it is changed."""
        return await self._live.ask(session_id)

    async def rotate(self, session_id: SessionId, generation: int, event: Event, event_id: EventId) -> Session | None:
        """The session one generation on, with its event, if this was its live one; None: look again, holding it.

        Client and moment are the event's.
        """
        return await self._rotations.ask(Rotation(session_id, generation, as_row(event, event_id)))

    def loads(self) -> dict[str, Load]:
        """How full each is."""
        return {
            "audit": self._events.load(),
            "revocations": self._bearers.load(),
            "introspections": self._judged.load(),
            "rotations": self._rotations.load(),
        }

    async def _record(self, rows: Sequence[Row]) -> Sequence[None]:
        async with self._connected() as connection:
            await Audit(connection).record_together(rows)
        return [None] * len(rows)

    async def _revoked(self, bearers: Sequence[Bearer]) -> Sequence[bool]:
        async with self._connected() as connection:
            return await Tokens(connection).are_revoked(
                [each.jti for each in bearers], [each.session_id for each in bearers]
            )

    async def _judge(self, asked: Sequence[Row]) -> Sequence[bool]:
        async with self._connected() as connection:
            return await Tokens(connection).judge_together(asked)

    async def _found(self, client_ids: Sequence[str]) -> Sequence[StoredClient | None]:
        async with self._connected() as connection:
            found = await Clients(connection).find_all(set(client_ids))
        return [found.get(each) for each in client_ids]

    async def _of_sessions(self, session_ids: Sequence[SessionId]) -> Sequence[LiveSession | None]:
        async with self._connected() as connection:
            found = await Sessions(connection).live_together(set(session_ids))
        return [found.get(each) for each in session_ids]

    async def _rotated(self, rotations: Sequence[Rotation]) -> Sequence[Session | None]:
        # One statement changes a row once: of two who bring one session's token together, the second looks again.
        firsts = {each.session_id: each for each in reversed(rotations)}
        async with self._connected() as connection:
            moved = await Sessions(connection).rotate_together(tuple(firsts.values()))
        return [moved.get(each.session_id) if firsts[each.session_id] is each else None for each in rotations]

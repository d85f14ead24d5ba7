"""What must still be said, and to whom? The outbox: written with the act it tells of, delivered after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, null, select, update

from app.core.ids import MessageId, PersonId
from app.mfa.outgoing import Outgoing, State
from app.storage.statement import Row, Statement, every
from app.storage.tables import messages

INSERT = Statement(insert(messages).values(every(messages)))
LOCK = Statement(select(messages).where(messages.c.id == bindparam("id")).with_for_update())
PROGRESS = ("state", "expires_at", "tries", "settled_at")
THIS = messages.c.id == bindparam("this")
SAVE = Statement(update(messages).where(THIS).values(every(messages, *PROGRESS)))
ERASE = Statement(update(messages).where(THIS).values(sealed_body=null(), sealed_values=null()))
LATEST = Statement(select(messages).order_by(messages.c.created_at.desc()).limit(bindparam("count")))


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message as it rests, everything of its person sealed under the person's key."""

    id: MessageId
    person_id: PersonId
    channel: str
    template: str
    language: str
    sealed_recipient: bytes
    sealed_body: bytes | None
    """None: said, and erased."""
    sealed_values: bytes | None
    """The values its words were made of, in JSON, for gateways that have the words themselves."""
    created_at: datetime
    outgoing: Outgoing


OWN = tuple(name for name in SealedMessage.__slots__ if name != "outgoing")


class Messages:
    """The outbox."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, message: SealedMessage) -> None:
        """Leave a message for delivery."""
        own = {name: getattr(message, name) for name in OWN}
        await INSERT.run(self._connection, **own, **_progress(message.outgoing))

    async def lock(self, message_id: MessageId) -> SealedMessage | None:
        """The message, held until this unit ends."""
        row = await LOCK.row(self._connection, id=message_id)
        return _message(row) if row else None

    async def save(self, message_id: MessageId, outgoing: Outgoing) -> None:
        """Write back where it stands."""
        await SAVE.run(self._connection, this=message_id, **_progress(outgoing))

    async def erase(self, message_id: MessageId) -> None:
        """Forget what it said; that it was said, and to whom, stays."""
        await ERASE.run(self._connection, this=message_id)

    async def latest(self, count: int) -> tuple[SealedMessage, ...]:
        """The newest, newest first."""
        return tuple(_message(row) for row in await LATEST.rows(self._connection, count=count))


def _progress(outgoing: Outgoing) -> dict[str, object]:
    return {name: getattr(outgoing, name) for name in PROGRESS}


def _message(row: Row) -> SealedMessage:
    outgoing = Outgoing(State(row["state"]), row["expires_at"], row["tries"], row["settled_at"])
    return SealedMessage(**{name: row[name] for name in OWN}, outgoing=outgoing)

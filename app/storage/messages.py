"""What must still be said, and to whom? The outbox: written with the act it tells of, delivered after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select, update

from app.core.ids import MessageId, PersonId
from app.storage.statement import Statement, every
from app.storage.tables import messages

INSERT = Statement(insert(messages).values(every(messages)))
SELECT = Statement(select(messages).where(messages.c.id == bindparam("id")).with_for_update())
DELIVERED = Statement(
    update(messages).where(messages.c.id == bindparam("this")).values(delivered_at=bindparam("delivered_at"))
)
LATEST = Statement(select(messages).order_by(messages.c.created_at.desc()).limit(bindparam("count")))


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """A message as it rests, recipient and body sealed under the person's key."""

    id: MessageId
    person_id: PersonId
    channel: str
    template: str
    language: str
    sealed_recipient: bytes
    sealed_body: bytes
    created_at: datetime
    delivered_at: datetime | None = None


class Messages:
    """The outbox."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, message: SealedMessage) -> None:
        """Leave a message for delivery."""
        await INSERT.run(self._connection, **{name: getattr(message, name) for name in message.__slots__})

    async def lock(self, message_id: MessageId) -> SealedMessage | None:
        """The message, held until this unit ends."""
        row = await SELECT.row(self._connection, id=message_id)
        return SealedMessage(**row) if row else None

    async def delivered(self, message_id: MessageId, at: datetime) -> None:
        """Remember that it left."""
        await DELIVERED.run(self._connection, this=message_id, delivered_at=at)

    async def latest(self, count: int) -> tuple[SealedMessage, ...]:
        """The newest, newest first."""
        return tuple(SealedMessage(**row) for row in await LATEST.rows(self._connection, count=count))

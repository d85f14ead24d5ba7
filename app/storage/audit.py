"""What happened here? Events go in, in the unit of work they tell of; this role can take none out."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import insert, select

from app.core.audit import Event
from app.core.ids import EventId
from app.storage.statement import Row, Statement, every
from app.storage.tables import audit_events

COLUMNS = tuple(c.name for c in audit_events.columns if c.server_default is None)
INSERT = Statement(insert(audit_events).inline().values(every(audit_events, *COLUMNS)))
LATEST = Statement(select(audit_events).order_by(audit_events.c.sequence))


class Audit:
    """The append-only record."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def record(self, event: Event, event_id: EventId) -> None:
        """Append one event."""
        await INSERT.run(
            self._connection,
            id=event_id,
            action=event.action,
            outcome=event.outcome,
            actor_kind=event.actor.kind,
            actor_id=event.actor.id,
            client_id=event.actor.client_id,
            network=event.actor.network,
            factors=list(event.actor.factors),
            at=event.at,
            subject=event.subject,
            object_id=event.object_id,
            reason=event.reason,
            detail=dict(event.detail),
        )

    async def everything(self) -> list[Row]:
        """All events in order; works for the owner's role alone."""
        return await LATEST.rows(self._connection)

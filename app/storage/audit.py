"""What happened here? Events go in, in the unit of work they tell of; this role can take none out."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, column, func, insert, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from app.core.audit import Event
from app.core.ids import EventId
from app.storage.statement import Row, Statement, every
from app.storage.tables import audit_events

COLUMNS = tuple(c.name for c in audit_events.columns if c.server_default is None)
INSERT = Statement(insert(audit_events).inline().values(every(audit_events, *COLUMNS)))
GIVEN = (
    func.jsonb_to_recordset(bindparam("events", type_=JSONB))
    .table_valued(*(column(name, audit_events.c[name].type) for name in COLUMNS))
    .render_derived(name="given", with_types=True)
)
INSERT_TOGETHER = Statement(insert(audit_events).from_select(COLUMNS, select(*(GIVEN.c[name] for name in COLUMNS))))
LATEST = Statement(select(audit_events).order_by(audit_events.c.sequence))


def with_event(change: ReturningInsert[Any] | ReturningUpdate[Any]) -> Statement:
    """What the change returned, in one statement that also appends the event of each row it touched; both or neither."""
    done = change.cte("done")
    rows = select(*(GIVEN.c[name] for name in COLUMNS)).select_from(done.join(GIVEN, true()))
    told = insert(audit_events).from_select(COLUMNS, rows).cte("told")
    return Statement(select(done).add_cte(told))


class Audit:
    """The append-only record."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def record(self, event: Event, event_id: EventId) -> None:
        """Append one event."""
        await INSERT.run(self._connection, **as_row(event, event_id))

    async def record_together(self, rows: Sequence[Row]) -> None:
        """Append the events of many acts in one statement; each as `as_row` gives it."""
        await INSERT_TOGETHER.run(self._connection, events=list(rows))

    async def everything(self) -> list[Row]:
        """All events in order; works for the owner's role alone."""
        return await LATEST.rows(self._connection)


def as_row(event: Event, event_id: EventId) -> Row:
    """The event as its columns."""
    actor = event.actor
    return {
        "id": event_id,
        "action": event.action,
        "outcome": event.outcome,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "client_id": actor.client_id,
        "network": actor.network,
        "factors": list(actor.factors),
        "at": event.at,
        "subject": event.subject,
        "object_id": event.object_id,
        "reason": event.reason,
        "detail": dict(event.detail),
    }

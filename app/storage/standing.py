"""What does the database know of how we stand? Its clock, the workers' last word, what waits and for how long; one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import column, func, literal_column, select, table

from app.mfa.outgoing import OPEN
from app.storage.jobs import EXAMINE, JOBS, STATUS
from app.storage.statement import Statement
from app.storage.tables import messages

WORKERS = table("procrastinate_workers", column("last_heartbeat"))
LOOK = Statement(
    select(
        func.clock_timestamp().label("now"),
        select(func.max(WORKERS.c.last_heartbeat)).scalar_subquery().label("heartbeat_at"),
        select(func.min(messages.c.created_at))
        .where(
            messages.c.state.in_([literal_column(f"'{state}'") for state in sorted(OPEN)])
        )  # not parameters: see STRANDED
        .scalar_subquery()
        .label("oldest_unsent_at"),
        select(func.count())
        .select_from(JOBS)
        .where(JOBS.c.queue_name == EXAMINE, STATUS == "todo")
        .scalar_subquery()
        .label("examinations_waiting"),
        func.oldest_unappended().label("oldest_unappended_at"),
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What it said."""

    now: datetime
    """By the database's clock."""
    heartbeat_at: datetime | None
    """By the database's clock; None: there is no worker."""
    oldest_unsent_at: datetime | None
    """By ours; None: nothing waits."""
    examinations_waiting: int
    oldest_unappended_at: datetime | None
    """By ours; None: the audit's log holds every event."""


async def look(connection: AsyncConnection[Any]) -> Seen:
    """Ask."""
    row = await LOOK.row(connection)
    if row is None:
        raise LookupError("a SELECT without FROM has one row")
    return Seen(**row)

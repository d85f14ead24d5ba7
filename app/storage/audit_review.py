"""What is a periodic review made of? Counts over a span of time, read as the auditor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import ColumnElement, bindparam, distinct, func, or_, select

from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.statement import Row, Statement
from app.storage.tables import audit_events
from app.storage.tables.shape import MOMENT

READINGS: Final = ("data.unseal", "audit.read", "audit.report", "account.read", "proofing.read", "review.read", "staff.read", "staff.list", "review.list")  # fmt: skip
"""Acts that show somebody what is recorded of a person, or of what was done."""
CONNECT_SECONDS: Final = 5

E = audit_events.c
WHEN = (E.at >= bindparam("since", type_=MOMENT), E.at < bindparam("until", type_=MOMENT))
COUNT = func.count().label("count")


def _counted(*by: ColumnElement[Any], where: tuple[ColumnElement[bool], ...], more: tuple[ColumnElement[Any], ...] = ()) -> Statement:  # fmt: skip
    """How often each of these combinations happened, the most frequent first."""
    return Statement(select(*by, *more, COUNT).where(*WHEN, *where).group_by(*by).order_by(COUNT.desc(), *by))


SUBJECTS = func.count(distinct(E.subject)).label("persons")
ACTORS = func.count(distinct(E.actor_id)).label("actors")
NETWORKS = func.count(distinct(E.network)).label("networks")
READ = _counted(
    E.actor_kind, E.actor_id, E.client_id, E.action, E.reason,
    where=(or_(*(E.action == each for each in READINGS)), E.outcome == "allowed"), more=(SUBJECTS,),
)  # fmt: skip
REFUSED = _counted(E.action, E.reason, where=(E.outcome == "refused",), more=(ACTORS, NETWORKS))
BY_STAFF = _counted(E.actor_id, E.action, E.outcome, where=(E.actor_kind == "staff",))
ACTS = _counted(E.action, E.outcome, where=())


@dataclass(frozen=True, slots=True)
class Review:
    """Who read what, what was refused, what staff did, and everything by kind."""

    readings: list[Row]
    refused: list[Row]
    staff: list[Row]
    acts: list[Row]


async def review(url: Secret[str], since: datetime, until: datetime) -> Review:
    """The review of a span, its end not included; raises Unavailable."""
    try:
        async with await AsyncConnection.connect(url.reveal(), connect_timeout=CONNECT_SECONDS) as connection:
            span = {"since": since, "until": until}
            return Review(*[await each.rows(connection, **span) for each in (READ, REFUSED, BY_STAFF, ACTS)])
    except OperationalError as error:
        raise Unavailable(retry_after_seconds=5) from error

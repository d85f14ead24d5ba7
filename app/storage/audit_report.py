"""What happened in a period, counted? By the database itself, as the role that reads events; no single event leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import ColumnElement, Text, any_, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.audit_reading import CONNECT_SECONDS, RETRY_AFTER_SECONDS
from app.storage.statement import Statement
from app.storage.tables import audit_events as events
from app.storage.tables.shape import MOMENT

NAMED: Final = ("staff", "system", "client")
"""Who is told apart by id. People are told by kind: they are millions, and their own acts are theirs."""
READING: Final = ("data.unseal", "image.unseal", "review.picture", "audit.read", "audit.report")
ADMINISTRATION: Final = (
    "keys.rotate", "keys.renew", "keys.destroy", "client.create", "policy.choose", "policy.departs", "proposal.make",
    "proposal.approve", "proposal.reject", "staff.bootstrap", "compromised_numbers.add", "compromised_numbers.remove",
)  # fmt: skip


def _among(column: ColumnElement[str], words: tuple[str, ...]) -> ColumnElement[bool]:
    return column == any_(bindparam(None, list(words), type_=ARRAY(Text)))


_ACTOR = case(
    (_among(events.c.actor_kind, NAMED), func.coalesce(events.c.actor_id, events.c.client_id)),
    else_=None,
)
# Of these alone, for there the detail holds words of ours; elsewhere it may hold whatever was asked for.
_WHAT = case(
    (
        _among(events.c.action, (*READING, *ADMINISTRATION)),
        func.coalesce(*(events.c.detail[name].astext for name in ("what", "kind", "purpose", "rule"))),
    ),
    else_=None,
)
COUNTS = Statement(
    select(
        events.c.action,
        events.c.outcome,
        events.c.actor_kind,
        _ACTOR.label("actor"),
        events.c.reason,
        _WHAT.label("what"),
        func.count().label("count"),
    )
    .where(events.c.at >= bindparam("since", type_=MOMENT), events.c.at < bindparam("until", type_=MOMENT))
    .group_by("action", "outcome", "actor_kind", "actor", "reason", "what")
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events agree in all of this."""

    action: str
    outcome: str
    actor_kind: str
    actor: str | None
    reason: str | None
    """Code of the refusal, or the purpose of a reading."""
    what: str | None
    count: int


class AuditCounts:
    """Counts events; connects for each report, so that nothing idles with that right."""

    def __init__(self, url: Secret[str] | None) -> None:
        """`url` None: nobody set one, and every report is refused as unavailable."""
        self._url = url

    async def between(self, since: datetime, until: datetime) -> Sequence[Counted]:
        """Every event from `since` until before `until`, in one statement and so of one moment; raises Unavailable."""
        if self._url is None:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        try:
            async with await AsyncConnection.connect(self._url.reveal(), connect_timeout=CONNECT_SECONDS) as connection:
                return [Counted(**row) for row in await COUNTS.rows(connection, since=since, until=until)]
        except OperationalError as error:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from error

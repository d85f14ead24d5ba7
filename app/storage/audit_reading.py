"""What happened, as an auditor may read it? By a database role of its own, which reads the events and nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, cast, or_, select

from app.core.paging import Mark
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.statement import Row, Statement
from app.storage.tables import audit_events
from app.storage.tables.shape import MOMENT

AT_ONCE: Final = 4
"""Readings of one process at a time; auditors are few, and each has a connection for as long as one page."""
CONNECT_SECONDS: Final = 5
RETRY_AFTER_SECONDS: Final = 5


def _asked(name: str, kind: object, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, where the auditor gave a value for it."""
    return or_(cast(bindparam(name), kind).is_(None), condition)  # type: ignore[arg-type]


PAGE = Statement(
    select(audit_events)
    .where(
        _asked("since", MOMENT, audit_events.c.at >= bindparam("since", type_=MOMENT)),
        _asked("until", MOMENT, audit_events.c.at < bindparam("until", type_=MOMENT)),
        _asked("action", Text, audit_events.c.action == bindparam("action", type_=Text)),
        _asked("subject", Text, audit_events.c.subject == bindparam("subject", type_=Text)),
        _asked("before", BigInteger, audit_events.c.sequence < bindparam("before", type_=BigInteger)),
    )
    .order_by(audit_events.c.sequence.desc())
    .limit(bindparam("count"))
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are asked for; None: whichever."""

    since: datetime | None
    until: datetime | None
    action: str | None
    subject: str | None


class AuditReader:
    """Reads events, newest first; connects for each page, so that nothing idles with that right."""

    def __init__(self, url: Secret[str] | None) -> None:
        """`url` None: nobody set one, and every reading is refused as unavailable."""
        self._url = url
        self._places = asyncio.Semaphore(AT_ONCE)

    async def page(self, asked: Filter, after: Mark | None, count: int) -> Sequence[Row]:
        """The newest that fit, or those before a mark; raises Unavailable."""
        if self._url is None:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        before = None if after is None else _sequence(after)
        try:
            async with (
                self._places,
                await AsyncConnection.connect(self._url.reveal(), connect_timeout=CONNECT_SECONDS) as connection,
            ):
                return await PAGE.rows(
                    connection,
                    since=asked.since,
                    until=asked.until,
                    action=asked.action,
                    subject=asked.subject,
                    before=before,
                    count=count,
                )
        except OperationalError as error:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from error


def _sequence(mark: Mark) -> int:
    """An event's place in the record; a forged mark is before everything."""
    return int(mark.id) if mark.id.isascii() and mark.id.isdecimal() and len(mark.id) < 19 else 0  # 2^63 has 19 digits

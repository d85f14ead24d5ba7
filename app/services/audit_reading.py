"""Who reads what happened? Auditors, and every reading is an event itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.paging import Mark, Page, Wanted, page
from app.services.callers import StaffCaller
from app.services.journal import Journal
from app.storage.audit_reading import AuditReader, Filter


@dataclass(frozen=True, slots=True)
class Found:
    """One event of the record."""

    sequence: int
    at: datetime
    facts: Mapping[str, Any]


class AuditReading:
    """The record, for those who may read it."""

    def __init__(self, journal: Journal, reader: AuditReader) -> None:
        self._journal = journal
        self._reader = reader

    async def read(
        self,
        caller: StaffCaller,
        wanted: Wanted,
        *,
        since: datetime | None,
        until: datetime | None,
        action: str | None,
        subject: str | None,
    ) -> Page[Found]:
        """One page, newest first; it is recorded before it is shown."""
        asked = Filter(since, until, action, subject)
        async with self._journal.act("audit.read", caller.actor(), subject=subject) as act:
            rows = await self._reader.page(asked, wanted.after, wanted.reach)
            async with self._journal.database.work() as work:
                await act.record(
                    work,
                    None,
                    count=min(len(rows), wanted.limit),
                    asked_action=action,
                    since=None if since is None else since.isoformat(),
                    until=None if until is None else until.isoformat(),
                )
        found = [Found(row["sequence"], row["at"], row) for row in rows]
        return page(found, wanted, lambda each: Mark(each.at, str(each.sequence)))

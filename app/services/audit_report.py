"""What does the periodic review show? Who read what, refused acts, staff acts; and that it was made is an event itself."""

from datetime import datetime

from app.core.audit import Actor
from app.core.secret import Secret
from app.services.journal import Journal
from app.storage.audit_review import Review, review


class AuditReport:
    """The review, for whoever may read as the auditor."""

    def __init__(self, journal: Journal, url: Secret[str]) -> None:
        self._journal = journal
        self._url = url

    async def make(self, actor: Actor, since: datetime, until: datetime) -> Review:
        """The review of a span; it is recorded before it is shown."""
        async with self._journal.act("audit.report", actor) as act:
            made = await review(self._url, since, until)
            async with self._journal.database.work() as work:
                await act.record(work, None, since=since.isoformat(), until=until.isoformat(), kinds=len(made.acts))
        return made

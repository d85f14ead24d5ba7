"""What does whoever reviews the audit look at, every month or quarter? One report of a period, itself an event (A120)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from app.core.audit import Actor, ActorKind, Outcome
from app.services.journal import Journal
from app.storage.audit_report import ADMINISTRATION, READING, AuditCounts, Counted
from app.verification.documents.validity import CHINA

REPORTER = Actor(ActorKind.SYSTEM, "hufu audit report")
Row = tuple[str | int, ...]
"""As many words as the section has columns, then how often."""
NONE = "-"


@dataclass(frozen=True, slots=True)
class Period:
    """Days in China, `until` no longer among them."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When the first begins, and when the last has ended."""
        return _midnight(self.since), _midnight(self.until)


@dataclass(frozen=True, slots=True)
class Section:
    """Events of one kind, counted by what its columns say; what happened most comes first."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in a period."""

    period: Period
    events: int
    refused: int
    sections: tuple[Section, ...]


class AuditReports:
    """Makes reports."""

    def __init__(self, journal: Journal, counts: AuditCounts) -> None:
        self._journal = journal
        self._counts = counts

    async def of(self, period: Period) -> Report:
        """The report; that it was asked for is recorded before anything is read, or nothing is."""
        async with self._journal.act("audit.report", REPORTER) as act, self._journal.database.work() as work:
            await act.record(work, since=period.since.isoformat(), until=period.until.isoformat())
        return _report(period, await self._counts.between(*period.moments))


def _report(period: Period, found: Sequence[Counted]) -> Report:
    done = [each for each in found if each.outcome == Outcome.ALLOWED]
    refused = [each for each in found if each.outcome == Outcome.REFUSED]
    staff = [each for each in found if each.actor_kind == ActorKind.STAFF]
    return Report(
        period,
        events=sum(each.count for each in found),
        refused=sum(each.count for each in refused),
        sections=(
            _section("readings", _of(done, READING), "who", "actor", "action", "what", "purpose"),
            _section("refusals", refused, "action", "reason"),
            _section("staff", staff, "actor", "action", "outcome"),
            _section("administration", _of(found, ADMINISTRATION), "who", "actor", "action", "what", "outcome"),
        ),
    )


COLUMNS: dict[str, Callable[[Counted], str | None]] = {
    "who": lambda each: each.actor_kind,
    "actor": lambda each: each.actor,
    "action": lambda each: each.action,
    "what": lambda each: each.what,
    "purpose": lambda each: each.reason,
    "reason": lambda each: each.reason,
    "outcome": lambda each: each.outcome,
}


def _section(name: str, found: Iterable[Counted], *columns: str) -> Section:
    told: Counter[tuple[str, ...]] = Counter()
    for each in found:
        told[tuple(COLUMNS[column](each) or NONE for column in columns)] += each.count
    most_first = sorted(told.items(), key=lambda item: (-item[1], item[0]))
    return Section(name, (*columns, "count"), [(*words, count) for words, count in most_first])


def _of(found: Iterable[Counted], actions: tuple[str, ...]) -> list[Counted]:
    return [each for each in found if each.action in actions]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)

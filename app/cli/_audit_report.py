"""How is the report of a period shown? As tables with headings in two languages, or as one JSON document."""

import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from app.services.audit_report import Period, Report, Section
    from app.settings import Settings

DAY = ["%Y-%m-%d"]
TITLES = {
    "readings": "谁读了什么 Who read what",
    "refusals": "被拒绝的操作 Refused acts",
    "staff": "员工操作 Acts of staff",
    "administration": "管理操作 Administrative acts",
}
HEADINGS = {
    "who": "主体类别 Kind",
    "actor": "主体 Actor",
    "action": "操作 Action",
    "what": "对象 What",
    "purpose": "目的 Purpose",
    "reason": "原因 Reason",
    "outcome": "结果 Outcome",
    "count": "次数 Count",
}


def report(
    since: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day, in China's time.")],
    until: Annotated[datetime, typer.Option("--to", formats=DAY, help="The day after the last.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document instead of tables.")] = False,
) -> None:
    """Say who read what and why, what was refused, what staff and administrators did; an event itself."""
    from app.core.refusal import Unavailable  # noqa: PLC0415
    from app.services.audit_report import Period  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    if until <= since:
        raise typer.BadParameter("is not after --from", param_hint="--to")
    try:
        made = asyncio.run(reported(Settings(), Period(since.date(), until.date())))
    except Unavailable:
        typer.echo(
            "no report: it could not be recorded, or there is no way to the audit (HUFU_AUDITOR_DATABASE_URL)", err=True
        )
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(_document(made)))
    else:
        _print(made)


async def reported(settings: "Settings", period: "Period") -> "Report":
    """Record as the application's role, count as the auditor's."""
    from app.building import ground  # noqa: PLC0415
    from app.services.audit_report import AuditReports  # noqa: PLC0415
    from app.storage.audit_report import AuditCounts  # noqa: PLC0415

    base = await ground(settings)
    try:
        return await AuditReports(base.journal, AuditCounts(settings.auditor_url())).of(period)
    finally:
        await base.database.close()


def _document(made: "Report") -> dict[str, object]:
    return {
        "from": made.period.since.isoformat(),
        "to": made.period.until.isoformat(),
        "zone": "Asia/Shanghai",
        "events": made.events,
        "refused": made.refused,
    } | {each.name: [dict(zip(each.columns, row, strict=True)) for row in each.rows] for each in made.sections}


def _print(made: "Report") -> None:
    from rich.console import Console  # noqa: PLC0415

    console = Console()
    console.print(f"审计报告 Report of the audit: {made.period.since} – {made.period.until} (Asia/Shanghai)")
    console.print("截止日不含 The last day is not included")
    console.print(f"事件总数 Events: {made.events}; 其中被拒绝 of them refused: {made.refused}")
    for each in made.sections:
        console.print(_table(each))


def _table(section: "Section") -> "Table":
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(title=TITLES[section.name], title_justify="left")
    for column in section.columns:
        # Folded, not cut: an id that ends in three dots finds nobody.
        shown.add_column(HEADINGS[column], overflow="fold", justify="right" if column == "count" else "left")
    for row in section.rows:
        shown.add_row(*(Text(_printable(str(word))) for word in row))
    return shown


def _printable(word: str) -> str:
    """Without what would move a terminal's cursor: whoever forged an event would paint over others with it."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in word)

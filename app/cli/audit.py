"""Was the record tampered with (`verify`), does this event stand in it (`prove`), and what was done (`report`)?"""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli._audit_report import report

if TYPE_CHECKING:
    from rich.console import Console

    from app.audit.findings import Finding
    from app.audit.head import SignedHead
    from app.core.secret import Secret
    from app.settings import Settings

app = typer.Typer(help="The audit's log.", no_args_is_help=True)
SHOWN = 200
"""Findings shown; a wholly rewritten log has one for each batch."""
Key = Annotated[str, typer.Option(help="Thumbprint of the key that signs heads, learnt elsewhere than from the log.")]


app.command()(report)


@app.command()
def verify(
    witness: Annotated[Path | None, typer.Option(help="The witness's file; default: as the settings say.")] = None,
    key: Key = "",
) -> None:
    """Judge every event, leaf and head against what the witness saw; exit status 1 and a table where anything is wrong."""
    from rich.console import Console  # noqa: PLC0415

    from app.settings import Settings  # noqa: PLC0415

    settings, console = Settings(), Console(highlight=False)
    file = witness or settings.witness_file
    if file is None or not file.exists():
        console.print(
            f"[yellow]No witness[/] ({file or 'name its file with --witness'}): whoever holds the signing key could have rewritten all of it."
        )
    findings = asyncio.run(_verified(settings, file, key, console))
    if findings:
        _show(findings, console)
        raise typer.Exit(1)
    console.print("[green]Nothing was tampered with.[/]")


@app.command()
def prove(event: Annotated[str, typer.Argument(help="The event's id.")]) -> None:
    """Print as JSON that an event stands in the log: itself, its path, and the signed head it leads to."""
    from app.services.audit_proofs import proof_of  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    proof = asyncio.run(proof_of(_auditor(Settings()), event))
    if proof is None:
        typer.echo(f"{event} is in no batch", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps(proof, ensure_ascii=False, indent=2))


@app.command(name="check-proof")
def check_proof(file: Annotated[Path, typer.Argument(help="What `prove` printed.")], key: Key = "") -> None:
    """Check a proof without any database; exit status 1 where it proves nothing."""
    from app.audit.proof import ProofMalformed, checked  # noqa: PLC0415
    from app.audit.tree import ProofBroken  # noqa: PLC0415
    from app.gateways.audit_signing import sound, trusting  # noqa: PLC0415

    try:
        event, signed = checked(file.read_bytes(), trusting([key]) if key else sound)
    except (ProofMalformed, ProofBroken, OSError) as reason:
        typer.echo(f"proves nothing: {reason}", err=True)
        raise typer.Exit(1) from None
    head = signed.head
    typer.echo(f"{event} stands in log {head.log}, batch {head.number} of {head.at.isoformat()}, signed by {head.key}")


def _auditor(settings: "Settings") -> "Secret[str]":
    url = settings.auditor_url()
    if url is None:
        typer.echo("no database to read: set HUFU_AUDITOR_DATABASE_URL", err=True)
        raise typer.Exit(1)
    return url


async def _verified(settings: "Settings", file: Path | None, key: str, console: "Console") -> "list[Finding]":
    from rich.progress import Progress  # noqa: PLC0415

    from app.gateways.audit_signing import sound, trusting  # noqa: PLC0415
    from app.services.audit_verification import AuditVerification  # noqa: PLC0415

    # Whose signature counts is learnt from the witness: a key that stands only in the database may be anybody's.
    kids = {key} if key else {signed.head.key for signed in _witnessed(file) if sound(signed)}
    verification = AuditVerification(_auditor(settings), trusting(kids) if kids else sound)
    findings: list[Finding] = []
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Verifying")
        async for step in verification.verify(_witnessed(file)):
            bar.update(task, completed=step.judged, total=step.size)
            findings += step.findings
    return findings


def _witnessed(file: Path | None) -> "Iterator[SignedHead]":
    from app.gateways.witness.file import witnessed  # noqa: PLC0415

    return witnessed(file) if file is not None and file.exists() else iter(())


def _show(findings: "list[Finding]", console: "Console") -> None:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=f"{len(findings)} findings")
    for heading in ("what", "batch", "sequence"):
        table.add_column(heading)
    table.add_column("event", min_width=max((len(each.event or "") for each in findings), default=0))
    table.add_column("how", overflow="fold")
    for each in findings[:SHOWN]:
        place = ("" if value is None else str(value) for value in (each.batch, each.sequence, each.event))
        table.add_row(each.kind.value, *place, each.words)
    console.print(table)

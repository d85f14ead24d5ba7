"""Was what is recorded tampered with, and how is one event proven to somebody outside? For auditors, who only read."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer

from app.cli._audit_report import report
from app.cli._ending import cannot

if TYPE_CHECKING:
    from app.audit.findings import Finding
    from app.core.secret import Secret
    from app.services.audit_verification import AuditVerification, Seen
    from app.settings import Settings

TAMPERED = 1
SHOWN = 1000
"""Findings in the table; the rest are counted."""

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", help="Thumbprint (RFC 7638) of a key that is trusted; repeat for more. Empty: the house's own."
    ),
]

app = typer.Typer(help="The audit's log.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit's log."""


@app.command()
def verify(
    witness: Annotated[
        Path | None,
        typer.Option(help="File of heads from the witness. Empty: the one this house writes, if there is one."),
    ] = None,
    key: Keys = None,
) -> None:
    """Judge the whole log. Ends with 1 where it was tampered with, 2 where that cannot be told, else 0."""
    from app.gateways.audit_signing import trusting  # noqa: PLC0415
    from app.services.audit_verification import AuditVerification, CannotVerify, seen  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    settings = Settings()
    try:
        saw = seen(_witness_file(settings, witness))
    except CannotVerify as reason:
        _cannot(str(reason))
    kids = _trusted(settings, key, saw)
    if saw is None:
        typer.echo("no witness: a tail that was cut, or a past that was signed anew, cannot be told")
    verification = AuditVerification(_auditor(settings), trusting(kids), saw)
    leaves, findings = _walked(verification)
    _tell(findings)
    until = f"; the witness saw it up to batch {saw.newest.head.number}" if saw else ""
    typer.echo(f"{leaves} events verified, {len(findings)} findings{until}")
    raise typer.Exit(TAMPERED if findings else 0)


@app.command()
def prove(event: Annotated[str, typer.Argument(help="Id of the event.")]) -> None:
    """Print a document that proves an event to whoever trusts the key that signed."""
    from app.audit.tree import ProofBroken  # noqa: PLC0415
    from app.core.refusal import Unavailable  # noqa: PLC0415
    from app.services.audit_verification import NotInLog, prove  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415
    from app.storage.audit_walk import Unreadable  # noqa: PLC0415

    try:
        proof = asyncio.run(prove(_auditor(Settings()), event))
    except NotInLog as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(TAMPERED) from None
    except ProofBroken as reason:
        typer.echo(f"the event is not what was appended: {reason}", err=True)
        raise typer.Exit(TAMPERED) from None
    except Unreadable as reason:
        _cannot(str(reason))
    except Unavailable:
        _cannot("the database does not answer")
    typer.echo(proof.line(), nl=False)


@app.command()
def check_proof(
    file: Annotated[Path, typer.Argument(help="What `hufu audit prove` printed.")],
    key: Annotated[list[str] | None, typer.Option(help="Thumbprint of a key that is trusted; repeat for more.")] = None,
) -> None:
    """Check a proof without any database. Ends with 1 where it does not hold, 2 where it names a key you did not."""
    from app.audit.proof import ProofMalformed, parsed  # noqa: PLC0415
    from app.audit.tree import ProofBroken  # noqa: PLC0415
    from app.gateways.audit_signing import sound, trusting  # noqa: PLC0415

    try:
        proof = parsed(file.read_bytes())
        proof.check(trusting(key) if key else sound)
    except OSError as reason:
        _cannot(str(reason))
    except (ProofMalformed, ProofBroken) as reason:
        typer.echo(f"it does not hold: {reason}", err=True)
        raise typer.Exit(TAMPERED) from None
    head = proof.signed.head
    typer.echo(
        f"event {proof.entry.get('id')} is leaf {proof.index} of log {head.log}, in batch {head.number} of {head.at}"
    )
    if not key:
        _cannot(f"it holds if {head.key} is the house's key: ask the house, and name it with --key")


def _witness_file(settings: "Settings", given: Path | None) -> Path | None:
    """The one given, which must be there; else this house's own, if it has begun."""
    own = settings.witness_file
    return given or (own if own is not None and own.is_file() else None)


def _auditor(settings: "Settings") -> "Secret[str]":
    url = settings.auditor_url()
    if url is None:
        _cannot("no database: set HUFU_AUDITOR_DATABASE_URL")
    return url


def _trusted(settings: "Settings", given: list[str] | None, saw: "Seen | None") -> frozenset[str]:
    """Whose signatures count, and a word on why. Whoever verifies from outside names the keys."""
    from app.core.refusal import Unavailable  # noqa: PLC0415
    from app.gateways.keys import KeyMissing  # noqa: PLC0415
    from app.gateways.master_key import MasterKeyUnfit  # noqa: PLC0415

    if given:
        return frozenset(given)
    try:
        kids = asyncio.run(_own(settings))
    except (RuntimeError, OSError, KeyMissing, MasterKeyUnfit, Unavailable):
        if saw is None:
            _cannot("no key is trusted: the house's own cannot be read here, so name them with --key")
        kids, whose = saw.kids, "those the witness names, for the house's own cannot be read here"
    else:
        whose = "the house's own"
    typer.echo(f"trusting {whose}: {' '.join(sorted(kids))}")
    return kids


async def _own(settings: "Settings") -> frozenset[str]:
    """By the owner and the master key: the auditor's role reads no keys, not even wrapped ones."""
    from app.building import master_key_of  # noqa: PLC0415
    from app.core.entropy import SystemEntropy  # noqa: PLC0415
    from app.services.keyring import unwrapped_for_audit  # noqa: PLC0415
    from app.storage.jobs import make_queue  # noqa: PLC0415
    from app.storage.work import Database  # noqa: PLC0415

    database = Database(settings.owner_url(), make_queue(), connections=2)
    await database.open()
    try:
        pairs = await unwrapped_for_audit(database, master_key_of(settings, SystemEntropy()))
    finally:
        await database.close()
    return frozenset(pair.key.kid for pair in pairs.values())


def _walked(verification: "AuditVerification") -> "tuple[int, list[Finding]]":
    from app.core.refusal import Unavailable  # noqa: PLC0415
    from app.services.audit_verification import CannotVerify  # noqa: PLC0415
    from app.storage.audit_walk import Unreadable  # noqa: PLC0415

    try:
        return asyncio.run(_walk(verification))
    except (CannotVerify, Unreadable) as reason:
        _cannot(str(reason))
    except Unavailable:
        _cannot("the database does not answer")


async def _walk(verification: "AuditVerification") -> "tuple[int, list[Finding]]":
    """Walk with a bar; how many events were judged, and what was found."""
    from rich.progress import Progress  # noqa: PLC0415

    found: list[Finding] = []
    leaves = 0
    with Progress() as bars:
        bar = bars.add_task("verifying", total=None)
        async for step in verification.judged():
            leaves = step.leaves
            found.extend(step.findings)
            bars.update(bar, completed=step.leaves, total=step.of)
    return leaves, found


def _tell(findings: "list[Finding]") -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Column, Table  # noqa: PLC0415

    if not findings:
        return
    # Where the terminal is narrow an id is broken, never shortened: it is what is looked up next.
    table = Table("kind", "batch", "sequence", Column("event", min_width=30, overflow="fold"), "what")
    for each in findings[:SHOWN]:
        facts = (each.kind.value, each.batch, each.sequence, each.event, each.words)
        table.add_row(*("" if fact is None else str(fact) for fact in facts))
    console = Console()
    console.print(table, markup=False)
    if len(findings) > SHOWN:
        console.print(f"and {len(findings) - SHOWN} more")


def _cannot(reason: str) -> Never:
    cannot(f"cannot be told: {reason}")


app.command()(report)

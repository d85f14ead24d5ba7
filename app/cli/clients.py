"""Which front ends, kiosks and services may call? `hufu clients create` registers one; its secret is shown once."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

from app.assertion.client import AdministrativeScope, ClientKind, Grant, InvalidRegistration

if TYPE_CHECKING:
    from app.assertion.client import Client
    from app.core.secret import Secret
    from app.settings import Settings

app = typer.Typer(help="Clients.", no_args_is_help=True)


@app.command()
def create(
    *,
    name: Annotated[str, typer.Option(help="What staff call it.")],
    kind: Annotated[ClientKind, typer.Option(help="What runs it.")],
    purpose: Annotated[str, typer.Option(help="What the bank uses it for; stands in every record of a release.")],
    scope: Annotated[list[str], typer.Option(help="A scope it may ask for; repeat for more.")],
    audience: Annotated[
        list[str], typer.Option(help="A resource it may ask tokens for, or answers to; repeat for more.")
    ],
    grant: Annotated[list[Grant], typer.Option(help="A grant it may use; repeat for more.")],
    origin: Annotated[list[str] | None, typer.Option(help="A web origin of it; repeat for more.")] = None,
    first_party: Annotated[
        bool, typer.Option(help="The bank's own front end: it may collect a claimant's proofs.")
    ] = False,
    public: Annotated[bool, typer.Option(help="It cannot keep a secret (a native or browser application).")] = False,
) -> None:
    """Register a client and print its id and secret as JSON; the secret is never shown again."""
    from app.settings import Settings  # noqa: PLC0415

    facts = {
        "name": name,
        "kind": kind,
        "purpose": purpose,
        "scopes": scope,
        "audiences": audience,
        "grants": grant,
        "origins": origin or [],
        "first_party": first_party,
        "confidential": not public,
    }
    try:
        client, secret = asyncio.run(register(Settings(), facts))
    except InvalidRegistration as refusal:
        typer.echo(f"refused: the field {refusal.facts['field']} is unsafe or contradicts another", err=True)
        raise typer.Exit(1) from None
    except AdministrativeScope:
        typer.echo("refused: an administrative scope takes two security officers, at /v1/staff/proposals", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({"client_id": client.id, "client_secret": None if secret is None else secret.reveal()}))


@app.command(name="list")
def show() -> None:
    """Print every registration, one JSON line each."""
    from app.settings import Settings  # noqa: PLC0415

    for client in asyncio.run(registered(Settings())):
        facts = {"client_id": client.id, "name": client.name, "kind": client.kind, "scopes": sorted(client.scopes)}
        typer.echo(json.dumps(facts, ensure_ascii=False))


async def register(settings: "Settings", facts: dict[str, object]) -> "tuple[Client, Secret[str] | None]":
    """Register through the service, as the application's role."""
    from app.building import ground  # noqa: PLC0415
    from app.services.clients import Clients  # noqa: PLC0415

    base = await ground(settings)
    try:
        return await Clients(base.journal, base.vault, base.entropy).create(**facts)  # type: ignore[arg-type]
    finally:
        await base.database.close()


async def registered(settings: "Settings") -> "tuple[Client, ...]":
    """Every registration."""
    from app.building import ground  # noqa: PLC0415
    from app.services.clients import Clients  # noqa: PLC0415

    base = await ground(settings)
    try:
        return await Clients(base.journal, base.vault, base.entropy).all()
    finally:
        await base.database.close()

"""Who are the first of the staff? `hufu staff bootstrap` asks two security officers in; all others they decide on."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.staff_enrolment import Invitation
    from app.settings import Settings

app = typer.Typer(help="Staff.", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """Staff."""


@app.command()
def bootstrap(
    first: Annotated[str, typer.Option(help="Login name of the first security officer.")] = "officer-1",
    second: Annotated[str, typer.Option(help="Login name of the second, another person.")] = "officer-2",
) -> None:
    """Invite the first two security officers; each enrolment code is shown once and good for a day."""
    from app.services.staff_enrolment import AlreadyFounded  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415
    from app.staff.enrolment import named  # noqa: PLC0415

    names = [name for name in (named(first), named(second)) if name is not None]
    if len(set(names)) != 2:
        typer.echo("refused: two different login names of 2 to 32 letters, digits, dots and hyphens", err=True)
        raise typer.Exit(1)
    try:
        invitations = asyncio.run(invite(Settings(), names))
    except AlreadyFounded:
        typer.echo(
            "refused: there are security officers; whoever comes now is proposed by one and approved by another",
            err=True,
        )
        raise typer.Exit(1) from None
    for each in invitations:
        shown = {
            "login_name": each.login_name,
            "enrolment_code": each.code.reveal(),
            "expires_at": each.expires_at.isoformat(),
        }
        typer.echo(json.dumps(shown))


async def invite(settings: "Settings", login_names: "Sequence[str]") -> "tuple[Invitation, ...]":
    """Invite through the service, as the application's role."""
    from app.building import ground  # noqa: PLC0415
    from app.services.staff_enrolment import StaffInvitations  # noqa: PLC0415

    base = await ground(settings)
    try:
        return await StaffInvitations(base.journal, base.vault, base.entropy).bootstrap(login_names)
    finally:
        await base.database.close()

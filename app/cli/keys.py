"""What keys does the house hold? `hufu keys init` makes the first set; it is made once, by the owner."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.settings import Settings

app = typer.Typer(help="Keys.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Keys."""


@app.command()
def init() -> None:
    """Make the first data, index, token and signing keys, wrapped by the master key; does nothing if they are there."""
    from app.settings import Settings  # noqa: PLC0415

    made = asyncio.run(make_first(Settings()))
    typer.echo("made the first keys" if made else "the keys are there already")


async def make_first(settings: "Settings", clock: "Clock | None" = None) -> bool:
    """Make them as the owner, for the application may only read keys; whether it was done. In use from now on."""
    from app.building import master_key_of  # noqa: PLC0415
    from app.core.clock import SystemClock  # noqa: PLC0415
    from app.core.entropy import SystemEntropy  # noqa: PLC0415
    from app.services.keyring import make_first_keys  # noqa: PLC0415
    from app.storage.jobs import make_queue  # noqa: PLC0415
    from app.storage.work import Database  # noqa: PLC0415

    entropy = SystemEntropy()
    database = Database(settings.owner_url(), make_queue(), connections=2)
    await database.open()
    try:
        return await make_first_keys(
            database, master_key_of(settings, entropy), entropy, clock or SystemClock(), settings.crypto_suite
        )
    finally:
        await database.close()

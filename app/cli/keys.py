"""What keys does the house hold, and how does one give way to another? Made and rotated by the owner of the database.

A rotation runs while the service runs, in small units of work. Killed half-way it is simply started again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.building import Ground
    from app.core.clock import Clock
    from app.services.rotation import Progress
    from app.services.rotations import Rotations
    from app.settings import Settings

Unit = Annotated[int, typer.Option(min=1, max=10_000, help="Rows in one unit of work.")]
UNIT = 500

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


@app.command(name="list")
def show() -> None:
    """Say which keys there are, what each is for, and since when."""
    from app.settings import Settings  # noqa: PLC0415

    for line in asyncio.run(_listed(Settings())):
        typer.echo(line)


@app.command()
def rotate_data(unit: Unit = UNIT) -> None:
    """Wrap every person's key with a new data key, then destroy the old one."""
    _run(lambda rotations: rotations.data(), unit)


@app.command()
def rotate_index(unit: Unit = UNIT) -> None:
    """Make keyed hashes of numbers, addresses and pictures anew with a new index key; the others grow old."""
    _run(lambda rotations: rotations.index(), unit)


@app.command()
def rotate_signing() -> None:
    """Publish the next signing key, wait until everybody has seen it and it signs; the old one runs out by itself."""
    from app.core.wrapped_key import Purpose  # noqa: PLC0415

    _run(lambda rotations: rotations.one_that_waits(Purpose.SIGNING))


@app.command()
def rotate_token() -> None:
    """Hash new secrets with a new key; the old one stays for as long as a secret it hashed is in use."""
    from app.core.wrapped_key import Purpose  # noqa: PLC0415

    _run(lambda rotations: rotations.one_that_waits(Purpose.TOKEN_MAC))


def _run(steps: "Callable[[Rotations], AsyncIterator[Progress]]", unit: int = UNIT) -> None:
    from app.settings import Settings  # noqa: PLC0415

    for line in asyncio.run(_rotated(Settings(), steps, unit)):
        typer.echo(line)


async def _rotated(
    settings: "Settings", steps: "Callable[[Rotations], AsyncIterator[Progress]]", unit: int
) -> list[str]:
    """Rotate, with a bar for each step; what is left to say."""
    from rich.progress import Progress as Bars  # noqa: PLC0415

    from app.building import rotations_of  # noqa: PLC0415

    async with _as_owner(settings) as base:
        rotations = rotations_of(base, unit=unit)
        with Bars() as bars:
            shown = {}
            async for at in steps(rotations):
                if at.step not in shown:
                    shown[at.step] = bars.add_task(at.step)
                bars.update(shown[at.step], completed=at.done, total=at.total)
        lines = [
            f"{stay.key.purpose} key {stay.key.version} stays, named by "
            + ", ".join(f"{count} of {what}" for what, count in stay.named.items())
            for stay in rotations.stays
        ]
    return [*lines, "done"]


async def _listed(settings: "Settings") -> list[str]:
    async with _as_owner(settings) as base, base.database.work() as work:
        return [
            f"{key.purpose} {key.version}  {key.suite.name}  wrapped by {key.master}  makes from {key.not_before:%F %T}"
            + (f" until {key.retired_at:%F %T}" if key.retired_at else "")
            for key in await work.keys.all()
        ]


@asynccontextmanager
async def _as_owner(settings: "Settings") -> "AsyncIterator[Ground]":
    from app.building import owners_ground  # noqa: PLC0415

    base = await owners_ground(settings)
    try:
        yield base
    finally:
        await base.database.close()


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

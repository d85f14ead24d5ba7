"""Which document numbers does the bank know to be misused? `hufu documents compromised add`, `remove`: counted, never shown."""

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

import typer

if TYPE_CHECKING:
    from datetime import date

    from app.services.compromised_numbers import Added, CompromisedNumbers, Removed
    from app.settings import Settings

MOST: Final = 100_000
"""Numbers in one file: one unit of work, and seconds of it."""
LONGEST_LINE: Final = 128
"""Octets; a longer line is no number, however it is grouped."""
NO_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*")
"""It rests in the clear beside the hashes: without figures no number can stand in it."""

app = typer.Typer(help="Document numbers that the bank knows to be misused.", no_args_is_help=True)

# A file or a pipe, never an argument: those every process of the machine can read.
File = Annotated[typer.FileBinaryRead, typer.Argument(help="UTF-8, one number a line; `-`: standard input.")]
By = Annotated[str, typer.Option(help="Which office says so, as `fraud-desk`: small letters and hyphens; no person's name.")]  # fmt: skip


class NotAList(Exception):
    """The file is not a list of numbers; the message says where and why, and never quotes it."""


@app.command()
def add(file: File, *, by: By) -> None:
    """List numbers: from now on a proofing that shows one goes to people. Whole or not at all."""
    from app.settings import Settings  # noqa: PLC0415

    found = asyncio.run(_added(Settings(), _numbers(file, by), by))
    typer.echo(f"{found.added} numbers added, {found.known} listed before")


@app.command()
def remove(file: File, *, by: By) -> None:
    """Take numbers off the list. Whole or not at all."""
    from app.settings import Settings  # noqa: PLC0415

    found = asyncio.run(_removed(Settings(), _numbers(file, by), by))
    typer.echo(f"{found.removed} numbers removed, {found.unknown} not listed")


async def _added(settings: "Settings", numbers: Collection[str], by: str) -> "Added":
    async with _the_list(settings) as listed:
        return await listed.add(numbers, by=by)


async def _removed(settings: "Settings", numbers: Collection[str], by: str) -> "Removed":
    async with _the_list(settings) as listed:
        return await listed.remove(numbers, by=by)


@asynccontextmanager
async def _the_list(settings: "Settings") -> AsyncIterator["CompromisedNumbers"]:
    from app.building import ground  # noqa: PLC0415
    from app.services.compromised_numbers import CompromisedNumbers  # noqa: PLC0415

    base = await ground(settings)
    try:
        yield CompromisedNumbers(base.journal, base.vault)
    finally:
        await base.database.close()


def _numbers(file: BinaryIO, by: str) -> Collection[str]:
    """Read to its end before keys and database are opened: a pipe may take its time, and keys change meanwhile."""
    from app.core.clock import SystemClock  # noqa: PLC0415
    from app.verification.documents.validity import shanghai_day  # noqa: PLC0415

    if not NO_NAME.fullmatch(by):
        raise typer.BadParameter("small letters and hyphens", param_hint="--by")
    try:
        return numbers_in(file, today=shanghai_day(SystemClock().now()))
    except NotAList as reason:
        typer.echo(f"refused, nothing was changed: {reason}", err=True)
        raise typer.Exit(1) from None


def numbers_in(file: BinaryIO, *, today: "date") -> Collection[str]:
    """Each number once, as it is kept; raises NotAList."""
    from app.verification.documents.resident_number import NumberRefusal  # noqa: PLC0415
    from app.verification.misused import spelled  # noqa: PLC0415

    found: dict[str, None] = {}
    for at, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), b""), start=1):
        try:
            text = line.decode("utf-8-sig" if at == 1 else "utf-8").strip()
            if text:
                found[spelled(text, today=today)] = None
        except (UnicodeDecodeError, NumberRefusal):
            raise NotAList(f"line {at} is no document number") from None
        if len(line) > LONGEST_LINE:
            raise NotAList(f"line {at} is no document number")
        if len(found) > MOST:
            raise NotAList(f"more than {MOST} numbers: give them in parts")
    if not found:
        raise NotAList("there is no number in it")
    return found

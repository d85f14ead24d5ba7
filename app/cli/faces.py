"""What is done with enrolled faces at the keyboard? `hufu faces re-enrol`: pass from one model to the next."""

import asyncio
import json
from typing import Annotated

import typer

app = typer.Typer(help="Faces.", no_args_is_help=True)


@app.callback()
def faces() -> None:
    """Faces."""


@app.command()
def re_enrol(
    *,
    processes: Annotated[int, typer.Option(min=1, max=32, help="Processes that look at faces.")] = 1,
    drop_older: Annotated[
        bool, typer.Option("--drop-older", help="Then take away what other models made, if all is covered.")
    ] = False,
) -> None:
    """Describe every enrolled face by the model in use, from its sealed photograph; say how much is covered.

    Exit status 1: some photographs are not; their owners cannot be compared by this model and enrol anew.
    """
    from app.cli._re_enrolment import re_enrolled  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    report, whole = asyncio.run(re_enrolled(Settings(), processes, drop_older=drop_older))
    typer.echo(json.dumps(report, indent=2))
    if not whole:
        raise typer.Exit(1)

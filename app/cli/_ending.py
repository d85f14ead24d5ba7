"""How does a command end that cannot do what it was asked? With a word on why and exit status 2, before the work and not after it."""

import os
from pathlib import Path
from typing import Final, Never

import typer

CANNOT: Final = 2


def cannot(reason: str) -> Never:
    """End the command with a word on why."""
    typer.echo(reason, err=True)
    raise typer.Exit(CANNOT)


def refuse_unwritable(*files: Path | None) -> None:
    """End the command before hours of work that could not be written down."""
    for file in files:
        if file is not None and not _writable(file):
            cannot(f"{file}: cannot be written")


def _writable(file: Path) -> bool:
    there = file if file.exists() else file.parent
    return there.exists() and not file.is_dir() and os.access(there, os.W_OK)

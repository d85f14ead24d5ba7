"""What can be done at the keyboard? `hufu NOUN …`, one file of this folder per noun.

A file offers either `app`, a Typer of its own verbs, or a function of the file's name; one whose name begins with an
underscore is part of another. Each imports what it needs inside its commands, so that `hufu --help` answers at once.
"""

import importlib
import pkgutil

import typer
from pydantic_core import ValidationError

from app.cli._ending import CANNOT
from app.supervisor import leave_no_core


def main() -> None:
    """Run the command line."""
    leave_no_core()
    try:
        commands()()
    except ValidationError as refused:
        if refused.title != "Settings":
            raise
        for each in refused.errors():
            typer.echo(": ".join((*(f"HUFU_{name}".upper() for name in each["loc"]), each["msg"])), err=True)
        raise SystemExit(CANNOT) from None


def commands() -> typer.Typer:
    """All nouns found in this folder."""
    hufu = typer.Typer(
        help="Hufu: who is this, and is it still them?",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # its tracebacks show local variables, and some of those are secrets
    )
    for found in pkgutil.iter_modules(__path__):
        if not found.name.startswith("_"):
            _add(hufu, found.name)
    return hufu


def _add(hufu: typer.Typer, noun: str) -> None:
    module = importlib.import_module(f"{__name__}.{noun}")
    if hasattr(module, "app"):
        hufu.add_typer(module.app, name=noun)
        return
    hufu.command(name=noun)(getattr(module, noun))

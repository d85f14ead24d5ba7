"""What happened, and is the record of it whole? For whoever reviews the audit."""

import typer

from app.cli._audit_report import report

app = typer.Typer(help="The audit.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """The audit."""


app.command()(report)

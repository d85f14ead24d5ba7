"""How well does Hufu do on the bank's own pictures? `hufu evaluate documents LABELS.csv`; nothing is kept."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Measure on pictures of your own.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure on pictures of your own."""


@app.command()
def documents(
    labels: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False,
            help="CSV in UTF-8: image (path from this file), kind, side, then a column for each field; an empty cell is not compared.",
        ),
    ],
    *,
    to_json: Annotated[Path | None, typer.Option("--json", help="Write everything counted, as JSON.")] = None,
    to_html: Annotated[Path | None, typer.Option("--html", help="Write a report with the worst readings, as HTML.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Read so many at once.")] = os.cpu_count() or 1,
) -> None:  # fmt: skip
    """Read every picture and count, field by field, what was read rightly. Exit status 2: the labels are no labels."""
    # Models and pictures take seconds to import; `hufu --help` is to answer at once.
    from app.building import policy_of  # noqa: PLC0415
    from app.cli._evaluation import NoLabels, counted, evaluated, labelled, report, shown  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    try:
        wanted = labelled(labels)
    except NoLabels as reason:
        typer.echo(f"{labels}: {reason}", err=True)
        raise typer.Exit(2) from reason
    sure = policy_of(Settings()).thresholds.field_sure.value
    made = asyncio.run(evaluated(wanted, processes=processes, sure=sure))
    shown(made)
    if to_json is not None:
        to_json.write_text(json.dumps(counted(made), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if to_html is not None:
        to_html.write_text(asyncio.run(report(made)), encoding="utf-8")

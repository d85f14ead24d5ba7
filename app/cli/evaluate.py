"""How well does Hufu do on the bank's own pictures? `hufu evaluate documents LABELS.csv`, `faces PAIRS.csv`; nothing is kept."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli._ending import refuse_unwritable
from app.verification.examination import Kind

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
    from app.cli._evaluation import counted, evaluated, labelled, report, shown  # noqa: PLC0415
    from app.cli._labels import NoLabels  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    refuse_unwritable(to_json, to_html)
    try:
        wanted = labelled(labels)
    except NoLabels as reason:
        typer.echo(f"{labels}: {reason}", err=True)
        raise typer.Exit(2) from reason
    sure = policy_of(Settings()).thresholds.field_sure.value
    made = asyncio.run(evaluated(wanted, processes=processes, sure=sure))
    if to_json is not None:
        to_json.write_text(json.dumps(counted(made), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if to_html is not None:
        to_html.write_text(asyncio.run(report(made)), encoding="utf-8")
    shown(made)


@app.command()
def faces(
    pairs: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False,
            help="CSV in UTF-8: enrolled (a path from this file, or several with `;` between), probe, same (0 or 1);"
            " and where they are known cohort, enrolled_person, probe_person.",
        ),
    ],
    *,
    fit: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="What `hufu faces fit` wrote, of other people than these.")] = None,
    kind: Annotated[str, typer.Option(help="What is compared: `selfie_selfie` or `doc_selfie`.")] = "selfie_selfie",
    document_kind: Annotated[Kind, typer.Option("--document", help="With `doc_selfie`: which kind the enrolled pictures are of; its portrait is cut as in a proofing.")] = Kind.RESIDENT_CARD,
    population: Annotated[str, typer.Option(help="Whose faces these are, in the bank's words.")] = "not said",
    to_json: Annotated[Path | None, typer.Option("--json", help="Write everything counted, as JSON.")] = None,
    to_html: Annotated[Path | None, typer.Option("--html", help="Write a report with plots, as HTML.")] = None,
    calibration: Annotated[Path | None, typer.Option(help="Write what maps scores to error rates, signed.")] = None,
    key: Annotated[list[str] | None, typer.Option(help="Thumbprint of a key whose signature on the fit is trusted. Empty: the house's own.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Describe so many at once.")] = os.cpu_count() or 1,
) -> None:  # fmt: skip
    """Compare every pair and count errors, FNMR at FMR. Exit status 2: the pairs are no pairs, or a file is refused."""
    from app.cli._face_evaluation import document, page, shown  # noqa: PLC0415
    from app.cli._face_files import refuse_unknown, signer_of  # noqa: PLC0415
    from app.cli._face_measuring import calibrated, measured  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    refuse_unknown(kind)
    refuse_unwritable(to_json, to_html, calibration)
    signer = None if calibration is None else signer_of(Settings())
    made = measured(pairs, fit, key, kind=kind, document=document_kind, population=population, processes=processes)
    shown(made)
    if to_json is not None:
        to_json.write_text(json.dumps(document(made), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if to_html is not None:
        to_html.write_text(page(made), encoding="utf-8")
    if calibration is not None and signer is not None:
        calibrated(made, calibration, signer)

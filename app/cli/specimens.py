"""How does one get specimens to try things with? `hufu specimens draw` writes drawn cards, photographs and selfies."""

import csv
import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.core.clock import SystemClock
from app.specimens.magic import KINDS, Magic
from app.specimens.names import Degradation, Kind
from app.specimens.people import CardTruth
from app.verification.documents.resident_number import check_holds

if TYPE_CHECKING:
    from app.specimens.applicant import Upload
    from app.specimens.portraits import Portrait

NONE, EACH = "none", "each"

app = typer.Typer(help="Draw fictitious documents, marked 样本 SPECIMEN, for trying things out.", no_args_is_help=True)


@app.callback()
def specimens() -> None:
    """Draw fictitious documents, marked 样本 SPECIMEN, for trying things out."""


@app.command("magic")
def list_magic() -> None:
    """List the specimens that lead to each decision in the sandbox."""
    shown = Table("--magic", "name on the card", "leads to", "what is drawn")
    for magic, kind in KINDS.items():
        shown.add_row(magic.value, kind.name, kind.leads.value, kind.shows)
    Console().print(shown)


@app.command("degradations")
def list_degradations() -> None:
    """List the ways in which a picture can be spoiled, and how far each goes."""
    from app.specimens.spoiling import NEVER, WAYS  # noqa: PLC0415 -- OpenCV, as below

    shown = Table("--degrade", "kind of fault", "--severity in", "from", "a clerk reads up to", "to")
    for degradation, way in WAYS.items():
        reads = "never" if way.readable_to == NEVER else f"{way.readable_to:g}"
        shown.add_row(degradation.value, way.family.value, way.unit, f"{way.least:g}", reads, f"{way.most:g}")
    Console().print(shown)


@app.command()
def draw(
    out: Annotated[Path, typer.Option(help="Folder to write into; made if it is not there.")],
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many applicants, or documents of each kind.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same ones.")] = 0,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day on which the documents are valid; today if not given."),
    ] = None,
    magic: Annotated[
        Magic | None, typer.Option(help="Draw what leads to this in the sandbox; `hufu specimens magic` lists them.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help=f"Pictures of these kinds, commas between, or `all`: {', '.join(Kind)}. Not given: applicants."
        ),
    ] = None,
    degrade: Annotated[
        str,
        typer.Option(
            help="Spoil each picture: `none`, in `each` way, or in one that `hufu specimens degradations` lists."
        ),
    ] = NONE,
    severity: Annotated[
        float | None,
        typer.Option(help="How far, in the unit of that way; not given: as far as a careful clerk may still read."),
    ] = None,
) -> None:
    """Write applicants: both sides of a resident card, its holder's face, and what the card says; or pictures of kinds."""
    # Pictures need OpenCV: imported when asked for, so that the other commands start without it.
    from app.specimens.portraits import PortraitMissing, astronaut, grace_hopper  # noqa: PLC0415

    day = (on or SystemClock().now()).date()
    kinds, degradations = _kinds(kind), _degradations(degrade)
    if magic is not None and (kind is not None or degrade != NONE):
        raise typer.BadParameter("goes with neither --kind nor --degrade", param_hint="--magic")
    try:
        portraits = (astronaut(), grace_hopper())
    except PortraitMissing as missing:
        Console(stderr=True).print(f"{missing}; requirements-dev.lock has it")
        raise typer.Exit(1) from missing
    out.mkdir(parents=True, exist_ok=True)
    if kind is None and degrade == NONE:
        rows = _applicants(out, range(seed, seed + count), day, magic, portraits)
    else:
        from app.cli._drawn import Wanted, drawn  # noqa: PLC0415

        rows = drawn(Wanted(kinds, range(seed, seed + count), day, degradations, severity), portraits, out)
    _write_labels(out / "labels.csv", rows)


def _kinds(given: str | None) -> list[Kind]:
    """Raises BadParameter."""
    try:
        return list(Kind) if given == "all" else [Kind(name) for name in (given or Kind.RESIDENT_CARD).split(",")]
    except ValueError as unknown:
        raise typer.BadParameter(str(unknown), param_hint="--kind") from None


def _degradations(given: str) -> list[Degradation | None]:
    """None stands for a clean picture; raises BadParameter."""
    if given == EACH:
        return [None, *Degradation]
    try:
        return [None if given == NONE else Degradation(given)]
    except ValueError as unknown:
        raise typer.BadParameter(str(unknown), param_hint="--degrade") from None


def _applicants(
    out: Path, seeds: range, day: date, magic: Magic | None, portraits: "tuple[Portrait, Portrait]"
) -> list[dict[str, str]]:
    from app.specimens.applicant import honest_upload  # noqa: PLC0415
    from app.specimens.conjured import magic_upload  # noqa: PLC0415

    rows: list[dict[str, str]] = []
    for number in seeds:
        if magic is None:
            stem, upload = (
                out / f"specimen-{number:04d}",
                honest_upload(number, day, portraits[number % len(portraits)]),
            )
        else:
            stem, upload = out / f"{magic}-{number:04d}", magic_upload(magic, number, day, *portraits)
        _write(stem, upload)
        rows += _labels(stem, upload.truth)
        Console().print(f"{stem}: {upload.truth.person.name}")
    return rows


def _write(stem: Path, upload: "Upload") -> None:
    stem.with_suffix(".portrait.jpg").write_bytes(upload.portrait_side)
    stem.with_suffix(".emblem.jpg").write_bytes(upload.emblem_side)
    stem.with_suffix(".face.jpg").write_bytes(upload.face)
    truth = json.dumps(asdict(upload.truth), ensure_ascii=False, indent=2, default=str)
    stem.with_suffix(".json").write_text(truth + "\n", encoding="utf-8")


def _labels(stem: Path, truth: CardTruth) -> list[dict[str, str]]:
    """What a perfect reader finds on the two sides, as `hufu evaluate documents` takes it; an altered number is none."""
    person, kind = truth.person, "resident_card"
    ends = "long_term" if truth.valid_to is None else truth.valid_to.isoformat()
    portrait = {
        "name": person.name, "sex": person.sex.value, "birth": person.birth.isoformat(), "address": person.address,
        "number": person.number if check_holds(person.number) else "",
    }  # fmt: skip
    emblem = {"authority": truth.authority, "valid_from": truth.valid_from.isoformat(), "valid_to": ends}
    return [
        {"image": f"{stem.name}.portrait.jpg", "kind": kind, "side": "portrait"} | portrait,
        {"image": f"{stem.name}.emblem.jpg", "kind": kind, "side": "emblem"} | emblem,
    ]


def _write_labels(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        columns = dict.fromkeys(name for row in rows for name in row)
        writer = csv.DictWriter(lines, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)

"""By what are faces compared here, how alike are two, and by which model are those enrolled? `hufu faces fit`, `compare`, `re-enrol`."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli._ending import cannot, refuse_unwritable
from app.verification.examination import Kind

app = typer.Typer(help="Faces.", no_args_is_help=True)

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key", help="Thumbprint of a key whose signature is trusted; repeat for more. Empty: the house's own."
    ),
]


@app.callback()
def faces() -> None:
    """Faces."""


@app.command()
def fit(
    folder: Annotated[Path | None, typer.Argument(exists=True, file_okay=False, help="Photographs of one face each, of as many people as there are; no labels, folders in it too.")] = None,
    *,
    gallery: Annotated[bool, typer.Option("--gallery", help="In place of a folder: one enrolled face of each person who agreed to this use. Off until the policy in force names the impact assessment.")] = False,
    out: Annotated[Path, typer.Option(help="File to write: what was learned, signed; no person's descriptor is in it.")],
    population: Annotated[str, typer.Option(help="Whose faces these are, in the bank's words.")],
    processes: Annotated[int, typer.Option(min=1, max=64, help="Describe so many at once.")] = os.cpu_count() or 1,
) -> None:  # fmt: skip
    """Learn from unlabelled faces how a population lies. Exit status 2: too few people, not allowed, or nothing can be signed."""
    # Models and pictures take seconds to import; `hufu --help` is to answer at once.
    from app.cli._face_files import signer_of, write  # noqa: PLC0415
    from app.cli._face_learning import of_folder, of_gallery  # noqa: PLC0415
    from app.gateways.face_calibration import fit_document  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    if gallery is (folder is not None):
        cannot("either a folder or --gallery: one fit is learned of one of them")
    refuse_unwritable(out)
    settings = Settings()
    signer = signer_of(settings)
    found = of_gallery(settings, population) if folder is None else of_folder(settings, folder, population, processes)
    write(out, fit_document(found), signer)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Photograph of one face.")],
    second: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Another.")],
    *,
    fit_file: Annotated[Path | None, typer.Option("--fit", exists=True, dir_okay=False, help="What `hufu faces fit` wrote.")] = None,
    calibration: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="What `hufu evaluate faces` wrote.")] = None,
    kind: Annotated[str, typer.Option(help="What is compared: `selfie_selfie` or `doc_selfie`.")] = "selfie_selfie",
    document_kind: Annotated[Kind, typer.Option("--document", help="With `doc_selfie`: which kind the first picture is of; its portrait is cut as in a proofing.")] = Kind.RESIDENT_CARD,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    key: Keys = None,
) -> None:  # fmt: skip
    """Say how alike two faces are, and what that is worth. Exit status 2: a picture shows no one face, or a file is refused."""
    from app.cli._face_files import documents_of, judged, looked_at, refuse_unknown  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415
    from app.verification.faces.calibration import Usage, stated  # noqa: PLC0415
    from app.verification.faces.person_score import person_score  # noqa: PLC0415
    from app.verification.faces.score import Weighed  # noqa: PLC0415
    from app.verification.faces.weighing import weighed  # noqa: PLC0415

    refuse_unknown(kind)
    settings = Settings()
    printed = documents_of(kind, document_kind, [first])
    seen = looked_at([first, second], settings, processes=1, documents=printed)
    if seen.unusable:
        cannot("; ".join(f"{picture}: {why}" for picture, why in seen.unusable.items()))
    by = judged(seen.model, fit_file, calibration, settings, key)
    pair = [seen.faces[first]], seen.faces[second]
    worth = weighed(by, seen.model, kind, *pair)
    usage = Usage(seen.model, None if by.fit is None else by.fit.id, kind, 1)
    score = worth.score if isinstance(worth, Weighed) else stated(person_score(by.fit, *pair), usage, worth)
    told = score.document()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for name, fact in told.items():
        typer.echo(f"{name}: {'none' if fact is None else fact}")


@app.command()
def re_enrol(
    *,
    processes: Annotated[int, typer.Option(min=1, max=32, help="Processes that look at faces.")] = 1,
    drop_older: Annotated[
        bool, typer.Option("--drop-older", help="Then take away what other models made, if all is covered.")
    ] = False,
    to_json: Annotated[
        Path | None,
        typer.Option(
            "--json", help="Write the whole report, with everything to try again and everybody who has to enrol anew."
        ),
    ] = None,
) -> None:
    """Describe every enrolled face by the model in use, from its sealed photograph; say how much is covered.

    Exit status 1: some photographs are not, named by id and slot. Those to try again met a passing fault, which another run
    may not; the owners of the others cannot be compared by this model and enrol anew, or have those photographs replaced or
    erased. 2: it cannot be begun.
    """
    from app.cli._face_files import UNREACHED  # noqa: PLC0415
    from app.cli._re_enrolment import re_enrolled, shortened  # noqa: PLC0415
    from app.gateways.vision import VisionFailed  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    refuse_unwritable(to_json)
    settings = Settings()
    try:
        settings.application_url()
    except RuntimeError as reason:
        cannot(str(reason))
    try:
        report, whole = asyncio.run(re_enrolled(settings, processes, drop_older=drop_older))
    except (*UNREACHED, VisionFailed) as reason:
        cannot(f"the enrolled faces cannot be read: {reason}")
    if to_json is not None:
        to_json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    typer.echo(json.dumps(shortened(report), indent=2))
    if not whole:
        raise typer.Exit(1)

"""What does a document say? `hufu documents read IMAGE`, in a confined process like any other picture; nothing is kept.

The numbers that the bank knows to be misused are listed beside it: `hufu documents compromised add`, `remove`.
"""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import _compromised

AUTO = "auto"
app = typer.Typer(help="Read documents from pictures; list numbers known to be misused.", no_args_is_help=True)
app.add_typer(_compromised.app, name="compromised")


@app.callback()
def documents() -> None:
    """Read documents from pictures; list numbers known to be misused."""


@app.command()
def read(
    image: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JPEG, PNG, WebP or HEIC.")],
    *,
    kind: Annotated[str, typer.Option(help="What it should be, as `passport`; `auto`: whatever it is.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Everything that was found, as JSON.")] = False,
    draw: Annotated[Path | None, typer.Option(help="Write the picture with what was found drawn on it, PNG.")] = None,
) -> None:
    """Read a document, of two pages in one picture each, and say how sure each field is. Exit status 1: none was read."""
    # Models and pictures take seconds to import; `hufu --help` is to answer at once.
    from app.building import policy_of  # noqa: PLC0415
    from app.cli._reading import drawn, shown, written  # noqa: PLC0415
    from app.core.clock import SystemClock  # noqa: PLC0415
    from app.core.refusal import Refusal  # noqa: PLC0415
    from app.gateways.vision import VisionFailed  # noqa: PLC0415
    from app.gateways.vision.pooled import read_alone  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415
    from app.verification.documents.validity import CHINA  # noqa: PLC0415
    from app.verification.examination import Kind  # noqa: PLC0415
    from app.verification.findings.documents import findings_alone  # noqa: PLC0415

    if kind not in {AUTO, *Kind}:
        raise typer.BadParameter(f"one of {', '.join([AUTO, *Kind])}", param_hint="--kind")
    wanted = None if kind == AUTO else Kind(kind)
    try:
        found = asyncio.run(read_alone(image.read_bytes(), wanted, with_photograph=draw is not None))
    except (Refusal, VisionFailed) as reason:
        typer.echo(f"{image}: {reason.code if isinstance(reason, Refusal) else reason}", err=True)
        raise typer.Exit(2) from reason
    policy = policy_of(Settings())
    sure = policy.thresholds.field_sure.value
    today = SystemClock().now().astimezone(CHINA).date()
    first = findings_alone(found.reading, policy, software=found.software, today=today, wanted=wanted)
    others = [(page, findings_alone(page, policy, software=None, today=today)) for page in found.reading.beside]
    judged = [(found.reading, first), *others]
    if draw is not None:
        draw.write_bytes(drawn(found.photograph, judged, sure=sure))
    if as_json:
        document: dict[str, Any] = written(found, judged)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for page, findings in judged:
            shown(page, findings, sure=sure)
    raise typer.Exit(0 if found.reading.kind else 1)

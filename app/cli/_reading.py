"""How is a reading shown? As a table, as JSON, and as the photograph with everything that was found drawn on it."""

from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.gateways.vision import DocumentRead
from app.verification.documents.reading import Reading
from app.verification.examination import Polygon
from app.verification.reasons import Reason
from app.verification.words import said

SURE, UNSURE, OUTLINE = (0, 140, 60), (210, 60, 0), (30, 90, 220)
Judged = tuple[Reading, Sequence[Reason]]
"""One page of a picture, and what is said of it."""
Font = ImageFont.ImageFont | ImageFont.FreeTypeFont
TEXT_SHARE: Final = 1 / 45
"""Height of the words drawn, of the photograph's shorter side."""


def shown(reading: Reading, findings: Sequence[Reason], *, sure: float) -> None:
    """Print it; what it says is what was asked for, so nothing is masked."""
    console = Console()
    if reading.kind is None:
        console.print("no document that we read")
    else:
        table = Table("field", "value", "sure", title=f"{reading.kind}, {reading.side} side")
        for name, field in reading.fields.items():
            mark = "" if field.value is not None and field.confidence >= sure else " ?"
            said_there = field.value if field.value is not None else f"({field.raw})"
            table.add_row(name, escape(said_there), f"{field.confidence:.2f}{mark}")
        console.print(table)
    for reason in findings:
        facts = escape(", ".join(f"{name} {value}" for name, value in reason.facts.items()))
        console.print(f"• {said(reason).en}  [dim]{reason.code}{f'; {facts}' if facts else ''}[/]", highlight=False)


def written(found: DocumentRead, judged: Sequence[Judged]) -> dict[str, Any]:
    """The same as a document: places in pixels of the photograph, clockwise from each field's top left."""
    page, *beside = (_page(reading, findings) for reading, findings in judged)
    return page | {"beside": beside, "model": found.model}


def _page(reading: Reading, findings: Sequence[Reason]) -> dict[str, Any]:
    fields = {name: {**asdict(field), "where": reading.places.get(name)} for name, field in reading.fields.items()}
    told = [
        {
            "code": reason.code,
            "words": {"zh-CN": said(reason).zh, "en": said(reason).en},
            "facts": dict(reason.facts),
            "where": reason.where or reading.places.get(str(reason.facts.get("field"))),
        }
        for reason in findings
    ]
    return {
        "kind": reading.kind,
        "side": reading.side,
        "outline": reading.outline,
        "fields": fields,
        "quality": asdict(reading.view),
        "findings": told,
    }


def drawn(photograph: bytes, judged: Sequence[Judged], *, sure: float) -> bytes:
    """The photograph, upright, as PNG: each document's outline, each field found, and above it what is said of them."""
    with Image.open(BytesIO(photograph), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    size = max(14, round(min(picture.size) * TEXT_SHARE))
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(size)
    for reading, _ in judged:
        _fields(pen, font, reading, size, sure=sure)
    for line, reason in enumerate(reason for _, findings in judged for reason in findings):
        if reason.where is not None:
            _around(pen, reason.where, UNSURE, width=max(3, size // 5))
        at = (size, size * (1 + 1.4 * line))
        pen.text(at, said(reason).en, fill=UNSURE, font=font, stroke_width=2, stroke_fill="white")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _fields(pen: ImageDraw.ImageDraw, font: Font, reading: Reading, size: int, *, sure: float) -> None:
    if reading.outline is not None:
        _around(pen, reading.outline, OUTLINE, width=max(3, size // 5))
    for place in dict.fromkeys(reading.places.values()):
        held = {name: reading.fields[name] for name, where in reading.places.items() if where == place}
        surely = all(field.value is not None and field.confidence >= sure for field in held.values())
        colour, told = SURE if surely else UNSURE, min(field.confidence for field in held.values())
        _around(pen, place, colour, width=max(2, size // 8))
        at = (place[0][0], place[0][1] - 1.25 * size)
        pen.text(at, f"{', '.join(held)} {told:.2f}", fill=colour, font=font)


def _around(pen: ImageDraw.ImageDraw, corners: Polygon, colour: tuple[int, int, int], *, width: int) -> None:
    pen.line([*corners, corners[0]], fill=colour, width=width, joint="curve")

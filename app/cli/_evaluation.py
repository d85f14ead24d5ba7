"""What is an evaluation made of? Labels, the readings beside them, and three ways to show what was counted."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.cli._labels import picture, rows
from app.core.refusal import Refusal
from app.gateways.vision import DocumentRead, VisionFailed
from app.gateways.vision.pooled import Readers
from app.pages.rendering import TEMPLATES
from app.verification.documents.accuracy import (
    Compared,
    FieldAccuracy,
    Share,
    accuracies,
    confusions,
    kind_confusions,
    worst,
)
from app.verification.documents.reading import Reading

FIXED: Final = ("image", "kind", "side")
OF_SPECIMENS: Final = ("degradation", "severity", "readable")
"""Columns that `hufu specimens draw` writes too: what was done to the picture, which nobody reads off it."""
MOST_SHOWN: Final = 20
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Label:
    """One picture and what stands on it."""

    image: Path
    kind: str
    side: str
    fields: dict[str, str]

    @property
    def page(self) -> str:
        """Kind and side in a word; no kind: there is no document in the picture."""
        return f"{self.kind}/{self.side}" if self.kind else NOTHING


@dataclass(frozen=True, slots=True)
class Made:
    """One evaluation."""

    labels: Sequence[Label]
    found: Sequence[DocumentRead | None]
    """None: no picture that could be read."""
    seconds: Sequence[float]
    compared: Sequence[Compared]
    pictures: Sequence[int]
    """For each comparison the place of its label."""


def labelled(file: Path) -> list[Label]:
    """The labels of a CSV file; raises NoLabels."""
    return [_label(file.parent, row, line) for line, row in rows(file, FIXED)]


def _label(folder: Path, row: Mapping[str, str], line: int) -> Label:
    image = picture(folder, row["image"], line)
    fields = {name: value for name, value in row.items() if name not in (*FIXED, *OF_SPECIMENS) and value}
    return Label(image, row["kind"], row["side"], fields)


async def evaluated(labels: Sequence[Label], *, processes: int, sure: float) -> Made:
    """Every picture read, so many at once, and each labelled field beside what was read."""
    found: list[DocumentRead | None] = [None] * len(labels)
    seconds, clock = [0.0] * len(labels), asyncio.get_running_loop().time
    async with Readers(processes) as readers:
        left = iter(track(range(len(labels)), "Reading", console=Console(stderr=True), transient=True))

        async def lane() -> None:
            for at in left:
                begun = clock()
                try:
                    found[at] = await readers.read(labels[at].image.read_bytes())
                except (OSError, Refusal, VisionFailed):
                    found[at] = None
                seconds[at] = clock() - begun

        await asyncio.gather(*(lane() for _ in range(processes)))
    pairs = [
        (_compared(label, name, value, found[at], sure), at)
        for at, label in enumerate(labels)
        for name, value in label.fields.items()
    ]
    return Made(labels, found, seconds, [pair for pair, _ in pairs], [at for _, at in pairs])


def _compared(label: Label, name: str, value: str, found: DocumentRead | None, sure: float) -> Compared:
    field = next((page.fields[name] for page in _pages(label, found) if name in page.fields), None)
    is_sure = field is not None and field.value is not None and field.confidence >= sure
    return Compared(label.page, name, value, None if field is None else field.value, is_sure)


def _pages(label: Label, found: DocumentRead | None) -> list[Reading]:
    """Every page in the picture, the labelled one first: both sides of a card may lie in one."""
    pages = [] if found is None else [found.reading, *found.reading.beside]
    return sorted(pages, key=lambda page: _named(page) != label.page)


def _page_found(label: Label, found: DocumentRead | None) -> str:
    pages = _pages(label, found)
    return _named(pages[0]) if pages else "no picture"


def _named(page: Reading) -> str:
    return NOTHING if page.kind is None else f"{page.kind}/{page.side}"


def counted(made: Made) -> dict[str, Any]:
    """Everything as a document."""
    kinds = kind_confusions(
        (label.page, _page_found(label, found)) for label, found in zip(made.labels, made.found, strict=True)
    )
    return {
        "pictures": len(made.labels),
        "kinds": [{"labelled": a, "found": b, "count": count} for (a, b), count in kinds.items()],
        "fields": [_field(each) for each in accuracies(made.compared)],
        "confused": [
            {"label": a, "read": b, "count": count}
            for (a, b), count in confusions(made.compared).most_common(MOST_SHOWN)
        ],
        "seconds": {"median": round(median(made.seconds), 3), "p95": round(_p95(made.seconds), 3)},
    }


def _field(each: FieldAccuracy) -> dict[str, Any]:
    shares = {
        "exact": each.exact,
        "characters": each.characters,
        "sure": each.sure,
        "wrong_though_sure": each.wrong_though_sure,
    }
    return {"kind": each.kind, "field": each.field} | {
        name: asdict(share) | {"interval": [round(bound, 5) for bound in share.interval]}
        for name, share in shares.items()
    }


def shown(made: Made) -> None:
    """Print it."""
    told, console = counted(made), Console()
    console.print(f"{told['pictures']} pictures; shares in % with their 95 % intervals")
    found = accuracies(made.compared)
    for kind in dict.fromkeys(each.kind for each in found):
        table = Table("field", "n", "exact", "characters", "sure", "wrong though sure", title=kind)
        for each in (each for each in found if each.kind == kind):
            wrong = f"{each.wrong_though_sure.hits} of {each.wrong_though_sure.count}"
            shares = map(percent, (each.exact, each.characters, each.sure))
            table.add_row(each.field, str(each.exact.count), *shares, wrong)
        console.print(table)
    for each in told["kinds"]:
        if each["labelled"] != each["found"]:
            console.print(f"{each['count']} × {each['labelled']} taken for {each['found']}")
    for each in told["confused"][:MOST_SHOWN]:
        # What was read is no markup of ours.
        told_there = f"{each['count']} × {each['label'] or '∅'} read as {each['read'] or '∅'}"
        console.print(told_there, highlight=False, markup=False)
    console.print(
        f"seconds for each picture: {told['seconds']['median']} in the median, {told['seconds']['p95']} at p95"
    )


def percent(share: Share) -> str:
    """The share and its interval, in per cent."""
    if not share.count:
        return "–"
    low, high = share.interval
    return f"{100 * share.hits / share.count:.1f} ({100 * low:.1f}–{100 * high:.1f})"


async def report(made: Made) -> str:
    """A page that stands by itself, with crops of the worst; whatever was read is escaped."""
    crops = []
    async with Readers(1) as readers:
        for at in worst(made.compared, MOST_SHOWN):
            label, compared = made.labels[made.pictures[at]], made.compared[at]
            crop = await _crop(readers, label, compared) if made.found[made.pictures[at]] else ""
            crops.append({"label": label, "compared": compared, "crop": crop})
    rows = [
        (each, percent(each.exact), percent(each.characters), percent(each.sure)) for each in accuracies(made.compared)
    ]
    return TEMPLATES.get_template("accuracy.html").render(told=counted(made), rows=rows, crops=crops)


async def _crop(readers: Readers, label: Label, compared: Compared) -> str | None:
    """Where the field stands on the photograph, with a rim, as an address that holds it; empty: nobody knows where.

    None: the picture was read once and now is not, as where the machine is busy or it was moved away; hours of counting
    are not lost with it.
    """
    try:
        found = await readers.read(label.image.read_bytes(), with_photograph=True)
    except (OSError, Refusal, VisionFailed):
        return None
    place = next((p.places[compared.field] for p in _pages(label, found) if compared.field in p.places), None)
    if place is None:
        return ""
    (left, right), (top, bottom) = ((min(axis), max(axis)) for axis in zip(*place, strict=True))
    rim = bottom - top
    with Image.open(BytesIO(found.photograph), formats=["JPEG"]) as photograph:
        cut = photograph.crop((int(left - rim), int(top - rim / 2), int(right + rim), int(bottom + rim / 2)))
        buffer = BytesIO()
        cut.convert("RGB").save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]

"""How are specimens of any kind written? As JPEG pictures, with the labels that `hufu evaluate documents` takes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from rich.console import Console

from app.specimens.drawing import Drawing
from app.specimens.names import Degradation, Kind
from app.specimens.photograph import photograph
from app.specimens.portraits import Portrait
from app.specimens.spoiling import WAYS, Family, Shot, Spoiled, applies, readable, severity_for, shots

NONE: Final = "none"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to draw."""

    kinds: Sequence[Kind]
    seeds: range
    on: date
    degradations: Sequence[Degradation | None]
    """None: a clean picture."""
    severity: float | None
    """None: one by the seed, with which a careful clerk still reads where there is one."""


def drawn(wanted: Wanted, portraits: tuple[Portrait, Portrait], out: Path) -> list[Row]:
    """Write the pictures; the labels are given back."""
    rows = []
    for kind in wanted.kinds:
        for seed in wanted.seeds:
            taken = shots(kind, seed, wanted.on, portraits)
            for shot in taken:
                rows += list(_pictures(shot, seed, wanted, out))
            Console().print(f"{kind} {seed}: {len(taken)} sides")
    return rows


def _pictures(shot: Shot, seed: int, wanted: Wanted, out: Path) -> Iterator[Row]:
    for degradation in wanted.degradations:
        if degradation is None:
            clean = Spoiled(photograph(shot.drawing, shot.capture), shot.drawing.fields)
            yield _written(shot.drawing, clean, seed, out) | {"degradation": NONE, "severity": "", "readable": "yes"}
            continue
        if not applies(degradation, shot.drawing):
            continue
        severity = severity_for(degradation, seed) if wanted.severity is None else wanted.severity
        spoiled = WAYS[degradation].spoil(shot, severity)
        row = _written(shot.drawing, spoiled, seed, out, degradation)
        told = {"severity": f"{severity:.3g}", "readable": "yes" if readable(degradation, severity) else "no"}
        yield row | {"degradation": degradation.value} | told


def _written(drawing: Drawing, spoiled: Spoiled, seed: int, out: Path, degradation: Degradation | None = None) -> Row:
    """One picture and its label; kind and side are empty where there is no document in it."""
    name = ".".join(part for part in (f"{drawing.kind}-{seed:04d}", drawing.side, degradation or "", "jpg") if part)
    (out / name).write_bytes(spoiled.photograph.jpeg())
    shows = degradation is None or WAYS[degradation].family is not Family.NO_DOCUMENT
    page = {"kind": drawing.kind.value, "side": str(drawing.side)} if shows else {"kind": "", "side": ""}
    return {"image": name} | page | dict(spoiled.fields)

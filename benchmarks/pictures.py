"""What is read of drawn documents, clean and gone wrong? One line of `data/bench-marks.jsonl` for each picture.

Seeds from FIRST_SEED: none was looked at while anything was tuned. Synthetic specimens: plumbing, not accuracy.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import cv2

from app.building import policy_of
from app.gateways.vision.cards import CardReader
from app.gateways.vision.decoding import decode
from app.gateways.vision.ocr import RapidReader
from app.settings import Settings
from app.specimens.drawing import Drawing
from app.specimens.names import Degradation, Kind
from app.specimens.photograph import photograph
from app.specimens.portraits import astronaut, grace_hopper
from app.specimens.spoiling import WAYS, Family, Shot, Spoiled, applies, readable, severity_beyond, severity_for, shots
from app.verification.documents.machine_page import MachinePage
from app.verification.documents.reading import Page, Reading
from app.verification.documents.temporary_card import TemporaryCard
from app.verification.examination import PortraitSide
from app.verification.findings.documents import document_findings
from app.verification.thresholds import Thresholds

FIRST_SEED: Final = 15_000
ON: Final = date(2026, 11, 26)
KEPT: Final = Path("data/bench-marks.jsonl")
WAVE: Final = 24
"""Pictures that are asked for at once."""
CAPTURE: Final = [each for each in Degradation if WAYS[each].family is Family.CAPTURE]
READABLE: Final = [each for each in CAPTURE if WAYS[each].readable_to >= WAYS[each].least]
SCENES: Final = [each for each in Degradation if WAYS[each].family is Family.SCENE]
OTHERS: Final = [each for each in Degradation if WAYS[each].family in {Family.ATTACK, Family.NO_DOCUMENT}]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, what was read of it, and what was said of it."""

    kind: str
    side: str
    seed: int
    degradation: str
    """Empty: none."""
    readable: bool
    """A careful clerk reads everything."""
    family: str
    found: str
    """Kind and side."""
    fields: dict[str, tuple[str, str | None, bool]]
    """As printed, as read, and whether it is called sure."""
    ethnicity_listed: bool | None
    """Of what prints one; None: none was read. Which it is nobody needs to know (PIPL Art. 6)."""
    state: str
    """Of the zone, where there is one."""
    findings: list[str]
    seconds: float
    """Of CPU."""

    @property
    def key(self) -> str:
        """What it is a picture of."""
        return f"{self.kind}/{self.side}/{self.seed}"


def pictures(per_kind: int, *, seconds: float, kept: Path | None = KEPT) -> Iterator[Picture]:
    """Those that were read before, then the missing ones until the time is over, on every core."""
    had = [_restored(line) for line in kept.read_text("utf-8").splitlines()] if kept and kept.exists() else []
    yield from had
    missing = _missing(per_kind, {each.key for each in had})
    end = time.monotonic() + seconds
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as readers:
        # A wave at a time: what was asked for is waited for, so that the next piece goes on where this one ends.
        while time.monotonic() < end and (wave := list(islice(missing, WAVE))):
            for made in readers.map(_read, wave):
                if kept:
                    kept.parent.mkdir(exist_ok=True)
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
                yield made


def _missing(per_kind: int, done: set[str]) -> Iterator[tuple[Kind, int, int]]:
    """Kind, which of its pages, seed."""
    pages = [(kind, at, shot.drawing) for kind in Kind for at, shot in enumerate(_shots(kind, FIRST_SEED))]
    for seed in range(FIRST_SEED, FIRST_SEED + per_kind):
        yield from ((kind, at, seed) for kind, at, page in pages if _key(page, seed) not in done)


def _read(wanted: tuple[Kind, int, int]) -> Picture:
    kind, at, seed = wanted
    return _reader().read(_shots(kind, seed)[at], seed)


def wanted_count(per_kind: int) -> int:
    """How many pictures there are in all."""
    return per_kind * sum(len(_shots(kind, FIRST_SEED)) for kind in Kind)


def _key(drawing: Drawing, seed: int) -> str:
    return f"{drawing.kind}/{drawing.side}/{seed}"


def _restored(line: str) -> Picture:
    held = json.loads(line)
    held["fields"] = {name: tuple(field) for name, field in held["fields"].items()}
    return Picture(**held)


def _shots(kind: Kind, seed: int) -> list[Shot]:
    return shots(kind, seed, ON, (astronaut(), grace_hopper()))


def _condition(shot: Shot, seed: int) -> tuple[Degradation | None, float]:
    """Four of ten clean, three gone wrong as far as a clerk still reads, one lying oddly, one beyond, one an attack."""
    turn, which = seed % 10, seed // 10
    if turn <= 3:
        return None, 0.0
    among = READABLE if turn <= 6 else SCENES if turn == 7 else CAPTURE if turn == 8 else OTHERS
    fit = [each for each in among if applies(each, shot.drawing)]
    degradation = fit[(3 * which + turn) % len(fit)]
    severity = severity_beyond if turn == 8 else severity_for
    return degradation, severity(degradation, seed)


@cache
def _reader() -> "_Reader":
    return _Reader()


class _Reader:
    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._cards = CardReader(RapidReader(), lambda: ON)
        self._limits: Thresholds = policy_of(Settings()).thresholds

    def read(self, shot: Shot, seed: int) -> Picture:
        degradation, severity = _condition(shot, seed)
        clean = degradation is None
        spoiled = (
            Spoiled(photograph(shot.drawing, shot.capture), shot.drawing.fields)
            if degradation is None
            else WAYS[degradation].spoil(shot, severity)
        )
        octets = spoiled.photograph.jpeg()
        begun = time.process_time()
        reading, _ = self._cards.read(decode(octets).pixels)
        took = time.process_time() - begun
        drawing = shot.drawing
        name = f"{drawing.kind}/{drawing.side}"
        wanted = [one for one in (reading, *reading.beside) if f"{one.kind}/{one.side}" == name]
        page = wanted[0] if wanted else reading
        found = document_findings(page, self._limits, today=ON)
        return Picture(
            kind=drawing.kind.value,
            side=str(drawing.side),
            seed=seed,
            degradation="" if degradation is None else degradation.value,
            readable=clean or (degradation is not None and readable(degradation, severity)),
            family="" if degradation is None else WAYS[degradation].family.value,
            found=f"{page.kind}/{page.side}",
            # As the picture says, not as the card did before a forger came; of what it says nothing valid, nothing is expected.
            fields={
                name: _compared(page, name, str(value), self._limits) for name, value in spoiled.fields.items() if value
            },
            ethnicity_listed=_ethnicity_listed(page.page),
            state=page.page.state.value if isinstance(page.page, MachinePage) else "",
            findings=[reason.code.value for reason in found],
            seconds=round(took, 3),
        )


def _ethnicity_listed(page: Page | None) -> bool | None:
    items = page.items if isinstance(page, TemporaryCard) else page
    return items.ethnicity_listed if isinstance(items, PortraitSide) else None


def _compared(page: Reading, name: str, printed: str, limits: Thresholds) -> tuple[str, str | None, bool]:
    field = page.fields.get(name)
    if field is None:
        return printed, None, False
    return printed, field.value, field.value is not None and field.confidence >= limits.field_sure.value

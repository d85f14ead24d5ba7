"""How does a journey judge faces by what was measured? A fit and calibrations made here, signed with the keys of its own house."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from app.audit.entry import Value
from app.building import master_key_of, owners_ground
from app.core.entropy import SystemEntropy
from app.gateways.face_calibration import calibration_document, fit_document
from app.gateways.statements import StatementSigner
from app.gateways.vision import LookedAt
from app.gateways.vision.null import WELL_SHOWN
from app.services.keyring import unwrapped_for_faces
from app.settings import Settings
from app.verification.faces.calibration import Calibration, Point, Usage
from app.verification.faces.comparison import Descriptor, to_octets
from app.verification.faces.fit import Fit
from app.verification.faces.person_score import person_score
from tests.flows.conftest import START
from tests.flows.facing import MODEL

SIZE = 128
ARRAYS = [each.astype(np.float32) for each in (np.zeros(SIZE), np.eye(SIZE), np.zeros(SIZE), np.eye(SIZE) / SIZE)]
FIT = Fit(MODEL, "drawn", date(2026, 11, 26), 900, 850, 0, *ARRAYS)
"""Of a population that lies evenly around nobody: a score by it is the cosine, longer."""


def turned(degrees: float) -> Descriptor:
    """A face so far round from the one at 0."""
    made = np.zeros(SIZE, np.float32)
    made[:2] = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return made


def looked(degrees: float) -> LookedAt:
    return LookedAt(WELL_SHOWN, to_octets(turned(degrees)), MODEL)


def score(degrees: float) -> float:
    """Of two faces so far apart."""
    return person_score(FIT, [turned(0)], turned(degrees))


POINTS = (
    Point(1e-2, score(60), 0.01, 0.012, 0.004, 0.002, 0.009),
    Point(1e-3, score(45), 0.001, 0.002, 0.02, 0.01, 0.03),
    Point(1e-4, score(30), 2e-5, 9e-5, 0.05, 0.03, 0.07),
)
"""Whoever is within 30° of somebody is them, whoever is beyond 60° is not."""


def calibration(kind: str, *, many: int = 1, points: tuple[Point, ...] = POINTS) -> Calibration:
    return Calibration(Usage(MODEL, FIT.id, kind, many), "drawn", 400, 2_000, 300_000, START.date(), points)


WEAK = (*POINTS[:2], replace(POINTS[2], upper=1.1e-4))


async def signer(settings: Settings) -> StatementSigner:
    """The house, at its owner's keyboard."""
    base = await owners_ground(settings)
    try:
        pairs = await unwrapped_for_faces(base.database, master_key_of(settings, SystemEntropy()))
    finally:
        await base.database.close()
    return StatementSigner(pairs.values())


async def judging(
    settings: Settings, *calibrations: Calibration, fit: Fit = FIT, by: StatementSigner | None = None
) -> Settings:
    """The settings, naming files that this house signed, or another."""
    signs = by or await signer(settings)

    def written(name: str, document: dict[str, Value]) -> Path:
        file = settings.data / name
        file.write_bytes(signs.signed(document, now=START).octets())
        return file

    files = [written(f"{each.id}.json", calibration_document(each)) for each in calibrations]
    named = {"face_fit": written("fit.json", fit_document(fit)), "face_calibrations": ",".join(map(str, files))}
    return settings.model_copy(update=named)

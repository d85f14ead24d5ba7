"""How are pairs of faces measured at the keyboard? Files in, figures out; whatever is refused ends the command with a word."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from app.building.faces import face_choice
from app.cli._face_describing import described
from app.cli._face_evaluation import Made, calibration, made
from app.cli._face_files import cannot, judged, signer_of, write
from app.cli._face_pairs import paired, references, tried
from app.cli._labels import NoLabels
from app.core.clock import SystemClock
from app.gateways.face_calibration import calibration_document
from app.settings import Settings
from app.verification.faces.calibration import Usage
from app.verification.faces.evaluation import evaluations
from app.verification.faces.trials import NoTrials


def measured(
    file: Path, fit: Path | None, keys: Sequence[str] | None, *, kind: str, population: str, processes: int
) -> Made:
    """The pairs of a file, described, compared and counted."""
    try:
        pairs = paired(file)
        enrolled = references(pairs)
        pictures = {picture for pair in pairs for picture in (*pair.enrolled, pair.probe)}
        settings = Settings()
        seen = asyncio.run(described(pictures, face_choice(settings), processes=processes))
        by = judged(seen.model, fit, None, settings, keys)
        usage = Usage(seen.model, None if by.fit is None else by.fit.id, kind, enrolled)
        found = evaluations(tried(pairs, seen.faces, by.fit))
    except (NoLabels, NoTrials) as reason:
        cannot(f"{file}: {reason}")
    return made(found, seen, usage=usage, population=population, pairs=len(pairs))


def calibrated(given: Made, file: Path) -> None:
    """The calibration of what was measured, signed by the house."""
    found = calibration(given, SystemClock().now().date())
    write(file, calibration_document(found), signer_of(Settings()))

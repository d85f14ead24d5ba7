"""How are pairs of faces measured at the keyboard? Files in, figures out; whatever is refused ends the command with a word."""

from collections.abc import Sequence
from pathlib import Path

from app.cli._ending import cannot
from app.cli._face_evaluation import Made, calibration, made
from app.cli._face_files import documents_of, judged, looked_at, refuse_unbelieved, write
from app.cli._face_pairs import paired, references, tried
from app.cli._labels import NoLabels
from app.core.clock import SystemClock
from app.gateways.face_calibration import calibration_document
from app.gateways.statements import StatementSigner
from app.settings import Settings
from app.verification.examination import Kind as Document
from app.verification.faces.calibration import Usage
from app.verification.faces.evaluation import evaluations
from app.verification.faces.trials import NoTrials
from app.verification.faces.weighing import DOC_SELFIE


def measured(
    file: Path,
    fit: Path | None,
    keys: Sequence[str] | None,
    *,
    kind: str,
    document: Document,
    population: str,
    processes: int,
) -> Made:
    """The pairs of a file, described, compared and counted."""
    settings = Settings()
    refuse_unbelieved(fit, settings, keys)
    try:
        pairs = paired(file)
        enrolled = references(pairs.listed)
    except NoLabels as reason:
        cannot(f"{file}: {reason}")
    if kind == DOC_SELFIE and enrolled > 1:
        cannot(f"{file}: a proofing has one portrait, so doc_selfie is of one enrolled picture")
    pictures = {picture for pair in pairs.listed for picture in (*pair.enrolled, pair.probe)}
    printed = documents_of(kind, document, (pair.enrolled[0] for pair in pairs.listed))
    seen = looked_at(pictures, settings, processes=processes, documents=printed)
    if not seen.faces:
        cannot(f"{file}: none of {len(pictures)} pictures shows one face: {seen.lost}")
    by = judged(seen.model, fit, None, settings, keys)
    usage = Usage(seen.model, None if by.fit is None else by.fit.id, kind, enrolled)
    try:
        found = evaluations(tried(pairs.listed, seen.faces, by.fit))
    except NoTrials as reason:
        cannot(f"{file}: {reason} ({seen.lost})")
    return made(found, seen, pairs, usage=usage, population=population)


def calibrated(given: Made, file: Path, signer: StatementSigner) -> None:
    """The calibration of what was measured, signed by the house."""
    write(file, calibration_document(calibration(given, SystemClock().now().date())), signer)

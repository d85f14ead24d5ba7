"""Who signs what faces are judged by, and whose signature is trusted? The house, at the owner's keyboard."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import typer

from app.audit.entry import Value
from app.building import master_key_of
from app.building.faces import face_choice
from app.cli._ending import cannot
from app.cli._face_describing import Described, Documents, described
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy
from app.core.refusal import Unavailable
from app.gateways.face_calibration import FaceFileRefused, judged_by, read_fit
from app.gateways.keys import KeyMissing
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.statements import Genuine, StatementSigner, trusting
from app.gateways.vision import VisionFailed
from app.gateways.vision.face_choice import FaceChoice
from app.gateways.vision.own_models.manifest import ManifestRefused
from app.services.keyring import unwrapped_for_faces
from app.settings import Settings
from app.storage.jobs import make_queue
from app.storage.work import Database
from app.verification.examination import Kind as Document
from app.verification.faces.weighing import DOC_SELFIE, KINDS, Judged

UNREACHED: Final = (OSError, KeyMissing, MasterKeyUnfit, Unavailable)
"""What is raised where the house's database or its keys cannot be had."""


def signer_of(settings: Settings) -> StatementSigner:
    """What signs for the house; ends the command where its keys cannot be read. Asked before the work, not after it."""
    try:
        return asyncio.run(_signer(settings))
    except (RuntimeError, *UNREACHED) as reason:
        cannot(f"the house's keys cannot be read, so nothing can be signed or believed: {reason}")


async def _signer(settings: Settings) -> StatementSigner:
    """By the owner and the master key, as the audit's keys are read."""
    database = Database(settings.owner_url(), make_queue(), connections=2)
    await database.open()
    try:
        pairs = await unwrapped_for_faces(database, master_key_of(settings, SystemEntropy()))
    finally:
        await database.close()
    return StatementSigner(pairs.values())


def trusted(settings: Settings, keys: Sequence[str] | None) -> Genuine:
    """Whose signatures count: of the keys that were named, else of the house's own."""
    return trusting(frozenset(keys)) if keys else signer_of(settings).own


def judged(
    model: str, fit: Path | None, calibration: Path | None, settings: Settings, keys: Sequence[str] | None
) -> Judged:
    """What the files say for this model; ends the command where they are not to be gone by."""
    if fit is None and calibration is None:
        return Judged(model, None, ())
    files = [None if file is None else file.read_bytes() for file in (fit, calibration)]
    try:
        return judged_by(model, files[0], [each for each in files[1:] if each is not None], trusted(settings, keys))
    except FaceFileRefused as reason:
        cannot(str(reason))


def refuse_unbelieved(fit: Path | None, settings: Settings, keys: Sequence[str] | None) -> None:
    """End the command before hours of work that would rest on a fit which nobody signed."""
    try:
        if fit is not None:
            read_fit(fit.read_bytes(), trusted(settings, keys))
    except FaceFileRefused as reason:
        cannot(f"{fit}: {reason}")


def choice_of(settings: Settings) -> FaceChoice:
    """The engine that the settings name; ends the command where a model of the bank's own is refused."""
    try:
        return face_choice(settings)
    except ManifestRefused as reason:
        cannot(f"HUFU_FACE_MODELS: {reason}")


def looked_at(
    pictures: Iterable[Path], settings: Settings, *, processes: int, documents: Documents | None = None
) -> Described:
    """Every photograph, described by the engine that the settings name."""
    choice = choice_of(settings)
    try:
        return asyncio.run(described(pictures, choice, processes=processes, documents=documents))
    except VisionFailed as reason:
        cannot(f"no process that looks at faces started: {reason}")


def refuse_unknown(kind: str) -> None:
    """A calibration for what nobody compares would lie there and cover nothing."""
    if kind not in KINDS:
        cannot(f"--kind is one of {', '.join(KINDS)}")


def documents_of(kind: str, document: Document, enrolled: Iterable[Path]) -> Documents | None:
    """Those of `doc_selfie`: their portraits are cut and described as in a proofing, or something else would be measured."""
    return Documents(document, frozenset(enrolled)) if kind == DOC_SELFIE else None


def write(file: Path, document: Mapping[str, Value], signer: StatementSigner) -> None:
    """The document, signed."""
    statement = signer.signed(document, now=SystemClock().now())
    file.write_bytes(statement.octets())
    typer.echo(f"{file}: {document['id']}, signed by {statement.key}")

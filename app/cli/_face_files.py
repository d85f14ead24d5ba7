"""Who signs what faces are judged by, and whose signature is trusted? The house, at the owner's keyboard."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Never

import typer

from app.audit.entry import Value
from app.building import master_key_of
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy
from app.core.refusal import Unavailable
from app.gateways.face_calibration import FaceFileRefused, judged_by
from app.gateways.keys import KeyMissing
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.statements import Genuine, StatementSigner, trusting
from app.services.keyring import unwrapped_for_faces
from app.settings import Settings
from app.storage.jobs import make_queue
from app.storage.work import Database
from app.verification.faces.weighing import Judged

CANNOT = 2


def signer_of(settings: Settings) -> StatementSigner:
    """What signs for the house; ends the command where its keys cannot be read. Asked before the work, not after it."""
    try:
        return asyncio.run(_signer(settings))
    except (RuntimeError, OSError, KeyMissing, MasterKeyUnfit, Unavailable) as reason:
        cannot(f"the house's keys cannot be read, so nothing can be signed: {reason}")


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


def write(file: Path, document: Mapping[str, Value], signer: StatementSigner) -> None:
    """The document, signed."""
    statement = signer.signed(document, now=SystemClock().now())
    file.write_bytes(statement.octets())
    typer.echo(f"{file}: {document['id']}, signed by {statement.key}")


def cannot(reason: str) -> Never:
    """End the command with a word on why."""
    typer.echo(reason, err=True)
    raise typer.Exit(CANNOT)

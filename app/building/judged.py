"""By which fit and which calibrations are faces judged here? Files the settings name, signed by the house, loaded once at the start.

What was asked for and cannot be had is never left out: a service that went on without it would decide by distances that
nobody measured, and say so to nobody who looks only at whether it runs.
"""

from collections.abc import Iterable
from pathlib import Path

from app.building.ground import Ground, master_key_of
from app.core.refusal import Unavailable
from app.described import named
from app.gateways.face_calibration import FaceFileRefused, judged_by
from app.gateways.keys import KeyMissing
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.statements import Genuine, trusting
from app.gateways.vision import Eyes, VisionFailed
from app.services.keyring import unwrapped_for_faces
from app.verification.faces.weighing import UNJUDGED, Judged
from app.verification.policy import UNCALIBRATED, Policy

SETTINGS = "HUFU_FACE_FIT, HUFU_FACE_CALIBRATIONS"


async def judged_of(base: Ground, vision: Eyes) -> Judged:
    """What the settings name, for the model that describes faces here; raises FaceFileRefused with the reason."""
    settings = base.settings
    calibrations = [Path(each) for each in sorted(named(settings.face_calibrations))]
    if settings.face_fit is None and not calibrations:
        return UNJUDGED
    fit = None if settings.face_fit is None else _octets(settings.face_fit)
    measured = [_octets(each) for each in calibrations]
    try:
        return judged_by(await _model(vision), fit, measured, await _house(base))
    except FaceFileRefused as refused:
        raise FaceFileRefused(f"{SETTINGS}: {refused}") from refused


def check_named(policies: Iterable[Policy], judged: Judged) -> None:
    """Raise FaceFileRefused where a policy that may come into force names a calibration of faces that is not loaded (R92)."""
    loaded = {each.id for each in judged.calibrations} | {UNCALIBRATED}
    for policy in policies:
        if policy.calibration not in loaded:
            raise FaceFileRefused(
                f"policy {policy.version} names calibration {policy.calibration}, which HUFU_FACE_CALIBRATIONS does not load"
            )


async def _house(base: Ground) -> Genuine:
    """Of the house's keys no more than their thumbprints is held on to: what signs is the keyboard's alone."""
    try:
        pairs = await unwrapped_for_faces(base.database, master_key_of(base.settings, base.entropy))
    except (KeyMissing, MasterKeyUnfit, Unavailable) as reason:
        raise FaceFileRefused(f"the house's keys cannot be read, so no signature can be judged: {reason}") from reason
    return trusting(frozenset(pair.key.kid for pair in pairs.values()))


async def _model(vision: Eyes) -> str:
    try:
        return await vision.face_model()
    except (VisionFailed, Unavailable) as reason:
        raise FaceFileRefused(
            "no process here looks at faces: HUFU_LOOKER_PROCESSES is 0, or it did not start"
        ) from reason


def _octets(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as unread:
        raise FaceFileRefused(f"{SETTINGS}: {file} cannot be read ({type(unread).__name__})") from unread

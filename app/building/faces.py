"""Which face engine do the settings choose? The bank's own models are looked at before any process is started."""

from pathlib import Path

from app.core.environment import Environment
from app.described import named
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.own_models.manifest import opened_all
from app.settings import Settings


def face_choice(settings: Settings) -> FaceChoice:
    """For every pool that looks at faces; raises ManifestRefused with the reason, which no process could tell."""
    manifests = [Path(each).absolute() for each in sorted(named(settings.face_models))]
    production = settings.environment is Environment.PRODUCTION
    opened_all(manifests, production=production)
    return FaceChoice(EngineName(settings.face_engine), settings.face_crops, tuple(map(str, manifests)), production)

"""Which documents can be drawn? All of them, by kind and seed, in one shape."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import numpy as np

from app.specimens.canvas import Picture
from app.specimens.drawing import Drawing
from app.specimens.driving_licence import draw_licence
from app.specimens.faces import Face, chinese_faces
from app.specimens.foreign_card import draw_foreign_card
from app.specimens.names import Kind
from app.specimens.passport import draw_passport
from app.specimens.people import pick
from app.specimens.permanent_card import draw_permanent_card
from app.specimens.residence_permit import draw_permit
from app.specimens.temporary_card import draw_temporary_card
from app.specimens.varieties import draw_resident_card
from app.specimens.visa import draw_visa

Drawn = Callable[[int, date, Picture, Face], tuple[Drawing, ...]]
"""Seed, day on which it is valid, portrait, face of the values."""

DRAWN: Final[Mapping[Kind, Drawn]] = {
    Kind.RESIDENT_CARD: draw_resident_card,
    Kind.RESIDENCE_PERMIT: draw_permit,
    Kind.PERMANENT_RESIDENT_CARD: draw_permanent_card,
    Kind.TEMPORARY_CARD: draw_temporary_card,
    Kind.DRIVING_LICENCE: draw_licence,
    Kind.PASSPORT: draw_passport,
    Kind.IDENTITY_CARD: draw_foreign_card,
    Kind.VISA: draw_visa,
}


def draw(kind: Kind, seed: int, on: date, portrait: Picture) -> tuple[Drawing, ...]:
    """All sides of one document; the seed decides whose it is and in which of the installed faces it is printed."""
    face = pick(np.random.default_rng((seed, len(kind))), chinese_faces())
    return DRAWN[kind](seed, on, portrait, face)

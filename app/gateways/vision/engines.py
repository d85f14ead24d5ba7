"""What must an engine do to read our cards and faces? The two ports behind which models stand."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.gateways.vision.decoding import Pixels
from app.verification.examination import Line
from app.verification.faces.comparison import Descriptor
from app.verification.faces.five_points import Box, FivePoints, Landmarks


@dataclass(frozen=True, slots=True)
class AttackScore:
    """What a bank's own model says of whether a face is really there."""

    model: str
    """`name@version`."""
    bona_fide: float
    """0 to 1; 1 is surely no attack."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one picture, all places in that picture's pixels."""

    box: Box
    points: FivePoints
    chip: Pixels
    """(150, 150, 3) RGB, turned and scaled so that eyes and nose lie where dlib's network expects them."""
    descriptor: Descriptor
    attacks: tuple[AttackScore, ...] = ()
    """Of each of the bank's own models that detect attacks."""

    @property
    def landmarks(self) -> Landmarks:
        """The middles of the eyes, and the nose."""
        return self.points.landmarks


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a picture shows of faces."""

    boxes: tuple[Box, ...]
    """Of all of them, the largest first: a second applicant is about as large, a picture on the wall is not."""
    largest: Face | None

    @property
    def faces(self) -> int:
        """How many there are."""
        return len(self.boxes)


class FaceEngine(Protocol):
    """Finds faces and describes them."""

    model: str
    """`name@version` of the describing network and of all that is done before and after it, crops and placing of the
    box: descriptors of two models are never compared."""

    def look(self, image: Pixels) -> Look:
        """The boxes of all faces, and the largest of them."""
        ...


class TextReader(Protocol):
    """Reads printed Chinese."""

    model: str
    """`name@version`."""

    def read(self, image: Pixels) -> tuple[Line, ...]:
        """Every line found, in no order anyone may rely on (R38)."""
        ...

    def read_line(self, crop: Pixels) -> tuple[str, float]:
        """The one line a crop shows, and its score."""
        ...


def version_of(weights: Path) -> str:
    """`stem@` and the first 12 hexadecimal digits of the SHA-256 of the weights themselves."""
    return f"{weights.stem}@{hashlib.sha256(weights.read_bytes()).hexdigest()[:12]}"

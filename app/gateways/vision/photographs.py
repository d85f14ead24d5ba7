"""What does a photograph show of faces? Decoded no larger than its largest face needs."""

from dataclasses import dataclass, replace
from typing import Final

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import Face, FaceEngine, Look
from app.verification.examination import ShownFace
from app.verification.faces.quality import NO_FACE
from app.verification.faces.shown import shown_face
from app.verification.picture import Header, inspect

LARGE: Final = 6_000_000
"""Pixels from which on a quarter of the side shows a face well enough, as the next does half of it: measured on
photographs of 12 megapixels, descriptors of a quarter are 0.03 to 0.08 from those of the whole, of an eighth 0.12."""
MIDDLING: Final = 1_500_000
LEAST_WIDTH: Final = 100
"""Pixels of a face's box; its chip, half as large again, then has 150: a smaller one would be cut from made-up pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighted:
    """Faces in the pixels of the whole photograph, upright, whatever size it was decoded at."""

    look: Look
    frame: tuple[int, int]
    """Width and height of the whole photograph."""
    pixels: Pixels
    """The photograph as it was decoded, which may be smaller."""

    @classmethod
    def of(cls, engine: FaceEngine, pixels: Pixels) -> "Sighted":
        """What pixels show as they are."""
        return cls(engine.look(pixels), (pixels.shape[1], pixels.shape[0]), pixels)

    @property
    def shown(self) -> ShownFace:
        """How the largest face is shown, and which others are beside it: what one gate judges, whatever is compared."""
        face = self.look.largest
        if face is None:
            return ShownFace(NO_FACE, (), ())
        return shown_face(
            boxes=self.look.boxes, landmarks=face.landmarks, chip=face.chip, frame=self.frame, picture=self.pixels
        )


def sight(engine: FaceEngine, octets: bytes) -> Sighted:
    """Look at one photograph; raises what `decode` raises."""
    header = inspect(octets)
    shrink = _shrink(header)
    while True:
        pixels = decode(octets, shrink).pixels
        look = engine.look(pixels)
        if shrink == 1 or look.largest is None or _width(look.largest) >= LEAST_WIDTH:
            break
        shrink //= 2
    height, width, _ = pixels.shape
    lying = (width > height) != (header.width > header.height)
    frame = (header.height, header.width) if lying else (header.width, header.height)
    return Sighted(_enlarged(look, frame[0] / width), frame, pixels)


def _shrink(header: Header) -> int:
    pixels = header.width * header.height
    if pixels > LARGE:
        return 4
    return 2 if pixels > MIDDLING else 1


def _width(face: Face) -> float:
    return face.box[2] - face.box[0]


def _enlarged(look: Look, factor: float) -> Look:
    """The chip and the descriptor are what they are."""
    boxes = tuple((a * factor, b * factor, c * factor, d * factor) for a, b, c, d in look.boxes)
    if look.largest is None:
        return Look(boxes, None)
    return Look(boxes, replace(look.largest, box=boxes[0], points=look.largest.points.scaled(factor)))

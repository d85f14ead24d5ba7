"""What did a vision process see in one frame? Measures only: no pixel outlives the process that decoded it.

What stands here is about a person's face all the same: it rests sealed under the person's key, and not beyond the decision.
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.core.refusal import Refusal
from app.verification.faces.five_points import FivePoints
from app.verification.faces.quality import Box
from app.verification.picture import Format, UnsupportedImage, inspect

MOST_PIXELS: Final = 1280 * 960
"""Of one frame: what a browser's camera gives is 640 × 480 or 1280 × 720, and a larger one costs all the others their turn."""
MOST_OCTETS: Final = 600_000

Mean = tuple[float, float, float]
"""Mean red, green, blue of a region, 0 to 255."""


class FrameTooLarge(Refusal, code="frame_too_large"):
    """More pixels or octets than a frame of a film may have. Facts: most_pixels, most_octets."""


class FrameMalformed(Refusal, code="frame_malformed"):
    """A message that is no frame: two numbers of four octets, big-endian, and a JPEG."""


@dataclass(frozen=True, slots=True)
class SeenFace:
    """The largest face of one frame, in the frame's pixels."""

    box: Box
    points: FivePoints
    skin: Mean
    """Of the cheeks."""
    background: Mean
    """Left and right of the head, above the shoulders."""
    sharpness: float
    """Variance of the Laplacian of a 150 × 150 chip: comparable between frames of any size."""
    brightness: float
    texture: float
    """Mean grey difference between the chip and its own blur: of paper and screens less than of skin."""
    spectrum: float
    """Log power of the strongest fine repetition over its neighbours: a screen's raster."""
    edges: float
    """Share of the second strongest straight edge beside the head that is unbroken: the sides of a screen or a sheet."""
    descriptor: tuple[float, ...] | None = None
    """128 of them, of sampled frames."""
    pad: float | None = None
    """A bank's own model: how sure it is that this is live, 0 to 1; None: there is none."""


@dataclass(frozen=True, slots=True)
class FrameView:
    """One frame."""

    sha256: str
    """Hexadecimal, of the JPEG as it came."""
    width: int
    height: int
    faces: int
    face: SeenFace | None
    sketch: tuple[float, ...] = ()
    """Projections of the grey picture on fixed random signs. The root mean square difference of two sketches is that of the
    pictures, within a fifth (Johnson and Lindenstrauss): frames are told apart and no picture can be made of them again."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it came in."""

    sequence: int
    """Counted by the page from 0, without a gap."""
    client_ms: int
    """By the page's own clock, which an attacker sets: only its differences are used, and only beside the server's."""
    server_ms: int
    """Of its arrival, milliseconds since 1970."""
    view: FrameView

    def without_descriptor(self) -> "Frame":
        """What may be shown or logged."""
        face = None if self.view.face is None else replace(self.view.face, descriptor=None)
        return replace(self, view=replace(self.view, face=face))


class FrameReader(Protocol):
    """The vision pool, seen from the road."""

    async def watch(self) -> None:
        """Return when frames will be read at once: loading a model takes longer than somebody is given for a prompt."""
        ...

    async def read_frame(self, jpeg: bytes, *, near: Box | None, wants_descriptor: bool) -> FrameView:
        """What the frame shows. `near`: where the face was, looked at first. Raises FrameTooLarge and the refusals
        of `verification.picture`.
        """
        ...


def may_be_read(octets: bytes) -> None:
    """Raise before anything is decoded: FrameTooLarge, UnsupportedImage for whatever is no JPEG."""
    if len(octets) > MOST_OCTETS:
        raise FrameTooLarge(most_pixels=MOST_PIXELS, most_octets=MOST_OCTETS)
    header = inspect(octets)
    if header.format is not Format.JPEG:
        raise UnsupportedImage(found=header.format.value)
    if header.width * header.height > MOST_PIXELS:
        raise FrameTooLarge(most_pixels=MOST_PIXELS, most_octets=MOST_OCTETS)

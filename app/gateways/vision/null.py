"""What do services see where no model runs? What the test gave; refused by name in production."""

import hashlib
from collections.abc import Callable

from app.gateways.vision import Crops, DocumentRead, Examined, LookedAt, Pictures, PoolStats
from app.verification.documents.reading import Page, Reading
from app.verification.examination import NO_CARD, FaceView, Kind, ShownFace
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import FrameView
from app.verification.picture import Picture, Traces, inspect

DESCRIPTOR_OCTETS = 512
WELL_SHOWN = ShownFace(
    FaceView(faces=1, eye_distance_px=120, box_share=0.2, blur=150, brightness=120, turn=0.02), (), ()
)


Film = Callable[[bytes, Box | None, bool], FrameView]
"""The JPEG, where the face was, whether it is to be described → what the frame shows."""


def nobody(jpeg: bytes, _near: Box | None, _wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as it is asked
    """A room without anybody in it."""
    return FrameView(hashlib.sha256(jpeg).hexdigest(), 640, 480, 0, None)


class NullVision:
    """Reads headers only, and measures what it was told to have measured."""

    def __init__(self, examined: Examined) -> None:
        self.examined = examined
        """Answer of every examination; tests may put another."""
        self.page: Page | None = None
        """What every document read alone says; None: it is no document."""
        self.beside: tuple[Reading, ...] = ()
        """What else every such picture shows."""
        self.crops: Crops = {}
        """Of the fields of that page."""
        self.software: str | None = None
        """What the file of every such document says it was made with."""
        self.seen: list[tuple[Pictures, bytes | None]] = []
        """What was asked, in order."""
        self.faces: dict[bytes, LookedAt] = {}
        """What each photograph of a person shows, by its octets; of others it is `face`."""
        self.film: Film = nobody
        """What each frame of a film shows."""
        self.face = LookedAt(WELL_SHOWN, bytes(DESCRIPTOR_OCTETS), examined.face_model)

    def stats(self) -> tuple[PoolStats, ...]:
        """There is no pool."""
        return ()

    async def face_model(self) -> str:
        """As told."""
        return self.examined.face_model

    async def intake(self, octets: bytes) -> Picture:
        """The declared facts; the header's refusals are the real ones."""
        header = inspect(octets)
        untraced = Traces(software=None, make=None, taken=None)
        return Picture(header.format, header.width, header.height, hashlib.sha256(octets).hexdigest(), untraced)

    async def read(self, octets: bytes, wanted: Kind | None = None) -> DocumentRead:  # noqa: ARG002  one page alone
        """As told; no photograph, so nothing stands anywhere."""
        inspect(octets)
        page = self.page
        view = NO_CARD if page is None else page.view
        reading = Reading(view, page, None, {}, self.beside)
        return DocumentRead(reading, b"", b"", self.examined.text_model, self.software, self.crops)

    async def examine(self, pictures: Pictures, face: bytes | None) -> Examined:
        """As told."""
        self.seen.append((dict(pictures), face))
        return self.examined

    async def ready_for_film(self) -> None:
        """Always."""

    async def read_frame(self, jpeg: bytes, *, near: Box | None, wants_descriptor: bool) -> FrameView:
        """As told."""
        return self.film(jpeg, near, wants_descriptor)

    async def look(self, octets: bytes) -> LookedAt:
        """As told."""
        inspect(octets)
        return self.faces.get(octets, self.face)

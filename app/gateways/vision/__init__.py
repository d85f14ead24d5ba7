"""What do the photographs show? The port to the models, light enough to be imported anywhere: it loads none of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from app.verification.documents.reading import Reading
from app.verification.evidence import Measured
from app.verification.examination import Kind, ShownFace, Side
from app.verification.faces.liveness.frame import FrameReader
from app.verification.picture import Picture

Crops = Mapping[str, bytes]
"""JPEG of each field that a person may have to type."""

Likenesses = Mapping[tuple[Kind, Side], bytes]
"""The perceptual hash of a page's portrait, see `authenticity.likeness`."""


class Why(StrEnum):
    """Why a task brought no answer."""

    TIMED_OUT = "timed_out"
    DIED = "died"
    FAILED = "failed"


class VisionFailed(Exception):
    """The task brought no answer, through no known fault of the picture; the queue tries it again."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Examined:
    """What one examination measured, and what of it is kept beside the figures."""

    measured: Measured
    descriptor: bytes | None
    """The applicant's (128,) float32, little-endian, 512 octets; None: declined, or no face found."""
    face_model: str
    """`name@version` of the network that made the descriptor."""
    text_model: str
    """`name@version` of what read the text."""
    crops: Crops = field(default_factory=dict)
    """Of the fields not surely read, by `kind/side/field`."""
    likenesses: Likenesses = field(default_factory=dict)
    """Of the pages that show a portrait where their kind has it."""
    portrait: bytes | None = None
    """The printed portrait's descriptor, made by the same network; it is scored, and kept nowhere."""


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """One document read alone."""

    reading: Reading
    canvas: bytes
    """JPEG of the document straightened; empty: none was found."""
    photograph: bytes
    """JPEG of the photograph upright, where it was asked for."""
    model: str
    """`name@version` of what read the text."""
    software: str | None
    """What the file says it was made with."""
    crops: Crops = field(default_factory=dict)
    """Of the fields not surely read, by field."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One photograph of a person."""

    shown: ShownFace
    descriptor: bytes
    """Of the largest face, as `Examined.descriptor`; empty: there is none."""
    model: str
    """`name@version` of the network that made it."""


Pictures = Mapping[tuple[Kind, Side], bytes]
"""Photographs by what they were presented as."""


class FaceLooker(Protocol):
    """Looks at faces."""

    async def look(self, octets: bytes) -> LookedAt:
        """Look at one photograph of a person; raises the refusals of `verification.picture`, Unavailable, VisionFailed."""
        ...


class Vision(FaceLooker, FrameReader, Protocol):
    """Looks at photographs."""

    async def intake(self, octets: bytes) -> Picture:
        """Decode one photograph to its last pixel; raises the refusals of `verification.picture`, Unavailable."""
        ...

    async def examine(self, pictures: Pictures, face: bytes | None) -> Examined:
        """Measure the pictures of the documents and the applicant's photograph (None: declined, R98).

        Raises BrokenImage, Unavailable, VisionFailed.
        """
        ...

    async def read(self, octets: bytes, wanted: Kind | None = None) -> DocumentRead:
        """Read one photograph of a document, of several in it the wanted kind's first; raises the refusals of `verification.picture`, Unavailable, VisionFailed."""
        ...


@dataclass(frozen=True, slots=True)
class PoolStats:
    """What /metrics tells of a pool; counts since its start."""

    role: str
    alive: int
    waiting: int
    running: int
    done: int
    failed: int
    timed_out: int
    died: int
    turned_away: int
    replaced: int
    working_seconds: float


class Eyes(Vision, Protocol):
    """Vision that has to be opened and closed."""

    async def face_model(self) -> str:
        """`name@version` of what describes faces here, as the processes that do it say; raises VisionFailed, Unavailable."""
        ...

    async def start(self) -> None:
        """Return when it can look."""
        ...

    async def stop(self) -> None:
        """Leave nothing behind."""
        ...

    def stats(self) -> tuple[PoolStats, ...]:
        """Of each pool, where there are any."""
        ...

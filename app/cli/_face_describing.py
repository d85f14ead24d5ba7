"""What do the photographs show? Each described once, so many at a time, and those of no use counted by why (R91)."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

from app.cli._face_pictures import octets_of
from app.core.refusal import Refusal, Unavailable
from app.gateways.vision import VisionFailed
from app.gateways.vision.face_choice import FaceChoice
from app.gateways.vision.pooled import Lookers, Portraits
from app.verification.examination import FaceEvidence, Kind
from app.verification.faces.comparison import from_octets
from app.verification.faces.fit import Raw

UNREAD: Final = "no file that can be read"
BROKEN: Final = "no picture"
LOST: Final = "no answer"
"""Of the process that looked: through no known fault of the picture."""
NO_FACE: Final = "no face"
MANY_FACES: Final = "several faces"
"""Whose is meant, nobody knows: neither learned from nor compared."""


@dataclass(frozen=True, slots=True)
class Described:
    """Photographs that show one face, and those that do not."""

    faces: Mapping[Path, Raw]
    unusable: Mapping[Path, str]
    model: str
    """`name@version`; empty: nothing was described."""

    @property
    def lost(self) -> str:
        """How many were of no use, by why."""
        return lost_in(Counter(self.unusable.values()))


@dataclass(frozen=True, slots=True)
class Documents:
    """Which photographs are of a document with somebody's portrait, and of which kind it is."""

    kind: Kind
    pictures: Collection[Path]


@dataclass(frozen=True, slots=True)
class _Found:
    descriptor: bytes | None
    several: bool
    model: str


class _Eyes:
    """What looks at a photograph as the service would: at a face as a looker does, at a printed one as an examiner does."""

    def __init__(self, lookers: Lookers, portraits: Portraits | None, documents: Documents | None) -> None:
        self._lookers, self._portraits, self._documents = lookers, portraits, documents

    async def look(self, picture: Path) -> _Found:
        octets = octets_of(picture)
        if self._portraits is None or self._documents is None or picture not in self._documents.pictures:
            face = await self._lookers.look(octets)
            return _Found(face.descriptor, bool(face.shown.beside), face.model)
        page = await self._portraits.look(octets, self._documents.kind)
        face_on_it = page.measured.face
        several = isinstance(face_on_it, FaceEvidence) and face_on_it.portrait.faces > 1
        return _Found(page.portrait, several, page.face_model)


async def described(
    pictures: Iterable[Path], choice: FaceChoice, *, processes: int, documents: Documents | None = None
) -> Described:
    """Every photograph, once. Descriptors stay in memory: at rest they would be biometric references."""
    wanted = sorted(set(pictures))
    faces: dict[Path, Raw] = {}
    unusable: dict[Path, str] = {}
    models: set[str] = set()
    processes = max(1, min(processes, len(wanted)))
    async with AsyncExitStack() as held:
        lookers = await held.enter_async_context(Lookers(processes, choice))
        portraits = None if documents is None else await held.enter_async_context(Portraits(processes, choice))
        eyes = _Eyes(lookers, portraits, documents)
        left = iter(track(wanted, "Describing", console=Console(stderr=True), transient=True))

        async def lane() -> None:
            for picture in left:
                try:
                    found = await eyes.look(picture)
                except (OSError, Refusal, VisionFailed) as error:
                    unusable[picture] = _why(error)
                    continue
                models.add(found.model)
                if not found.descriptor:
                    unusable[picture] = NO_FACE
                elif found.several:
                    unusable[picture] = MANY_FACES
                else:
                    faces[picture] = from_octets(found.descriptor)

        await asyncio.gather(*(lane() for _ in range(processes)))
    # Of one breed of process, so of one model.
    return Described(faces, unusable, next(iter(models), ""))


def lost_in(unusable: Mapping[str, int]) -> str:
    """The words for a count by why."""
    return ", ".join(f"{count} with {why}" for why, count in sorted(unusable.items())) or "none lost"


def _why(error: OSError | Refusal | VisionFailed) -> str:
    if isinstance(error, OSError):
        return UNREAD
    return LOST if isinstance(error, VisionFailed | Unavailable) else BROKEN

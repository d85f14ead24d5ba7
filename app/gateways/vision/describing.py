"""Whose faces are in many photographs? Descriptors for the command line, from confined processes like all pictures."""

from dataclasses import dataclass
from typing import Self

from app.gateways.vision import VisionFailed, Why
from app.gateways.vision.child import Breed
from app.gateways.vision.messages import Broken, Seen, Task
from app.gateways.vision.pool import Limits, Pool
from app.verification.examination import FaceEvidence
from app.verification.faces.comparison import Descriptor, from_octets
from app.verification.picture import BrokenImage, inspect

DESCRIBER = Breed(role="describer", memory_octets=3 << 29)
"""One photograph of forty megapixels and the face models."""


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What one photograph shows of faces."""

    faces: int
    descriptor: Descriptor | None
    """Of the largest; None: there is none."""
    model: str


class Describers:
    """Processes that describe faces for as long as this is open, one for each caller at a time."""

    def __init__(self, processes: int) -> None:
        limits = Limits(processes, waiting=processes, task_seconds=60.0, patience_seconds=180.0)
        self._pool = Pool(DESCRIBER, limits)

    async def __aenter__(self) -> Self:
        await self._pool.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.stop()

    async def describe(self, octets: bytes) -> Described:
        """One photograph; raises the refusals of `verification.picture`, BrokenImage, VisionFailed."""
        inspect(octets)
        answer, blobs = await self._pool.ask(Task.EXAMINE, (octets,))
        if isinstance(answer, Broken):
            raise BrokenImage
        if not isinstance(answer, Seen) or not blobs or not isinstance(answer.measured.face, FaceEvidence):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        descriptor = from_octets(blobs[0]) if blobs[0] else None
        return Described(answer.measured.face.applicant.faces, descriptor, answer.face_model)

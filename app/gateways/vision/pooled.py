"""How is a photograph looked at without letting it near us? In the processes of two pools: decoders and examiners."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from typing import Self

from app.core.refusal import Unavailable
from app.gateways.vision import Crops, DocumentRead, Examined, Pictures, PoolStats, VisionFailed, Why
from app.gateways.vision.child import Breed
from app.gateways.vision.face_choice import OURS, FaceChoice
from app.gateways.vision.frames import Blobs, BrokenFrame
from app.gateways.vision.messages import Answer, Broken, Failed, Read, Seen, Taken, Task, names_of
from app.gateways.vision.packing import unpacked
from app.gateways.vision.pool import Limits, Pool
from app.verification.picture import BrokenImage, Picture, inspect

INTAKE = Breed(role="intake", memory_octets=3 << 29)
"""Forty megapixels with transparency take 1.2 GB at their peak: a WebP (measured)."""
EXAMINER = Breed(role="examiner", memory_octets=3 << 30, niceness=10, options=OURS.written())
"""Three photographs of forty megapixels take 1.4 GB at their peak (measured), most examinations 0.7.

A tenth of a processor that log-ins want: nobody waits for an examination, and one in sixty seconds it can still be."""

READER = Breed(role="reader", memory_octets=3 << 29)
"""One photograph of forty megapixels and the text models."""


async def read_alone(octets: bytes, *, with_photograph: bool = False) -> DocumentRead:
    """One photograph of a document read in a process of its own, which ends with it.

    Raises the refusals of `verification.picture`, BrokenImage, VisionFailed.
    """
    inspect(octets)
    async with Readers(1) as readers:
        return await readers.read(octets, with_photograph=with_photograph)


class Readers:
    """Processes that read documents for as long as this is open, one for each caller at a time."""

    def __init__(self, processes: int) -> None:
        limits = Limits(processes, waiting=processes, task_seconds=60.0, patience_seconds=180.0)
        self._pool = Pool(READER, limits)

    async def __aenter__(self) -> Self:
        await self._pool.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.stop()

    async def read(self, octets: bytes, *, with_photograph: bool = False) -> DocumentRead:
        """One photograph; raises the refusals of `verification.picture`, BrokenImage, VisionFailed."""
        inspect(octets)
        return await _read(self._pool, octets, wanted=b"photograph" if with_photograph else b"")


class PooledVision:
    """Vision in processes. A pool of none is allowed: what it would do is Unavailable here."""

    def __init__(self, *, intake: Pool, examiner: Pool, reader: Pool | None = None) -> None:
        """`reader` is started by the first document; None: none are read."""
        self._intake, self._examiner = intake, examiner
        self._reader = reader or Pool(READER, Limits(0, waiting=0, task_seconds=0.0, patience_seconds=0.0))
        self._starting, self._reads = asyncio.Lock(), False

    async def start(self) -> None:
        """Returns when all models are loaded; raises VisionFailed."""
        await self._intake.start()
        try:
            await self._examiner.start()
        except VisionFailed:
            await self._intake.stop()
            raise

    async def stop(self) -> None:
        """Leaves no process behind."""
        await self._intake.stop()
        await self._examiner.stop()
        async with self._starting:
            await self._reader.stop()
            self._reads = False

    def stats(self) -> tuple[PoolStats, ...]:
        """Of the decoders, the examiners and the readers."""
        return self._intake.stats(), self._examiner.stats(), self._reader.stats()

    async def intake(self, octets: bytes) -> Picture:
        """Decode one photograph; a picture that costs two processes their life is taken for broken."""
        inspect(octets)
        blobs = (octets,)
        try:
            answer, _ = await _look(self._intake, Task.INTAKE, blobs)
        except VisionFailed as first:
            if first.why is Why.TIMED_OUT:
                raise Unavailable(retry_after_seconds=5) from first
            answer = await self._second_look(blobs)
        if not isinstance(answer, Taken):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        return answer.picture

    async def _second_look(self, blobs: Blobs) -> Answer:
        try:
            answer, _ = await _look(self._intake, Task.INTAKE, blobs)
        except VisionFailed as second:
            raise BrokenImage from second
        return answer

    async def examine(self, pictures: Pictures, face: bytes | None) -> Examined:
        """Measure a proofing's photographs."""
        # Between processes, empty means absent: lost is not declined.
        if not pictures or not all(pictures.values()) or face == b"":
            raise BrokenImage
        blobs = (face or b"", names_of(pictures), *pictures.values())
        answer, answered = await _look(self._examiner, Task.EXAMINE, blobs)
        pages = answer.measured.pages if isinstance(answer, Seen) else ()
        if (
            not isinstance(answer, Seen)
            or len(answered) != 2
            or [(each.kind, each.side) for each in pages] != [*pictures]
        ):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        descriptor, crops = answered
        names = [f"{each.kind}/{each.side}/{name}" for each in pages for name in each.reading.fields]
        found = _unpacked(crops, names)
        return Examined(answer.measured, descriptor or None, answer.face_model, answer.text_model, found)

    async def read(self, octets: bytes) -> DocumentRead:
        """Read one document. The first one waits until the models are loaded: where none comes, they take no memory."""
        inspect(octets)
        async with self._starting:
            if not self._reads:
                await self._reader.start()
                self._reads = True
        return await _read(self._reader, octets)


async def _read(pool: Pool, octets: bytes, *, wanted: bytes = b"") -> DocumentRead:
    answer, answered = await _look(pool, Task.READ, (octets, wanted))
    if not isinstance(answer, Read) or len(answered) != 3:
        raise VisionFailed(Why.FAILED, "not an answer to what was asked")
    canvas, photograph, crops = answered
    return DocumentRead(answer.reading, canvas, photograph, answer.text_model, _unpacked(crops, answer.reading.fields))


def _unpacked(crops: bytes, names: Collection[str]) -> Crops:
    try:
        return unpacked(crops, names)
    except BrokenFrame:
        raise VisionFailed(Why.FAILED, "not an answer to what was asked") from None


async def _look(pool: Pool, task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
    answer, answered = await pool.ask(task, blobs)
    if isinstance(answer, Broken):
        raise BrokenImage
    if isinstance(answer, Failed):
        raise VisionFailed(Why.FAILED, answer.where)
    return answer, answered


def pooled_vision(
    *, intake_processes: int, examiner_processes: int, reader_processes: int = 0, faces: FaceChoice = OURS
) -> PooledVision:
    """Pools with limits fit for callers who wait (intake, reader) and for a queue that does not (examiner)."""
    examiners = replace(EXAMINER, options=faces.written())
    intake = Limits(intake_processes, waiting=8 * intake_processes, task_seconds=10.0, patience_seconds=20.0)
    examiner = Limits(examiner_processes, waiting=2 * examiner_processes, task_seconds=60.0, patience_seconds=180.0)
    reader = Limits(reader_processes, waiting=2 * reader_processes, task_seconds=30.0, patience_seconds=60.0)
    return PooledVision(intake=Pool(INTAKE, intake), examiner=Pool(examiners, examiner), reader=Pool(READER, reader))

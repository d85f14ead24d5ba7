"""How is a photograph looked at without letting it near us? In the processes of two pools: decoders and examiners."""

import asyncio
import json
from dataclasses import replace
from typing import Self

from app.core.refusal import Unavailable
from app.gateways.vision import (
    DocumentRead,
    Examined,
    LookedAt,
    Pictures,
    PoolStats,
    VisionFailed,
    Why,
)
from app.gateways.vision.asked import answer_of, hashes_of, looked_at, read_by, unpacked_of
from app.gateways.vision.child import Breed
from app.gateways.vision.face_choice import OURS, FaceChoice
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Seen, Taken, Task, Watched, names_of
from app.gateways.vision.pool import Limits, Pool
from app.verification.evidence import SIDES
from app.verification.examination import Kind
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import FrameView, may_be_read
from app.verification.picture import BrokenImage, Picture, inspect

INTAKE = Breed(role="intake", memory_octets=3 << 29)
"""Forty megapixels with transparency take 1.2 GB at their peak: a WebP (measured)."""
EXAMINER = Breed(role="examiner", memory_octets=3 << 30, niceness=10, options=OURS.written())
"""Three photographs of forty megapixels take 1.4 GB at their peak (measured), most examinations 0.7.

A tenth of a processor that log-ins want: nobody waits for an examination, and one in sixty seconds it can still be."""
READER = Breed(role="reader", memory_octets=3 << 29)
"""One photograph of forty megapixels and the text models."""
LOOKER = Breed(role="looker", memory_octets=3 << 29, options=OURS.written())
"""One photograph of forty megapixels and the face model."""
NONE = Limits(0, waiting=0, task_seconds=0.0, patience_seconds=0.0)


async def read_alone(octets: bytes, wanted: Kind | None = None, *, with_photograph: bool = False) -> DocumentRead:
    """One photograph of a document read in a process of its own, which ends with it.

    Raises the refusals of `verification.picture`, BrokenImage, VisionFailed.
    """
    inspect(octets)
    async with Readers(1) as readers:
        return await readers.read(octets, wanted, with_photograph=with_photograph)


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

    async def read(self, octets: bytes, wanted: Kind | None = None, *, with_photograph: bool = False) -> DocumentRead:
        """One photograph; raises the refusals of `verification.picture`, BrokenImage, VisionFailed."""
        inspect(octets)
        return await read_by(self._pool, octets, wanted, photograph=b"photograph" if with_photograph else b"")


class Lookers:
    """Processes that look at faces for as long as this is open, one for each caller at a time."""

    def __init__(self, processes: int, choice: FaceChoice = OURS) -> None:
        breed = replace(LOOKER, options=choice.written())
        self._pool = Pool(breed, Limits(processes, waiting=processes, task_seconds=30.0, patience_seconds=90.0))

    async def __aenter__(self) -> Self:
        await self._pool.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.stop()

    @property
    def model(self) -> str:
        """What they describe faces by."""
        return self._pool.models[0]

    async def look(self, octets: bytes) -> LookedAt:
        """One photograph; raises the refusals of `verification.picture`, BrokenImage, VisionFailed."""
        inspect(octets)
        return await looked_at(self._pool, octets)


class Portraits:
    """Processes that find the portrait on a document, straightened and cut as in a proofing, for as long as this is open."""

    def __init__(self, processes: int, choice: FaceChoice = OURS) -> None:
        limits = Limits(processes, waiting=processes, task_seconds=60.0, patience_seconds=180.0)
        examiner = Pool(replace(EXAMINER, options=choice.written()), limits)
        self._vision = PooledVision(intake=Pool(INTAKE, NONE), examiner=examiner)

    async def __aenter__(self) -> Self:
        await self._vision.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._vision.stop()

    async def look(self, octets: bytes, kind: Kind) -> Examined:
        """The side with the portrait; raises the refusals of `verification.picture`, BrokenImage, VisionFailed."""
        inspect(octets)
        # No portrait is looked at for somebody who shows no face: whose it is, nobody compares here.
        return await self._vision.examine({(kind, SIDES[kind][0]): octets}, octets)


class PooledVision:
    """Vision in processes. A pool of none is allowed: what it would do is Unavailable here."""

    def __init__(self, *, intake: Pool, examiner: Pool, reader: Pool | None = None, looker: Pool | None = None) -> None:
        """`reader` is started by the first document, `looker` by the first face; None: none are read, or looked at."""
        self._intake, self._examiner = intake, examiner
        self._reader, self._looker = _Lazy(reader or Pool(READER, NONE)), _Lazy(looker or Pool(LOOKER, NONE))

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
        await self._reader.stop()
        await self._looker.stop()

    async def face_model(self) -> str:
        """As the examiners say, else those who look at faces, who are started for it; raises VisionFailed, Unavailable."""
        models = self._examiner.models or (await self._looker.started()).models
        if not models:
            raise Unavailable(retry_after_seconds=5)
        return models[0]

    def stats(self) -> tuple[PoolStats, ...]:
        """Of the decoders, the examiners, the readers and those who look at faces."""
        pools = self._intake, self._examiner, self._reader.pool, self._looker.pool
        return tuple(pool.stats() for pool in pools)

    async def intake(self, octets: bytes) -> Picture:
        """Decode one photograph; a picture that costs two processes their life is taken for broken.

        Where one is stuck it is for later: twice 10 s are all that its caller waits.
        """
        inspect(octets)
        blobs = (octets,)
        async with self._intake.patience():
            try:
                answer, _ = await answer_of(self._intake, Task.INTAKE, blobs)
            except VisionFailed as first:
                if first.why is Why.TIMED_OUT:
                    raise Unavailable(retry_after_seconds=5) from first
                answer = await self._second_look(blobs)
        if not isinstance(answer, Taken):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        return answer.picture

    async def _second_look(self, blobs: Blobs) -> Answer:
        try:
            answer, _ = await answer_of(self._intake, Task.INTAKE, blobs)
        except VisionFailed as second:
            raise BrokenImage from second
        return answer

    async def examine(self, pictures: Pictures, face: bytes | None) -> Examined:
        """Measure a proofing's photographs."""
        # Between processes, empty means absent: lost is not declined.
        if not pictures or not all(pictures.values()) or face == b"":
            raise BrokenImage
        blobs = (face or b"", names_of(pictures), *pictures.values())
        answer, answered = await answer_of(self._examiner, Task.EXAMINE, blobs)
        pages = answer.measured.pages if isinstance(answer, Seen) else ()
        if (
            not isinstance(answer, Seen)
            or len(answered) != 4
            or [(each.kind, each.side) for each in pages] != [*pictures]
        ):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        descriptor, portrait, crops, likenesses = answered
        names = [f"{each.kind}/{each.side}/{name}" for each in pages for name in each.reading.fields]
        found = unpacked_of(crops, names)
        return Examined(
            answer.measured,
            descriptor or None,
            answer.face_model,
            answer.text_model,
            found,
            hashes_of(likenesses, pictures),
            portrait or None,
        )

    async def read(self, octets: bytes, wanted: Kind | None = None) -> DocumentRead:
        """Read one document. The first one waits until the models are loaded: where none comes, they take no memory."""
        inspect(octets)
        return await read_by(await self._reader.started(), octets, wanted)

    async def look(self, octets: bytes) -> LookedAt:
        """Look at one face, again where the process is lost. The first one waits until the model is loaded, as with documents."""
        inspect(octets)
        return await looked_at(await self._looker.started(), octets)

    async def ready_for_film(self) -> None:
        """Load the model before the first frame comes: whoever performs is given 300 ms between two of them."""
        await self._looker.started()

    async def read_frame(self, jpeg: bytes, *, near: Box | None, wants_descriptor: bool) -> FrameView:
        """Measure one frame of a film, once: again would come too late for those behind it, and the try is given back.

        Raises the refusals of `faces.liveness.frame`, BrokenImage, Unavailable, VisionFailed.
        """
        may_be_read(jpeg)
        asked = json.dumps([near, wants_descriptor]).encode()
        answer, _ = await answer_of(await self._looker.started(), Task.WATCH, (jpeg, asked))
        if not isinstance(answer, Watched):
            raise VisionFailed(Why.FAILED, "not an answer to what was asked")
        return answer.view


class _Lazy:
    """A pool that is started by the first who needs it: where nobody does, its models take no memory."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._starting, self._is_started = asyncio.Lock(), False

    async def started(self) -> Pool:
        """The pool, its models loaded; raises VisionFailed."""
        async with self._starting:
            if not self._is_started:
                await self.pool.start()
                self._is_started = True
        return self.pool

    async def stop(self) -> None:
        """Leave no process behind; the next who needs it starts it anew."""
        async with self._starting:
            await self.pool.stop()
            self._is_started = False


def pooled_vision(
    *,
    intake_processes: int,
    examiner_processes: int,
    reader_processes: int = 0,
    looker_processes: int = 0,
    faces: FaceChoice = OURS,
) -> PooledVision:
    """Pools with limits fit for callers who wait (intake, reader, looker) and for a queue that does not (examiner)."""
    examiners, lookers = (replace(each, options=faces.written()) for each in (EXAMINER, LOOKER))
    intake = Limits(intake_processes, waiting=8 * intake_processes, task_seconds=10.0, patience_seconds=20.0)
    examiner = Limits(examiner_processes, waiting=2 * examiner_processes, task_seconds=60.0, patience_seconds=180.0)
    reader = Limits(reader_processes, waiting=2 * reader_processes, task_seconds=30.0, patience_seconds=60.0)
    # Five photographs of one person come at once.
    looker = Limits(looker_processes, waiting=10 * looker_processes, task_seconds=10.0, patience_seconds=30.0)
    return PooledVision(
        intake=Pool(INTAKE, intake),
        examiner=Pool(examiners, examiner),
        reader=Pool(READER, reader),
        looker=Pool(lookers, looker),
    )

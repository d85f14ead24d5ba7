"""What is a pool asked, and is what comes back an answer to that? And which question is asked again where a process is lost."""

from collections.abc import Collection, Iterable

from app.gateways.vision import Crops, DocumentRead, Likenesses, LookedAt, VisionFailed, Why
from app.gateways.vision.frames import Blobs, BrokenFrame
from app.gateways.vision.messages import Answer, Broken, Failed, Late, Looked, Read, Task
from app.gateways.vision.packing import unpacked
from app.gateways.vision.pool import Pool
from app.verification.documents.authenticity.bands import OCTETS
from app.verification.examination import Kind, Side
from app.verification.picture import BrokenImage


async def read_by(pool: Pool, octets: bytes, wanted: Kind | None, *, photograph: bytes = b"") -> DocumentRead:
    """Read one document; not again where a process is lost: twice 30 s are all that its caller waits."""
    answer, answered = await answer_of(pool, Task.READ, (octets, photograph, (wanted or "").encode("ascii")))
    if not isinstance(answer, Read) or len(answered) != 3:
        raise VisionFailed(Why.FAILED, "not an answer to what was asked")
    canvas, photograph, crops = answered
    found = unpacked_of(crops, answer.reading.fields)
    return DocumentRead(answer.reading, canvas, photograph, answer.text_model, answer.software, found)


async def looked_at(pool: Pool, octets: bytes) -> LookedAt:
    """Look at one face, and once more where the process died or was stuck; both within the patience of one caller.

    A photograph that costs two processes their life is taken for broken; one that nobody finishes in time is for later.
    """
    async with pool.patience():
        try:
            answer, answered = await answer_of(pool, Task.LOOK, (octets,))
        except VisionFailed as first:
            if first.why is Why.FAILED:
                raise
            answer, answered = await _asked_again(pool, octets, first.why)
    if not isinstance(answer, Looked) or len(answered) != 1 or bool(answered[0]) != bool(answer.shown.view.faces):
        raise VisionFailed(Why.FAILED, "not an answer to what was asked")
    return LookedAt(answer.shown, answered[0], answer.face_model)


async def _asked_again(pool: Pool, octets: bytes, before: Why) -> tuple[Answer, Blobs]:
    """Behind whoever waits by then: a photograph that holds one process after the other holds them up once."""
    try:
        return await answer_of(pool, Task.LOOK, (octets,))
    except VisionFailed as again:
        if before is again.why is Why.DIED:
            raise BrokenImage from again
        raise


def unpacked_of(crops: bytes, names: Collection[str]) -> Crops:
    """The crops of these names; raises VisionFailed."""
    try:
        return unpacked(crops, names)
    except BrokenFrame:
        raise VisionFailed(Why.FAILED, "not an answer to what was asked") from None


def hashes_of(blob: bytes, pages: Iterable[tuple[Kind, Side]]) -> Likenesses:
    """Of the pages that have one; raises VisionFailed."""
    named = {f"{kind}/{side}": (kind, side) for kind, side in pages}
    found = unpacked_of(blob, named)
    if any(len(octets) != OCTETS for octets in found.values()):
        raise VisionFailed(Why.FAILED, "not an answer to what was asked")
    return {named[name]: octets for name, octets in found.items()}


async def answer_of(pool: Pool, task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
    """What a process says; raises BrokenImage, Unavailable, VisionFailed."""
    answer, answered = await pool.ask(task, blobs)
    if isinstance(answer, Broken):
        raise BrokenImage
    if isinstance(answer, Failed):
        raise VisionFailed(Why.FAILED, answer.where)
    if isinstance(answer, Late):
        raise VisionFailed(Why.TIMED_OUT)
    return answer, answered

"""`/v1/proofings/{id}/liveness/{id}/performances`: a challenge performed where there is no WebSocket, in batches of frames.

Whoever films sends a batch, is told what a socket would have told since, and sends what was filmed meanwhile.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.routers.callers import Presenting
from app.routers.envelope import FRAME_OCTETS
from app.routers.malformed import malformed
from app.routers.parts import parts_in
from app.routers.repeatable import RepeatableRouter
from app.routers.told import Told, ToldFinished, told
from app.routers.wiring import Served, language_of
from app.services.liveness_batches import Answer, Batch
from app.verification.faces.liveness.batch import MOST_TOGETHER
from app.verification.faces.liveness.challenge import MOST_FRAMES

router = RepeatableRouter(prefix="/v1/proofings", tags=["proofings"])
NUMBER, TIMES = "batch", "times"
FRAMES: Final = tuple(str(at) for at in range(1, MOST_TOGETHER + 1))
BATCH_OCTETS: Final = MOST_TOGETHER * FRAME_OCTETS + 8 * 1024
"""With the heads of its parts."""
BATCH_SECONDS: Final = 10.0
"""Twice as long as a step is waited for."""
LATEST_MS: Final = 2**32 - 1
"""As a socket's frames count milliseconds."""


class PerformanceBody(BaseModel):
    """How it is going to be filmed."""

    model_config = ConfigDict(extra="forbid")
    mirrored: bool = Field(False, strict=True, description="whether the frames are mirror images")


class BegunPerformance(BaseModel):
    """A performance under way, for whoever began it and nobody else."""

    id: str
    frames: str = Field(description="where its batches go; by one connection, or to one process")
    most_frames: int = Field(MOST_TOGETHER, description="of one batch")
    told: list[Told] = Field(description="what to show first")


class AnsweredBatch(BaseModel):
    """What came of a batch."""

    batch: int = Field(description="its number")
    told: list[Told] = Field(description="what to show since, in this order; empty: go on as you are")


@router.post("/{proofing_id}/liveness/{challenge_id}/performances", status_code=201)
async def begin_performance(
    proofing_id: str, challenge_id: str, body: PerformanceBody, caller: Presenting, house: Served
) -> BegunPerformance:
    """Perform a challenge without a WebSocket: its first colour is revealed, and the time for it begins."""
    name, answer = await house.liveness_batches.begin(caller, proofing_id, challenge_id, mirrored=body.mirrored)
    return BegunPerformance(
        id=name,
        frames=f"/v1/proofings/{proofing_id}/liveness/{challenge_id}/performances/{name}/frames",
        told=_told(answer),
    )


@router.put("/{proofing_id}/liveness/{challenge_id}/performances/{performance_id}/frames")
async def send_frames(
    proofing_id: str, challenge_id: str, performance_id: str, request: Request, caller: Presenting, house: Served
) -> AnsweredBatch:
    """The next frames, up to eight; the last batch again is answered again. Refused in the end as a socket is."""
    number, answer = await house.liveness_batches.take(
        caller, proofing_id, challenge_id, performance_id, batch_in(request)
    )
    return AnsweredBatch(batch=number, told=_told(answer))


def batch_in(request: Request) -> Callable[[], Awaitable[Batch]]:
    """Reads a batch; raises Malformed, BodyTooLarge, BodyTooSlow."""
    read = parts_in(
        request,
        allowed=(NUMBER, TIMES, *FRAMES),
        required=(NUMBER, TIMES, FRAMES[0]),
        limit=BATCH_OCTETS,
        seconds=BATCH_SECONDS,
    )

    async def batch() -> Batch:
        parts, language = await read(), language_of(request)
        numbers = _numbers(parts[NUMBER], most=1, largest=MOST_FRAMES)
        times = _numbers(parts[TIMES], most=MOST_TOGETHER, largest=LATEST_MS)
        if not numbers or numbers[0] == 0:
            raise malformed("string_pattern_mismatch", ["body", NUMBER], language=language)
        if not times:
            raise malformed("string_pattern_mismatch", ["body", TIMES], language=language)
        names = FRAMES[: len(times)]
        if set(names) != parts.keys() - {NUMBER, TIMES}:  # a frame without its time, or the other way round
            raise malformed("missing", ["body", TIMES], language=language)
        return Batch(numbers[0], tuple(zip(times, (parts[name] for name in names), strict=True)))

    return batch


def _numbers(text: bytes, *, most: int, largest: int) -> tuple[int, ...]:
    """Whole numbers with commas between them; none where anything else is there."""
    found = text.split(b",", most)
    longest = len(str(largest))
    if len(found) > most or not all(each.isdigit() and len(each) <= longest for each in found):
        return ()
    numbers = tuple(int(each) for each in found)
    return numbers if max(numbers) <= largest else ()


def _told(answer: Answer) -> list[Told]:
    words: list[Told] = [told(news) for news in answer.news]
    return [*words, ToldFinished()] if answer.finished else words

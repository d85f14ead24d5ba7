"""What does a process still hold of those who performed by requests? Little, not for long, and of nobody's face anything."""

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, cast

from app.core.refusal import Refusal
from app.core.secret import Secret
from app.services.callers import ApplicantCaller, Origin, PresentingCaller
from app.services.liveness import Liveness
from app.services.liveness_batches import Batch, LivenessBatches
from app.services.performance import Performance, Sent
from app.verification.faces.liveness.challenge import ChallengeOver, open_challenge
from app.verification.faces.liveness.frame import FrameTooLarge
from benchmarks.liveness_sessions import BEGINNING

CALLER = ApplicantCaller(Secret("hat_x"), Origin(None))


class TurningAway:
    """The service where no frame is taken."""

    def __init__(self) -> None:
        self._begun = 0

    async def room(self, *_: object) -> ExitStack:
        return ExitStack()

    async def begin(self, _: PresentingCaller, proofing_id: str, challenge_id: str, *, mirrored: bool) -> Performance:
        self._begun += 1
        opened = open_challenge(challenge_id, nonce=bytes(32), now=BEGINNING)
        begun = opened.begin(source=f"con_{self._begun}", mirrored=mirrored, now=BEGINNING)
        return Performance(proofing_id, begun, cast("Any", None))

    async def take(self, _: PresentingCaller, performance: Performance, batch: Sequence[Sent]) -> None:
        performance.described[0] = batch[0].jpeg
        raise FrameTooLarge(most_pixels=1, most_octets=1) from ValueError(batch)

    def passed(self, performance: Performance) -> None:
        """It waits for ever."""

    async def outcome(self, _: PresentingCaller, performance: Performance, met: Refusal | None) -> Refusal | None:
        assert performance.described
        return met


def holding(**bounds: Any) -> LivenessBatches:
    return LivenessBatches(cast("Liveness", TurningAway()), **bounds)


async def begun(held: LivenessBatches) -> str:
    name, _ = await held.begin(CALLER, "prf_1", "liv_1", mirrored=False)
    return name


def sending(number: int, jpeg: bytes) -> Callable[[], Any]:
    async def read() -> Batch:
        return Batch(number, ((1, jpeg),))

    return read


async def refused(held: LivenessBatches, name: str, number: int = 1, jpeg: bytes = b"x") -> type[Refusal]:
    """What is said to a batch; nothing of how it was raised is left."""
    try:
        await held.take(CALLER, "prf_1", "liv_1", name, sending(number, jpeg))
    except Refusal as refusal:
        return type(refusal)
    raise AssertionError("it was taken")


async def test_no_picture_outlasts_the_word_that_ended_it_though_the_word_is_told_again() -> None:
    held, jpeg = holding(), bytes(1_000)
    name, before = await begun(held), sys.getrefcount(jpeg)
    for _ in range(2):
        assert await refused(held, name, jpeg=jpeg) is FrameTooLarge
    gc.collect()
    assert sys.getrefcount(jpeg) == before
    await held.stop()


async def test_the_last_word_is_forgotten_after_a_while() -> None:
    held = holding(remembered_seconds=0.05)
    assert await refused(held, await begun(held)) is FrameTooLarge
    assert len(held) == 1
    async with asyncio.timeout(5):
        while len(held):  # noqa: ASYNC110  it tells nobody
            await asyncio.sleep(0.05)


async def test_of_many_that_are_over_the_oldest_is_forgotten() -> None:
    held = holding(most_remembered=2)
    names = []
    for _ in range(4):
        names.append(await begun(held))
        assert await refused(held, names[-1]) is FrameTooLarge
    assert list(held._held) == names[-2:]
    assert await refused(held, names[-1], number=2) is ChallengeOver
    await held.stop()
    assert len(held) == 0


async def test_one_that_is_under_way_is_forgotten_for_nobody() -> None:
    held = holding(most_remembered=1)
    first, second = await begun(held), await begun(held)
    assert [await refused(held, name) for name in (first, second)] == [FrameTooLarge] * 2
    await held.stop()

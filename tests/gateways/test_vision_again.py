"""Is a photograph looked at again where who looks at faces is stuck or dead, and no longer than its caller waits?"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.core.refusal import Unavailable
from app.gateways.vision import VisionFailed, Why
from app.gateways.vision.pool import Limits, Pool
from app.gateways.vision.pooled import PooledVision
from app.verification.picture import BrokenImage
from tests.gateways.test_vision_pool import NONE, ODD, children, until
from tests.verification.test_picture import png

STUCK = Limits(processes=1, waiting=2, task_seconds=0.5, patience_seconds=30)


def photograph(bidding: bytes) -> bytes:
    return png(8, 8) + b" " + bidding


@asynccontextmanager
async def looking(limits: Limits = STUCK) -> AsyncIterator[tuple[PooledVision, Pool]]:
    pool = Pool(ODD, limits)
    vision = PooledVision(intake=NONE, examiner=NONE, looker=pool)
    await vision.ready_for_film()
    try:
        yield vision, pool
    finally:
        await vision.stop()


async def test_a_photograph_is_looked_at_again_where_the_process_is_stuck() -> None:
    async with looking() as (vision, pool):
        os.kill(children()[0], signal.SIGSTOP)
        looked = await vision.look(photograph(b"faceless"))
        found = pool.stats()
    assert (looked.model, looked.descriptor) == ("face@1", b"")
    assert (found.timed_out, found.replaced, found.done) == (1, 1, 1)


async def test_a_photograph_that_nobody_finishes_in_time_holds_two_processes_and_is_for_later() -> None:
    async with looking() as (vision, pool):
        with pytest.raises(VisionFailed) as failed:
            await vision.look(photograph(b"stop"))
        assert (failed.value.why, pool.stats().timed_out) == (Why.TIMED_OUT, 2)
        assert (await vision.look(photograph(b"faceless"))).model == "face@1"


async def test_a_photograph_that_costs_two_processes_their_life_is_taken_for_broken() -> None:
    async with looking() as (vision, pool):
        with pytest.raises(BrokenImage):
            await vision.look(photograph(b"die"))
        assert pool.stats().died == 2


async def test_a_photograph_that_one_process_died_of_is_for_later_where_the_other_was_stuck_anyway() -> None:
    async with looking() as (vision, pool):
        os.kill(children()[0], signal.SIGSTOP)
        with pytest.raises(VisionFailed):
            await vision.look(photograph(b"die"))
        assert (pool.stats().timed_out, pool.stats().died) == (1, 1)


async def test_nobody_waits_longer_for_two_tries_than_for_one() -> None:
    async with looking(replace(STUCK, task_seconds=1.5, patience_seconds=2)) as (vision, pool):
        async with asyncio.timeout(3):  # two whole tries and a new process take longer
            with pytest.raises(Unavailable):
                await vision.look(photograph(b"stop"))
        assert (pool.stats().timed_out, pool.stats().turned_away) == (1, 1)


async def test_whoever_waits_is_served_between_the_two_tries() -> None:
    async with looking() as (vision, pool):
        stuck = asyncio.create_task(vision.look(photograph(b"stop")))
        assert await until(lambda: pool.stats().running == 1)
        await vision.look(photograph(b"faceless"))
        assert pool.stats().timed_out == 1
        with pytest.raises(VisionFailed):
            await stuck


async def test_a_picture_handed_in_is_tried_again_within_the_time_of_one_caller() -> None:
    pool = Pool(ODD, replace(STUCK, task_seconds=20, patience_seconds=2))
    await pool.start()
    os.kill(children()[0], signal.SIGSTOP)
    asyncio.get_running_loop().call_later(1.5, os.kill, children()[0], signal.SIGKILL)
    try:
        async with asyncio.timeout(3):  # a second patience would end at 3.5 s
            with pytest.raises(Unavailable):
                await PooledVision(intake=pool, examiner=NONE).intake(photograph(b"sleep"))
        assert pool.stats().died == 1
    finally:
        await pool.stop()

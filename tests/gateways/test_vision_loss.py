"""Does a place in the pool outlive its process, whenever that dies and whatever stands in the way of the next one?"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
import uvloop

from app.gateways.vision import VisionFailed, Why
from app.gateways.vision.child import Child, ChildLost
from app.gateways.vision.messages import Task
from tests.gateways.test_vision_pool import ODD, answered, bidding, children, started, until


def _hold_the_loop(seconds: float) -> None:
    """As another request does: the end of the process waits with the question."""
    time.sleep(seconds)


async def lost_while_the_loop_was_late(late_seconds: float) -> None:
    async with started() as pool:
        os.kill(children()[0], signal.SIGKILL)
        _hold_the_loop(late_seconds)
        with suppress(VisionFailed):  # it may have been replaced by then
            await pool.ask(Task.INTAKE, bidding(b"four"))
        assert await answered(pool)
        assert pool.stats().alive == 1


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
@pytest.mark.parametrize("late_seconds", [0.0, 0.002, 0.005, 0.02])
def test_a_process_that_dies_as_it_is_asked_is_replaced(
    run: Callable[[Coroutine[None, None, None]], None], late_seconds: float
) -> None:
    """On uvloop the pipe is closed by then, and what it raises is no ConnectionError."""
    run(lost_while_the_loop_was_late(late_seconds))


async def test_where_no_process_can_be_started_for_a_while_the_next_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the house has no descriptor left."""
    starting = asyncio.create_subprocess_exec
    refused: list[tuple[Any, ...]] = []

    async def once_refused(*words: Any, **how: Any) -> asyncio.subprocess.Process:
        if not refused:
            refused.append(words)
            raise OSError(24, "Too many open files")
        return await starting(*words, **how)

    async with started() as pool:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", once_refused)
        os.kill(children()[0], signal.SIGKILL)
        assert await until(lambda: pool.stats().replaced == 1)
        assert await answered(pool)
    assert refused


async def test_a_process_that_cannot_be_started_is_one_that_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: Any, **__: Any) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refused)
    with pytest.raises(ChildLost):
        await Child.hatch(ODD)


async def test_a_fault_of_ours_costs_the_process_and_not_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> None:
        raise LookupError

    async with started() as pool:
        with monkeypatch.context() as patched:
            patched.setattr(Child, "ask", broken)
            with pytest.raises(VisionFailed) as failed:
                await pool.ask(Task.INTAKE, bidding(b"four"))
        assert failed.value.why is Why.FAILED
        assert await answered(pool)
        assert (pool.stats().replaced, pool.stats().alive) == (1, 1)

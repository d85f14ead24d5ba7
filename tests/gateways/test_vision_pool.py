"""Does the pool outlive whatever a picture does to its processes, and does it turn away what it cannot hold?"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvloop

from app.core.refusal import Unavailable
from app.gateways.vision import Pictures, VisionFailed, Why
from app.gateways.vision.child import CODE_ROOT, Breed, Child, ChildLost
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Failed, Taken, Task
from app.gateways.vision.pool import Limits, Pool
from app.gateways.vision.pooled import EXAMINER, INTAKE, PooledVision
from app.verification.documents.authenticity.bands import OCTETS
from app.verification.examination import Kind, Side
from app.verification.picture import BrokenImage
from tests.gateways.odd_process import MODULE
from tests.verification.test_picture import png

ODD = Breed(role="obedient", memory_octets=1 << 30, start_seconds=20, module=MODULE)
ONE = Limits(processes=1, waiting=2, task_seconds=20, patience_seconds=30)
NONE = Pool(ODD, Limits(processes=0, waiting=0, task_seconds=1, patience_seconds=1))


@asynccontextmanager
async def started(limits: Limits = ONE, breed: Breed = ODD) -> AsyncIterator[Pool]:
    pool = Pool(breed, limits)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def card(portrait: bytes = b"portrait", emblem: bytes = b"emblem") -> Pictures:
    """The two pictures of a proofing."""
    return {(Kind.RESIDENT_CARD, Side.PORTRAIT): portrait, (Kind.RESIDENT_CARD, Side.EMBLEM): emblem}


def bidding(words: bytes) -> Blobs:
    return words, b"", b""


async def answered(pool: Pool) -> bool:
    answer, _ = await pool.ask(Task.INTAKE, bidding(b"four"))
    return isinstance(answer, Taken) and answer.picture.width == 4


def children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in listed if MODULE.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def told(pid: int, what: str) -> str:
    """What Linux tells of a process (proc(5)); nothing of one that has ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_text()
    except FileNotFoundError:
        return ""


async def until(holds: Callable[[], bool]) -> bool:
    for _ in range(400):
        if holds():
            return True
        await asyncio.sleep(0.02)
    return False


async def ended(pid: int) -> bool:
    return await until(lambda: not told(pid, "cmdline"))


async def test_blobs_of_fifteen_megabytes_travel_both_ways() -> None:
    photographs = (bytes(15_000_000), b"b" * 15_000_000, b"c" * 15_000_000)
    async with started() as pool:
        assert (await pool.ask(Task.EXAMINE, photographs))[1] == photographs


async def test_a_process_killed_in_mid_task_is_replaced_and_the_next_task_works() -> None:
    async with started() as pool:
        asking = asyncio.create_task(pool.ask(Task.INTAKE, bidding(b"sleep")))
        assert await until(lambda: pool.stats().running == 1)
        os.kill(children()[0], signal.SIGKILL)
        with pytest.raises(VisionFailed) as failed:
            await asking
        assert failed.value.why is Why.DIED
        assert await answered(pool)
        assert (pool.stats().died, pool.stats().replaced, pool.stats().alive) == (1, 1, 1)


async def test_a_process_that_dies_idle_is_replaced_before_anyone_asks() -> None:
    async with started() as pool:
        os.kill(children()[0], signal.SIGKILL)
        assert await until(lambda: pool.stats().replaced == 1)
        assert await answered(pool)
        assert pool.stats().died == 0


async def test_a_stuck_process_is_killed_at_its_time_and_replaced() -> None:
    async with started(Limits(processes=1, waiting=1, task_seconds=0.5, patience_seconds=30)) as pool:
        (stuck,) = children()
        with pytest.raises(VisionFailed) as failed:
            await pool.ask(Task.INTAKE, bidding(b"sleep"))
        assert failed.value.why is Why.TIMED_OUT
        assert await answered(pool)
        assert await ended(stuck)


async def test_a_lying_process_is_taken_for_lost() -> None:
    lying = Breed(role="lying", memory_octets=1 << 30, start_seconds=20, module=MODULE)
    async with started(breed=lying) as pool:
        with pytest.raises(VisionFailed) as failed:
            await pool.ask(Task.INTAKE, bidding(b""))
        assert failed.value.why is Why.DIED


async def test_a_process_takes_no_more_memory_than_it_was_given_and_goes_on() -> None:
    async with started() as pool:
        answer, _ = await pool.ask(Task.INTAKE, bidding(b"hog"))
        assert isinstance(answer, Failed)
        assert answer.where.startswith("MemoryError at odd_process.py")
        assert await answered(pool)


async def test_a_fault_is_told_by_class_and_line_and_never_quotes_the_document() -> None:
    async with started() as pool:
        answer, _ = await pool.ask(Task.INTAKE, bidding(b"raise"))
    assert isinstance(answer, Failed)
    assert answer.where.startswith("KeyError at odd_process.py")
    assert "张三" not in answer.where


async def test_what_a_library_prints_does_not_reach_the_pipe() -> None:
    async with started() as pool:
        answer, _ = await pool.ask(Task.INTAKE, bidding(b"print"))
        assert isinstance(answer, Taken)


async def test_a_full_pool_turns_away_at_once_and_says_when_to_come_back() -> None:
    async with started(Limits(processes=1, waiting=1, task_seconds=20, patience_seconds=30)) as pool:
        held = [asyncio.create_task(pool.ask(Task.INTAKE, bidding(b"sleep"))) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable) as refused:
            await pool.ask(Task.INTAKE, bidding(b"four"))
        assert 1 <= int(refused.value.facts["retry_after_seconds"]) <= 60
        assert pool.stats().turned_away == 1
        for task in held:
            task.cancel()


async def test_the_last_place_in_the_queue_is_given() -> None:
    async with started(Limits(processes=1, waiting=1, task_seconds=20, patience_seconds=30)) as pool:
        assert all(await asyncio.gather(answered(pool), answered(pool)))


async def test_a_caller_waits_no_longer_than_their_patience() -> None:
    async with started(Limits(processes=1, waiting=3, task_seconds=20, patience_seconds=0.3)) as pool:
        with pytest.raises(Unavailable):
            await pool.ask(Task.INTAKE, bidding(b"sleep"))


async def test_a_task_whose_caller_has_gone_is_not_done() -> None:
    async with started() as pool:
        await answered(pool)
        gone = asyncio.create_task(pool.ask(Task.INTAKE, bidding(b"die")))
        await asyncio.sleep(0)
        gone.cancel()
        assert await answered(pool)
        assert pool.stats().died == 0


async def test_a_pool_of_no_processes_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await NONE.ask(Task.INTAKE, bidding(b"four"))


async def test_a_stopped_pool_leaves_no_process_and_no_caller_behind() -> None:
    pool = Pool(ODD, Limits(processes=2, waiting=2, task_seconds=20, patience_seconds=30))
    await pool.start()
    pids = children()
    asking = asyncio.create_task(pool.ask(Task.INTAKE, bidding(b"sleep")))
    await asyncio.sleep(0.05)
    await pool.stop()
    with pytest.raises(Unavailable):
        await asking
    assert len(pids) == 2
    assert [await ended(pid) for pid in pids] == [True, True]


async def test_a_process_that_never_says_ready_is_not_waited_for_longer_than_its_time() -> None:
    with pytest.raises(ChildLost):
        await Child.hatch(Breed(role="mute", memory_octets=1 << 30, start_seconds=0.7, module=MODULE))
    assert not children()


async def cancelled_after(steps: int) -> None:
    hatching = asyncio.create_task(Child.hatch(ODD))
    for _ in range(steps):
        await asyncio.sleep(0)
    hatching.cancel()
    await asyncio.wait({hatching})


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_start_cancelled_at_any_moment_leaves_no_process(run: Callable[[Coroutine[None, None, None]], None]) -> None:
    """The API runs on uvloop, the worker on asyncio; they differ in what a cancelled start leaves behind."""
    for steps in range(10):
        run(cancelled_after(steps))
        assert not children()


async def test_a_pool_whose_processes_do_not_start_says_so() -> None:
    with pytest.raises(VisionFailed):
        await Pool(Breed(role="no such role", memory_octets=1 << 30, module=MODULE), ONE).start()


async def test_a_process_knows_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUFU_DATABASE_URL", "postgresql://hufu:secret@localhost/hufu")
    async with started():
        environment = told(children()[0], "environ").split("\0")
    names = {pair.split("=")[0] for pair in environment if pair}
    threads = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    memory = {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_ARENA_MAX"}
    assert names == {"PATH", "LANG", "PYTHONPATH", "ORT_DISABLE_TELEMETRY"} | threads | memory


async def test_a_process_takes_the_processor_from_nobody() -> None:
    async with started(breed=replace(ODD, niceness=10)):
        (pid,) = children()
        assert os.getpriority(os.PRIO_PROCESS, pid) == os.nice(0) + 10
        assert os.sched_getscheduler(pid) == os.SCHED_BATCH
    assert EXAMINER.niceness > INTAKE.niceness > 0


async def test_a_process_may_write_no_file_and_leave_no_core() -> None:
    async with started():
        limits, status = told(children()[0], "limits").splitlines(), told(children()[0], "status")
    allowed = {line[:26].strip(): line[26:].split()[0] for line in limits[1:]}
    assert (allowed["Max file size"], allowed["Max core file size"]) == ("0", "0")
    assert allowed["Max address space"] == str(1 << 30)
    assert "NoNewPrivs:\t1" in status


STARTER = """
import asyncio, sys
from app.gateways.vision.child import Breed, Child
async def main():
    child = await Child.hatch(Breed("obedient", 1 << 30, 20, "tests.gateways.odd_process"))
    sys.stdout.write(f"{child.pid}\\n"); sys.stdout.flush()
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_a_process_dies_with_the_one_that_started_it_even_in_mid_task() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTER], cwd=CODE_ROOT, stdout=subprocess.PIPE) as starter:  # noqa: ASYNC220
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        os.kill(pid, signal.SIGSTOP)  # it cannot notice that its input has ended: the kernel has to end it
        starter.kill()
    assert await ended(pid)


async def test_a_picture_that_costs_two_processes_their_life_is_taken_for_broken() -> None:
    async with started() as pool:
        vision = PooledVision(intake=pool, examiner=NONE)
        with pytest.raises(BrokenImage):
            await vision.intake(png(8, 8) + b" die")
        assert pool.stats().died == 2
        assert await answered(pool)


async def test_a_picture_nobody_finishes_in_time_is_for_later() -> None:
    async with started(Limits(processes=1, waiting=1, task_seconds=0.3, patience_seconds=20)) as pool:
        with pytest.raises(Unavailable):
            await PooledVision(intake=pool, examiner=NONE).intake(png(8, 8) + b" sleep")


async def test_a_picture_refused_by_its_header_never_reaches_a_process() -> None:
    with pytest.raises(BrokenImage):
        await PooledVision(intake=NONE, examiner=NONE).intake(png(0, 8))


async def test_an_examination_reports_a_broken_photograph_and_a_lost_process_apart() -> None:
    async with started() as pool:
        vision = PooledVision(intake=NONE, examiner=pool)
        with pytest.raises(BrokenImage):
            await vision.examine(card(), b"broken")
        with pytest.raises(VisionFailed):
            await vision.examine(card(), b"die")


async def test_the_hash_of_a_portrait_comes_with_its_page_and_half_a_hash_is_no_answer() -> None:
    async with started() as pool:
        vision = PooledVision(intake=NONE, examiner=pool)
        examined = await vision.examine(card(), b"hash")
        assert examined.likenesses == {next(iter(card())): bytes(OCTETS)}
        with pytest.raises(VisionFailed, match="not an answer"):
            await vision.examine(card(), b"stub")


@pytest.mark.parametrize("lost", [(b"", b"b", b"c"), (b"a", b"", b"c"), (b"a", b"b", b"")])
async def test_a_photograph_that_was_lost_is_never_taken_for_one_that_was_declined(lost: Blobs) -> None:
    portrait, emblem, face = lost
    with pytest.raises(BrokenImage):
        await PooledVision(intake=NONE, examiner=NONE).examine(card(portrait, emblem), face)


async def test_an_examination_of_no_picture_is_none() -> None:
    with pytest.raises(BrokenImage):
        await PooledVision(intake=NONE, examiner=NONE).examine({}, None)

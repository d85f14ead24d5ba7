"""Who works on which picture? A bounded number of processes, a bounded queue before them, and no third place to wait."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from app.core.refusal import Unavailable
from app.gateways.vision import PoolStats, VisionFailed, Why
from app.gateways.vision.child import Breed, Child, ChildLost
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Failed, Late, Seen, Task

LONGEST_BACKOFF_SECONDS = 30
LONGEST_RETRY_AFTER_SECONDS = 60

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once and how long."""

    processes: int
    waiting: int
    """Tasks beyond those being worked on; the next is turned away at once."""
    task_seconds: float
    """Of one task in a process; then the process is killed."""
    patience_seconds: float
    """Of one caller, waiting and working together."""


@dataclass(slots=True)
class _Tally:
    running: int = 0
    done: int = 0
    failed: int = 0
    timed_out: int = 0
    died: int = 0
    turned_away: int = 0
    replaced: int = 0
    working_seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    task: Task
    blobs: Blobs
    answer: asyncio.Future[tuple[Answer, Blobs]]


@dataclass(slots=True)
class _State:
    jobs: asyncio.Queue[_Job] = field(default_factory=asyncio.Queue)
    slots: list[asyncio.Task[None]] = field(default_factory=list)
    unsettled: set[_Job] = field(default_factory=set)
    children: set[Child] = field(default_factory=set)


class Pool:
    """Processes of one breed behind one queue. Start and stop it once, in the loop that uses it."""

    def __init__(self, breed: Breed, limits: Limits) -> None:
        self._breed, self._limits = breed, limits
        self._tally, self._state = _Tally(), _State()
        self.models: tuple[str, ...] = ()

    async def start(self) -> None:
        """Returns when every process has its models; raises VisionFailed when one cannot."""
        hatching = (Child.hatch(self._breed) for _ in range(self._limits.processes))
        hatched = await asyncio.gather(*hatching, return_exceptions=True)
        children = [child for child in hatched if isinstance(child, Child)]
        if len(children) < self._limits.processes:
            await asyncio.gather(*(child.end() for child in children))
            raise VisionFailed(Why.DIED, f"a {self._breed.role} process does not start")
        self._state.children = set(children)
        self._state.slots = [asyncio.create_task(self._tend(child)) for child in children]
        self.models = children[0].models if children else ()

    async def stop(self) -> None:
        """Kill every process; whoever still waits is told to come later."""
        for slot in self._state.slots:
            slot.cancel()
        await asyncio.gather(*self._state.slots, return_exceptions=True)
        await asyncio.gather(*(child.end() for child in self._state.children))
        for job in self._state.unsettled:
            if not job.answer.done():
                job.answer.set_exception(Unavailable(retry_after_seconds=LONGEST_BACKOFF_SECONDS))
        self._state = _State()

    async def ask(self, task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """The answer of whichever process is free first; raises Unavailable, VisionFailed."""
        load = self._state.jobs.qsize() + self._tally.running
        if not self._state.slots or load >= self._limits.processes + self._limits.waiting:
            self._tally.turned_away += 1
            raise Unavailable(retry_after_seconds=self._retry_after_seconds())
        job = _Job(task, blobs, asyncio.get_running_loop().create_future())
        self._state.unsettled.add(job)
        self._state.jobs.put_nowait(job)
        try:
            async with self.patience():
                return await job.answer
        finally:
            self._state.unsettled.discard(job)

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[None]:
        """As long as one caller waits, for one question or for several; raises Unavailable."""
        try:
            async with asyncio.timeout(self._limits.patience_seconds):
                yield
        except TimeoutError:
            self._tally.turned_away += 1
            raise Unavailable(retry_after_seconds=self._retry_after_seconds()) from None

    def stats(self) -> PoolStats:
        """The figures of this moment."""
        tally = self._tally
        return PoolStats(
            role=self._breed.role, alive=len(self._state.children), waiting=self._state.jobs.qsize(), running=tally.running,
            done=tally.done, failed=tally.failed, timed_out=tally.timed_out, died=tally.died,
            turned_away=tally.turned_away, replaced=tally.replaced, working_seconds=tally.working_seconds,
        )  # fmt: skip

    def _retry_after_seconds(self) -> int:
        """When the queue of this moment will have been worked off, going by the mean task so far."""
        mean = self._tally.working_seconds / self._tally.done if self._tally.done else 1.0
        load = self._state.jobs.qsize() + self._tally.running
        return min(LONGEST_RETRY_AFTER_SECONDS, math.ceil(1 + mean * load / max(1, self._limits.processes)))

    async def _tend(self, child: Child) -> None:
        """The life of one place in the pool: a process, and the next one when it is lost."""
        while True:
            job = await self._next(child)
            if job is None or not await self._serve(child, job):
                child = await self._replace(child)

    async def _next(self, child: Child) -> _Job | None:
        """The next task somebody still waits for; None when the process died idle."""
        getting, ending = asyncio.ensure_future(self._state.jobs.get()), asyncio.ensure_future(child.ended())
        try:
            await asyncio.wait({getting, ending}, return_when=asyncio.FIRST_COMPLETED)
            return getting.result() if getting.done() else None
        finally:
            getting.cancel()
            ending.cancel()

    async def _serve(self, child: Child, job: _Job) -> bool:
        """Whether the process may go on to the next task."""
        if job.answer.done():  # the caller has gone
            return True
        self._tally.running += 1
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(self._limits.task_seconds):
                answer, blobs = await child.ask(job.task, job.blobs)
        except TimeoutError:
            self._tally.timed_out += 1
            return self._give_up(job, VisionFailed(Why.TIMED_OUT))
        except ChildLost:
            self._tally.died += 1
            return self._give_up(job, VisionFailed(Why.DIED))
        except Exception:  # whatever befalls a process, its place outlives it: with none left nobody's picture is taken
            log.exception("vision_process_unfit", role=self._breed.role, task=job.task)
            self._tally.failed += 1
            return self._give_up(job, VisionFailed(Why.FAILED))
        finally:
            self._tally.running -= 1
        self._tally.working_seconds += loop.time() - begun
        self._settle(job, answer, blobs)
        return True

    def _settle(self, job: _Job, answer: Answer, blobs: Blobs) -> None:
        if isinstance(answer, Failed):
            self._tally.failed += 1
            log.error("vision_task_failed", role=self._breed.role, task=job.task, where=answer.where)
        if isinstance(answer, Late):
            self._tally.timed_out += 1
            log.warning("vision_task_starved", role=self._breed.role, task=job.task)
        if isinstance(answer, Seen) and answer.overdue:
            log.warning("vision_pages_left", role=self._breed.role, task=job.task, pages=answer.overdue)
        self._tally.done += 1
        if not job.answer.done():
            job.answer.set_result((answer, blobs))

    def _give_up(self, job: _Job, failure: VisionFailed) -> bool:
        log.error("vision_process_lost", role=self._breed.role, task=job.task, why=failure.why)
        if not job.answer.done():
            job.answer.set_exception(failure)
        return False

    async def _replace(self, lost: Child) -> Child:
        """A new process for a lost one, however long that takes; callers wait no longer than their patience."""
        await lost.end()
        self._state.children.discard(lost)
        backoff_seconds = 1
        while True:
            try:
                child = await Child.hatch(self._breed)
            except ChildLost:
                log.exception("vision_process_does_not_start", role=self._breed.role, next_try=backoff_seconds)
                await asyncio.sleep(backoff_seconds)
                backoff_seconds = min(2 * backoff_seconds, LONGEST_BACKOFF_SECONDS)
                continue
            self._state.children.add(child)
            self._tally.replaced += 1
            return child

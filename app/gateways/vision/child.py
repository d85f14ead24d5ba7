"""One vision process, seen from outside: how it is started, asked and ended."""

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import app
from app.gateways.vision import messages
from app.gateways.vision.frames import Blobs, BrokenFrame, Frame, receive
from app.gateways.vision.messages import Answer, Ready, Task

CODE_ROOT = Path(app.__file__).parents[1]
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONPATH": str(CODE_ROOT),
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Or onnxruntime's wheel keeps a record of its use in the owner's home and offers it to its makers over the network.
    "ORT_DISABLE_TELEMETRY": "1",
    # Fixed, or glibc raises it with each large picture to 32 MB, and what pictures took stays on the heap for ever.
    # Lower ones keep less and cost more: 256 KB a third of the memory less, and a quarter of the time more.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 22),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 27),
    "MALLOC_ARENA_MAX": "1",
}
"""All of it: a picture that takes over the process finds no secret there, and threads are counted in processes."""


class ChildLost(Exception):
    """The process died, or said something that is not an answer; it is of no further use."""


@dataclass(frozen=True, slots=True)
class Breed:
    """What kind of process to start, and what it may use."""

    role: str
    memory_octets: int
    """Of address space (RLIMIT_AS), so about twice what is resident."""
    start_seconds: float = 180.0
    """Until its models are loaded: two seconds of a core, but below everything else on the machine. Six busy neighbours made it 24 s
    and once more than 60; a worker that gives up then starts over, and never begins."""
    module: str = "app.gateways.vision.process"
    niceness: int = 5
    """Below the API and PostgreSQL on the same machine."""
    options: str = ""
    """What the role is told beyond that; nothing secret, for a command line is no secret."""


class Child:
    """One process and its two pipes. One question at a time."""

    def __init__(
        self, process: asyncio.subprocess.Process, source: asyncio.StreamReader, sink: asyncio.StreamWriter
    ) -> None:
        self._process, self._source, self._sink = process, source, sink
        self.models: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        """For the operator and the tests."""
        return self._process.pid

    @classmethod
    async def hatch(cls, breed: Breed) -> "Child":
        """A process that has loaded its models and said so; raises ChildLost."""
        starting = asyncio.ensure_future(cls._spawn(breed))
        try:
            child = await asyncio.shield(starting)
        except asyncio.CancelledError:  # cancelled inside, uvloop 0.23 forgets the process it has forked
            with contextlib.suppress(ChildLost):  # it failed to start in this moment
                await (await starting).end()
            raise
        try:
            async with asyncio.timeout(breed.start_seconds):
                child.models = await child.ready()
        except BaseException as failure:
            await child.end()
            if isinstance(failure, TimeoutError):
                raise ChildLost from failure
            raise
        return child

    @classmethod
    async def _spawn(cls, breed: Breed) -> "Child":
        """-P: the working directory is no place to import from. A session of its own: Ctrl-C is ours to handle."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-s", "-m", breed.module, breed.role, str(os.getpid()),
                str(breed.memory_octets), str(breed.niceness), breed.options,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                env=ENVIRONMENT, cwd="/", start_new_session=True,
            )  # fmt: skip
        except OSError as unable:  # no descriptor, no memory: as good as a process that died at once
            raise ChildLost from unable
        if process.stdin is None or process.stdout is None:
            raise ChildLost
        return cls(process, process.stdout, process.stdin)

    async def ready(self) -> tuple[str, ...]:
        """The names of its models, once it has loaded them; raises ChildLost."""
        answer, _ = await self._answer()
        if not isinstance(answer, Ready):
            raise ChildLost
        return answer.models

    async def ask(self, task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """The answer to one question; raises ChildLost. Cancelled, it leaves the process in an unknown state."""
        try:
            self._sink.write(Frame(task.encode("ascii"), blobs).pack())
            await self._sink.drain()
        except (ConnectionError, RuntimeError) as gone:  # RuntimeError: of uvloop, where it has closed the pipe already
            raise ChildLost from gone
        return await self._answer()

    async def _answer(self) -> tuple[Answer, Blobs]:
        try:
            frame = await receive(self._source)
            return messages.parse(frame.header), frame.blobs
        except BrokenFrame as broken:
            raise ChildLost from broken

    async def ended(self) -> None:
        """Returns when the process has ended."""
        await self._process.wait()

    async def end(self) -> None:
        """Kill and bury it; safe to repeat."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._sink.close()
        await self._process.wait()

"""How many requests does a server answer in one second of its own CPU time? Connections that are never idle."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

Conversation = Generator[bytes, bytes, None]
"""Yields requests, is sent the body of each answer."""
Clocks = Callable[[], tuple[float, float]]
"""CPU seconds of the server, and of PostgreSQL beside it."""
CONNECTIONS = 32
"""Some bank services with a pool of their own each; the server is never idle."""
WARM_UP_SECONDS = 1.0
SECONDS = 5.0
ROUNDS = 6
ROUND_SECONDS = 1.0
"""Of ours, then of the limit, in turn: a shared machine is not the same machine for long."""
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class NotAnswered(Exception):
    """The server answered with an error, which would be counted as work."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What was measured."""

    answers: int
    cpu_seconds: float
    """Of the server."""
    beside_seconds: float
    """Of PostgreSQL meanwhile."""

    def per_cpu_second(self, answers_each: int = 1) -> float:
        """Pieces of work done in one second of the server's CPU time."""
        return self.answers / answers_each / self.cpu_seconds

    def beside_ms(self, answers_each: int = 1) -> float:
        """PostgreSQL's CPU time for one piece of work."""
        return 1000 * self.beside_seconds * answers_each / self.answers


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request, its answer, the next; held between rounds, with no answer outstanding."""

    def __init__(self, conversation: Conversation, ended: asyncio.Future[None]) -> None:
        self.answers = 0
        self.idle = asyncio.Event()
        self._held = True
        self._conversation = conversation
        self._ended = ended
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Know what to say first."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own kind of it
        self._next = next(self._conversation)
        self.idle.set()

    def go_on(self) -> None:
        """Say what is next."""
        self._held = False
        self.idle.clear()
        self._transport.write(self._next)

    def hold(self) -> None:
        """Say nothing more once the answer is there."""
        self._held = True

    def data_received(self, data: bytes) -> None:
        """Go on as soon as an answer is whole."""
        self._received += data
        head, _, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head + b"\r\n")
        if length is None or len(body) < int(length.group(1)):
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self._fail(NotAnswered(self._received.decode(errors="replace")))
            return
        self._received = b""
        self.answers += 1
        try:
            self._next = self._conversation.send(body)
        except StopIteration:
            self._fail(NotAnswered("the conversation ran out of requests"))
        if self._held:
            self.idle.set()
        else:
            self._transport.write(self._next)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever measures."""
        self._fail(error or NotAnswered("the server hung up"))

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()

    def _fail(self, error: Exception) -> None:
        self.idle.set()  # nothing more comes
        if not self._ended.done():
            self._ended.set_exception(error)


class Timed(Connection):
    """A connection that remembers how long each answer took."""

    def __init__(self, conversation: Conversation, ended: asyncio.Future[None]) -> None:
        super().__init__(conversation, ended)
        self.seconds: list[float] = []
        self._asked_at = time.perf_counter()

    def data_received(self, data: bytes) -> None:
        """Take the time where an answer is whole; the next request left within."""
        answers = self.answers
        super().data_received(data)
        if self.answers > answers:
            now = time.perf_counter()
            self.seconds.append(now - self._asked_at)
            self._asked_at = now


Kind = TypeVar("Kind", bound="Connection")


class Load(Generic[Kind]):
    """Connections to one server that talk all at once, for a while at a time."""

    def __init__(self, connections: Sequence[Kind], ended: asyncio.Future[None]) -> None:
        self.connections = connections
        self._ended = ended

    async def speak(self, seconds: float, cpu: Clocks = lambda: (0.0, 0.0)) -> Rate:
        """Talk this long; what was answered and what it cost, from idle to idle."""
        answered, begun = self._answers(), cpu()
        for each in self.connections:
            each.go_on()
        await _pass(seconds, self._ended)
        for each in self.connections:
            each.hold()
        for each in self.connections:
            await each.idle.wait()
        await _pass(0, self._ended)
        spent = [after - before for after, before in zip(cpu(), begun, strict=True)]
        if self._answers() == answered:
            raise NotAnswered("nothing was answered")
        return Rate(self._answers() - answered, *spent)

    def _answers(self) -> int:
        return sum(each.answers for each in self.connections)


@asynccontextmanager
async def connected(
    port: int, conversations: Sequence[Conversation], kind: Callable[[Conversation, asyncio.Future[None]], Kind]
) -> AsyncIterator[Load[Kind]]:
    """A connection for each conversation, warmed up."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    made = [kind(each, ended) for each in conversations]
    try:
        for each in made:
            await loop.create_connection(lambda each=each: each, "127.0.0.1", port)  # type: ignore[misc]
        load = Load(made, ended)
        await load.speak(WARM_UP_SECONDS)
        yield load
    finally:
        ended.cancel()
        for each in made:
            each.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """A server, what is said to it, and how its CPU time is read."""

    port: int
    conversations: Sequence[Conversation]
    cpu: Clocks


async def rate(asked: Asked, *, seconds: float = SECONDS) -> Rate:
    """What one server does, alone."""
    async with connected(asked.port, asked.conversations, Connection) as load:
        return await load.speak(seconds, asked.cpu)


async def beside(ours: Asked, limit: Asked) -> tuple[Rate, Rate]:
    """What ours does and what the limit does, a round of each in turn."""
    async with (
        connected(ours.port, ours.conversations, Connection) as our_load,
        connected(limit.port, limit.conversations, Connection) as limits,
    ):
        found = [
            (await our_load.speak(ROUND_SECONDS, ours.cpu), await limits.speak(ROUND_SECONDS, limit.cpu))
            for _ in range(ROUNDS)
        ]
    return total([each for each, _ in found]), total([each for _, each in found])


def total(rates: Sequence[Rate]) -> Rate:
    """Of all rounds."""
    return Rate(
        sum(each.answers for each in rates),
        sum(each.cpu_seconds for each in rates),
        sum(each.beside_seconds for each in rates),
    )


async def latencies(port: int, conversation: Conversation, *, seconds: float = SECONDS) -> list[float]:
    """Seconds from each request of one connection, never two at a time, to its whole answer."""
    async with connected(port, [conversation], Timed) as load:
        timed = load.connections[0]
        timed.seconds.clear()
        await load.speak(seconds)
        return timed.seconds[1:]  # the first was waited for since the warm-up


async def _pass(seconds: float, ended: asyncio.Future[None]) -> None:
    done, _ = await asyncio.wait([ended], timeout=seconds)
    for future in done:
        future.result()


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """One HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def repeated(asked: bytes) -> Conversation:
    """The same request for ever."""
    while True:
        yield asked

"""How many requests does a server answer in one second of its own CPU time? Connections that are never idle."""

import asyncio
import re
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import cast

Conversation = Generator[bytes, bytes, None]
"""Yields requests, is sent the body of each answer."""
CONNECTIONS = 16
WARM_UP_SECONDS = 1.0
SECONDS = 5.0
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
    """One keep-alive connection: a request, its answer, the next."""

    def __init__(self, conversation: Conversation, ended: asyncio.Future[None]) -> None:
        self.answers = 0
        self._conversation = conversation
        self._ended = ended
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own kind of it
        self._transport.write(next(self._conversation))

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
            self._transport.write(self._conversation.send(body))
        except StopIteration:
            self._fail(NotAnswered("the conversation ran out of requests"))

    def connection_lost(self, error: Exception | None) -> None:
        """Tell whoever measures."""
        self._fail(error or NotAnswered("the server hung up"))

    def _fail(self, error: Exception) -> None:
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


async def rate(
    port: int,
    conversations: Sequence[Conversation],
    cpu: Callable[[], tuple[float, float]],
    *,
    seconds: float = SECONDS,
) -> Rate:
    """Run the conversations side by side; `cpu` reads the server's CPU seconds and PostgreSQL's."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    made = [
        (await loop.create_connection(lambda each=each: Connection(each, ended), "127.0.0.1", port))  # type: ignore[misc]
        for each in conversations
    ]
    try:
        await _pass(WARM_UP_SECONDS, ended)
        answered, begun = sum(connection.answers for _, connection in made), cpu()
        await _pass(seconds, ended)
        spent = [after - before for after, before in zip(cpu(), begun, strict=True)]
        answers = sum(connection.answers for _, connection in made) - answered
        if not answers:
            raise NotAnswered("nothing was answered")
        return Rate(answers, *spent)
    finally:
        ended.cancel()
        for transport, _ in made:
            transport.abort()


async def latencies(port: int, conversation: Conversation, *, seconds: float = SECONDS) -> list[float]:
    """Seconds from each request of one connection, never two at a time, to its whole answer."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    timed = Timed(conversation, ended)
    transport, _ = await loop.create_connection(lambda: timed, "127.0.0.1", port)
    try:
        await _pass(WARM_UP_SECONDS, ended)
        timed.seconds.clear()
        await _pass(seconds, ended)
        return timed.seconds
    finally:
        ended.cancel()
        transport.abort()


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

"""Does nobody fill our memory, or hold our door open, with the head of a request?"""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.routers.connection import Connection

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
REQUEST = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


async def fine(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


class Impatient(Connection):
    longest_head_seconds = 0.05


async def streams(kind: type[Connection]) -> AsyncIterator[Streams]:
    config = uvicorn.Config(fine, proxy_headers=False, log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, ServerState(), {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    yield reader, writer
    writer.close()
    server.close()


@pytest.fixture
async def connected() -> AsyncIterator[Streams]:
    async for each in streams(Connection):
        yield each


async def test_requests_are_answered_one_after_the_other(connected: Streams) -> None:
    reader, writer = connected
    for _ in range(3):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("piece", [b"a" * 4096, b"x-a: b\r\n" * 512], ids=["one header", "many headers"])
async def test_a_head_without_end_is_hung_up_on(connected: Streams, piece: bytes) -> None:
    reader, writer = connected
    writer.write(b"GET / HTTP/1.1\r\nx: ")
    for _ in range(1 + Connection.longest_head_octets // len(piece)):
        writer.write(piece)
        await writer.drain()
    assert (await reader.read()).startswith(b"HTTP/1.1 400")


async def test_a_long_body_is_no_long_head(connected: Streams) -> None:
    reader, writer = connected
    body = b"a" * 2 * Connection.longest_head_octets
    writer.write(b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(body) + body + REQUEST)
    for _ in range(2):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", REQUEST + b"GET / HT"])
async def test_whoever_does_not_finish_a_head_is_hung_up_on(begun: bytes) -> None:
    async for reader, writer in streams(Impatient):
        writer.write(begun)
        assert (await reader.read()).count(b"204") == begun.count(REQUEST)

"""Does nobody fill our memory, or hold our door open, with the head of a request?"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from app.routers.connection import SINGLE, Connection

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
REQUEST = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


async def fine(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def patient(_scope: Scope, receive: Receive, send: Send) -> None:
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await fine(_scope, receive, send)


async def telling(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the names of all headers, as they are once the body was read."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b",".join(name for name, _ in scope["headers"]) + b"\r\n\r\n"})


async def lengthy(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok" if _scope["method"] == "GET" else b""})


class Impatient(Connection):
    longest_head_seconds = 0.05


class Hasty(Connection):
    longest_body_seconds = 0.05
    longest_picture_seconds = 60.0


class Crowded(Connection):
    most_connections = 0


async def streams(kind: type[Connection], application: ASGIApp = fine) -> AsyncIterator[Streams]:
    config = uvicorn.Config(application, proxy_headers=False, log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, ServerState(), {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture
async def connected() -> AsyncIterator[Streams]:
    async for each in streams(Connection):
        yield each


async def test_requests_are_answered_one_after_the_other(connected: Streams) -> None:
    reader, writer = connected
    for _ in range(3):
        writer.write(REQUEST)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize(("method", "body"), [(b"GET", b"ok"), (b"HEAD", b"")])
async def test_an_answer_of_known_length_comes_whole_with_its_body_or_without(method: bytes, body: bytes) -> None:
    async for reader, writer in streams(Connection, lengthy):
        for _ in range(2):
            writer.write(REQUEST.replace(b"GET", method))
            assert b"content-length: 2" in await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(len(body)) == body


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
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % len(body) + body + REQUEST)
    for _ in range(2):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", REQUEST + b"GET / HT"])
async def test_whoever_does_not_finish_a_head_is_hung_up_on(begun: bytes) -> None:
    async for reader, writer in streams(Impatient):
        writer.write(begun)
        assert (await reader.read()).count(b"204") == begun.count(REQUEST)


async def refused(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and detail of the problem that was the last word."""
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    problem = json.loads(body)
    assert head.startswith(b"HTTP/1.1 %d " % problem["status"])
    return problem["status"], problem["detail"]


@pytest.mark.parametrize("name", sorted(SINGLE - {b"transfer-encoding"}), ids=bytes.decode)
async def test_a_header_that_is_sent_once_is_not_taken_twice(connected: Streams, name: bytes) -> None:
    reader, writer = connected
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\n" + name + b": 0\r\n" + name.title() + b": 0\r\n\r\n")
    status, detail = await refused(reader)
    assert status == 400
    assert name.decode() in detail or name == b"content-length"  # of that one the parser says so itself


async def test_a_header_that_is_a_list_may_be_sent_in_parts(connected: Streams) -> None:
    reader, writer = connected
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\naccept-language: en\r\naccept-language: zh\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize("end", [b"\r\n", b""], ids=["whole", "unfinished"])
async def test_a_hundred_headers_are_taken_and_one_more_is_not(end: bytes) -> None:
    async for reader, writer in streams(Connection):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: 1\r\n" * (Connection.most_headers - 1) + b"\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: 1\r\n" * (Connection.most_headers + 1) + end)
        assert (await refused(reader))[0] == 400


async def test_a_long_head_is_refused_also_where_it_comes_at_once(connected: Streams) -> None:
    reader, writer = connected
    writer.write(b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * Connection.longest_head_octets + b"\r\n\r\n")
    assert (await refused(reader))[0] == 400


async def test_trailers_are_no_headers() -> None:
    async for reader, writer in streams(Connection, telling):
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nx: b\r\n\r\n")
        writer.write(b"0\r\nauthorization: Bearer c\r\n\r\n" + REQUEST)
        await reader.readuntil(b"host,transfer-encoding,x")
        assert await reader.read(4) == b"\r\n\r\n"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"identity", b"chunked, chunked", b"xchunked"])
async def test_a_body_whose_end_could_be_read_in_two_ways_is_refused(connected: Streams, coding: bytes) -> None:
    reader, writer = connected
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: " + coding + b"\r\n\r\n0\r\n\r\n")
    assert (await refused(reader))[0] == 400


async def test_a_declared_length_beyond_every_picture_is_refused_at_once(connected: Streams) -> None:
    reader, writer = connected
    writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 16000001\r\n\r\n")
    assert await refused(reader) == (413, "The body is too large.")


async def test_a_request_to_no_host_is_refused(connected: Streams) -> None:
    reader, writer = connected
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await refused(reader) == (400, "The header host is missing.")


@pytest.mark.parametrize("how", [b"content-length: 9\r\n\r\n{", b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"])
async def test_a_body_that_does_not_come_is_told_so_and_hung_up_on(how: bytes) -> None:
    async for reader, writer in streams(Hasty, patient):
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\n" + how)
        assert await refused(reader) == (408, "The body did not come within its time.")


async def test_a_body_that_goes_on_after_its_answer_is_hung_up_on() -> None:
    async for reader, writer in streams(Hasty):
        writer.write(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{")
        assert (await reader.read()).startswith(b"HTTP/1.1 204")


async def test_a_picture_may_take_longer() -> None:
    async for reader, writer in streams(Hasty, patient):
        writer.write(b"PUT /v1/proofings/p/face HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\na")
        await asyncio.sleep(2 * Hasty.longest_body_seconds)
        writer.write(b"b")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 204")


async def test_one_connection_too_many_is_told_to_come_later() -> None:
    async for reader, _ in streams(Crowded):
        assert await refused(reader) == (503, "Too many connections.")

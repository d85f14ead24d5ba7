"""Does an answer leave in one piece, and never too late?"""

import asyncio

from app.routers.wire import Wire

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class Line(asyncio.Transport):
    """Remembers what was sent, and when it ended."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.sent.append(b"closed")

    def abort(self) -> None:
        self.sent.append(b"aborted")

    def is_closing(self) -> bool:
        return bool({b"closed", b"aborted"}.intersection(self.sent))


def test_a_head_that_names_its_length_leaves_with_its_body() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(HEAD)
    wire.write(b"ok")
    assert line.sent == [HEAD + b"ok"]


def test_the_head_of_a_stream_leaves_as_it_comes() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(STREAM)
    assert line.sent == [STREAM]


def test_a_body_that_looks_like_a_head_is_none() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(HEAD)
    wire.write(HEAD)
    assert line.sent == [HEAD + HEAD]


def test_a_head_alone_leaves_when_the_answer_is_complete() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(HEAD)
    assert line.sent == []
    wire.flush()
    wire.flush()
    assert line.sent == [HEAD]


def test_what_is_held_leaves_before_the_connection_ends() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(HEAD)
    wire.close()
    assert line.sent == [HEAD, b"closed"]


def test_who_hung_up_is_told_nothing() -> None:
    line = Line()
    wire = Wire(line)
    wire.write(HEAD)
    line.abort()
    wire.close()
    assert line.sent == [b"aborted", b"closed"]

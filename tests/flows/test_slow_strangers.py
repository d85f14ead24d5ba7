"""Do those who send a byte a second hold nothing of us that others need, and do they come to an end?"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from app.cli.demo.parties import FrontEnd, register_clients
from app.core.entropy import SystemEntropy
from app.embedded import EmbeddedPostgres
from app.routers.connection import Connection
from tests.flows.raw import Answered, Process, answers, serving

pytestmark = pytest.mark.timeout(240)
STRANGERS = 300
EACH_MOST_OCTETS = 512 * 1024
"""A head of 64 KB or a body of 64 KB, what was read of the socket at once (256 KB), and the copies of both."""
SECONDS = 3 * Connection.longest_body_seconds
"""Longer than any of them is listened to; who still is then fails the test."""
FULL = 60_000
SLOW = {
    "a head": b"GET /livez HTTP/1.1\r\nhost: a\r\nx: " + b"a" * FULL,
    "JSON": b"POST /v1/logins HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 65000\r\n\r\n" + b" " * FULL,
    "JSON in chunks": b"POST /v1/logins HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
     b"ff00\r\n" + b" " * FULL,
    "a form": b"POST /oauth2/token HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 65000\r\n\r\n"
    + b"a" * FULL,
    "nobody's picture": b"PUT /v1/proofings/prf_none/face HTTP/1.1\r\nhost: a\r\ncontent-length: 15000000\r\n\r\n" + b"a" * FULL,
    "a body nobody reads": b"GET /livez HTTP/1.1\r\nhost: a\r\ncontent-length: 15000000\r\n\r\n" + b"a" * FULL,
}  # fmt: skip

ENDS = {"a head": (), "nobody's picture": (401,), "a body nobody reads": (200,)}
"""How they end who are not told that they are too slow: nothing was asked yet, or it is answered already."""


@pytest.fixture(scope="module")
def process(postgres: EmbeddedPostgres, migrated: str) -> Iterator[Process]:
    folder = Path(tempfile.mkdtemp(prefix="hufu-slow-", dir="/tmp"))
    folder.chmod(0o711)
    with serving(postgres, migrated, "slow", folder) as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


def resident(process: Process) -> int:
    """Octets of the process that listens at the port (proc(5), VmRSS)."""
    for each in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if f"HUFU_PORT={process.port}\0".encode() in each.read_bytes():
                return 1024 * int(re.findall(r"VmRSS:\s+(\d+)", (each.parent / "status").read_text())[0])
    raise AssertionError("it does not run")


async def dribble(process: Process, begun: bytes) -> list[Answered]:
    """Begin, then a byte a second, until the other side hangs up; what it said.

    A byte that crosses the hanging up is answered by a reset, and `read()` to the end would forget with it what had
    been said long before.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", process.port)
    said = bytearray()

    async def listened() -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65_536):
                said.extend(piece)

    reading = asyncio.ensure_future(listened())
    with suppress(ConnectionError):
        writer.write(begun)
        while not (await asyncio.wait({reading}, timeout=1))[0]:
            writer.write(b" ")
            await writer.drain()
    writer.close()
    await reading
    return list(answers(bytes(said)))


@pytest.fixture(scope="module")
def front_end(process: Process) -> Iterator[FrontEnd]:
    """The bank's own application, registered as the demonstration's is."""
    _, made, _ = register_clients(process.settings)
    with httpx.Client(base_url=f"http://127.0.0.1:{process.port}", trust_env=False, timeout=60) as http:
        yield FrontEnd(http, made, SystemEntropy())


def logged_in_wrongly(front_end: FrontEnd) -> int:
    """A whole try at a password, hash and all."""
    return front_end.prove(front_end.begin("+8613900000000"), "password", "not the password").status_code


async def test_whoever_sends_a_byte_a_second_is_hung_up_on_and_others_are_served(
    process: Process, front_end: FrontEnd
) -> None:
    assert logged_in_wrongly(front_end) == 401
    before = resident(process)
    kinds = list(SLOW) * (STRANGERS // len(SLOW))
    async with asyncio.timeout(SECONDS):
        dribbling = [asyncio.ensure_future(dribble(process, SLOW[kind])) for kind in kinds]
        await asyncio.sleep(5)
        assert not any(each.done() for each in dribbling)
        assert await asyncio.to_thread(logged_in_wrongly, front_end) == 401
        grown = resident(process) - before
        said = await asyncio.gather(*dribbling)
    assert grown < len(kinds) * EACH_MOST_OCTETS
    found = {(kind, *(each.status for each in answered)) for kind, answered in zip(kinds, said, strict=True)}
    assert found == {(kind, *ENDS.get(kind, (408,))) for kind in SLOW}
    assert logged_in_wrongly(front_end) == 401

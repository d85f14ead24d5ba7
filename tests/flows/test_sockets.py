"""What does a process do with those who want a socket, over a real one: who may have it, and how does it end?"""

import asyncio
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.cli.demo.parties import Applicant, Kiosk, register_clients
from app.cli.demo.refusals import NOT_SHOWN
from app.embedded import EmbeddedPostgres
from app.routers.envelope import SOCKETS
from app.routers.liveness import HEAD
from app.specimens.heads import ASTRONAUT
from app.specimens.impostures import Photo
from app.specimens.performing import GREY, Person
from tests.flows.raw import Process, serving

pytestmark = pytest.mark.timeout(240)
PLACES = 3
"""Of a process with one that looks at faces."""
KEY = (b"upgrade: websocket", b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", b"sec-websocket-version: 13")
WISH = (b"connection: upgrade", *KEY)
NOWHERE = b"/v1/proofings/prf_none/liveness/liv_none/frames"


@pytest.fixture(scope="module")
def process(postgres: EmbeddedPostgres, migrated: str) -> Iterator[Process]:
    folder = Path(tempfile.mkdtemp(prefix="hufu-sockets-", dir="/tmp"))
    folder.chmod(0o711)
    with serving(postgres, migrated, "sockets", folder) as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def kiosk(process: Process) -> Iterator[Kiosk]:
    made, _, _ = register_clients(process.settings)
    with httpx.Client(base_url=f"http://127.0.0.1:{process.port}", trust_env=False, timeout=60) as http:
        found = Kiosk(http, made)
        found.sign_in()
        yield found


def somebody(kiosk: Kiosk) -> tuple[Applicant, str]:
    """Who has answered both notices, and where the socket of their challenge is."""
    applicant = kiosk.open()
    applicant.answer_notices("identity_verification", "face_comparison")
    return applicant, opened(applicant)


def opened(applicant: Applicant) -> str:
    frames = str(applicant.call("POST", "/liveness").json()["frames"])
    return str(applicant.http.base_url.copy_with(scheme="ws").join(frames))


def performing(who: tuple[Applicant, str], **more: object) -> connect:
    headers = {"authorization": f"Bearer {who[0].token}", "accept-language": "en"}
    return connect(who[1], additional_headers=headers, proxy=None, **more)  # type: ignore[arg-type]


async def last(socket: ClientConnection) -> tuple[dict[str, Any], int | None]:
    """The last word, and the code it was closed with."""
    said = {}
    with suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            async for message in socket:
                said = json.loads(message)
    return said, socket.close_code


@pytest.fixture
async def stage(kiosk: Kiosk) -> AsyncIterator[ClientConnection]:
    """The socket of a challenge that has begun."""
    async with performing(await asyncio.to_thread(somebody, kiosk)) as socket:
        yield socket


def asked(method: bytes, path: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"host: a", *headers, b"", body])


@pytest.mark.parametrize("path", [b"/livez", b"/v1/notices"])
def test_elsewhere_the_wish_for_a_socket_is_passed_over(process: Process, path: bytes) -> None:
    answered = process.tell(asked(b"GET", path, b"connection: close, upgrade", *KEY))
    assert [each.status for each in answered] == [200]


def test_a_request_of_http_1_0_becomes_no_socket(process: Process) -> None:
    (answered,) = process.tell(asked(b"GET", NOWHERE, *WISH).replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert (answered.status, answered.is_problem()) in {(404, True), (405, True)}


@pytest.mark.parametrize("path", [b"/v1/nowhere/frames", b"/frames", b"/oauth2/frames", b"/problems/frames"])
def test_where_nothing_is_there_is_no_socket_either(process: Process, path: bytes) -> None:
    answered = process.tell(asked(b"GET", path, *WISH))
    assert [each.status for each in answered] in ([403], [404])


ODD = {
    "a body": asked(b"GET", NOWHERE, *WISH, b"content-length: 2", body=b"{}"),
    "chunks": asked(b"GET", NOWHERE, *WISH, b"transfer-encoding: chunked", body=b"0\r\n\r\n"),
    "another method": asked(b"POST", NOWHERE, *WISH),
    "a long header": asked(b"GET", NOWHERE, *WISH, b"x: " + b"a" * 9_000),
    "a long address": asked(b"GET", b"/" + b"a" * 9_000 + NOWHERE, *WISH),
    "no key": asked(b"GET", NOWHERE, *WISH[:2]),
}


@pytest.mark.parametrize("octets", ODD.values(), ids=ODD)
def test_what_cannot_become_a_socket_is_answered_and_hung_up_on(process: Process, octets: bytes) -> None:
    answered = process.tell(octets)
    assert [each.status for each in answered] == [400]


def test_nobody_unknown_gets_a_socket(process: Process) -> None:
    (answered,) = process.tell(asked(b"GET", NOWHERE, *WISH))
    assert (answered.status, answered.is_problem()) == (401, True)
    assert b"www-authenticate: bearer" in answered.head.lower()


async def test_nothing_is_packed_on_a_socket(kiosk: Kiosk) -> None:
    async with performing(await asyncio.to_thread(somebody, kiosk), compression="deflate") as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers


async def test_a_message_beyond_the_limit_ends_it(stage: ClientConnection) -> None:
    await stage.send(bytes(SOCKETS["ws_max_size"] + 1))
    assert (await last(stage))[1] == 1009


async def test_a_message_in_endless_empty_pieces_ends_it(stage: ClientConnection) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100_000):
            yield b""

    with suppress(ConnectionClosed):
        await stage.send(pieces())
    assert (await last(stage))[1] in {1009, 1006}  # what is still on its way is answered by a reset


async def test_who_stalls_is_let_go_and_holds_no_place(kiosk: Kiosk) -> None:
    for _ in range(PLACES + 1):
        async with performing(await asyncio.to_thread(somebody, kiosk)) as socket:
            said, code = await last(socket)
        assert (said["say"], code) == ("refused", 4001)


def test_a_photograph_filmed_as_the_demonstration_films_is_refused(kiosk: Kiosk) -> None:
    applicant, _ = somebody(kiosk)
    film = applicant.perform(Photo(ASTRONAUT, 2202))
    assert film.last["say"] == "refused"
    assert film.last["problem"]["code"] in NOT_SHOWN
    assert film.frames > 10
    assert applicant.call("GET").json()["evidence"] == []


async def test_two_perform_at_once(kiosk: Kiosk) -> None:
    people = [await asyncio.to_thread(somebody, kiosk) for _ in range(2)]
    async with performing(people[0]) as one, performing(people[1]) as other:
        said = [json.loads(await socket.recv())["say"] for socket in (one, other)]
    assert said == ["colour", "colour"]


async def test_of_forty_at_once_as_many_are_served_as_there_are_places(kiosk: Kiosk) -> None:
    people = [await asyncio.to_thread(somebody, kiosk) for _ in range(40)]
    refused = []
    async with AsyncExitStack() as stack:

        async def wanted(who: tuple[Applicant, str]) -> None:
            try:
                await stack.enter_async_context(performing(who))
            except InvalidStatus as no:
                refused.append((no.response.status_code, "retry-after" in no.response.headers))

        await asyncio.gather(*map(wanted, people))
    assert refused == [(503, True)] * (40 - PLACES)


async def test_what_is_no_frame_ends_the_try_in_words(stage: ClientConnection) -> None:
    await stage.send(HEAD.pack(0, 0) + b"\x89PNG\r\n\x1a\n")
    said, code = await last(stage)
    assert (said["say"], code) == ("refused", 4001)


def looker(process: Process) -> int:
    """The process that looks at the frames of that server."""
    ends = {int(each.parent.name) for each in Path("/proc").glob("[0-9]*/environ") if of(each, process)}
    asked = [f"vision.process\0looker\0{server}\0".encode() for server in ends]
    (found,) = (each for each in Path("/proc").glob("[0-9]*/cmdline") if any(words in told(each) for words in asked))
    return int(found.parent.name)


def of(environ: Path, process: Process) -> bool:
    return f"HUFU_PORT={process.port}\0".encode() in told(environ)


def told(file: Path) -> bytes:
    """What proc(5) says there, if it is still there, and ours."""
    with suppress(OSError):
        return file.read_bytes()
    return b""


async def test_a_vision_process_that_dies_in_the_middle_costs_no_try_and_is_replaced(
    kiosk: Kiosk, process: Process
) -> None:
    who, person = await asyncio.to_thread(somebody, kiosk), Person(0, 2201)
    os.kill(looker(process), signal.SIGSTOP)
    async with performing(who) as socket:
        await socket.send(HEAD.pack(0, 0) + person.frame(0, step=None, light=GREY))
        await asyncio.sleep(2)  # on its way, or soon: killed before, it is replaced and the frame answered
        os.kill(looker(process), signal.SIGKILL)
        said, code = await last(socket)
    assert (said["problem"]["code"], code) == ("unavailable", 4001)
    for _ in range(2):
        async with performing((who[0], await asyncio.to_thread(opened, who[0]))) as socket:
            await socket.send("stop")
            await last(socket)
    assert (await asyncio.to_thread(who[0].call, "POST", "/liveness")).status_code == 201


async def test_hanging_up_leaves_no_trace_of_a_fault_and_no_name_in_the_log(kiosk: Kiosk, process: Process) -> None:
    who = await asyncio.to_thread(somebody, kiosk)
    async with performing(who) as socket:
        socket.transport.abort()
    await asyncio.sleep(1)
    written = process.log.read_text()
    assert "Traceback" not in written
    assert who[0].token not in written
    assert who[0].proofing_id not in written

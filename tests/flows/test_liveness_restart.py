"""What becomes of a try when our own process is stopped under it, and of one whose page only says so? Over a real socket."""

import asyncio

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import CloseCode

from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import FrameView
from tests.flows.conftest import Applicant, Bank, bearer
from tests.flows.filming import challenge, consenting, frame, still, verdicts
from tests.flows.serving import serving
from tests.verification.liveness.acting import read

COUNTED = "SELECT counted_on, counter, refusals FROM face_counts"


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    return await consenting(bank)


def performing(applicant: Applicant, port: int, path: str) -> connect:
    return connect(f"ws://127.0.0.1:{port}{path}", additional_headers=bearer(applicant.token), proxy=None)


async def admitted(applicant: Applicant, port: int, path: str) -> ClientConnection:
    """As soon as there is room: that of the try before is given back a moment after it was judged."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await performing(applicant, port, path)
            except InvalidStatus as turned_away:
                if turned_away.response.status_code != 503:
                    raise
                await asyncio.sleep(0.02)


async def stopped(applicant: Applicant) -> int | None:
    """What a performance is closed with whose process is stopped in the middle."""
    path = await challenge(applicant)
    async with serving(applicant.bank) as port:
        line = await performing(applicant, port, path)
        await line.recv()
    with pytest.raises(ConnectionClosed):
        await line.recv()
    return line.close_code


async def test_a_try_that_our_own_stop_broke_off_is_given_back_and_counted_nowhere(applicant: Applicant) -> None:
    for _ in range(3):
        assert await stopped(applicant) == CloseCode.SERVICE_RESTART
    assert verdicts(applicant.bank) == ["unavailable"] * 3
    assert applicant.bank.sql(COUNTED) == []
    await challenge(applicant)


async def test_who_closes_as_a_server_does_has_tried(applicant: Applicant) -> None:
    async with serving(applicant.bank) as port:
        for _ in range(3):
            line = await admitted(applicant, port, await challenge(applicant))
            await line.recv()
            await line.close(CloseCode.SERVICE_RESTART)
            async with asyncio.timeout(20):
                while verdicts(applicant.bank)[-1] is None:  # noqa: ASYNC110  a row of the database's, which tells nobody
                    await asyncio.sleep(0.02)
    assert verdicts(applicant.bank) == ["non_response"] * 3
    answer = await applicant.post("/liveness")
    assert (answer.status_code, answer.json()["code"]) == (429, "liveness_tries_over")


class Slow:
    """Eyes that are busy from when it was noticed until their house is stopping."""

    def __init__(self) -> None:
        self.noticed = asyncio.Event()
        self.stopping = asyncio.Event()

    async def ready_for_film(self) -> None:
        self.noticed.set()
        await self.stopping.wait()

    async def read_frame(self, jpeg: bytes, *, near: Box | None, wants_descriptor: bool) -> FrameView:
        await self.ready_for_film()
        return read(jpeg, near, wants_descriptor)


async def test_a_stop_while_a_frame_is_looked_at_gives_the_try_back(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, path = Slow(), await challenge(applicant)
    monkeypatch.setattr(applicant.bank.eyes, "read_frame", slow.read_frame)
    async with serving(applicant.bank, stopping=slow.stopping) as port:
        line = await performing(applicant, port, path)
        await line.send(frame(0, *still(120)))
        await slow.noticed.wait()
    assert verdicts(applicant.bank) == ["unavailable"]


async def test_a_stop_before_it_is_a_socket_gives_the_try_back(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, path = Slow(), await challenge(applicant)
    monkeypatch.setattr(applicant.bank.eyes, "ready_for_film", slow.ready_for_film)
    async with serving(applicant.bank, stopping=slow.stopping) as port:
        connecting = asyncio.ensure_future(performing(applicant, port, path).__aenter__())
        await slow.noticed.wait()
    with pytest.raises(InvalidStatus):
        await connecting
    assert verdicts(applicant.bank) == ["unavailable"]

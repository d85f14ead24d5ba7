"""What becomes of a kiosk's performance on a line that breaks, crawls or floods, and behind several processes?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from app.routers.performances import BATCH_OCTETS
from tests.flows.conftest import Applicant, Bank, bearer
from tests.flows.filming import Kiosk, challenge, consenting, filmed, kiosk, stalled, still, verdicts
from tests.flows.serving import serving
from tests.verification.liveness.acting import Actor

SEED = 2301
BOUNDARY = b"kiosk"
HERE = "127.0.0.1"


@dataclass
class Line:
    """A connection of its own, spoken to by the octet."""

    stage: Kiosk
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def begin(self, body: bytes, *, declared: int | None = None) -> None:
        """A head that promises so much, and what follows of it."""
        applicant = self.stage.applicant
        lines = [
            f"PUT /v1/proofings/{applicant.id}{self.stage.path} HTTP/1.1", "host: hufu.example",
            f"content-type: multipart/form-data; boundary={BOUNDARY.decode()}",
            f"content-length: {len(body) if declared is None else declared}",
            *(f"{name}: {value}" for name, value in bearer(applicant.token).items()), "", "",
        ]  # fmt: skip
        self.writer.write("\r\n".join(lines).encode() + body)
        await self.writer.drain()

    async def status(self) -> int:
        async with asyncio.timeout(20):
            return int((await self.reader.readline()).split()[1])


def written(number: int, *frames: tuple[int, bytes]) -> bytes:
    """A batch as it goes over the line."""
    times = ",".join(str(ms) for ms, _ in frames).encode()
    parts = {b"batch": b"%d" % number, b"times": times} | {b"%d" % at: jpeg for at, (_, jpeg) in enumerate(frames, 1)}
    head = b'--%s\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return b"".join(head % (BOUNDARY, name, octets) for name, octets in parts.items()) + b"--%s--\r\n" % BOUNDARY


@pytest.fixture
async def port(bank: Bank) -> AsyncIterator[int]:
    async with serving(bank) as made:
        yield made


@pytest.fixture
async def stage(bank: Bank) -> Kiosk:
    return await kiosk(await consenting(bank))


Open = Callable[[], Awaitable[Line]]


@pytest.fixture
async def line(stage: Kiosk, port: int) -> AsyncIterator[Open]:
    """Another connection, each time it is asked."""
    opened: list[Line] = []

    async def another() -> Line:
        opened.append(Line(stage, *await asyncio.open_connection(HERE, port)))
        return opened[-1]

    yield another
    for each in opened:
        each.writer.close()


async def test_a_whole_performance_goes_over_one_connection(bank: Bank, port: int) -> None:
    applicant = await consenting(bank)
    async with httpx.AsyncClient(base_url=f"http://{HERE}:{port}", trust_env=False) as http:
        answer = await filmed(await kiosk(replace(applicant, bank=replace(bank, http=http))), Actor(SEED))
    assert answer.json()["told"] == [{"say": "finished"}]


async def test_a_batch_cut_off_on_its_way_is_sent_again(line: Open) -> None:
    broken = await line()
    await broken.begin(written(1, still(120))[:-30], declared=400)
    broken.writer.close()
    again = await line()
    await again.begin(written(1, still(120)))
    assert await again.status() == 200


async def test_a_batch_is_sent_again_while_the_first_line_seems_to_be_there(line: Open) -> None:
    hanging, again = await line(), await line()
    await hanging.begin(written(1, still(120))[:-30], declared=400)
    await again.begin(written(1, still(120)))
    assert await again.status() == 200


async def test_no_more_bodies_are_read_of_one_performance_than_two(line: Open) -> None:
    lines, begun = [await line() for _ in range(5)], written(1, still(120))[:-30]
    for each in lines:
        await each.begin(begun, declared=len(begun) + 30)
    answered = asyncio.gather(*(each.status() for each in lines))
    await asyncio.sleep(2)
    for each in lines:
        each.writer.write(bytes(30))
    assert sorted(await answered) == [409, 409, 409, 422, 422]


async def test_who_stalls_within_a_body_is_not_waited_for(stage: Kiosk, line: Open) -> None:
    crawling = await line()
    body = written(1, still(120))
    await crawling.begin(body[:-30], declared=len(body))
    await stalled(stage.applicant.bank)
    crawling.writer.write(body[-30:])
    assert await crawling.status() == 422
    assert verdicts(stage.applicant.bank) == ["non_response"]


async def test_what_is_declared_too_large_is_refused_before_it_comes(line: Open) -> None:
    flooding = await line()
    await flooding.begin(b"", declared=BATCH_OCTETS + 1)
    assert await flooding.status() == 413


def at(twin: Bank, applicant: Applicant) -> Applicant:
    """The same person before another process."""
    return replace(applicant, bank=twin)


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_batch_at_another_process_is_told_to_go_on_where_it_began(stage: Kiosk, twin: Bank) -> None:
    elsewhere = replace(stage, applicant=at(twin, stage.applicant))
    assert told(await elsewhere.send(still(120))) == (409, "challenge_elsewhere")
    assert (await filmed(stage, Actor(SEED))).json()["told"] == [{"say": "finished"}]
    assert told(await elsewhere.send(still(120))) == (409, "challenge_over")


async def test_a_challenge_begun_at_one_process_is_begun_at_no_other(bank: Bank, twin: Bank) -> None:
    applicant = await consenting(bank)
    path = await challenge(applicant)
    kiosks = [Kiosk(applicant), Kiosk(at(twin, applicant))]
    answers = await asyncio.gather(*(each.begin(path) for each in kiosks))
    assert sorted(answer.status_code for answer in answers) == [201, 409]

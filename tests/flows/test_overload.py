"""Where there is too much of everything, do pictures wait before log-ins do? And what waits, does it hold up the rest? (A123)"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from app.building import examinations_of
from app.core.share import SHARE, Share
from app.embedded import Database
from app.gateways.messages import Letter, Messenger, NullMessages
from app.mfa.contact_address import Channel
from app.services.deliveries import Deliveries
from app.storage.work import Database as Pool
from app.worker import MESSAGES, lanes, register
from tests.flows.conftest import Applicant, Bank, open_bank
from tests.flows.test_sandbox_clock import HOUR

pytestmark = pytest.mark.rule("A123")


@pytest.fixture
async def narrow(fresh_database: Database, start_bank: Callable[..., Any]) -> AsyncIterator[Bank]:
    """A bank where two submissions may wait for their examination."""
    async with open_bank(fresh_database, await start_bank(fresh_database, examinations_waiting=2)) as opened:
        yield opened


async def ready_to_submit(bank: Bank) -> Applicant:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    return applicant


async def test_a_submission_too_many_is_told_to_come_later_and_keeps_its_pictures(narrow: Bank) -> None:
    subscriber = await narrow.enrolled()
    waiting, late = [await ready_to_submit(narrow) for _ in range(2)], await ready_to_submit(narrow)
    assert [(await each.post("/submission")).status_code for each in waiting] == [202, 202]
    shed = await late.post("/submission")
    assert (shed.status_code, shed.json()["code"], shed.headers["retry-after"]) == (503, "unavailable", "60")
    assert (await late.get()).json()["needed"] == []
    assert await subscriber.signed_in()
    await narrow.work()
    assert (await late.post("/submission")).status_code == 202


async def test_pictures_and_those_who_follow_them_have_the_lesser_share_and_log_ins_the_full(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares: list[Share] = []
    work = Pool.work

    def noted(self: Pool) -> Any:
        shares.append(SHARE.get())
        return work(self)

    applicant, login = await bank.applicant(), await bank.begin()
    monkeypatch.setattr(Pool, "work", noted)
    await applicant.complete_evidence()
    await applicant.post("/submission")
    await applicant.get()
    assert set(shares) == {Share.LESSER}
    shares.clear()
    await login.password("wrong")
    await bank.kiosk_token()
    assert set(shares) == {Share.FULL}


class Hanging(NullMessages):
    """A gateway that takes what it is given and says nothing."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.over = asyncio.Event()

    async def send(self, letter: Letter) -> None:
        """Hang until it is over."""
        self.taken.append(letter.id)
        await self.over.wait()


@asynccontextmanager
async def at_work(bank: Bank, hanging: Hanging) -> AsyncIterator[None]:
    """The worker's own lanes, with text messages that hang and mail that does not."""
    messenger = Messenger({Channel.PHONE: hanging, Channel.EMAIL: NullMessages()})
    deliveries = Deliveries(bank.ground.journal, bank.ground.vault, messenger, keeps_words=True)
    register(bank.ground, examinations_of(bank.ground, bank.eyes), deliveries)
    async with bank.ground.queue.open_async():
        working = lanes(bank.ground.queue, examiners=1)
        try:
            yield
        finally:
            for task in working:
                task.cancel()
            hanging.over.set()
            await asyncio.gather(*working, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  the test's own time limit ends it
        await asyncio.sleep(0.05)


async def asks_for_codes(bank: Bank, count: int) -> None:
    """So many applicants who have a code sent to a phone, and one by mail, who comes last."""
    applicants = [await bank.accepted() for _ in range(count + 1)]
    for each, applicant in enumerate(applicants):
        body = {"channel": "phone", "address": f"1380013{each:04}"}
        if each == count:
            body = {"channel": "email", "address": "li@example.org"}
        assert (await applicant.post("/contact", json=body)).status_code == 202


async def test_a_gateway_that_hangs_holds_up_neither_the_other_nor_anybodys_answer(bank: Bank) -> None:
    await asks_for_codes(bank, MESSAGES + 1)
    hanging = Hanging()
    async with at_work(bank, hanging):
        await until(lambda: bank.sql("SELECT state FROM messages WHERE channel = 'email'") == [("handed_over",)])
        await until(lambda: len(hanging.taken) == MESSAGES)
        assert len(set(hanging.taken)) == MESSAGES
        assert bank.sql("SELECT count(*) FROM messages WHERE state = 'queued'") == [(1,)]


async def checks(bank: Bank) -> tuple[int, bool, dict[str, bool]]:
    answer = await bank.http.get("/readyz")
    return answer.status_code, answer.json()["degraded"], answer.json()["checks"]


async def test_without_a_worker_it_is_ready_and_degraded(bank: Bank) -> None:
    heartbeat = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
    assert (await checks(bank))[:2] == (200, True)
    bank.sql(heartbeat, 31)
    assert (await checks(bank))[2]["worker"] is False
    bank.sql(heartbeat, 5)
    assert await checks(bank) == (
        200,
        False,
        dict.fromkeys(("database", "keys", "clock", "worker", "outbox", "audit_log"), True),
    )


async def test_an_outbox_that_does_not_empty_is_seen_and_the_api_stays_ready(bank: Bank) -> None:
    await asks_for_codes(bank, 0)
    assert (await checks(bank))[2]["outbox"] is True
    bank.clock.move(timedelta(seconds=HOUR))
    status, degraded, found = await checks(bank)
    assert (status, degraded, found["outbox"]) == (200, True, False)
    assert "hufu_outbox_oldest_seconds 3600.0" in (await bank.http.get("/metrics")).text
    await bank.work()
    assert (await checks(bank))[2]["outbox"] is True

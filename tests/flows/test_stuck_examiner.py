"""Whoever examines is stopped or killed at every try: is it replaced, the job tried again, and then people asked? (A123)"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.building import deliveries_of, examinations_of
from app.gateways.vision.pool import Limits, Pool
from app.gateways.vision.pooled import PooledVision
from app.worker import TRIES, TRIES_WHERE_STUCK, lanes, register
from tests.flows.conftest import PICTURE, Applicant, Bank
from tests.gateways.test_vision_pool import NONE, ODD

pytestmark = pytest.mark.rule("A123")
STUCK = Limits(processes=1, waiting=2, task_seconds=0.5, patience_seconds=30.0)
DYING = Limits(processes=1, waiting=2, task_seconds=20.0, patience_seconds=120.0)


@asynccontextmanager
async def at_work(bank: Bank, vision: PooledVision) -> AsyncIterator[None]:
    """The worker's own lanes, with these eyes; it tries again without a pause."""
    await vision.start()
    register(bank.ground, examinations_of(bank.ground, vision), deliveries_of(bank.ground))
    async with bank.ground.queue.open_async():
        working = lanes(bank.ground.queue, examiners=1)
        try:
            yield
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await vision.stop()


async def submitted(bank: Bank, bidding: bytes) -> Applicant:
    """An applicant whose pictures bid whoever examines them do that."""
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    for path in ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", "/face"):
        assert (await applicant.put(path, content=PICTURE + bidding)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    return applicant


@pytest.mark.parametrize(
    ("bidding", "limits", "died", "timed_out"),
    [(b" stop", STUCK, 0, TRIES_WHERE_STUCK + 1), (b" die", DYING, TRIES + 1, 0)],
)
async def test_an_examiner_that_is_lost_at_every_try_is_replaced_and_people_are_asked(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, bidding: bytes, limits: Limits, died: int, timed_out: int
) -> None:
    monkeypatch.setattr("app.worker.RETRY_WAIT_SECONDS", 0)
    applicant, pool = await submitted(bank, bidding), Pool(ODD, limits)
    async with at_work(bank, PooledVision(intake=NONE, examiner=pool)):
        while (await applicant.get()).json()["state"] == "examining":  # noqa: ASYNC110  workers are only seen by looking
            await asyncio.sleep(0.05)
        found = pool.stats()
    assert (found.died, found.timed_out, found.replaced >= died + timed_out - 1) == (died, timed_out, True)
    assert (await applicant.get()).json()["whose_move"] == "staff"
    (decided,) = bank.events("proofing.decide")
    assert (decided["detail"]["outcome"], decided["detail"]["reasons"]) == ("refer", "not_measured")
    assert [row[0] for row in bank.sql("SELECT cause FROM reviews")] == ["referral"]

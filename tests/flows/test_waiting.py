"""Does whoever waits for our move learn of it as soon as it is made, wherever it is made?"""

import asyncio

import httpx
import psycopg
import pytest

from app.building import examinations_of
from tests.flows.conftest import Applicant, Bank

LONG = {"wait": "30"}
SOON = 15.0
"""Seconds: less than the wait, so that only a notice can have ended it."""
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND starts_with(query, 'LISTEN')"


async def submitted(bank: Bank) -> Applicant:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await applicant.post("/submission")
    return applicant


def listeners(bank: Bank, statement: str) -> list[tuple[int]]:
    """What the statement says of the connections that listen; only their own role may see or end them."""
    with psycopg.connect(bank.ground.settings.application_url(), autocommit=True) as connection:
        return connection.execute(f"{statement} FROM ({LISTENERS}) AS listening".encode()).fetchall()


async def begun(bank: Bank, applicant: Applicant) -> "asyncio.Task[httpx.Response]":
    """A long wait under way, with the notices' connection listening."""
    waiting = asyncio.create_task(applicant.get(params=LONG))
    while not listeners(bank, "SELECT pid"):  # noqa: ASYNC110  another process's doing is only seen by looking
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    return waiting


async def test_a_decision_made_in_another_process_ends_the_wait(bank: Bank, twin: Bank) -> None:
    applicant = await submitted(bank)
    waiting = await begun(bank, applicant)
    await examinations_of(twin.ground, twin.eyes).examine(applicant.id, last_try=True)
    async with asyncio.timeout(SOON):
        assert (await waiting).json()["state"] == "accepted"


async def test_a_notice_of_anything_else_does_not_end_the_wait(bank: Bank, twin: Bank) -> None:
    applicant = await submitted(bank)
    waiting = await begun(bank, applicant)
    for _ in range(5):
        bank.sql("SELECT pg_notify('hufu_proofing', %s)", applicant.id)
        await asyncio.sleep(0.05)
    await examinations_of(twin.ground, twin.eyes).examine(applicant.id, last_try=True)
    async with asyncio.timeout(SOON):
        assert (await waiting).json()["state"] == "accepted"


async def test_a_wait_outlives_the_connection_that_listens(bank: Bank, twin: Bank) -> None:
    applicant = await submitted(bank)
    waiting = await begun(bank, applicant)
    assert len(listeners(bank, "SELECT pg_terminate_backend(pid)")) == 2
    await examinations_of(twin.ground, twin.eyes).examine(applicant.id, last_try=True)
    async with asyncio.timeout(SOON):
        assert (await waiting).json()["state"] == "accepted"


async def test_at_its_limit_a_wait_ends_with_nothing_changed(bank: Bank) -> None:
    applicant = await submitted(bank)
    answer = await applicant.get(params={"wait": "1"})
    assert (answer.status_code, answer.json()["state"]) == (200, "examining")


async def test_nobody_waits_for_a_move_that_is_not_ours(bank: Bank) -> None:
    applicant = await bank.applicant()
    async with asyncio.timeout(SOON):
        assert (await applicant.get(params=LONG)).json()["whose_move"] == "applicant"


@pytest.mark.parametrize("wait", ["31", "-1", "soon", "1e1", ""])
async def test_a_wait_is_a_number_of_seconds_up_to_thirty(bank: Bank, wait: str) -> None:
    applicant = await bank.applicant()
    assert (await applicant.get(params={"wait": wait})).status_code == 422


async def test_whoever_waits_holds_no_connection(bank: Bank) -> None:
    applicant = await submitted(bank)
    count = bank.ground.settings.database_connections + 5
    waiting = [asyncio.create_task(applicant.get(params={"wait": "2"})) for _ in range(count)]
    async with asyncio.timeout(SOON):
        assert (await applicant.get()).json()["state"] == "examining"
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}

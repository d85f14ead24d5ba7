"""Does time pass in the sandbox for every process alike, and in no other environment?"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.assertion.token import InvalidToken
from app.building import ground
from app.core.clock import SandboxClock, SetClock
from app.core.environment import Environment
from app.embedded import Database
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.signing import Verifier
from app.main import create_app
from app.services.purges import Purges
from app.services.sandbox_time import MOST_AHEAD
from tests.flows.conftest import START, Bank, bearer, claims_of, inner_of, open_bank

ISSUER = "https://sandbox.hufu.example"
HOUR = 3600


@pytest.fixture
async def sandbox(fresh_database: Database, start_bank: Callable[..., Any]) -> AsyncIterator[Bank]:
    settings = await start_bank(fresh_database, environment=Environment.SANDBOX, issuer=ISSUER)
    async with open_bank(fresh_database, settings) as opened:
        yield opened


@pytest.fixture
async def beside(sandbox: Bank) -> AsyncIterator[Bank]:
    """Another instance of the sandbox's API."""
    application = create_app(sandbox.ground.settings, clock=sandbox.clock, vision=sandbox.eyes)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(LifespanManager(application, startup_timeout=30))
        transport = httpx.ASGITransport(application)
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=ISSUER))
        yield replace(sandbox, http=http, ground=inner_of(application).state.ground)


async def advance(bank: Bank, seconds: int) -> httpx.Response:
    return await bank.http.post("/sandbox/clock", json={"advance_seconds": seconds})


async def test_time_passes_at_once(sandbox: Bank) -> None:
    shown = (await advance(sandbox, HOUR)).json()
    assert shown == {"now": (START + timedelta(hours=1)).isoformat().replace("+00:00", "Z"), "ahead_seconds": HOUR}
    assert (await sandbox.http.get("/sandbox/clock")).json() == shown


async def test_a_token_runs_out_by_it_at_every_instance(sandbox: Bank, beside: Bank) -> None:
    token = bearer(await sandbox.kiosk_token())
    assert (await beside.http.post("/v1/proofings", json={}, headers=token)).status_code == 201
    await advance(sandbox, 24 * HOUR)
    refused = await beside.http.post("/v1/proofings", json={}, headers=token)
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")


async def test_an_instance_goes_by_it_before_it_looks_at_anything_else(sandbox: Bank, beside: Bank) -> None:
    await advance(sandbox, HOUR)
    await beside.http.get("/oauth2/jwks")
    assert beside.ground.clock.now() == sandbox.ground.clock.now() == START + timedelta(hours=1)


async def test_the_worker_goes_by_it(sandbox: Bank) -> None:
    applicant = await sandbox.applicant()
    worker = await ground(sandbox.ground.settings, clock=sandbox.clock)
    try:
        assert await Purges(worker.journal).abandoned() == 0
        await advance(sandbox, 72 * HOUR)
        assert await Purges(worker.journal).abandoned() == 1
    finally:
        await worker.database.close()
    assert (await applicant.get()).json()["state"] == "expired"


async def test_a_sandbox_that_starts_again_has_not_gone_back(sandbox: Bank) -> None:
    await advance(sandbox, HOUR)
    again = await ground(sandbox.ground.settings, clock=sandbox.clock)
    await again.database.close()
    assert again.clock.now() == START + timedelta(hours=1)


async def test_two_who_move_it_both_do(sandbox: Bank, beside: Bank) -> None:
    await advance(sandbox, HOUR)
    assert (await advance(beside, HOUR)).json()["ahead_seconds"] == 2 * HOUR


async def test_it_goes_so_far_and_no_further(sandbox: Bank) -> None:
    most = int(MOST_AHEAD.total_seconds())
    assert (await advance(sandbox, most)).status_code == 200
    refused = await advance(sandbox, 1)
    assert (refused.status_code, refused.json()["code"]) == (422, "clock_too_far")
    assert [event["outcome"] for event in sandbox.events("sandbox.clock")] == ["allowed", "refused"]


@pytest.mark.parametrize("seconds", [0, -1, 10**12, "soon"])
async def test_it_does_not_go_back(sandbox: Bank, seconds: Any) -> None:
    refused = await advance(sandbox, seconds)
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")


async def test_elsewhere_there_is_no_such_clock(bank: Bank) -> None:
    assert (await advance(bank, HOUR)).status_code == 404
    assert (await bank.http.get("/sandbox/clock")).status_code == 404


def test_an_answer_that_was_overtaken_does_not_turn_it_back() -> None:
    clock = SandboxClock(SetClock(START))
    clock.follow(timedelta(hours=2))
    clock.follow(timedelta(hours=1))
    assert clock.now() == START + timedelta(hours=2)


async def test_a_sandboxs_tokens_name_it_and_its_keys_open_nothing_in_production(sandbox: Bank) -> None:
    token, known = await sandbox.kiosk_token(), sandbox.ground.keys.ring
    assert claims_of(token)["iss"] == ISSUER
    with pytest.raises(InvalidToken):
        Verifier(known, issuer="https://id.bank.example").verify_as_issuer(token, now=START)
    production = sandbox.ground.settings.model_copy(update={"environment": Environment.PRODUCTION})
    with pytest.raises(MasterKeyUnfit, match="was made in sandbox, this is production"):
        await ground(production, clock=sandbox.clock)

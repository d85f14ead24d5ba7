"""When somebody sets a machine's clock two hours ahead or back, is nobody let in by it? (A123)"""

from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import SETTLING
from app.embedded import Database, EmbeddedPostgres
from tests.flows.conftest import PASSWORD, Bank, bearer

pytestmark = pytest.mark.rule("A123")
HOURS, MINUTE = timedelta(hours=2), timedelta(minutes=1)
STEPS = pytest.mark.parametrize("step", [HOURS, -HOURS], ids=["ahead", "back"])


async def clock_is_well(bank: Bank) -> tuple[int, bool]:
    answer = await bank.http.get("/readyz")
    return answer.status_code, answer.json()["checks"]["clock"]


async def half_way(bank: Bank) -> Any:
    """A log-in whose password is proven."""
    login = await bank.begin()
    assert (await login.password(PASSWORD)).status_code == 200
    return login


async def test_readiness_tells_of_a_step_ahead_until_it_is_followed(bank: Bank) -> None:
    assert await clock_is_well(bank) == (200, True)
    bank.clock.step(HOURS)
    assert await clock_is_well(bank) == (503, False)
    bank.clock.move(SETTLING)
    assert await clock_is_well(bank) == (200, True)
    assert "hufu_clock_steps_total 1.0" in (await bank.http.get("/metrics")).text


async def test_readiness_tells_of_a_step_back_as_long_as_it_stands(bank: Bank) -> None:
    bank.clock.step(-HOURS)
    bank.clock.move(10 * SETTLING)
    assert await clock_is_well(bank) == (503, False)
    bank.clock.step(HOURS)
    assert await clock_is_well(bank) == (200, True)


async def test_what_ran_out_before_a_step_back_stays_so(bank: Bank) -> None:
    await bank.enrolled()
    token, login = await bank.kiosk_token(), await half_way(bank)
    bank.clock.move(20 * MINUTE)
    bank.clock.step(-HOURS)
    refused = await bank.http.post("/v1/proofings", json={}, headers=bearer(token))
    closed = await login.password(PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_token")
    assert (closed.status_code, closed.json()["code"]) == (409, "login_closed")


@STEPS
async def test_a_code_is_taken_once_whatever_the_clock_does(bank: Bank, step: timedelta) -> None:
    subscriber = await bank.enrolled()
    code = subscriber.code()
    assert (await (await half_way(bank)).totp(code)).status_code == 200
    bank.clock.step(step)
    assert (await (await half_way(bank)).totp(code)).status_code == 401


@STEPS
async def test_a_block_is_neither_ended_nor_drawn_out_by_a_step(bank: Bank, step: timedelta) -> None:
    subscriber = await bank.enrolled()
    for _ in range(5):
        await (await bank.begin()).password("wrong")
    bank.clock.step(step)
    login = await bank.begin()
    assert (await login.password(PASSWORD)).status_code == 429
    bank.clock.step(-step)
    bank.clock.move(31 * MINUTE)
    assert await subscriber.signed_in()


async def test_a_lost_refresh_answer_is_not_given_for_longer_after_a_step_back(bank: Bank) -> None:
    tokens = await (await bank.enrolled()).signed_in()
    assert (await bank.refresh(tokens["refresh_token"])).status_code == 200
    bank.clock.move(timedelta(seconds=11))
    bank.clock.step(-HOURS)
    assert (await bank.refresh(tokens["refresh_token"])).status_code == 400


async def test_a_lasting_step_ahead_ends_things_early_and_nothing_comes_back(bank: Bank) -> None:
    token, subscriber = await bank.kiosk_token(), await bank.enrolled()
    tokens, statuses = await subscriber.signed_in(), []
    for step, passes in ((HOURS, timedelta()), (timedelta(), SETTLING), (-HOURS, SETTLING)):
        bank.clock.step(step)
        bank.clock.move(passes)
        answer = await bank.http.post("/v1/proofings", json={}, headers=bearer(token))
        statuses.append((answer.status_code, (await bank.introspect(tokens["access_token"]))["active"]))
    assert statuses == [(201, True), (401, False), (401, False)]


LATE = "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() - interval '2 hours' $$"


def two_hours_late(postgres: EmbeddedPostgres, database: Database) -> None:
    """A database whose clock is behind, as far as it can tell us: our role finds a function of that name first."""
    with postgres._connect(database.name) as owner:
        owner.execute(LATE)
        owner.execute(f"ALTER ROLE hufu_app IN DATABASE {database.name} SET search_path = public, pg_catalog")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hufu_app'")


async def test_while_machine_and_database_disagree_nobody_is_let_in(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    token = await bank.kiosk_token()
    two_hours_late(postgres, fresh_database)
    while await clock_is_well(bank) != (503, False):
        pass
    refused = await bank.http.post("/v1/proofings", json={}, headers=bearer(token))
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "unavailable", "10")
    with postgres._connect(fresh_database.name) as owner:
        owner.execute("DROP FUNCTION public.clock_timestamp")
    assert await clock_is_well(bank) == (200, True)
    assert (await bank.http.post("/v1/proofings", json={}, headers=bearer(token))).status_code == 201

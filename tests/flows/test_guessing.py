"""Can guessing outrun its limit, from many sides at once, over a restart, or by waiting? (A20-A25)"""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.main import create_app
from app.mfa.guessing import CN_BANK, Key
from app.mfa.guessing import Counter as Counted
from app.services.vault import Use
from tests.flows.conftest import ISSUER, PASSWORD, Bank, LogIn

LOCK, NETWORK = CN_BANK.person, CN_BANK.network


WRONG = "wrong"


async def guess(bank: Bank, password: str = WRONG) -> int:
    return (await (await bank.begin()).password(password)).status_code


async def strike(bank: Bank, times: int) -> None:
    for _ in range(times):
        assert await guess(bank) == 401


@pytest.mark.rule("A21")
async def test_the_fifth_failure_blocks_and_the_fourth_does_not(bank: Bank) -> None:
    await bank.enrolled()
    await strike(bank, LOCK.strikes - 1)
    assert await guess(bank, PASSWORD) == 200
    await strike(bank, 1)
    assert await guess(bank, PASSWORD) == 429


@pytest.mark.rule("A21", "A22")
@pytest.mark.parametrize(("left", "status"), [(timedelta(microseconds=1), 429), (timedelta(), 200)])
async def test_a_block_ends_by_itself(bank: Bank, left: timedelta, status: int) -> None:
    await bank.enrolled()
    await strike(bank, LOCK.strikes)
    bank.clock.move(LOCK.block - left)
    assert await guess(bank, PASSWORD) == status


@pytest.mark.rule("A21")
async def test_the_next_block_is_longer(bank: Bank) -> None:
    waits = []
    for _ in range(2):
        await strike(bank, LOCK.strikes)
        answer = await (await bank.begin()).password("wrong")
        waits.append(int(answer.headers["retry-after"]))
        bank.clock.move(timedelta(seconds=waits[-1]))
    assert waits == [1800, 3600]


@pytest.mark.rule("A25")
async def test_a_completed_log_in_clears_the_count(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    await strike(bank, LOCK.strikes - 1)
    await subscriber.signed_in()
    await strike(bank, LOCK.strikes - 1)
    assert await guess(bank, PASSWORD) == 200


@pytest.mark.rule("A25", "A27")
async def test_a_right_password_alone_clears_nothing(bank: Bank) -> None:
    await bank.enrolled()
    await strike(bank, LOCK.strikes - 1)
    assert await guess(bank, PASSWORD) == 200
    await strike(bank, 1)
    assert await guess(bank) == 429


@pytest.mark.rule("A20")
async def test_whoever_knows_the_password_guesses_five_codes_and_no_more(bank: Bank) -> None:
    await bank.enrolled()
    statuses = []
    for _ in range(LOCK.strikes + 1):
        login = await bank.begin()
        await login.password(PASSWORD)
        statuses.append((await login.totp("000000")).status_code)
    # The sixth log-in meets the block at its password already, so its code is out of order and out of tries alike.
    assert statuses == [401] * LOCK.strikes + [429]


@pytest.mark.rule("A24")
async def test_beginning_again_counts_no_failure_and_forgets_none(bank: Bank) -> None:
    await bank.enrolled()
    await strike(bank, LOCK.strikes - 1)
    for _ in range(20):
        await bank.begin()
    assert await guess(bank) == 401
    assert await guess(bank) == 429


@pytest.mark.rule("A20", "A124")
async def test_twenty_guesses_at_once_through_two_processes_cannot_pass_the_limit(bank: Bank, twin: Bank) -> None:
    await bank.enrolled()
    logins = [await bank.begin() for _ in range(20)]
    racing = [LogIn((bank, twin)[n % 2], login.id, login.verifier) for n, login in enumerate(logins)]
    answers = await asyncio.gather(*(login.password(f"wrong-{n}") for n, login in enumerate(racing)))
    assert Counter(answer.status_code for answer in answers) == {401: LOCK.strikes, 429: 20 - LOCK.strikes}


@pytest.mark.rule("A20", "A124")
async def test_a_right_password_among_wrong_ones_at_once_wins_nothing_after_the_block(bank: Bank) -> None:
    await bank.enrolled()
    logins = [await bank.begin() for _ in range(12)]
    wrong = [login.password("wrong") for login in logins[:-1]]
    *_, right = await asyncio.gather(*wrong, logins[-1].password(PASSWORD))
    judged = bank.sql(
        "SELECT count(*) FROM audit_events WHERE action = 'login.prove_password' AND reason = 'wrong_proof'"
    )
    assert judged == [(LOCK.strikes,)]
    assert right.status_code in {200, 429}


async def test_counters_outlive_the_process(bank: Bank) -> None:
    await bank.enrolled()
    await strike(bank, LOCK.strikes)
    again = create_app(bank.ground.settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(again, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(again), base_url=ISSUER) as http,
    ):
        answer = await LogIn(Elsewhere(http), (await bank.begin()).id, "").password(PASSWORD)  # type: ignore[arg-type]
    assert answer.status_code == 429


class Elsewhere:
    """As much of a bank as a log-in needs."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http


@pytest.mark.rule("A20")
async def test_one_network_is_slowed_across_all_identifiers_and_other_networks_are_not(bank: Bank) -> None:
    bank.sql(
        "INSERT INTO guesses (key, value_index, strikes, window_started, in_a_row, blocks) "
        "VALUES ('network', %s, %s, %s, 0, 0)",
        bank.ground.vault.index(network_use(), "127.0.0.1"), NETWORK.strikes - 1, bank.clock.now(),
    )  # fmt: skip
    assert (await (await bank.begin("13900000001")).password("wrong")).status_code == 401
    blocked = await (await bank.begin("13900000002")).password("wrong")
    assert (blocked.status_code, blocked.headers["retry-after"]) == (429, "900")
    away = httpx.ASGITransport(bank.http._transport.app, client=("203.0.113.9", 1))  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=away, base_url=ISSUER) as http:
        answer = await LogIn(Elsewhere(http), (await bank.begin("13900000003")).id, "").password("wrong")  # type: ignore[arg-type]
    assert answer.status_code == 401


def network_use() -> Any:
    from app.services.vault import Use

    return Use.NETWORK


async def test_what_was_typed_is_kept_nowhere(bank: Bank) -> None:
    await (await bank.begin("someone@elsewhere.example")).password("Wrong-Word-47")
    kept = bank.dump()
    assert b"someone@elsewhere" not in kept
    assert b"Wrong-Word-47" not in kept


async def test_tries_at_log_ins_nobody_began_run_out_like_any_other(bank: Bank) -> None:
    """Each costs a hash: uncounted, they would keep everybody else's passwords waiting."""
    keys = bank.ground.vault.index(Use.NETWORK, "127.0.0.1")
    async with bank.ground.database.work() as work:
        await work.guesses.save(Key.NETWORK, keys, counted(NETWORK.strikes - 1, bank.clock.now()))
    nobody = LogIn(bank, "lgn_" + "a" * 26, "")
    assert (await nobody.password("anything")).status_code == 401
    assert (await nobody.password("anything")).status_code == 429


def counted(strikes: int, now: datetime) -> Counted:
    return Counted(strikes=strikes, window_started=now, in_a_row=strikes)

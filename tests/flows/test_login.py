"""Is nothing told before the first proof, is each step taken once and in order, and is each code good once? (A23-A38)"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from httpx import Response

from app.mfa.guessing import CN_BANK
from tests.flows.conftest import PASSWORD, PHONE, START, Bank, LogIn

UNKNOWN = "13900139000"
LOCK = CN_BANK.person


def visible(answer: Response) -> tuple[object, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date"}}
    return answer.status_code, answer.content, tuple(sorted(headers.items()))


async def known(bank: Bank) -> str:
    await bank.enrolled()
    return PHONE


async def disabled(bank: Bank) -> str:
    await bank.enrolled()
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    return PHONE


async def without_password(bank: Bank) -> str:
    await (await bank.accepted()).bind_contact(PHONE)
    return PHONE


Somebody = Callable[[Bank], Awaitable[str]]
SOMEBODY = pytest.mark.parametrize("somebody", [known, disabled, without_password])


@pytest.mark.rule("A23", "A28")
@SOMEBODY
async def test_unknown_and_anybody_else_look_the_same_until_the_block_ends(bank: Bank, somebody: Somebody) -> None:
    names = (await somebody(bank), UNKNOWN)
    for failures in range(LOCK.strikes + 2):
        logins = [await bank.begin(name) for name in names]
        told = [visible(await login.password(f"wrong-{failures}")) for login in logins]
        assert told[0] == told[1]
        assert told[0][0] == (401 if failures < LOCK.strikes else 429)
    bank.clock.move(LOCK.block)
    told = [visible(await (await bank.begin(name)).password("wrong")) for name in names]
    assert told[0] == told[1]
    assert told[0][0] == 401


@pytest.mark.rule("A28")
@SOMEBODY
async def test_a_begun_log_in_looks_the_same_whoever_was_named(bank: Bank, somebody: Somebody) -> None:
    shapes = []
    for name in (await somebody(bank), UNKNOWN, "x@elsewhere.example", "not an address"):
        login = await bank.begin(name)
        answer = await bank.http.post(
            "/v1/logins", json={"client_id": bank.clients["app"].id, "identifier": name, "code_challenge": "A" * 43, "resources": ["https://core.bank.example"]}
        )  # fmt: skip
        shapes.append((answer.status_code, answer.json() | {"id": len(answer.json()["id"])}, len(login.id)))
    assert all(shape == shapes[0] for shape in shapes)
    assert shapes[0][1]["needed"] == ["password"]


@pytest.mark.rule("A23", "A28")
@SOMEBODY
async def test_a_code_before_the_first_proof_tells_nothing(bank: Bank, somebody: Somebody) -> None:
    logins = [await bank.begin(name) for name in (await somebody(bank), UNKNOWN)]
    told = [visible(await login.totp("000000")) for login in logins]
    assert told[0] == told[1]
    assert told[0][0] == 409


@pytest.mark.rule("A28")
async def test_a_blocked_identifier_refuses_the_right_password_too(bank: Bank) -> None:
    await bank.enrolled()
    for _ in range(LOCK.strikes):
        await (await bank.begin()).password("wrong")
    answer = await (await bank.begin()).password(PASSWORD)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1800")


@pytest.mark.rule("A124")
async def test_the_second_factor_is_told_only_after_the_first_proof(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin()
    assert (await login.password(PASSWORD)).json()["needed"] == ["totp"]


@pytest.mark.rule("A124")
async def test_no_step_can_be_skipped_or_repeated(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    login = await bank.begin()
    codes = [(await login.complete()).status_code, (await login.totp(subscriber.code())).status_code]
    await login.password(PASSWORD)
    codes += [(await login.complete()).status_code, (await login.password(PASSWORD)).status_code]
    await login.totp(subscriber.code())
    codes += [(await login.totp(subscriber.code(1))).status_code, (await login.complete()).status_code]
    codes += [(await login.complete()).status_code, (await login.password(PASSWORD)).status_code]
    assert codes == [409, 409, 409, 409, 409, 201, 409, 409]


@pytest.mark.rule("A21")
async def test_a_log_in_dies_of_five_wrong_codes(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    login = await bank.begin()
    await login.password(PASSWORD)
    answers = [await login.totp("000000") for _ in range(5)]
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(401, "wrong_proof")}
    bank.clock.move(LOCK.block - timedelta(seconds=1))
    assert (await login.totp(subscriber.code())).status_code == 429


@pytest.mark.rule("A28")
@pytest.mark.parametrize(("minutes", "status"), [(9.999, 200), (10, 409)])
async def test_a_log_in_lives_ten_minutes(bank: Bank, minutes: float, status: int) -> None:
    await bank.enrolled()
    login = await bank.begin()
    bank.clock.move(timedelta(minutes=minutes))
    assert (await login.password(PASSWORD)).status_code == status


@pytest.mark.rule("A33")
@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_code_of_one_step_either_side_is_accepted(bank: Bank, steps: int, status: int) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(timedelta(minutes=2))
    login = await bank.begin()
    await login.password(PASSWORD)
    assert (await login.totp(subscriber.code(steps))).status_code == status


@pytest.mark.rule("A33")
@pytest.mark.parametrize(("seconds", "status"), [(59.999, 200), (60, 401)])
async def test_a_code_ends_with_the_step_after_its_own(bank: Bank, seconds: float, status: int) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(START + timedelta(minutes=5) - bank.clock.now())
    code = subscriber.code()
    login = await bank.begin()
    await login.password(PASSWORD)
    bank.clock.move(timedelta(seconds=seconds))
    assert (await login.totp(code)).status_code == status


@pytest.mark.rule("A32", "A34")
async def test_a_code_is_good_once_also_in_another_log_in_and_process(bank: Bank, twin: Bank) -> None:
    subscriber = await bank.enrolled()
    first, second = await bank.begin(), await bank.begin()
    for login in (first, second):
        await login.password(PASSWORD)
    assert (await first.totp(subscriber.code())).status_code == 200
    again = await LogIn(twin, second.id, second.verifier).totp(subscriber.code())
    assert (again.status_code, again.json()["code"]) == (401, "wrong_proof")


@pytest.mark.rule("A32")
async def test_an_older_code_is_not_good_after_a_newer_one(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    for steps, status in ((1, 200), (0, 401), (-1, 401)):
        login = await bank.begin()
        await login.password(PASSWORD)
        assert (await login.totp(subscriber.code(steps))).status_code == status


@pytest.mark.rule("A38")
async def test_the_code_that_bound_the_authenticator_cannot_sign_in(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(timedelta(seconds=-60))
    login = await bank.begin()
    await login.password(PASSWORD)
    assert (await login.totp(subscriber.code())).status_code == 401


@pytest.mark.rule("A32")
async def test_of_four_log_ins_racing_one_code_through_two_processes_one_wins(bank: Bank, twin: Bank) -> None:
    subscriber = await bank.enrolled()
    logins = [await bank.begin() for _ in range(4)]
    for login in logins:
        await login.password(PASSWORD)
    racing = [LogIn((bank, twin)[n % 2], login.id, login.verifier) for n, login in enumerate(logins)]
    answers = await asyncio.gather(*(login.totp(subscriber.code()) for login in racing))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 3}

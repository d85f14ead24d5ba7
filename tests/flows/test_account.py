"""What does a subscriber see and end of their own, and what happens when a password grows old? Point 7."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Bank, LogIn, Subscriber, bearer

NEW = "Silber-Reiher-92"


async def session(subscriber: Subscriber) -> dict[str, Any]:
    """A whole log-in whose access token is for our own interface."""
    return await subscriber.signed_in(resources=[ISSUER])


async def call(bank: Bank, method: str, path: str, issued: dict[str, Any]) -> Response:
    return await bank.http.request(method, f"/v1/me{path}", headers=bearer(issued["access_token"]))


async def ids(bank: Bank, issued: dict[str, Any]) -> list[str]:
    return [each["id"] for each in (await call(bank, "GET", "/sessions", issued)).json()["items"]]


async def test_a_subscriber_sees_their_account_masked(bank: Bank) -> None:
    issued = await session(await bank.enrolled(customer_ref="CORE-1"))
    told = (await call(bank, "GET", "", issued)).json()
    assert (told["customer_ref"], told["name"]) == ("CORE-1", "欧阳样例")
    assert (told["ial"], told["ial_missing"]) == ("none", ["authority", "attended"])
    assert told["number"].count("*") == 11
    assert told["contacts"] == [{"channel": "phone", "address": "+86138****8000"}]
    assert [each["kind"] for each in told["authenticators"]] == ["password", "totp"]


async def test_an_account_is_never_cached(bank: Bank) -> None:
    answer = await call(bank, "GET", "", await session(await bank.enrolled()))
    assert answer.headers["cache-control"] == "no-store"


async def test_sessions_are_listed_with_the_one_in_use_marked(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    first, second = await session(subscriber), await session(subscriber)
    listed = (await call(bank, "GET", "/sessions", second)).json()["items"]
    assert [each["current"] for each in listed] == [False, True]
    assert {(each["client_id"], each["acr"]) for each in listed} == {(bank.clients["app"].id, "aal2")}
    assert await ids(bank, first) == await ids(bank, second)


@pytest.mark.rule("A70", "A71")
async def test_ending_one_session_ends_its_tokens_at_once_and_no_others(bank: Bank, twin: Bank) -> None:
    subscriber = await bank.enrolled()
    first, second = await session(subscriber), await session(subscriber)
    ended = (await ids(bank, second))[0]
    assert (await call(bank, "DELETE", f"/sessions/{ended}", second)).status_code == 204
    assert (await call(twin, "GET", "", first)).json()["code"] == "invalid_token"
    assert (await bank.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await call(bank, "GET", "", second)).status_code == 200


@pytest.mark.rule("A70", "A71")
async def test_ending_all_sessions_ends_this_one_too(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    issued = [await session(subscriber) for _ in range(3)]
    assert (await call(bank, "DELETE", "/sessions", issued[1])).json() == {"ended": 3}
    assert [(await call(bank, "GET", "", each)).status_code for each in issued] == [401, 401, 401]


async def test_a_session_ended_twice_and_one_that_never_was_are_not_found_alike(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    first, second = await session(subscriber), await session(subscriber)
    ended = (await ids(bank, first))[0]
    await call(bank, "DELETE", f"/sessions/{ended}", second)
    answers = [await call(bank, "DELETE", f"/sessions/{name}", second) for name in (ended, "ses_none")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_another_persons_session_is_not_found_and_lives_on(bank: Bank) -> None:
    mine = await session(await bank.enrolled())
    bank.sql("UPDATE subscribers SET number_index = '\\x00'")
    bank.sql("DELETE FROM account_numbers")
    theirs = await session(await bank.enrolled("13800138001"))
    foreign, unknown = (await ids(bank, theirs))[0], "ses_none"
    answers = [await call(bank, "DELETE", f"/sessions/{name}", mine) for name in (foreign, unknown)]
    assert [(a.status_code, a.content) for a in answers] == [(404, answers[1].content)] * 2
    assert (await call(bank, "GET", "", theirs)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [("GET", "", "account:read"), ("GET", "/sessions", "sessions:manage"), ("DELETE", "/sessions", "sessions:manage"), ("DELETE", "/sessions/ses_none", "sessions:manage")],
)  # fmt: skip
async def test_each_act_needs_its_own_scope(bank: Bank, method: str, path: str, scope: str) -> None:
    subscriber = await bank.enrolled()
    issued = await subscriber.signed_in(resources=[ISSUER], scope="payments:read")
    answer = await call(bank, method, path, issued)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'


async def proven(bank: Bank, subscriber: Subscriber, password: str = PASSWORD) -> LogIn:
    login = await bank.begin(PHONE, resources=[ISSUER])
    assert (await login.password(password)).status_code == 200
    assert (await login.totp(subscriber.code())).status_code == 200
    bank.clock.move(timedelta(seconds=60))
    return login


async def change(bank: Bank, login: LogIn, password: str) -> Response:
    return await bank.http.put(f"/v1/logins/{login.id}/new-password", json={"password": password})


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("days", "status"), [(179, 201), (180, 403)])
async def test_a_password_grows_old_after_180_days(bank: Bank, days: int, status: int) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(timedelta(days=days))
    assert (await (await proven(bank, subscriber)).complete()).status_code == status


@pytest.mark.rule("A6")
async def test_an_old_password_is_replaced_within_the_log_in(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    bank.clock.move(timedelta(days=180))
    login = await proven(bank, subscriber)
    assert (await login.complete()).json()["code"] == "password_expired"
    assert (await change(bank, login, NEW)).status_code == 200
    assert (await login.exchange()).status_code == 200
    assert (await (await bank.begin()).password(PASSWORD)).status_code == 401
    assert (await (await bank.begin()).password(NEW)).status_code == 200


@pytest.mark.rule("A6")
async def test_a_former_password_may_not_return(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    for password in (PASSWORD, f"{NEW}-1", f"{NEW}-2", f"{NEW}-3", f"{NEW}-4"):
        login = await proven(bank, subscriber, password)
        assert (await change(bank, login, PASSWORD)).json()["code"] == "password_reused"
        following = f"{NEW}-{int(password[-1]) + 1}" if password != PASSWORD else f"{NEW}-1"
        assert (await change(bank, login, following)).status_code == 200
    assert (await change(bank, await proven(bank, subscriber, f"{NEW}-5"), PASSWORD)).status_code == 200


async def test_a_weak_new_password_is_refused_and_the_old_one_stays(bank: Bank) -> None:
    login = await proven(bank, await bank.enrolled())
    assert (await change(bank, login, "password1")).status_code == 422
    assert bank.events("password.change")[-1]["outcome"] == "refused"
    assert (await (await bank.begin()).password(PASSWORD)).status_code == 200


@pytest.mark.rule("A71")
async def test_a_changed_password_ends_every_session(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    issued = await session(subscriber)
    await change(bank, await proven(bank, subscriber), NEW)
    assert (await call(bank, "GET", "", issued)).status_code == 401
    assert bank.sql("SELECT ended_reason FROM sessions") == [("password_changed",)]


@pytest.mark.rule("A71")
async def test_a_log_in_begun_with_the_former_password_cannot_be_completed(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    thief, owner = await proven(bank, subscriber), await proven(bank, subscriber)
    assert (await change(bank, owner, NEW)).status_code == 200
    assert (await thief.complete()).json()["code"] == "login_closed"
    assert (await owner.complete()).status_code == 201


@pytest.mark.rule("A71")
async def test_a_code_got_with_the_former_password_is_exchanged_for_nothing(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    thief, owner = await proven(bank, subscriber), await proven(bank, subscriber)
    code = (await thief.complete()).json()["code"]
    await change(bank, owner, NEW)
    assert (await thief.bring(code)).json()["error"] == "invalid_grant"


@pytest.mark.rule("A16", "A124")
async def test_a_new_password_needs_every_proof_first(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin()
    begun = (await change(bank, login, NEW)).json()["code"]
    await login.password(PASSWORD)
    assert (begun, (await change(bank, login, NEW)).json()["code"]) == ("step_out_of_order", "step_out_of_order")

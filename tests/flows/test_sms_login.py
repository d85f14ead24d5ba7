"""Does a code by SMS prove a log-in: the one that asked, once, in time, and only on a phone proven before?"""

import asyncio
from datetime import timedelta

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.main import create_app
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Bank, LogIn, claims_of
from tests.flows.stolen import stolen_from

MINUTE = timedelta(minutes=1)


async def asked(bank: Bank, login: LogIn) -> httpx.Response:
    return await bank.http.post(f"/v1/logins/{login.id}/sms", headers={"accept-language": "en"})


async def entered(bank: Bank, login: LogIn, code: str) -> httpx.Response:
    return await bank.http.post(f"/v1/logins/{login.id}/sms/code", json={"code": code})


async def with_password(bank: Bank) -> LogIn:
    login = await bank.begin(PHONE)
    assert (await login.password(PASSWORD)).status_code == 200
    return login


async def code_for(bank: Bank, login: LogIn) -> str:
    """Have a code sent and read it off the phone."""
    assert (await asked(bank, login)).status_code == 202
    return digits_of((await bank.messages())[0]["body"])


def digits_of(body: str) -> str:
    return next(word for word in body.replace(",", " ").split() if word.isdecimal() and len(word) == 6)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_password_and_code_by_sms_open_a_session(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    assert (await entered(bank, login, await code_for(bank, login))).json()["needed"] == []
    claims = claims_of((await login.exchange()).json()["access_token"])
    assert (claims["acr"], claims["amr"]) == ("aal2", ["pwd", "sms", "mfa"])


@pytest.mark.rule("R111")
async def test_what_is_kept_of_a_code_on_its_way_tells_a_thief_neither_code_nor_phone(bank: Bank) -> None:
    await bank.enrolled()
    code = await code_for(bank, await with_password(bank))
    assert [bank.sql(f"SELECT count(*) FROM {table}")[0][0] > 0 for table in ("sms_codes", "sendings")] == [True, True]  # noqa: S608
    stolen, said = stolen_from(bank.owner_url), [code, PHONE, f"+86{PHONE}", PASSWORD]
    assert (stolen.holds(said), stolen.confirms(said)) == ([], [])


@pytest.mark.rule("A43")
async def test_the_app_is_offered_first_and_the_risk_is_told(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin(PHONE)
    proven = (await login.password(PASSWORD)).json()
    assert (proven["needed"], proven["offered"]) == (["totp"], ["totp", "sms"])
    sent = (await asked(bank, login)).json()
    assert sent["recipient"] == "+86138****8000"
    assert "safer" in sent["risk"]


@pytest.mark.rule("A23", "A28")
async def test_before_the_first_proof_known_and_unknown_are_one_answer(bank: Bank) -> None:
    await bank.enrolled()
    known, unknown = await bank.begin(PHONE), await bank.begin("+8613900000000")
    for send in (asked, lambda bank, login: entered(bank, login, "123456")):
        answers = [await send(bank, login) for login in (known, unknown)]
        assert answers[0].status_code == answers[1].status_code == 409
        assert answers[0].content == answers[1].content
    assert len(await bank.messages()) == 2  # the code and the notice of the enrolment


@pytest.mark.rule("A39")
async def test_the_code_is_bound_to_the_log_in_that_asked(bank: Bank) -> None:
    await bank.enrolled()
    mine, other = await with_password(bank), await with_password(bank)
    code = await code_for(bank, mine)
    bank.clock.move(MINUTE)
    await code_for(bank, other)
    assert (await entered(bank, other, code)).json()["code"] == "wrong_proof"
    assert (await entered(bank, mine, code)).status_code == 200


@pytest.mark.rule("A39")
async def test_of_two_racers_with_one_code_one_wins(bank: Bank, twin: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    code = await code_for(bank, login)
    answers = await asyncio.gather(*(entered(each, login, code) for each in (bank, twin, bank, twin)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


@pytest.mark.rule("A24")
async def test_a_new_code_never_resets_the_count(bank: Bank) -> None:
    await bank.enrolled()
    first = await with_password(bank)
    code = await code_for(bank, first)
    for _ in range(3):
        assert (await entered(bank, first, wrong(code))).status_code == 401
    bank.clock.move(MINUTE)
    second = await with_password(bank)
    code = await code_for(bank, second)
    for _ in range(2):
        assert (await entered(bank, second, wrong(code))).status_code == 401
    assert (await entered(bank, second, code)).json()["code"] == "too_many_tries"
    assert (await asked(bank, second)).json()["code"] == "too_many_tries"


@pytest.mark.rule("A39")
async def test_a_code_is_dead_with_its_log_in(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    code = await code_for(bank, login)
    bank.clock.move(timedelta(minutes=10))
    assert (await entered(bank, login, code)).json()["code"] == "login_closed"


async def test_the_first_code_dies_when_another_is_sent(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    first = await code_for(bank, login)
    bank.clock.move(MINUTE)
    second = await code_for(bank, login)
    assert (await entered(bank, login, first)).status_code == (200 if first == second else 401)


@pytest.mark.rule("A41")
async def test_codes_to_one_number_are_apart_whichever_log_in_asks(bank: Bank, twin: Bank) -> None:
    await bank.enrolled()
    logins = [await with_password(bank) for _ in range(4)]
    answers = await asyncio.gather(
        *(asked(each, login) for each, login in zip((bank, twin, bank, twin), logins, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("sent_too_often", "30")


@pytest.mark.rule("A41")
async def test_a_number_gets_so_many_codes_a_day_and_no_more(bank: Bank) -> None:
    await bank.enrolled()  # one code, to bind the phone
    answers = []
    for _ in range(10):
        bank.clock.move(MINUTE)
        answers.append((await asked(bank, await with_password(bank))).status_code)
    assert answers == [202] * 9 + [429]
    bank.clock.move(timedelta(days=1))
    assert (await asked(bank, await with_password(bank))).status_code == 202


async def test_who_proved_no_phone_is_offered_none(bank: Bank) -> None:
    await bank.enrolled()
    bank.sql("UPDATE aliases SET channel = 'email'")
    login = await bank.begin(PHONE)
    assert (await login.password(PASSWORD)).json()["offered"] == ["totp"]
    assert (await asked(bank, login)).json()["code"] == "authenticator_not_bound"


@pytest.mark.rule("A43")
async def test_a_bank_may_forbid_codes_by_sms(bank: Bank) -> None:
    await bank.enrolled()
    strict = bank.ground.settings.model_copy(update={"sms_factor": "forbidden"})
    application = create_app(strict, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        bank.http = http
        login = await bank.begin(PHONE)
        assert (await login.password(PASSWORD)).json()["offered"] == ["totp"]
        assert (await asked(bank, login)).json()["code"] == "sms_forbidden"


async def test_the_database_shows_neither_code_nor_number(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    code = await code_for(bank, login)
    thief = bank.dump(without=("procrastinate_jobs",))
    assert PHONE.encode() not in thief
    assert code.encode() not in thief


async def test_a_completed_log_in_forgets_the_wrong_codes_before_it(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    code = await code_for(bank, login)
    for _ in range(4):
        assert (await entered(bank, login, wrong(code))).status_code == 401
    assert (await entered(bank, login, code)).status_code == 200
    assert (await login.complete()).status_code == 201
    assert bank.sql("SELECT count(*) FROM guesses WHERE key <> 'network' AND strikes > 0") == [(0,)]


@pytest.mark.rule("A120")
async def test_every_step_is_an_event(bank: Bank) -> None:
    await bank.enrolled()
    login = await with_password(bank)
    code = await code_for(bank, login)
    await entered(bank, login, wrong(code))
    await entered(bank, login, code)
    assert [event["outcome"] for event in bank.events("login.send_sms")] == ["allowed"]
    told = [(event["outcome"], event["reason"], event["factors"]) for event in bank.events("login.prove_sms")]
    assert told == [("refused", "wrong_proof", ["pwd"]), ("allowed", None, ["pwd"])]

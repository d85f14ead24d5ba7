"""Does staff prove two factors every time, and does a session end when it must?"""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.services.purges import Purges
from app.staff.roles import Role
from tests.flows import staffing
from tests.flows.conftest import Bank
from tests.flows.staffing import STAFF_PASSWORD, Colleague


async def prove(bank: Bank, sign_in: str, step: str, **body: str) -> httpx.Response:
    return await bank.http.post(f"/v1/staff/sign-ins/{sign_in}/{step}", json=body)


async def halfway(bank: Bank, who: Colleague) -> str:
    """A sign-in whose password is proven, past the code that was used last."""
    bank.clock.move(timedelta(seconds=60))
    sign_in = await who.begin()
    assert (await prove(bank, sign_in, "password", password=STAFF_PASSWORD)).json()["needed"] == "totp"
    return sign_in


async def me(bank: Bank, headers: dict[str, str]) -> int:
    return (await bank.http.get("/v1/staff/me", headers=headers)).status_code


async def test_nobody_is_told_whether_a_name_is_known(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    nobody = await bank.http.post("/v1/staff/sign-ins", json={"login_name": "nobody"})
    answers = [
        await prove(bank, sign_in, "password", password="Wrong-Password-Entirely")
        for sign_in in (await officer.begin(), nobody.json()["id"], "sgn_of_nobody")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}


async def test_a_password_alone_opens_nothing(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    sign_in = await halfway(bank, officer)
    assert (await prove(bank, sign_in, "totp", code="000000")).json()["code"] == "staff_not_proven"
    assert bank.sql("SELECT count(*) FROM staff_sessions") == [(0,)]


async def test_a_code_before_the_password_is_out_of_order(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    answer = await prove(bank, await officer.begin(), "totp", code=officer.code(1))
    assert answer.json()["code"] == "sign_in_out_of_order"


async def test_a_code_works_once(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    first, second = await halfway(bank, officer), await officer.begin()
    await prove(bank, second, "password", password=STAFF_PASSWORD)
    code = officer.code()
    answers = [await prove(bank, sign_in, "totp", code=code) for sign_in in (first, second)]
    assert [answer.status_code for answer in answers] == [200, 401]


async def test_one_code_at_two_instances_opens_one_session(bank: Bank, twin: Bank) -> None:
    officer = (await bank.officers())[0]
    first, second = await halfway(bank, officer), await officer.begin()
    await prove(bank, second, "password", password=STAFF_PASSWORD)
    code = officer.code()
    answers = await asyncio.gather(
        prove(bank, first, "totp", code=code), prove(twin, second, "totp", code=code), return_exceptions=False
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401]


async def test_five_wrong_passwords_block_the_name_and_not_the_right_one_helps(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    for _ in range(5):
        assert (
            await prove(bank, await officer.begin(), "password", password="Wrong-Password-Entirely")
        ).status_code == 401
    blocked = await prove(bank, await officer.begin(), "password", password=STAFF_PASSWORD)
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many_tries")


@pytest.mark.rule("A26", "A66")
async def test_a_colleague_comes_in_on_a_known_device_whatever_strangers_did(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    opened = (await prove(bank, await halfway(bank, officer), "totp", code=officer.code())).json()
    for _ in range(5):
        await prove(bank, await officer.begin(), "password", password="Wrong-Password-Entirely")
    assert (await prove(bank, await officer.begin(), "password", password=STAFF_PASSWORD)).status_code == 429
    body = {"login_name": officer.login_name, "device_token": opened["device_token"]}
    begun = (await bank.http.post("/v1/staff/sign-ins", json=body)).json()
    assert (await prove(bank, begun["id"], "password", password=STAFF_PASSWORD)).status_code == 200
    bank.clock.move(timedelta(seconds=60))
    proven = await prove(bank, begun["id"], "totp", code=officer.code())
    assert proven.json()["device_token"] != opened["device_token"]


@pytest.mark.rule("A20")
async def test_no_number_of_failures_shuts_a_name_out_for_good(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    await prove(bank, await officer.begin(), "password", password="Wrong-Password-Entirely")
    bank.sql("UPDATE guesses SET in_a_row = 1000 WHERE key = 'identifier'")
    await prove(bank, await officer.begin(), "password", password="Wrong-Password-Entirely")
    assert (await prove(bank, await officer.begin(), "password", password=STAFF_PASSWORD)).status_code == 429
    bank.clock.move(timedelta(days=1))
    assert (await prove(bank, await officer.begin(), "password", password=STAFF_PASSWORD)).status_code == 200


async def test_an_unknown_name_is_blocked_alike(bank: Bank) -> None:
    for _ in range(5):
        began = await bank.http.post("/v1/staff/sign-ins", json={"login_name": "nobody"})
        await prove(bank, began.json()["id"], "password", password="Wrong-Password-Entirely")
    began = await bank.http.post("/v1/staff/sign-ins", json={"login_name": "nobody"})
    assert (await prove(bank, began.json()["id"], "password", password=STAFF_PASSWORD)).status_code == 429


async def test_wrong_codes_block_the_device_over_many_sign_ins(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    for _ in range(5):
        assert (await prove(bank, await halfway(bank, officer), "totp", code="000000")).status_code == 401
    sign_in = await officer.begin()
    assert (await prove(bank, sign_in, "password", password=STAFF_PASSWORD)).status_code == 429


@pytest.mark.parametrize(("minutes", "status"), [(14.9, 200), (15, 401)])
async def test_a_session_ends_when_idle(bank: Bank, minutes: float, status: int) -> None:
    headers = await (await bank.officers())[0].sign_in()
    bank.clock.move(timedelta(minutes=minutes))
    assert await me(bank, headers) == status


async def test_a_busy_session_ends_after_twelve_hours(bank: Bank) -> None:
    headers = await (await bank.officers())[0].sign_in()
    for _ in range(71):
        bank.clock.move(timedelta(minutes=10))
        assert await me(bank, headers) == 200
    bank.clock.move(timedelta(minutes=10))
    assert await me(bank, headers) == 401


async def test_signing_out_ends_the_session_at_every_instance(bank: Bank, twin: Bank) -> None:
    headers = await (await bank.officers())[0].sign_in()
    assert await me(twin, headers) == 200
    assert (await bank.http.delete("/v1/staff/session", headers=headers)).status_code == 204
    assert await me(twin, headers) == 401


async def test_each_sign_in_has_a_token_of_its_own_and_none_is_kept(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    first, second = await officer.sign_in(), await officer.sign_in()
    assert first != second
    assert first["authorization"].split()[1].encode() not in bank.dump()


async def test_other_roles_end_every_session(bank: Bank) -> None:
    headers = await bank.staff("rui", Role.REVIEWER)
    who = bank.colleagues["rui"]
    wanted = {"kind": "staff.roles", "staff_id": who.id, "roles": ["operator"]}
    await staffing.agreed(bank.http, await bank.officers(), **wanted)
    assert await me(bank, headers) == 401
    shown = await bank.http.get("/v1/staff/me", headers=await who.sign_in())
    assert shown.json()["roles"] == ["operator"]


async def test_whoever_is_put_out_is_out_at_once_and_stays_out(bank: Bank) -> None:
    headers = await bank.staff("rui", Role.REVIEWER)
    who = bank.colleagues["rui"]
    under_way = await halfway(bank, who)
    await staffing.agreed(bank.http, await bank.officers(), kind="staff.disable", staff_id=who.id)
    assert await me(bank, headers) == 401
    assert (await prove(bank, under_way, "totp", code=who.code())).status_code in {401, 409}
    refused = await prove(bank, await who.begin(), "password", password=STAFF_PASSWORD)
    assert refused.json()["code"] == "staff_not_proven"


async def test_a_staff_token_opens_no_door_of_subscribers_or_clients(bank: Bank) -> None:
    headers = await bank.staff("rui", Role.REVIEWER)
    assert (await bank.http.get("/v1/me", headers=headers)).status_code == 401
    assert (await bank.http.post("/v1/proofings", json={}, headers=headers)).status_code == 401


async def test_a_clients_token_opens_no_door_of_staff(bank: Bank) -> None:
    headers = {"authorization": f"Bearer {await bank.kiosk_token()}"}
    assert (await bank.http.get("/v1/staff/me", headers=headers)).json()["code"] == "invalid_token"


async def test_sign_ins_and_sessions_that_are_over_are_taken_away(bank: Bank) -> None:
    await (await bank.officers())[0].sign_in()
    purges = Purges(bank.ground.journal)
    await purges.outdated()
    assert bank.sql("SELECT count(*) FROM staff_sessions") == [(1,)]
    bank.clock.move(timedelta(days=1, hours=12))
    taken = await purges.outdated()
    assert (taken["staff_sign_ins"], taken["staff_sessions"]) == (1, 1)

"""Does one code bring one person in, once, within a day, with a password worth it?"""

import asyncio
from datetime import timedelta

import pytest

from app.services.staff_enrolment import AlreadyFounded, Invitation, StaffInvitations
from app.staff.roles import Role
from tests.flows import staffing
from tests.flows.conftest import Bank
from tests.flows.staffing import OFFICERS, STAFF_PASSWORD


def invitations(bank: Bank) -> StaffInvitations:
    return StaffInvitations(bank.ground.journal, bank.ground.vault, bank.ground.entropy)


async def founded(bank: Bank) -> tuple[Invitation, ...]:
    return await invitations(bank).bootstrap(OFFICERS)


async def begin(bank: Bank, code: str, password: str = STAFF_PASSWORD) -> tuple[int, str]:
    answer = await bank.http.post("/v1/staff/enrolment", json={"enrolment_code": code, "password": password})
    return answer.status_code, str(answer.json().get("code"))


async def test_the_bootstrap_invites_two_officers_whose_codes_differ(bank: Bank) -> None:
    first, second = await founded(bank)
    assert first.code.reveal() != second.code.reveal()
    assert bank.sql("SELECT roles, state FROM staff") == [(["security_officer"], "invited")] * 2


async def test_the_bootstrap_refuses_once_there_is_anybody(bank: Bank) -> None:
    await founded(bank)
    with pytest.raises(AlreadyFounded):
        await founded(bank)


async def test_two_bootstraps_at_once_invite_two_officers(bank: Bank, twin: Bank) -> None:
    tried = await asyncio.gather(
        *(invitations(each).bootstrap(names) for each, names in ((bank, OFFICERS), (twin, ("ann", "bob")))),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in tried) == ["AlreadyFounded", "tuple"]
    assert bank.sql("SELECT count(*) FROM staff") == [(2,)]


async def test_whoever_let_the_first_invitation_run_out_is_invited_again(bank: Bank) -> None:
    first, second = await founded(bank)
    await staffing.enrolled(bank.http, bank.clock, first.login_name, first.staff_id, first.code.reveal())
    bank.clock.move(timedelta(hours=24))
    assert [each.login_name for each in await founded(bank)] == [second.login_name]


async def test_an_enrolment_code_is_not_kept(bank: Bank) -> None:
    first, _ = await founded(bank)
    code = first.code.reveal()
    stolen = bank.dump()
    assert code.encode() not in stolen
    assert code.replace("-", "").encode() not in stolen


async def test_neither_seed_nor_password_rests_readable(bank: Bank) -> None:
    officer = (await bank.officers())[0]
    stolen = bank.dump()
    assert officer.seed not in stolen
    assert STAFF_PASSWORD.encode() not in stolen
    assert b"$argon2" not in stolen


async def test_a_colleagues_name_rests_sealed(bank: Bank) -> None:
    await bank.staff("rui", Role.REVIEWER)
    assert b"Colleague rui" not in bank.dump()


async def test_an_invitation_dies_after_a_day(bank: Bank) -> None:
    first, _ = await founded(bank)
    bank.clock.move(timedelta(hours=24))
    assert await begin(bank, first.code.reveal()) == (403, "enrolment_code_invalid")


async def test_an_unknown_code_looks_like_an_old_one(bank: Bank) -> None:
    first, _ = await founded(bank)
    bank.clock.move(timedelta(hours=24))
    answers = [
        await bank.http.post("/v1/staff/enrolment", json={"enrolment_code": code, "password": STAFF_PASSWORD})
        for code in (first.code.reveal(), "AAAA-BBBB")
    ]
    assert answers[0].content == answers[1].content


async def test_a_code_is_used_up_by_the_device_it_brought(bank: Bank) -> None:
    first, _ = await founded(bank)
    code = first.code.reveal()
    made = await staffing.enrolled(bank.http, bank.clock, first.login_name, first.staff_id, code)
    assert await begin(bank, code) == (403, "enrolment_code_invalid")
    again = await bank.http.post(
        "/v1/staff/enrolment/confirmation", json={"enrolment_code": code, "code": made.code(1)}
    )
    assert again.json()["code"] == "enrolment_code_invalid"


async def test_two_devices_cannot_both_take_one_invitation(bank: Bank, twin: Bank) -> None:
    first, _ = await founded(bank)
    code = first.code.reveal()
    tried = await asyncio.gather(
        *(staffing.enrolled(each.http, bank.clock, first.login_name, first.staff_id, code) for each in (bank, twin)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, staffing.Colleague) for each in tried) <= 1
    assert bank.sql("SELECT count(*) FROM staff WHERE state = 'active'") <= [(1,)]


@pytest.mark.parametrize(
    ("password", "code"),
    [("Kranich-Lotus4", "password_too_short"), ("officer-1 is the best", "password_personal")],
)
async def test_a_weak_password_is_refused(bank: Bank, password: str, code: str) -> None:
    first, _ = await founded(bank)
    assert await begin(bank, first.code.reveal(), password) == (422, code)


async def test_a_wrong_first_code_leaves_the_invitation_open(bank: Bank) -> None:
    first, _ = await founded(bank)
    code = first.code.reveal()
    await begin(bank, code)
    wrong = await bank.http.post("/v1/staff/enrolment/confirmation", json={"enrolment_code": code, "code": "000000"})
    assert wrong.json()["code"] == "wrong_code"
    await staffing.enrolled(bank.http, bank.clock, first.login_name, first.staff_id, code)


async def test_a_device_is_confirmed_after_the_password_alone(bank: Bank) -> None:
    first, _ = await founded(bank)
    body = {"enrolment_code": first.code.reveal(), "code": "123456"}
    early = await bank.http.post("/v1/staff/enrolment/confirmation", json=body)
    assert early.json()["code"] == "enrolment_not_begun"

"""Do staff come in by twos, prove two factors, and go out again?"""

from app.staff.roles import Role
from tests.flows.conftest import Bank


async def test_a_colleague_is_proposed_approved_enrolled_and_signed_in(bank: Bank) -> None:
    headers = await bank.staff("rui", Role.REVIEWER)
    me = (await bank.http.get("/v1/staff/me", headers=headers)).json()
    assert (me["login_name"], me["roles"], me["state"]) == ("rui", ["reviewer"], "active")
    assert me["display_name"] == "Colleague rui"

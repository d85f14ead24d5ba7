"""Does everything that takes two people take two, and is it then done once?"""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.staff.roles import Role
from tests.flows import staffing
from tests.flows.conftest import CORE, Bank
from tests.flows.staffing import Colleague, approve, propose

ADD = {"kind": "staff.add", "login_name": "rui", "display_name": "Rui", "roles": ["reviewer"]}
ADMIN_CLIENT: dict[str, Any] = {
    "kind": "client.create", "name": "Console", "client_kind": "service", "purpose": "administration",
    "scopes": ["admin:subscribers"], "audiences": [CORE], "grants": ["client_credentials"],
}  # fmt: skip


async def decide(bank: Bank, who: Colleague, proposal_id: str, how: str = "approval", **body: str) -> httpx.Response:
    headers = await who.present()
    return await bank.http.post(f"/v1/staff/proposals/{proposal_id}/{how}", json=body or None, headers=headers)


async def listed(bank: Bank, **asked: Any) -> dict[str, Any]:
    headers = await (await bank.officers())[0].present()
    return dict((await bank.http.get("/v1/staff/proposals", params=asked, headers=headers)).json())


@pytest.mark.rule("R113", "A122")
async def test_nobody_approves_their_own(bank: Bank) -> None:
    ann, _ = await bank.officers()
    answer = await decide(bank, ann, await propose(bank.http, ann, **ADD))
    assert (answer.status_code, answer.json()["code"]) == (403, "own_proposal")
    assert bank.sql("SELECT count(*) FROM staff") == [(2,)]


async def test_even_the_table_refuses_an_approval_by_the_proposer(bank: Bank) -> None:
    import psycopg

    ann, _ = await bank.officers()
    await propose(bank.http, ann, **ADD)
    with pytest.raises(psycopg.errors.CheckViolation):
        bank.sql("UPDATE staff_proposals SET outcome = 'approved', decided_by = proposed_by")


async def test_two_approvers_at_once_one_wins(bank: Bank, twin: Bank) -> None:
    ann, bob = await bank.officers()
    eve = await bank.colleague("eve", Role.SECURITY_OFFICER)
    proposal_id = await propose(bank.http, ann, **ADMIN_CLIENT)
    await bob.present()
    answers = await asyncio.gather(decide(bank, bob, proposal_id), decide(twin, eve, proposal_id))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert bank.sql("SELECT count(*) FROM clients WHERE name = 'Console'") == [(1,)]


async def test_approval_and_rejection_at_once_one_wins(bank: Bank, twin: Bank) -> None:
    ann, bob = await bank.officers()
    proposal_id = await propose(bank.http, ann, **ADMIN_CLIENT)
    await bob.present()
    answers = await asyncio.gather(
        decide(bank, bob, proposal_id), decide(twin, ann, proposal_id, "rejection", reason="a mistake")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_two_officers_cannot_put_each_other_out_at_once(bank: Bank, twin: Bank) -> None:
    ann, bob = await bank.officers()
    eve = await bank.colleague("eve", Role.SECURITY_OFFICER)
    against_bob = await propose(bank.http, eve, kind="staff.disable", staff_id=bob.id)
    against_ann = await propose(bank.http, eve, kind="staff.disable", staff_id=ann.id)
    await bob.present()
    answers = await asyncio.gather(decide(bank, ann, against_bob), decide(twin, bob, against_ann))
    assert min(answer.status_code for answer in answers) == 200
    assert max(answer.status_code for answer in answers) in {401, 403, 409}
    assert bank.sql("SELECT count(*) FROM staff WHERE state = 'active'") == [(2,)]


async def test_a_proposal_runs_out_after_a_day(bank: Bank) -> None:
    ann, bob = await bank.officers()
    proposal_id = await propose(bank.http, ann, **ADD)
    bank.clock.move(timedelta(hours=24))
    answer = await decide(bank, bob, proposal_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_closed")
    assert (await listed(bank))["items"][0]["state"] == "expired"


async def test_a_rejection_keeps_its_reason_and_no_name(bank: Bank) -> None:
    ann, bob = await bank.officers()
    proposal_id = await propose(bank.http, ann, **ADD)
    assert (await listed(bank))["items"][0]["display_name"] == "Rui"
    assert (await decide(bank, bob, proposal_id, "rejection", reason="not hired")).status_code == 200
    shown = (await listed(bank))["items"][0]
    assert (shown["state"], shown["reason"], shown["display_name"]) == ("rejected", "not hired", None)
    assert (await decide(bank, bob, proposal_id)).json()["code"] == "proposal_closed"


async def test_a_rejection_needs_a_reason(bank: Bank) -> None:
    ann, bob = await bank.officers()
    answer = await decide(bank, bob, await propose(bank.http, ann, **ADD), "rejection", reason=" ")
    assert answer.status_code == 422


async def test_no_unseen_character_stands_before_an_approver_or_in_a_reason(bank: Bank) -> None:
    ann, bo = await bank.officers()
    headers = await ann.present()
    for body in (
        ADD | {"display_name": "Rui\x00"},
        ADMIN_CLIENT | {"name": "\u202eelosnoC"},
        ADMIN_CLIENT | {"scopes": ["a\x00"]},
    ):
        answer = await bank.http.post("/v1/staff/proposals", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    proposal_id = await propose(bank.http, ann, **ADD)
    assert (await decide(bank, bo, proposal_id, "rejection", reason="no\x00")).json()["code"] == "malformed"
    assert (await decide(bank, bo, proposal_id, "rejection", reason="Not now:\nshe left.")).status_code == 200


async def test_two_officers_remain_whatever_two_officers_agree_on(bank: Bank) -> None:
    ann, bob = await bank.officers()
    for wanted in (
        {"kind": "staff.disable", "staff_id": ann.id},
        {"kind": "staff.roles", "staff_id": ann.id, "roles": ["reviewer"]},
    ):
        answer = await decide(bank, bob, await propose(bank.http, ann, **wanted))
        assert (answer.status_code, answer.json()["code"]) == (409, "too_few_officers")


async def test_whoever_was_put_out_leaves_no_wish_behind(bank: Bank) -> None:
    ann, bob = await bank.officers()
    eve = await bank.colleague("eve", Role.SECURITY_OFFICER)
    wish = await propose(bank.http, eve, **ADD)
    await staffing.agreed(bank.http, (ann, bob), kind="staff.disable", staff_id=eve.id)
    assert (await decide(bank, ann, wish)).json()["code"] == "proposer_gone"


async def test_a_client_with_an_administrative_scope_takes_two(bank: Bank) -> None:
    from app.assertion.client import AdministrativeScope

    with pytest.raises(AdministrativeScope):
        await bank.client("console", scopes=["admin:subscribers"])
    shown = await staffing.agreed(bank.http, await bank.officers(), **ADMIN_CLIENT)
    token = await bank.http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(shown["client_id"], shown["client_secret"]),
    )
    assert token.json()["scope"] == "admin:subscribers"


async def test_an_unsafe_client_cannot_even_be_proposed(bank: Bank) -> None:
    headers = await (await bank.officers())[0].present()
    unsafe = ADMIN_CLIENT | {"origins": ["http://evil.example"]}
    answer = await bank.http.post("/v1/staff/proposals", json=unsafe, headers=headers)
    assert answer.json()["code"] == "invalid_client_metadata"


async def test_a_login_name_is_given_once(bank: Bank) -> None:
    officers = await bank.officers()
    both = [await propose(bank.http, officers[0], **ADD) for _ in range(2)]
    await approve(bank.http, officers[1], both[0])
    assert (await decide(bank, officers[1], both[1])).json()["code"] == "login_name_taken"


async def test_an_auditor_is_nothing_besides(bank: Bank) -> None:
    headers = await (await bank.officers())[0].present()
    answer = await bank.http.post("/v1/staff/proposals", json=ADD | {"roles": ["auditor", "reviewer"]}, headers=headers)
    assert answer.json()["code"] == "roles_conflict"


async def test_an_approval_is_never_shown_twice(bank: Bank) -> None:
    ann, bob = await bank.officers()
    proposal_id = await propose(bank.http, ann, **ADD)
    headers = await bob.present() | {"idempotency-key": "approve-rui-1"}
    path = f"/v1/staff/proposals/{proposal_id}/approval"
    first = await bank.http.post(path, headers=headers)
    again = await bank.http.post(path, headers=headers)
    assert first.json()["enrolment_code"]
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_repeated")


async def test_proposals_come_in_pages_newest_first(bank: Bank) -> None:
    ann, _ = await bank.officers()
    made = [await propose(bank.http, ann, **ADD | {"login_name": f"rui{n}"}) for n in range(3)]
    first = await listed(bank, limit=2)
    rest = await listed(bank, limit=2, after=first["next"])
    shown = [each["id"] for each in (*first["items"], *rest["items"])]
    assert sorted(shown) == sorted(made)
    assert (len(first["items"]), rest["next"]) == (2, None)


async def test_what_was_proposed_cannot_be_rewritten_by_the_application(bank: Bank) -> None:
    import psycopg

    ann, _ = await bank.officers()
    await propose(bank.http, ann, **ADD)
    with psycopg.connect(bank.ground.settings.application_url()) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE staff_proposals SET proposed_by = 'somebody'")


async def test_every_decision_stands_in_the_record(bank: Bank) -> None:
    ann, bob = await bank.officers()
    await decide(bank, ann, await propose(bank.http, ann, **ADD))
    await bank.staff("eve", Role.REVIEWER)
    told = [(each["outcome"], each["actor_id"], each["reason"]) for each in bank.events("proposal.approve")]
    assert told == [("refused", ann.id, "own_proposal"), ("allowed", bob.id, None)]

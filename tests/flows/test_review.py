"""Do two people decide what the policy refers, each on their own, whatever two processes believe at once?"""

import asyncio
from datetime import timedelta

import pytest

from app.staff.roles import Role
from app.verification.examination import Measure
from app.verification.reasons import ReasonCode
from tests.flows.conftest import PICTURE, Bank, bearer
from tests.flows.reviewing import CARD, REASON, WHOLE_CARD, Reviewer, faceless, number, review_of, reviewer, reviewers
from tests.verification.examinations import PORTRAIT, changed, read


async def test_a_referred_person_is_accepted_by_two_reviewers_and_goes_on(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    first = await anna.vote(review_id)
    assert (first.status_code, first.json()["phase"], first.json()["outcome"]) == (201, "voted", None)
    assert (await bao.vote(review_id)).json()["outcome"] == "accept"
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["decision"]["decided_by"], shown["decision"]["ial"]) == ("accepted", "review", "none")
    await applicant.bind_contact("13900001111")


@pytest.mark.rule("R113")
async def test_a_third_decides_where_two_differ(bank: Bank) -> None:
    anna, bao, chen = await reviewers(bank, "anna", "bao", "chen")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    await anna.vote(review_id)
    assert (await bao.vote(review_id, "reject")).json()["phase"] == "contested"
    assert (await chen.vote(review_id, "reject")).json()["outcome"] == "reject"
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["decision"]["human_review"]) == ("rejected", False)
    assert [each["code"] for each in shown["decision"]["reasons"]] == ["not_confirmed_by_staff"]


@pytest.mark.rule("R113")
async def test_nobody_sees_anothers_vote_before_their_own(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    review_id = await review_of(anna, await faceless(bank))
    await anna.vote(review_id, "reject", reason="The edge of the portrait looks cut.")
    bank.clock.move(timedelta(seconds=1))
    await bao.claim(review_id)
    before = await bao.get(f"/reviews/{review_id}")
    assert (before.json()["votes"], "portrait looks cut" in before.text) == ([], False)
    await bao.vote(review_id)
    after = (await bao.get(f"/reviews/{review_id}")).json()["votes"]
    assert [(each["outcome"], each["reason"] == REASON) for each in after] == [("reject", False), ("accept", True)]


async def test_a_case_is_shown_to_whoever_claimed_it_and_each_look_is_an_event(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    assert (await anna.get(f"/reviews/{review_id}")).json()["code"] == "claim_first"
    assert (await anna.get(f"/reviews/{review_id}/images/face")).json()["code"] == "claim_first"
    await anna.claim(review_id)
    case = (await anna.get(f"/reviews/{review_id}")).json()
    assert case["fields"]["name"]["value"] == "欧阳样例"
    assert set(case["images"]) == {"resident-card-portrait", "resident-card-emblem"}
    assert [each["code"] for each in case["reasons"]] == ["face_declined"]
    woken = [event for event in bank.events("data.unseal") if event["reason"] == "review"]
    assert {event["actor_kind"] for event in woken} == {"staff"}


async def test_staff_are_told_where_a_sign_stands_and_its_applicant_is_not(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    glued = Measure(ReasonCode.PORTRAIT_EDGED, 1e6, ((10.04, 20.0), (90.0, 20.0), (90.0, 120.0), (10.0, 120.0)))
    applicant = await faceless(bank, portrait=changed(PORTRAIT, view=changed(PORTRAIT.view, measures=(glued,))))
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    case = (await anna.get(f"/reviews/{review_id}")).json()
    client = await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))
    for reasons in (case["reasons"], client.json()["decision"]["staff_reasons"]):
        where = {each["code"]: each["where"] for each in reasons}
        assert where == {"portrait_edged": [[10, 20], [90, 20], [90, 120], [10, 120]], "face_declined": None}
    assert not {"where", "120.0", "portrait_edged"} & {*(await applicant.get()).text.replace('"', " ").split()}


async def test_a_picture_is_unsealed_for_one_view_and_rests_in_no_cache(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, await faceless(bank))
    await anna.claim(review_id)
    for _ in range(2):
        answer = await anna.get(f"/reviews/{review_id}/images/resident-card-portrait")
        assert (answer.content, answer.headers["cache-control"]) == (PICTURE, "no-store")
        assert answer.headers["content-type"] == "image/png"
    assert len(bank.events("review.picture")) == 2
    assert (await anna.get(f"/reviews/{review_id}/images/passport")).status_code == 404
    assert (await anna.get(f"/reviews/{review_id}/images/face")).status_code == 404


async def test_a_claim_keeps_others_away_for_half_an_hour(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    review_id = await review_of(anna, await faceless(bank))
    assert (await anna.claim(review_id)).json()["yours"] is True
    assert (await bao.claim(review_id)).json()["code"] == "claimed_by_another"
    bank.clock.move(timedelta(minutes=30))
    assert (await bao.claim(review_id)).status_code == 200
    voted = {"outcome": "accept", "reason": REASON}
    late = await anna.call("POST", f"/reviews/{review_id}/votes", json=voted)
    assert late.json()["code"] == "claim_first"


async def test_of_two_who_claim_at_once_in_two_processes_one_gets_it(bank: Bank, twin: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    review_id = await review_of(anna, await faceless(bank))
    await anna.get("/reviews")
    answers = await asyncio.gather(anna.claim(review_id), bao.claim(review_id, at=twin))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.rule("R113")
async def test_one_person_voting_twice_at_once_in_two_processes_has_one_vote(bank: Bank, twin: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    body = {"outcome": "accept", "reason": REASON}
    answers = await asyncio.gather(
        *(anna.call("POST", f"/reviews/{review_id}/votes", at=at, json=body) for at in (bank, twin))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert (await applicant.get()).json()["state"] == "referred"


async def test_a_vote_needs_a_reason(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, await faceless(bank))
    for reason in ("", " " * 20, "ok"):
        assert (await anna.vote(review_id, reason=reason)).json()["code"] == "malformed"


async def test_nobody_decides_their_own_case(bank: Bank) -> None:
    await bank.colleague("self", Role.REVIEWER)
    own = Reviewer(bank, "self")
    await own.call("PUT", "/staff/me/number", json={"number": CARD["number"]})
    review_id = await review_of(own, await faceless(bank))
    assert (await own.claim(review_id)).json()["code"] == "own_case"
    unread = await faceless(bank, portrait=changed(PORTRAIT, number=read(None, 0.2)))
    other = await review_of(own, unread)
    assert (await own.vote(other, fields={"number": CARD["number"]})).json()["code"] == "own_case"


@pytest.mark.rule("R113")
async def test_two_accounts_of_one_reviewer_are_one_person(bank: Bank) -> None:
    own = number(order="020")
    anna, again = await reviewer(bank, "anna", own), await reviewer(bank, "anna-again", own)
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id)).json()["phase"] == "voted"
    assert (await again.claim(review_id)).json()["code"] == "took_part"
    assert (await again.get(f"/reviews/{review_id}")).json()["code"] == "claim_first"
    assert (await again.compare(applicant, **WHOLE_CARD)).json()["code"] == "took_part"
    (bao,) = await reviewers(bank, "bao")
    assert (await bao.vote(review_id)).json()["outcome"] == "accept"


async def test_a_reviewer_says_once_whose_number_is_theirs_before_anything_is_shown(bank: Bank) -> None:
    await bank.colleague("new", Role.REVIEWER)
    new = Reviewer(bank, "new")
    review_id = await review_of(new, await faceless(bank))
    assert (await new.claim(review_id)).json()["code"] == "declare_first"
    wrong = await new.call("PUT", "/staff/me/number", json={"number": "110101199003070021"})
    assert wrong.json()["code"] == "number_check_wrong"
    declared = [await new.call("PUT", "/staff/me/number", json={"number": number()}) for _ in range(2)]
    assert [answer.status_code for answer in declared] == [200, 409]
    assert number().encode() not in bank.dump()


async def test_what_could_not_be_read_is_typed_by_two_who_must_type_the_same(bank: Bank) -> None:
    anna, bao, chen = await reviewers(bank, "anna", "bao", "chen")
    applicant = await faceless(bank, portrait=changed(PORTRAIT, name=read(None, 0.2)))
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id)).json()["code"] == "still_unread"
    assert (await anna.vote(review_id, fields={"name": "欧阳样例"})).json()["phase"] == "voted"
    assert (await bao.vote(review_id, fields={"name": "欧阳样俐"})).json()["phase"] == "contested"
    assert (await chen.vote(review_id, fields={"name": "欧阳样例"})).json()["outcome"] == "accept"
    case = (await chen.get(f"/reviews/{review_id}")).json()
    assert (case["fields"]["name"]["value"], case["fields"]["name"]["source"]) == ("欧阳样例", "clerk")


@pytest.mark.rule("R40")
async def test_what_a_machine_read_unsurely_is_no_account_s_until_two_people_have_typed_it(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    guessed = changed(PORTRAIT, name=read("欧阳样俐", 0.5), number=read(CARD["number"], 0.58))
    applicant = await faceless(bank, portrait=guessed)
    review_id = await review_of(anna, applicant)
    refused = (await anna.vote(review_id)).json()
    assert (refused["code"], "name, number" in refused["detail"]) == ("still_unread", True)
    assert (await anna.get(f"/reviews/{review_id}")).json()["unread"] == ["name", "number"]
    assert (await anna.vote(review_id, fields={"name": CARD["name"]})).json()["code"] == "still_unread"
    assert [(await each.vote(review_id, fields=CARD)).status_code for each in (anna, bao)] == [201, 201]
    case = (await bao.get(f"/reviews/{review_id}")).json()
    typed = [(case["fields"][name]["value"], case["fields"][name]["source"]) for name in CARD]
    assert (typed, case["unread"]) == ([(value, "clerk") for value in CARD.values()], [])


async def test_what_was_withdrawn_is_no_longer_reviewed(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    assert (await applicant.call("DELETE")).json()["state"] == "withdrawn"
    assert (await anna.get("/reviews")).json()["items"] == []
    assert (await anna.claim(review_id)).json()["code"] == "review_closed"


async def test_reviews_are_for_reviewers_alone(bank: Bank) -> None:
    applicant = await faceless(bank)
    officer = (await bank.officers())[0]
    auditor = await bank.staff("auditor", Role.AUDITOR)
    for headers in (await officer.present(), auditor):
        assert (await bank.http.get("/v1/reviews", headers=headers)).status_code == 403
    assert (await bank.http.get("/v1/reviews", headers=bearer(applicant.token))).status_code == 401
    assert (await bank.http.get("/v1/reviews")).status_code == 401


async def test_open_reviews_are_read_in_pages_what_is_due_first(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    waiting = []
    for _ in range(3):
        waiting.append((await faceless(bank)).id)
        bank.clock.move(timedelta(minutes=1))
    first = (await anna.get("/reviews?limit=2")).json()
    second = (await anna.get("/reviews", params={"limit": 2, "after": first["next"]})).json()
    assert [each["proofing_id"] for each in first["items"] + second["items"]] == waiting
    assert second["next"] is None


async def test_reasons_and_what_was_typed_rest_sealed(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, await faceless(bank))
    await anna.vote(review_id, reason="Looks exactly like the card.", fields={"address": "上海市黄浦区一号"})
    carried = bank.dump()
    assert b"Looks exactly" not in carried
    assert "上海市黄浦区一号".encode() not in carried

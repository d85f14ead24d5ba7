"""May whoever was rejected by a machine have people decide, once, with a clock to be seen? R102, R105."""

from datetime import timedelta

import pytest

from tests.flows.conftest import Bank
from tests.flows.reviewing import faceless, impostor, review_of, reviewers

WORDS = {"statement": "I have grown a beard since the card was made."}


@pytest.mark.rule("R102", "R105")
async def test_an_automatic_rejection_is_appealed_and_people_accept(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await impostor(bank)
    assert (await applicant.get()).json()["decision"]["human_review"] is True
    appealed = (await applicant.post("/appeal", json=WORDS)).json()
    assert (appealed["state"], appealed["whose_move"]) == ("referred", "staff")
    assert [each["code"] for each in appealed["decision"]["reasons"]] == ["under_review"]
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    assert (await anna.get(f"/reviews/{review_id}")).json()["statement"] == WORDS["statement"]
    for each in (anna, bao):
        await each.vote(review_id)
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R105")
async def test_the_answer_is_due_in_fifteen_days_and_both_sides_see_the_clock(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await impostor(bank)
    due = (await applicant.post("/appeal", json=WORDS)).json()["answer_due_at"]
    shown = (await anna.get("/reviews")).json()["items"][0]
    assert (shown["cause"], shown["due_at"], shown["overdue"]) == ("appeal", due, False)
    assert (await applicant.get()).json()["answer_due_at"] == due
    bank.clock.move(timedelta(days=15, seconds=1))
    later = await faceless(bank)
    items = (await anna.get("/reviews")).json()["items"]
    assert [(each["proofing_id"], each["overdue"]) for each in items] == [(applicant.id, True), (later.id, False)]


@pytest.mark.rule("R102")
async def test_what_people_rejected_is_not_appealed_again(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await impostor(bank)
    await applicant.post("/appeal", json=WORDS)
    assert (await applicant.post("/appeal", json=WORDS)).json()["code"] == "illegal_move"
    review_id = await review_of(anna, applicant)
    for each in (anna, bao):
        await each.vote(review_id, "reject")
    assert (await applicant.get()).json()["state"] == "rejected"
    assert (await applicant.post("/appeal", json=WORDS)).json()["code"] == "illegal_move"


async def test_nothing_is_appealed_that_was_not_rejected(bank: Bank) -> None:
    applicant = await faceless(bank)
    assert (await applicant.post("/appeal", json=WORDS)).json()["code"] == "illegal_move"
    assert (await (await bank.applicant()).post("/appeal", json=WORDS)).json()["code"] == "illegal_move"


async def test_nobody_appeals_for_another(bank: Bank) -> None:
    applicant, stranger = await impostor(bank), await bank.applicant()
    answer = await bank.http.post(
        f"/v1/proofings/{applicant.id}/appeal", json=WORDS, headers={"authorization": f"Bearer {stranger.token}"}
    )
    assert answer.status_code == 404


async def test_the_appellants_words_rest_sealed(bank: Bank) -> None:
    await (await impostor(bank)).post("/appeal", json=WORDS)
    assert b"grown a beard" not in bank.dump()

"""Does the authority's last word stand, whatever is typed after it and whoever votes? R45."""

from typing import Any

import pytest

from app.verification.authority import AuthorityAnswer
from tests.flows.conftest import Bank, Connected
from tests.flows.reviewing import WHOLE_CARD, faceless, number, review_of, reviewers
from tests.flows.test_authority import Scripted, examined
from tests.flows.test_counter_kinds import PASSPORT, decision, told
from tests.verification.examinations import EMBLEM, changed, read

FAINT: dict[str, Any] = {"emblem": changed(EMBLEM, valid_to=read(None, 0.3))}
"""A term that no machine could read: people have to type it."""


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", [AuthorityAnswer.REVOKED, AuthorityAnswer.DIFFERS])
async def test_a_term_typed_afterwards_does_away_with_no_denial(bank: Bank, answer: AuthorityAnswer) -> None:
    applicant, authority = await examined(bank, answer, **FAINT)
    assert [question.valid_to for question in authority.asked] == [None]
    assert (await applicant.post("/appeal", json={"statement": "This is my own card."})).status_code == 201
    (anna,) = await reviewers(bank, "anna")
    vote = await anna.vote(await review_of(anna, applicant), fields={"valid_to": "2036-03-07"})
    assert vote.json()["code"] == "authority_denies"


@pytest.mark.rule("R45")
async def test_a_term_typed_afterwards_does_away_with_no_confirmation(bank: Bank) -> None:
    bank.authority = Scripted(AuthorityAnswer.CONFIRMED)
    applicant = await faceless(bank, **FAINT)
    for each in await reviewers(bank, "anna", "bao"):
        assert (await each.compare(applicant, valid_to="2036-03-07")).status_code == 201
    assert (await decision(bank, applicant))["assurance"]["passed"] == ["authority", "attended"]


@pytest.mark.rule("R45")
async def test_whom_it_denied_at_the_counter_nobody_accepts_there_while_it_is_down(connected: Connected) -> None:
    branch, _, said = connected
    applicant = await told(branch)
    anna, bao = await reviewers(branch, "anna", "bao")
    said["answer"] = "revoked"
    assert (await anna.compare(applicant, **PASSPORT)).json()["code"] == "authority_denies"
    said["answer"] = "nonsense"
    assert (await bao.compare(applicant, **PASSPORT)).json()["code"] == "authority_denies"
    said["answer"] = "confirmed"
    for each in (anna, bao):
        assert (await each.compare(applicant, **PASSPORT)).status_code == 201
    assert (await decision(branch, applicant))["ial"] == "ial1"


@pytest.mark.rule("R45")
async def test_whom_it_denied_at_the_counter_nobody_accepts_from_afar(connected: Connected) -> None:
    branch, _, said = connected
    applicant = await faceless(branch)
    anna, bao = await reviewers(branch, "anna", "bao")
    said["answer"] = "revoked"
    assert (await anna.compare(applicant)).json()["code"] == "authority_denies"
    assert (await bao.vote(await review_of(bao, applicant))).json()["code"] == "authority_denies"


@pytest.mark.rule("R45")
async def test_whom_it_denied_is_another_than_who_was_mistyped(connected: Connected) -> None:
    branch, _, said = connected
    applicant = await faceless(branch)
    anna, bao = await reviewers(branch, "anna", "bao")
    said["answer"] = "differs"
    mistyped = WHOLE_CARD | {"number": number("19900307", "014")}
    assert (await anna.compare(applicant, **mistyped)).json()["code"] == "authority_denies"
    said["answer"] = "confirmed"
    for each in (anna, bao):
        assert (await each.compare(applicant)).status_code == 201
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R45")
async def test_whoever_confirms_from_a_desk_throws_its_answer_at_the_counter_not_away(connected: Connected) -> None:
    branch, _, _ = connected
    applicant = await faceless(branch)
    anna, bao = await reviewers(branch, "anna", "bao")
    assert (await anna.compare(applicant)).status_code == 201
    assert (await bao.vote(await review_of(bao, applicant))).json()["outcome"] == "accept"
    found = await decision(branch, applicant)
    assert (found["assurance"]["passed"], found["ial"]) == (["authority", "attended"], "ial1")


@pytest.mark.rule("R23", "R45")
async def test_what_is_kept_of_a_denial_names_nobody_in_clear(connected: Connected) -> None:
    branch, _, said = connected
    applicant = await told(branch)
    (anna,) = await reviewers(branch, "anna")
    said["answer"] = "revoked"
    await anna.compare(applicant, **WHOLE_CARD)
    (event,) = branch.events("proofing.compare_in_person")
    assert (event["outcome"], event["reason"], event["detail"]) == (
        "refused",
        "authority_denies",
        {"authority": "revoked"},
    )
    assert WHOLE_CARD["number"].encode() not in branch.dump()

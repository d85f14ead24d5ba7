"""Is the authority asked about whom we read, believed only when it answers, and does the token say what came of it? R45."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.gateways.authority import Question
from app.verification.authority import AuthorityAnswer
from app.verification.examination import Kind
from tests.flows.conftest import Applicant, Bank, Connected, Subscriber, bearer, seen
from tests.flows.reviewing import WHOLE_CARD, faceless, number, review_of, reviewers, submitted
from tests.verification.examinations import CARD, PORTRAIT, read

OPEN_UNITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"
)


class Scripted:
    """An authority that says what it is told to say, and remembers what it was asked."""

    def __init__(self, answer: AuthorityAnswer, look: Callable[[], object] = lambda: None) -> None:
        self.answer = answer
        self.look = look
        self.asked: list[Question] = []
        self.looks: list[object] = []

    async def check(self, question: Question) -> AuthorityAnswer:
        self.asked.append(question)
        self.looks.append(self.look())
        return self.answer


async def examined(bank: Bank, answer: AuthorityAnswer, **changes: Any) -> tuple[Applicant, Scripted]:
    bank.authority = authority = Scripted(answer)
    bank.eyes.examined = seen(**changes)
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await submitted(applicant)
    return applicant, authority


async def for_staff(bank: Bank, applicant: Applicant) -> dict[str, Any]:
    headers = bearer(await bank.kiosk_token())
    return dict((await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json())


async def claims(bank: Bank, subscriber: Subscriber) -> tuple[str, list[str]]:
    told = await bank.introspect((await subscriber.signed_in())["access_token"])
    return told["ial"], told["ial_missing"]


async def at_the_counter(bank: Bank, answer: AuthorityAnswer, **typed: str) -> Applicant:
    """Somebody referred for want of a face, whom two reviewers have before them."""
    bank.authority = Scripted(answer)
    applicant = await faceless(bank)
    for each in await reviewers(bank, "anna", "bao"):
        assert (await each.compare(applicant, **typed)).status_code == 201
    assert (await applicant.get()).json()["state"] == "accepted"
    return applicant


@pytest.mark.rule("R45")
async def test_a_token_tells_the_level_that_was_reached_and_what_the_next_would_take(bank: Bank) -> None:
    applicant = await at_the_counter(bank, AuthorityAnswer.CONFIRMED)
    assert await claims(bank, await bank.enrolled_from(applicant)) == ("ial1", ["evidence"])


@pytest.mark.rule("R45")
async def test_without_an_authority_the_token_says_that_there_is_no_level(bank: Bank) -> None:
    applicant = await at_the_counter(bank, AuthorityAnswer.UNASKED)
    assert await claims(bank, await bank.enrolled_from(applicant)) == ("none", ["authority"])


async def test_what_is_accepted_from_afar_says_what_it_lacks(bank: Bank) -> None:
    applicant, _ = await examined(bank, AuthorityAnswer.CONFIRMED)
    assert await claims(bank, await bank.enrolled_from(applicant)) == ("none", ["attended"])


async def test_a_refreshed_token_tells_the_same_level(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    issued = await subscriber.signed_in()
    again = (await bank.refresh(issued["refresh_token"])).json()
    first, second = [await bank.introspect(each["access_token"]) for each in (issued, again)]
    assert first["ial_missing"] == second["ial_missing"] == ["authority", "attended"]


async def test_what_it_said_of_another_name_is_not_believed_of_this_one(bank: Bank) -> None:
    applicant = await at_the_counter(bank, AuthorityAnswer.CONFIRMED, name="欧阳另例")
    assert (await for_staff(bank, applicant))["decision"]["assurance"]["passed"] == ["attended"]


async def test_the_bank_is_shown_what_the_level_was_computed_from(bank: Bank) -> None:
    applicant = await at_the_counter(bank, AuthorityAnswer.CONFIRMED)
    told = (await for_staff(bank, applicant))["decision"]
    assert told["assurance"] == {"evidence": ["resident_card"], "passed": ["authority", "attended"]}
    assert (told["ial"], told["ial_missing"]) == ("ial1", ["evidence"])
    assert (await applicant.get()).json()["decision"]["assurance"] is None


@pytest.mark.rule("R45")
@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        (AuthorityAnswer.UNAVAILABLE, "referred", "authority_unavailable"),
        (AuthorityAnswer.UNKNOWN, "referred", "authority_unknown"),
        (AuthorityAnswer.DIFFERS, "rejected", "authority_differs"),
        (AuthorityAnswer.REVOKED, "rejected", "authority_revoked"),
    ],
)
async def test_whoever_is_not_confirmed_is_not_accepted(
    bank: Bank, answer: AuthorityAnswer, state: str, code: str
) -> None:
    applicant, _ = await examined(bank, answer)
    shown, staff = (await applicant.get()).json(), await for_staff(bank, applicant)
    assert (shown["state"], "authority" in str(shown["decision"]["reasons"])) == (state, False)
    assert [each["code"] for each in staff["decision"]["staff_reasons"]] == [code]
    assert (shown["decision"]["ial"], shown["decision"]["ial_missing"]) == ("none", [])


@pytest.mark.rule("R45")
async def test_the_authority_is_asked_once_and_while_no_unit_of_work_is_open(bank: Bank) -> None:
    bank.authority = authority = Scripted(AuthorityAnswer.CONFIRMED, lambda: bank.sql(OPEN_UNITS))
    await bank.accepted()
    number_and_name = (PORTRAIT.number.value, PORTRAIT.name.value)
    assert [(q.number, q.name, q.kind) for q in authority.asked] == [(*number_and_name, Kind.RESIDENT_CARD)]
    assert authority.looks == [[(0,)]]


@pytest.mark.rule("R45")
@pytest.mark.parametrize(
    "portrait",
    [
        replace(PORTRAIT, name=read("欧阳样例", 0.5)),
        replace(PORTRAIT, number=read(None)),
        replace(PORTRAIT, view=replace(CARD, specimen=True)),
    ],
)
async def test_nobody_is_asked_about_a_stranger(bank: Bank, portrait: object) -> None:
    _, authority = await examined(bank, AuthorityAnswer.CONFIRMED, portrait=portrait)
    assert authority.asked == []


async def test_the_record_tells_what_was_answered_and_names_nobody(bank: Bank) -> None:
    await examined(bank, AuthorityAnswer.REVOKED, portrait=replace(PORTRAIT, number=read(number())))
    (event,) = [each for each in bank.events("proofing.decide") if "skipped" not in each["detail"]]
    assert (event["detail"]["authority"], event["detail"]["ial"]) == ("revoked", "none")
    assert number().encode() not in bank.dump()


@pytest.mark.rule("R45", "R98")
async def test_whoever_comes_to_the_counter_without_a_picture_is_asked_about_there(
    connected: Connected,
) -> None:
    branch, house, _ = connected
    applicant = await branch.applicant()
    await applicant.answer("identity_verification")
    for each in await reviewers(branch, "anna", "bao"):
        assert (await each.compare(applicant, **WHOLE_CARD)).status_code == 201
    told = {(body["number"], body["name"], body["kind"]) for _, _, body in house.asked}
    assert told == {(WHOLE_CARD["number"], WHOLE_CARD["name"], "resident_card")}
    assert (await applicant.get()).json()["decision"]["ial"] == "ial1"


@pytest.mark.rule("R45")
@pytest.mark.parametrize(
    ("answer", "status"), [("revoked", 409), ("differs", 409), ("unknown", 201), ("nonsense", 201)]
)
async def test_nobody_is_accepted_at_the_counter_whom_the_authority_denies(
    connected: Connected, answer: str, status: int
) -> None:
    branch, _, said = connected
    said["answer"] = answer
    applicant = await faceless(branch)
    (anna,) = await reviewers(branch, "anna")
    given = await anna.compare(applicant)
    assert (given.status_code, given.json().get("code")) == (status, "authority_denies" if status == 409 else None)


@pytest.mark.rule("R45")
async def test_what_was_denied_is_not_accepted_from_afar(bank: Bank) -> None:
    applicant, _ = await examined(bank, AuthorityAnswer.REVOKED)
    assert (await applicant.post("/appeal", json={"statement": "This is my own card."})).status_code == 201
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id)).json()["code"] == "authority_denies"
    assert (await anna.vote(review_id, "reject")).status_code == 201


async def test_a_level_that_a_policy_once_claimed_is_told_no_more(bank: Bank) -> None:
    applicant = await bank.accepted()
    claimed = """{"ial": "ial1"}"""
    bank.sql("UPDATE proofings SET decision = (decision - 'passed') || %s::jsonb", claimed)
    decision = (await applicant.get()).json()["decision"]
    assert (decision["outcome"], decision["ial"], decision["ial_missing"]) == ("accept", "none", [])

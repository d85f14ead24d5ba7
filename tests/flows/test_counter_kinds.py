"""May whoever holds another document than a resident card come to the counter, and is nobody made of two? R40, R98."""

from dataclasses import replace
from typing import Any

import pytest

from app.verification.examination import FaceDeclined, Field, Kind, Side
from tests.flows.conftest import Applicant, Bank, Connected, bearer
from tests.flows.reviewing import WHOLE_CARD, faceless, number, reviewers, submitted
from tests.flows.test_documents import presenting
from tests.verification.examinations import PORTRAIT, measured, presented, read
from tests.verification.licence_pages import PAGE as LICENCE

PASSPORT = {
    "kind": "passport", "number": "K20441-8C7", "issuing_state": "SWE", "name": "ERIKSSON ANNA", "sex": "F",
    "birth": "1990-03-07", "valid_to": "2030-01-01",
}  # fmt: skip
ANOTHERS = number("19800101", "001")


async def told(bank: Bank) -> Applicant:
    """Somebody who was told what is kept of them, and had no picture taken."""
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    return applicant


async def decision(bank: Bank, applicant: Applicant) -> dict[str, Any]:
    headers = bearer(await bank.kiosk_token())
    shown = await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)
    return dict(shown.json()["decision"])


@pytest.mark.rule("R45", "R70", "R98")
async def test_a_passport_is_typed_at_the_counter_and_asked_about_with_its_state(
    connected: Connected,
) -> None:
    branch, house, _ = connected
    applicant = await told(branch)
    for each in await reviewers(branch, "anna", "bao"):
        assert (await each.compare(applicant, **PASSPORT)).status_code == 201
    asked = [{name: value for name, value in body.items() if name != "id"} for _, _, body in house.asked]
    wanted = {"kind": "passport", "number": "K204418C7", "name": "ERIKSSON ANNA", "issuing_state": "SWE"}
    assert asked == [wanted | {"valid_to": "2030-01-01"}] * 2
    assert (await decision(branch, applicant))["assurance"] == {
        "evidence": ["passport"], "passed": ["authority", "attended"],
    }  # fmt: skip
    await applicant.bind_contact("13900001111")


@pytest.mark.rule("R45")
async def test_an_authority_that_is_down_makes_no_passport_worth_anything(
    connected: Connected,
) -> None:
    branch, _, said = connected
    applicant = await told(branch)
    said["answer"] = "nonsense"
    for each in await reviewers(branch, "anna", "bao"):
        assert (await each.compare(applicant, **PASSPORT)).status_code == 201
    found = await decision(branch, applicant)
    assert (found["ial"], found["assurance"]["passed"]) == ("none", ["attended"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "K20441-8C77"}, "document_number_malformed"),
        ({"issuing_state": "ZZZ"}, "state_unknown"),
        ({"kind": "residence_permit", "number": ANOTHERS}, "still_unread"),
        ({"kind": "permanent_resident_card", "authority": "NIA", "valid_from": "2020-01-01"}, "foreign_number_malformed"),
        ({"kind": "temporary_card"}, "document_not_accepted"),
        ({"kind": "visa"}, "malformed"),
    ],
)  # fmt: skip
async def test_each_kind_is_held_to_its_own_rules(bank: Bank, changes: dict[str, str], code: str) -> None:
    (anna,) = await reviewers(bank, "anna")
    answer = await anna.compare(await told(bank), **PASSPORT | changes)
    assert answer.json()["code"] == code


@pytest.mark.rule("R40")
async def test_the_number_of_another_document_is_completed_by_nothing_that_was_read(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank, portrait=replace(PORTRAIT, number=Field("11010119??", None, 0.2)))
    refused = (await anna.compare(applicant, number=ANOTHERS)).json()
    assert (refused["code"], "address, authority, valid_from, valid_to" in refused["detail"]) == ("still_unread", True)
    for each in (anna, bao):
        assert (await each.compare(applicant, **WHOLE_CARD | {"number": ANOTHERS})).status_code == 201
    found = (await decision(bank, applicant))["assurance"]
    assert found == {"evidence": ["resident_card"], "passed": ["attended"]}


@pytest.mark.rule("R40")
async def test_a_passport_in_hand_leaves_nothing_of_the_card_that_was_photographed(bank: Bank) -> None:
    applicant = await faceless(bank)
    for each in await reviewers(bank, "anna", "bao"):
        assert (await each.compare(applicant, **PASSPORT)).status_code == 201
    assert (await decision(bank, applicant))["assurance"]["evidence"] == ["passport"]
    await applicant.bind_contact("13900001111")
    assert bank.sql("SELECT count(*) FROM subscribers") == [(1,)]


@pytest.mark.rule("R84")
async def test_at_the_counter_counts_what_was_in_hand_and_no_picture_beside_it(connected: Connected) -> None:
    branch, _, _ = connected
    sound = replace(LICENCE, valid_from=read("2021-06-01"), valid_to=read("2031-06-01"))
    pages = (*measured().pages, presented(Kind.DRIVING_LICENCE, Side.MAIN, sound))
    applicant = await presenting(branch, pages, FaceDeclined.CONSENT_REFUSED)
    await submitted(applicant)
    assert (await decision(branch, applicant))["assurance"]["evidence"] == ["resident_card", "driving_licence"]
    for each in await reviewers(branch, "anna", "bao"):
        assert (await each.compare(applicant)).status_code == 201
    found = await decision(branch, applicant)
    assert (found["assurance"]["evidence"], found["ial"], found["ial_missing"]) == (
        ["resident_card"],
        "ial1",
        ["evidence"],
    )


async def test_two_who_spell_one_passport_in_two_ways_agree(bank: Bank) -> None:
    anna, bao, chen = await reviewers(bank, "anna", "bao", "chen")
    applicant = await told(bank)
    await anna.compare(applicant, **PASSPORT | {"name": "Eriksson, Anna", "valid_to": "20300101"})
    assert (await bao.compare(applicant, **PASSPORT | {"name": "Eriksson Hanna"})).json()["phase"] == "contested"
    assert (await chen.compare(applicant, **PASSPORT)).json()["outcome"] == "accept"


async def test_three_who_accept_three_names_reject_nobody(bank: Bank) -> None:
    anna, bao, chen, dora = await reviewers(bank, "anna", "bao", "chen", "dora")
    applicant = await told(bank)
    for each, name in ((anna, "ERIKSSON ANNA"), (bao, "ERIKSSON HANNA"), (chen, "ERICSSON ANNA")):
        answer = (await each.compare(applicant, **PASSPORT | {"name": name})).json()
    assert (answer["phase"], (await applicant.get()).json()["state"]) == ("contested", "referred")
    assert (await dora.compare(applicant, **PASSPORT)).json()["outcome"] == "accept"


@pytest.mark.parametrize("other", [{"sex": "M"}, {"birth": "1990-03-08"}])
async def test_a_passport_s_sex_and_birth_are_no_account_s_until_two_people_have_typed_them(
    bank: Bank, other: dict[str, str]
) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await told(bank)
    await anna.compare(applicant, **PASSPORT)
    assert (await bao.compare(applicant, **PASSPORT | other)).json()["phase"] == "contested"


@pytest.mark.rule("R2")
async def test_a_sex_typed_against_the_number_is_refused_and_not_dropped(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    answer = await anna.compare(await told(bank), **WHOLE_CARD, sex="男")
    assert (answer.status_code, answer.json()["code"]) == (422, "number_tells_otherwise")


@pytest.mark.rule("R70")
async def test_two_who_read_two_states_do_not_agree(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await told(bank)
    await anna.compare(applicant, **PASSPORT)
    assert (await bao.compare(applicant, **PASSPORT | {"issuing_state": "NOR"})).json()["phase"] == "contested"

"""Is one person with several documents one account, and is their own case never theirs to decide? R113."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg.errors import UniqueViolation

from app.staff.roles import Role
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.resident_number import check_character
from app.verification.evidence import Measured, Presented
from app.verification.examination import FaceDeclined, FaceEvidence, Kind, Side
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer, seen
from tests.flows.reviewing import CARD, Reviewer, faceless, review_of, reviewer, reviewers, submitted
from tests.flows.test_counter_kinds import PASSPORT, told
from tests.verification.examinations import EVIDENCE, measured, presented, read
from tests.verification.test_permanent_findings import BACK, FRONT, OLD
from tests.verification.test_together import passport

PERMANENT = Kind.PERMANENT_RESIDENT_CARD
FORMER, NOW = "CAN110081080399", "91112419810803004"
NEW_CARD = (
    presented(PERMANENT, Side.FRONT, replace(FRONT, number=read(NOW + check_character(NOW)))),
    presented(PERMANENT, Side.BACK, replace(BACK, previous_number=read(FORMER))),
)
OLD_CARD = (presented(PERMANENT, Side.FRONT, replace(OLD, number=read(FORMER))), presented(PERMANENT, Side.BACK, BACK))
CARD_AND_PASSPORT = (*measured().pages, passport(Birth(1990, 3, 7)))
UTOPIAN = {"kind": "passport", "number": "K204418C7", "issuing_state": "UTO"}
PHONES = ("13900001111", "13900002222")


async def showing(bank: Bank, pages: tuple[Presented, ...]) -> Applicant:
    """Somebody whose pictures show these pages, and their face."""
    return await _shown(bank, pages, EVIDENCE)


async def referred(bank: Bank, pages: tuple[Presented, ...]) -> Applicant:
    """Somebody whose pictures show these pages, who refused the comparison of faces."""
    return await _shown(bank, pages, FaceDeclined.CONSENT_REFUSED)


async def _shown(bank: Bank, pages: tuple[Presented, ...], face: FaceEvidence | FaceDeclined) -> Applicant:
    bank.eyes.examined = replace(seen(), measured=Measured(pages, face))
    pictures = ["/evidence/" + f"{page.kind}/{page.side}".replace("_", "-") for page in pages]
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison", given=isinstance(face, FaceEvidence))
    for path in (*pictures, *(["/face"] if isinstance(face, FaceEvidence) else [])):
        assert (await applicant.put(path, content=PICTURE)).status_code == 201
    await submitted(applicant)
    return applicant


async def reasons(bank: Bank, applicant: Applicant) -> tuple[str, list[str]]:
    headers = bearer(await bank.kiosk_token())
    shown = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json()
    return shown["state"], [each["code"] for each in shown["decision"]["staff_reasons"]]


@pytest.mark.rule("R19")
async def test_whoever_comes_again_with_the_card_they_had_before_is_looked_at_and_not_enrolled(bank: Bank) -> None:
    await (await showing(bank, NEW_CARD)).bind_contact(PHONES[0])
    again = await showing(bank, OLD_CARD)
    assert await reasons(bank, again) == ("referred", ["already_enrolled"])
    (anna,) = await reviewers(bank, "anna")
    assert (await anna.vote(await review_of(anna, again))).json()["code"] == "already_enrolled"
    assert bank.sql("SELECT count(*) FROM account_numbers") == [(2,)]


async def test_whoever_comes_again_with_a_new_card_is_found_by_the_number_it_says_they_had(bank: Bank) -> None:
    await (await showing(bank, OLD_CARD)).bind_contact(PHONES[0])
    assert await reasons(bank, await showing(bank, NEW_CARD)) == ("referred", ["already_enrolled"])


async def test_of_two_documents_shown_together_either_finds_the_account(bank: Bank) -> None:
    await (await showing(bank, CARD_AND_PASSPORT)).bind_contact(PHONES[0])
    anna, _ = await reviewers(bank, "anna", "bao")
    again = await anna.compare(await told(bank), **PASSPORT | UTOPIAN)
    assert again.json()["code"] == "already_enrolled"
    assert await reasons(bank, await showing(bank, CARD_AND_PASSPORT[:2])) == ("referred", ["already_enrolled"])


async def test_of_two_racing_with_two_documents_of_one_person_exactly_one_is_enrolled(bank: Bank, twin: Bank) -> None:
    ready = []
    for pages, phone in ((NEW_CARD, PHONES[0]), (OLD_CARD, PHONES[1])):
        applicant = await showing(bank, pages)
        ready.append((applicant, await applicant.contact_code(phone)))
        bank.clock.move(timedelta(seconds=1))
    ready[1][0].bank = twin
    answers = await asyncio.gather(*(applicant.post("/contact/code", json={"code": code}) for applicant, code in ready))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"already_enrolled"}
    assert bank.sql("SELECT count(*) FROM subscribers") == [(1,)]


async def test_the_database_itself_gives_no_number_to_two_accounts(bank: Bank) -> None:
    await (await showing(bank, NEW_CARD)).bind_contact(PHONES[0])
    with pytest.raises(UniqueViolation, match="account_numbers_pkey"):
        bank.sql("INSERT INTO account_numbers (number_index, subscriber_id) SELECT number_index, id FROM subscribers")


@pytest.mark.rule("R113")
async def test_a_reviewer_is_known_by_the_passport_their_own_account_holds(bank: Bank) -> None:
    await (await showing(bank, CARD_AND_PASSPORT)).bind_contact(PHONES[0])
    own = await reviewer(bank, "self", str(CARD["number"]))
    theirs = await referred(bank, CARD_AND_PASSPORT[2:])
    assert (await own.claim(await review_of(own, theirs))).json()["code"] == "own_case"
    assert (await own.compare(await told(bank), **PASSPORT | UTOPIAN)).json()["code"] == "own_case"


@pytest.mark.rule("R113")
async def test_a_reviewer_who_has_a_passport_alone_tells_it_and_is_known_by_it(bank: Bank) -> None:
    await bank.colleague("self", Role.REVIEWER)
    own = Reviewer(bank, "self")
    assert (await own.compare(await told(bank), **PASSPORT)).json()["code"] == "declare_first"
    passports = [{"kind": "passport", "number": number, "issuing_state": "SWE"} for number in ("K204418C7", "K3")]
    for each in passports:
        assert (await own.call("PUT", "/staff/me/number", json=each)).status_code == 200
    assert (await own.call("PUT", "/staff/me/number", json=passports[0])).json()["code"] == "already_declared"
    assert (await own.compare(await told(bank), **PASSPORT)).json()["code"] == "own_case"


@pytest.mark.rule("R113")
async def test_a_reviewer_is_known_by_a_number_that_stands_in_the_case_beside_the_one_it_rests_on(bank: Bank) -> None:
    await bank.colleague("self", Role.REVIEWER)
    own = Reviewer(bank, "self")
    told_of = {"kind": "permanent_resident_card", "number": FORMER}
    assert (await own.call("PUT", "/staff/me/number", json=told_of)).status_code == 200
    faint = replace(BACK, previous_number=read(FORMER, 0.8))
    case = await referred(bank, (NEW_CARD[0], presented(PERMANENT, Side.BACK, faint)))
    assert (await own.claim(await review_of(own, case))).json()["code"] == "own_case"


@pytest.mark.rule("R113")
async def test_a_number_for_life_is_told_once_and_a_passport_beside_it(bank: Bank) -> None:
    own = await reviewer(bank, "self", str(CARD["number"]))
    again = await own.call("PUT", "/staff/me/number", json={"number": "110101198001010010"})
    assert (again.status_code, again.json()["code"]) == (409, "already_declared")
    for number, state, code in (("K204418C7", "SWE", None), ("K204418C7", "ZZZ", "state_unknown")):
        body = {"kind": "passport", "number": number, "issuing_state": state}
        assert (await own.call("PUT", "/staff/me/number", json=body)).json().get("code") == code
    review_id = await review_of(own, await faceless(bank))
    assert (await own.claim(review_id)).json()["code"] == "own_case"

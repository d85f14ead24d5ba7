"""Is there a way without a face, for whoever comes to a branch, and for a minor with a guardian? R35, R98."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.main import create_app
from app.services.compromised_numbers import CompromisedNumbers
from app.specimens.impostures import Swapped
from tests.flows.conftest import ISSUER, Bank
from tests.flows.filming import consenting
from tests.flows.reviewing import WHOLE_CARD, faceless, impostor, number, review_of, reviewers
from tests.flows.test_counter_kinds import told
from tests.flows.test_liveness import shown
from tests.verification.examinations import PORTRAIT, changed, read

MINOR = number("20120307", "002")
POLICY = Path("app/verification/policies/development-1.toml").read_text("utf-8")
GUARDIAN = {"name": "欧阳父", "relation": "parent"}


@pytest.mark.rule("R98", "R113")
async def test_two_who_had_the_person_before_them_accept_who_refused_the_face(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    assert (await anna.compare(applicant)).json()["phase"] == "voted"
    assert (await anna.compare(applicant)).json()["code"] == "already_voted"
    assert (await bao.compare(applicant)).json()["outcome"] == "accept"
    seen = (await applicant.get()).json()
    assert (seen["state"], seen["decision"]["decided_by"]) == ("accepted", "counter")
    await applicant.bind_contact("13900001111")


@pytest.mark.rule("R98")
async def test_whoever_comes_straight_to_the_counter_needs_no_picture_and_is_enrolled(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    assert (await anna.compare(applicant)).json()["code"] == "still_unread"
    assert (await anna.compare(applicant, **WHOLE_CARD)).json()["cause"] == "counter"
    assert (await applicant.get()).json()["whose_move"] == "staff"
    assert (await bao.compare(applicant, **WHOLE_CARD)).json()["outcome"] == "accept"
    await applicant.bind_contact("13900001111")
    assert (await applicant.get()).json()["state"] == "binding"
    again = await bank.applicant()
    await again.answer("identity_verification")
    assert (await anna.compare(again, **WHOLE_CARD)).json()["code"] == "already_enrolled"


@pytest.mark.rule("R96")
async def test_nobody_is_compared_before_they_were_told_what_is_kept(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await bank.applicant()
    assert (await anna.compare(applicant, **WHOLE_CARD)).json()["code"] == "consent_needed"
    assert (await applicant.get()).json()["state"] == "open"


@pytest.mark.rule("R35")
async def test_a_minor_comes_with_a_guardian_and_is_never_accepted_from_afar(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    young = changed(PORTRAIT, number=read(MINOR), birth=read("2012-03-07"))
    applicant = await faceless(bank, portrait=young)
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id)).json()["code"] == "guardian_needed"
    assert (await anna.compare(applicant, number=MINOR)).json()["code"] == "guardian_needed"
    for each in (anna, bao):
        assert (await each.compare(applicant, number=MINOR, guardian=GUARDIAN)).status_code == 201
    assert (await applicant.get()).json()["state"] == "accepted"
    assert "欧阳父".encode() not in bank.dump()


async def test_two_who_type_different_numbers_do_not_agree(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    await anna.compare(applicant)
    other = WHOLE_CARD | {"number": number("19900307", "014")}
    assert (await bao.compare(applicant, **other)).json()["phase"] == "contested"
    assert (await applicant.get()).json()["state"] == "referred"


async def test_whoever_is_not_the_rightful_holder_is_rejected_by_two(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    for each in (anna, bao):
        assert (await each.compare(applicant, "reject")).status_code == 201
    decision = (await applicant.get()).json()["decision"]
    assert (decision["outcome"], decision["decided_by"], decision["human_review"]) == ("reject", "counter", False)


async def test_an_expired_card_convinces_nobody(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant, old = await faceless(bank), {"valid_to": "2026-11-21"}
    assert "authority, valid_from" in (await anna.compare(applicant, **old)).json()["detail"]
    assert (await anna.compare(applicant, **WHOLE_CARD | old)).json()["code"] == "card_expired"


async def test_what_is_rejected_or_examined_is_not_compared(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    assert (await anna.compare(await impostor(bank))).json()["code"] == "illegal_move"
    examining = await bank.applicant()
    await examining.complete_evidence()
    await examining.post("/submission")
    assert (await anna.compare(examining)).json()["code"] == "illegal_move"


@pytest.fixture
async def branch(bank: Bank, tmp_path: Path) -> AsyncIterator[Bank]:
    """The same bank with a policy by which one person at the counter decides."""
    text = POLICY.replace('"development-1"', '"branch-1"').replace("second_person = true", "second_person = false")
    (tmp_path / "branch-1.toml").write_text(text, "utf-8")
    settings = bank.ground.settings.model_copy(update={"policies_folder": tmp_path, "policy": "branch-1"})
    application = create_app(settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        yield replace(bank, http=http)


@pytest.mark.rule("R113")
async def test_one_person_is_enough_where_the_policy_says_so_but_never_about_fraud(bank: Bank, branch: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    honest, suspected = await faceless(bank), await impostor(bank)
    assert (await suspected.post("/appeal", json={"statement": "This is my own card."})).status_code == 201
    anna.bank = branch
    assert (await anna.compare(suspected)).json()["phase"] == "voted"
    assert (await anna.compare(honest)).json()["outcome"] == "accept"
    assert (await honest.get()).json()["decision"]["policy"] == "branch-1"


@pytest.mark.rule("R113")
async def test_who_was_taken_for_an_attack_and_never_submitted_is_not_one_persons_to_accept_either(
    bank: Bank, branch: Bank
) -> None:
    (anna,) = await reviewers(bank, "anna")
    suspected = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await suspected.answer(purpose)
    await shown(suspected, Swapped)
    anna.bank = branch
    assert (await anna.compare(suspected, **WHOLE_CARD)).json()["phase"] == "voted"


@pytest.mark.rule("R109", "R113")
async def test_who_withdraws_after_an_attack_is_not_one_persons_to_accept_either(bank: Bank, branch: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    honest, suspected = [await consenting(bank) for _ in range(2)]
    await shown(suspected, Swapped)
    for each in (honest, suspected):
        assert (await each.answer("face_comparison", given=False)).status_code == 201
    anna.bank = branch
    assert (await anna.compare(suspected, **WHOLE_CARD)).json()["phase"] == "voted"
    assert (await anna.compare(honest, **WHOLE_CARD)).json()["outcome"] == "accept"


@pytest.mark.rule("R113")
async def test_a_number_known_to_be_misused_is_not_one_persons_to_accept_though_no_picture_showed_it(
    bank: Bank, branch: Bank
) -> None:
    (anna,) = await reviewers(bank, "anna")
    listed = CompromisedNumbers(bank.ground.journal, bank.ground.vault)
    misused, honest = [await told(bank) for _ in range(2)]
    anna.bank = branch
    await listed.add([WHOLE_CARD["number"]], by="fraud-desk")
    assert (await anna.compare(misused, **WHOLE_CARD)).json()["phase"] == "voted"
    await listed.remove([WHOLE_CARD["number"]], by="fraud-desk")
    assert (await anna.compare(honest, **WHOLE_CARD)).json()["outcome"] == "accept"


async def test_an_accepted_applicant_who_waited_for_weeks_has_time_to_go_on(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    bank.clock.move(timedelta(days=14))
    for each in (anna, bao):
        await each.compare(applicant)
    bank.clock.move(timedelta(hours=71))
    assert (await applicant.get()).json()["state"] == "accepted"
    bank.clock.move(timedelta(hours=2))
    assert (await applicant.get()).json()["state"] == "expired"

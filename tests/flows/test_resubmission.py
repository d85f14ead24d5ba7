"""Is a poor picture asked for again, three times at most, and never a word said of what fraud looks like? R115."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.ids import ProofingId
from app.verification.evidence import Measured
from app.verification.examination import Kind, Side
from tests.flows.conftest import PICTURE, Applicant, Bank, seen
from tests.flows.reviewing import submitted
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    EVIDENCE,
    FACE,
    PORTRAIT,
    changed,
    measured,
    presented,
    read,
    shown,
)
from tests.verification.licence_pages import PAGE

BLURRED = changed(EMBLEM, view=replace(CARD, seen=Side.EMBLEM, blur=1))


async def examined(bank: Bank, **changes: Any) -> Applicant:
    """Somebody whose first submission showed this."""
    bank.eyes.examined = seen(**changes)
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await submitted(applicant)
    return applicant


async def retaken(applicant: Applicant, path: str = "/evidence/resident-card/emblem") -> None:
    assert (await applicant.put(path, content=PICTURE)).status_code == 201
    await submitted(applicant)


@pytest.mark.rule("R115")
async def test_a_blurred_side_alone_is_asked_for_again_and_a_better_one_accepted(bank: Bank) -> None:
    applicant = await examined(bank, emblem=BLURRED)
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["whose_move"], shown["needed"]) == ("open", "applicant", ["resident-card/emblem"])
    assert [(each["code"], each["side"]) for each in shown["decision"]["reasons"]] == [("card_blurred", "emblem")]
    assert (await applicant.post("/submission")).json()["code"] == "still_needed"
    bank.eyes.examined = seen()
    await retaken(applicant)
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R115")
async def test_after_three_attempts_a_person_looks(bank: Bank) -> None:
    applicant = await examined(bank, emblem=BLURRED)
    await retaken(applicant)
    assert (await applicant.get()).json()["state"] == "open"
    await retaken(applicant)
    assert (await applicant.get()).json()["state"] == "referred"


@pytest.mark.rule("R115")
@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"portrait": changed(PORTRAIT, number=read(None, 0.3))}, {"resident-card/portrait"}),
        ({"emblem": changed(EMBLEM, valid_to=read("2026-03-07"))}, {"resident-card/portrait", "resident-card/emblem"}),
        ({"face": replace(EVIDENCE, applicant=shown(faces=0), comparison=None)}, {"face"}),
        ({"face": replace(EVIDENCE, portrait=replace(FACE, faces=0), comparison=None)}, {"resident-card/portrait"}),
    ],
    ids=["number unread", "expired", "no face", "portrait unseen"],
)
async def test_only_the_pictures_in_question_are_asked_for(bank: Bank, changes: Any, wanted: set[str]) -> None:
    shown = (await (await examined(bank, **changes)).get()).json()
    assert (shown["state"], set(shown["needed"])) == ("open", wanted)


@pytest.mark.rule("R115")
async def test_beside_a_sign_of_fraud_nothing_is_asked_for_again(bank: Bank) -> None:
    doubtful = replace(EVIDENCE, comparison=replace(EVIDENCE.comparison, distance=0.45))  # type: ignore[type-var]
    applicant = await examined(bank, emblem=BLURRED, face=doubtful)
    shown = (await applicant.get()).json()
    assert (shown["state"], "face" in str(shown["decision"]["reasons"])) == ("referred", False)
    forged = await examined(bank, emblem=BLURRED, portrait=changed(PORTRAIT, sex=read("男")))
    told = (await forged.get()).json()["decision"]
    assert (told["outcome"], [each["code"] for each in told["reasons"]]) == ("reject", ["not_confirmed"])


async def test_a_job_that_slept_through_its_own_decision_judges_no_later_attempt(bank: Bank) -> None:
    applicant = await examined(bank, emblem=BLURRED)
    await applicant.put("/evidence/resident-card/emblem", content=PICTURE)
    await applicant.post("/submission")
    from app.building import examinations_of

    late = examinations_of(bank.ground, bank.eyes)
    await late._decide(ProofingId(applicant.id), None, 1)
    assert (await applicant.get()).json()["state"] == "examining"


TEN_MINUTES = timedelta(minutes=10)
"""R43."""


@pytest.mark.rule("R43", "R115")
async def test_however_long_somebody_takes_over_one_better_picture_the_other_side_stays(bank: Bank) -> None:
    bank.eyes.examined = seen(emblem=BLURRED)
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    bank.clock.move(TEN_MINUTES / 2)
    await submitted(applicant)
    bank.clock.move(3 * TEN_MINUTES)
    bank.eyes.examined = seen()
    await retaken(applicant)
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R43", "R115")
async def test_sides_that_arrive_ten_minutes_apart_are_both_asked_for_again_at_every_try(bank: Bank) -> None:
    both = ["resident-card/portrait", "resident-card/emblem"]
    bank.eyes.examined = seen()
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    for _ in range(2):
        await applicant.put("/evidence/resident-card/portrait", content=PICTURE)
        bank.clock.move(TEN_MINUTES)
        await retaken(applicant)
        shown = (await applicant.get()).json()
        assert (shown["state"], shown["needed"]) == ("open", both)
        assert [each["code"] for each in shown["decision"]["reasons"]] == ["capture_gap"]


@pytest.mark.rule("R43")
async def test_a_licence_that_is_fetched_meanwhile_is_no_side_of_the_card(bank: Bank) -> None:
    licence = replace(PAGE, valid_from=read("2025-06-01"), valid_to=read("2031-06-01"), name=read(None))
    page = presented(Kind.DRIVING_LICENCE, Side.MAIN, licence)
    bank.eyes.examined = replace(seen(), measured=Measured((*measured().pages, page), EVIDENCE))
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    bank.clock.move(2 * TEN_MINUTES)
    await retaken(applicant, "/evidence/driving-licence/main")
    shown = (await applicant.get()).json()
    assert [each["code"] for each in shown["decision"]["reasons"]] == ["field_unclear"]
    assert shown["needed"] == []

"""Is a poor picture asked for again, three times at most, and never a word said of what fraud looks like? R115."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.ids import ProofingId
from app.verification.examination import Side
from tests.flows.conftest import PICTURE, Applicant, Bank, seen
from tests.flows.reviewing import submitted
from tests.verification.examinations import CARD, EMBLEM, EVIDENCE, FACE, PORTRAIT, changed, read, shown

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

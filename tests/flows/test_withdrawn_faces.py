"""Does a withdrawn face leave nothing of itself, and undo nothing of what was found while it was looked at?"""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from app.core.audit import Actor as By
from app.core.audit import ActorKind
from app.core.ids import PersonId
from app.services.vault import Sealed
from app.specimens.impostures import Disobedient, Swapped
from app.specimens.performing import Person
from app.verification.examination import FaceDeclined
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer, seen
from tests.flows.facing import known, known_from
from tests.flows.filming import consenting, kiosk, left
from tests.flows.reviewing import review_of, reviewers, submitted
from tests.flows.test_liveness import shown

HEX_DIGITS = set("0123456789abcdef")
NOBODYS = ("id", "created_at", "changed_at", "expires_at", "decided_at", "answer_due_at")
"""What differs between any two proofings."""


async def withdrawn(bank: Bank, *tries: type[Person]) -> Applicant:
    """Somebody who was looked at so often, and then took their consent back."""
    applicant = await consenting(bank)
    for person in tries:
        await shown(applicant, person)
    assert (await applicant.answer("face_comparison", given=False)).status_code == 201
    return applicant


async def examined(applicant: Applicant) -> Any:
    """The same, handed over without a face; as the applicant sees it."""
    for page in ("portrait", "emblem"):
        assert (await applicant.put(f"/evidence/resident-card/{page}", content=PICTURE)).status_code == 201
    applicant.bank.eyes.examined = seen(face=FaceDeclined.CONSENT_REFUSED)
    await submitted(applicant)
    return (await applicant.get()).json()


def anybodys(found: Any) -> Any:
    """An answer without what differs between any two."""
    if not isinstance(found, dict):
        return found
    return {name: anybodys(value) for name, value in found.items() if name not in NOBODYS}


async def judgements(bank: Bank) -> list[Any]:
    """What is kept of every try, unsealed."""
    vault, by, kept = bank.ground.vault, By(ActorKind.SYSTEM, "test"), []
    async with bank.ground.database.work() as work:
        for row, person_id, sealed in bank.sql(
            "SELECT id, person_id, sealed_judgement FROM liveness_challenges ORDER BY opened_at, id"
        ):
            person = await vault.person(work, PersonId(person_id))
            kept.append(
                json.loads(await person.open(Sealed.LIVENESS_JUDGEMENT, row, sealed, by=by, purpose="decision"))
            )
    return kept


@pytest.mark.rule("R104", "R109")
async def test_of_a_withdrawn_face_no_picture_template_or_performance_is_left_and_the_verdicts_are(bank: Bank) -> None:
    applicant = await withdrawn(bank, Swapped, Person)
    rows = "SELECT verdict, sealed IS NULL FROM liveness_challenges ORDER BY opened_at, id"
    assert bank.sql(rows) == [("attack", True), ("bona_fide", True)]
    assert bank.sql("SELECT kind FROM images") == []
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]
    for table in ("face_references", "face_descriptors"):
        assert bank.sql(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  names of ours
    assert (await applicant.get()).json()["evidence"] == []


@pytest.mark.rule("R106", "R109", "R110")
async def test_what_is_kept_of_a_try_is_figures_and_hashes_of_which_no_face_comes_back(bank: Bank) -> None:
    await withdrawn(bank, Swapped)
    (kept,) = await judgements(bank)
    assert set(kept) == {"judgement", "frames"}
    assert {len(each) for each in kept["frames"]} == {64}
    assert set("".join(kept["frames"])) <= HEX_DIGITS
    assert set(kept["judgement"]) == {"verdict", "findings", "still", "frames", "calibration"}
    figures = [set(finding) for finding in kept["judgement"]["findings"]]
    assert all(each == {"code", "score", "threshold", "step"} for each in figures)
    assert "liveness_other_person" in {finding["code"] for finding in kept["judgement"]["findings"]}


@pytest.mark.rule("R109", "R113")
async def test_staff_see_an_attack_that_was_found_before_the_face_was_withdrawn_and_two_must_agree(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await withdrawn(bank, Swapped)
    await examined(applicant)
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id)).json()["phase"] == "voted"
    case = (await anna.get(f"/reviews/{review_id}")).json()
    assert case["attack_found"] is True
    assert "liveness_other_person" in [each["code"] for each in case["reasons"]]
    assert (await bao.vote(review_id)).json()["outcome"] == "accept"
    assert ("human_override",) in bank.sql("SELECT DISTINCT counter FROM face_counts")


async def test_of_somebody_who_was_taken_for_nothing_staff_see_no_attack(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await withdrawn(bank, Disobedient, Person)
    await examined(applicant)
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    assert (await anna.get(f"/reviews/{review_id}")).json()["attack_found"] is False


@pytest.mark.rule("R115")
@pytest.mark.parametrize("tries", [(Swapped,), (Swapped, Disobedient)])
async def test_whoever_withdraws_is_answered_alike_whether_or_not_an_attack_was_found(
    bank: Bank, tries: Sequence[type[Person]]
) -> None:
    suspected, honest = await withdrawn(bank, *tries), await withdrawn(bank, *(Disobedient for _ in tries))
    assert anybodys((await suspected.get()).json()) == anybodys((await honest.get()).json())
    told = [await examined(each) for each in (suspected, honest)]
    assert anybodys(told[0]) == anybodys(told[1])
    assert [each["code"] for each in told[0]["decision"]["reasons"]] == ["face_declined"]
    opened = [await each.post("/liveness") for each in (suspected, honest)]
    assert opened[0].content == opened[1].content


@pytest.mark.rule("R115")
async def test_a_withdrawal_gives_no_try_back(bank: Bank) -> None:
    applicant = await consenting(bank)
    for _ in range(3):
        await left(applicant)
    for given in (False, True):
        assert (await applicant.answer("face_comparison", given=given)).status_code == 201
    assert (await applicant.post("/liveness")).json()["code"] == "liveness_tries_over"


@pytest.mark.rule("R97")
async def test_who_takes_the_whole_proofing_back_leaves_no_try(bank: Bank) -> None:
    applicant = await withdrawn(bank, Swapped)
    assert (await applicant.call("DELETE")).status_code == 200
    assert bank.sql("SELECT count(*) FROM liveness_challenges") == [(0,)]


async def test_the_client_that_opened_the_proofing_sees_the_attack(bank: Bank) -> None:
    applicant = await withdrawn(bank, Swapped)
    await examined(applicant)
    found = await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))
    assert "liveness_other_person" in [each["code"] for each in found.json()["decision"]["staff_reasons"]]


@pytest.mark.rule("R97", "R104", "R109")
async def test_a_subscriber_withdraws_the_comparison_at_the_bank_and_keeps_card_record_and_way_in(bank: Bank) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0})
    answer = await person.answer("face_comparison", given=False)
    assert (answer.status_code, answer.json()["items"], person.held()) == (201, [], [])
    assert bank.sql("SELECT kind FROM images WHERE kind = 'face'") == []
    assert len(bank.sql("SELECT kind FROM images")) == 2
    assert bank.sql("SELECT count(*) FROM proofings WHERE sealed_examination IS NULL OR sealed_face IS NOT NULL") == [
        (0,)
    ]
    rows = "SELECT given, withdrawn_at IS NULL FROM consents WHERE purpose = 'face_comparison' ORDER BY id"
    assert bank.sql(rows) == [(True, False), (False, True)]
    told = bank.events("face.answer_notice")[-1]["detail"]
    assert (told["purpose"], told["given"], told["faces_erased"]) == ("face_comparison", False, 1)
    assert "access_token" in await person.subscriber.signed_in()


@pytest.mark.rule("R82", "R109")
async def test_a_try_that_was_never_ended_goes_with_the_comparison_withdrawn_at_the_bank(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await kiosk(applicant)
    await submitted(applicant)
    person = await known_from(bank, applicant)
    assert bank.sql("SELECT sealed IS NULL, judged_at IS NULL FROM liveness_challenges") == [(False, True)]
    assert (await person.answer("face_comparison", given=False)).status_code == 201
    assert bank.sql("SELECT sealed IS NULL, judged_at IS NULL FROM liveness_challenges") == [(True, False)]


@pytest.mark.rule("R95", "R97")
async def test_a_yes_to_the_comparison_is_for_the_proofing_alone(bank: Bank) -> None:
    person = await known(bank)
    before = bank.sql("SELECT count(*) FROM consents")
    for given in (False, True):
        answer = await person.answer("face_comparison", given=given)
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert (answer.json()["state"], answer.json()["move"]) == ("enrolled", "consent")
    assert bank.sql("SELECT count(*) FROM consents") == [(before[0][0] + 1,)]

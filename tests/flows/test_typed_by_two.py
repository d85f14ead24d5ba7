"""Do two people have to type the same of a document with a zone, and can they where nothing of it was measured? R40, R113."""

from datetime import date

import pytest

from app.gateways.vision import VisionFailed, Why
from app.services.vault import Use
from app.verification.examination import Kind
from app.verification.typed import Typed, completed
from tests.flows.conftest import PICTURE, Applicant, Bank
from tests.flows.reviewing import review_of, reviewers, submitted
from tests.flows.test_counter_kinds import PASSPORT, told
from tests.flows.test_examination import blind

TYPED = {"name": "Eriksson, Anna", "number": "K20441-8C7", "authority": "SWE", "valid_to": "20300101", "sex": "F",
         "birth": "1990-03-07"}  # fmt: skip


async def unmeasured(bank: Bank) -> Applicant:
    """Somebody who showed a passport to eyes that saw nothing, and refused the comparison of faces."""
    blind(bank, VisionFailed(Why.DIED))
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison", given=False)
    assert (await applicant.put("/evidence/passport/data-page", content=PICTURE)).status_code == 201
    await submitted(applicant)
    return applicant


@pytest.mark.rule("R40", "R113")
@pytest.mark.parametrize("slip", [{"sex": "M"}, {"birth": "1990-03-08"}, {"name": "ERIKSSON HANNA"}])
async def test_what_no_machine_read_of_a_passport_is_no_account_s_until_two_people_have_typed_it(
    bank: Bank, slip: dict[str, str]
) -> None:
    anna, bao, chen = await reviewers(bank, "anna", "bao", "chen")
    review_id = await review_of(anna, await unmeasured(bank))
    assert (await anna.vote(review_id, fields={"sex": "F"})).json()["code"] == "still_unread"
    assert (await anna.vote(review_id, fields=TYPED)).json()["phase"] == "voted"
    assert (await bao.vote(review_id, fields=TYPED | slip)).json()["phase"] == "contested"
    same = TYPED | {"name": "ERIKSSON ANNA", "valid_to": "2030-01-01", "sex": "f"}
    assert (await chen.vote(review_id, fields=same)).json()["outcome"] == "accept"


async def test_of_a_passport_that_was_not_measured_what_a_passport_says_is_typed(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await unmeasured(bank)
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    wanted = (await anna.get(f"/reviews/{review_id}")).json()["unread"]
    assert wanted == ["name", "number", "authority", "valid_to", "sex", "birth"]
    assert [(await each.vote(review_id, fields=TYPED)).status_code for each in (anna, bao)] == [201, 201]
    assert (await applicant.get()).json()["state"] == "accepted"


async def test_a_vote_from_before_sex_and_birth_were_covered_still_counts(bank: Bank) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await told(bank)
    await anna.compare(applicant, **PASSPORT)
    identity = completed({}, Typed(**TYPED), today=date(2026, 11, 22), kind=Kind.PASSPORT)
    before = bank.ground.vault.index(Use.IDENTITY, identity.covered_before(Kind.PASSPORT))
    bank.sql("UPDATE votes SET identity_index = %s", before)
    assert (await bao.compare(applicant, **PASSPORT)).json()["outcome"] == "accept"

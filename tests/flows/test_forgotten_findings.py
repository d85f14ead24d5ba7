"""Does what reviewers typed and wrote of somebody go with the case of whoever takes it back or never finishes, and of nobody else?"""

from datetime import timedelta

import pytest

from app.services.purges import Purges
from tests.flows.conftest import Bank
from tests.flows.reviewing import CARD, faceless, review_of, reviewers


@pytest.mark.rule("R97", "R110")
@pytest.mark.parametrize("ended", ["withdrawn", "expired"])
async def test_what_was_typed_and_written_of_somebody_goes_with_their_case(bank: Bank, ended: str) -> None:
    """Typed is who they are, in full, and a reason or a statement may say as much."""
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await faceless(bank)
    review_id = await review_of(anna, applicant)
    assert (await anna.vote(review_id, fields=CARD)).status_code == 201
    bank.sql("UPDATE reviews SET sealed_statement = 'as of an appeal'")
    if ended == "withdrawn":
        assert (await applicant.call("DELETE")).json()["state"] == ended
    else:
        assert (await bao.vote(review_id, fields=CARD)).status_code == 201
        bank.clock.move(timedelta(days=60))
        assert await Purges(bank.ground.journal).abandoned() == 1
    held = bank.sql("SELECT sealed_reason, sealed_typed, identity_index FROM votes")
    assert held == [(None, None, None)] * (1 if ended == "withdrawn" else 2)
    assert bank.sql("SELECT sealed_statement FROM reviews") == [(None,)]
    if ended == "withdrawn":
        case = (await anna.get(f"/reviews/{review_id}")).json()
        assert [(each["outcome"], each["reason"]) for each in case["votes"]] == [("accept", None)]


async def test_what_was_found_of_somebody_whose_case_goes_on_is_forgotten_by_nobody(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, await faceless(bank))
    await anna.vote(review_id, fields=CARD)
    assert bank.sql("SELECT forget_findings(id) FROM proofings") == [(False,)]
    assert bank.sql("SELECT count(*) FROM votes WHERE sealed_reason IS NULL OR sealed_typed IS NULL") == [(0,)]

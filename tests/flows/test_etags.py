"""Does a caller who holds the newest answer get no second copy of it?"""

import pytest

from tests.flows.conftest import Bank, bearer


@pytest.mark.parametrize("held", ["{}", "W/{}", '"other", {}'])
async def test_an_answer_that_is_held_is_not_sent_again(bank: Bank, held: str) -> None:
    applicant = await bank.applicant()
    first = await applicant.get()
    again = await applicant.get(headers={"if-none-match": held.format(first.headers["etag"])})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_change_makes_another_answer(bank: Bank) -> None:
    applicant = await bank.applicant()
    held = {"if-none-match": (await applicant.get()).headers["etag"]}
    await applicant.answer("identity_verification")
    answer = await applicant.get(headers=held)
    assert answer.status_code == 200
    assert answer.headers["etag"] != held["if-none-match"]


async def test_what_the_client_sees_is_another_answer(bank: Bank) -> None:
    applicant = await bank.accepted()
    held = {"if-none-match": (await applicant.get()).headers["etag"]}
    kiosk = bearer(await bank.kiosk_token()) | held
    assert (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=kiosk)).status_code == 200

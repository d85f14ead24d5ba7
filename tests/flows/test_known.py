"""Is the document compared with what the bank holds already, and does that rest sealed?"""

from typing import Any

import pytest

from tests.flows.conftest import Applicant, Bank, bearer
from tests.flows.reviewing import submitted

SAME = {"name": "欧阳样例", "birth": "1990-03-07", "number_ending": "002X"}
OTHER = "欧阳别名"


async def examined(bank: Bank, known: dict[str, str]) -> Applicant:
    applicant = await bank.applicant(known=known)
    await applicant.complete_evidence()
    await submitted(applicant)
    return applicant


async def test_what_agrees_with_the_banks_record_is_accepted(bank: Bank) -> None:
    assert (await (await examined(bank, SAME)).get()).json()["state"] == "accepted"


async def test_what_differs_is_for_people_and_tells_the_applicant_nothing(bank: Bank) -> None:
    applicant = await examined(bank, SAME | {"name": OTHER})
    shown = (await applicant.get()).json()
    client = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))).json()
    assert (shown["state"], "known" in str(shown["decision"]["reasons"])) == ("referred", False)
    assert [each["code"] for each in client["decision"]["staff_reasons"]] == ["known_name_differs"]


async def test_what_the_bank_holds_rests_sealed_and_goes_with_the_case(bank: Bank) -> None:
    applicant = await bank.applicant(known={"name": OTHER})
    assert OTHER.encode() not in bank.dump()
    assert bank.sql("SELECT count(sealed_known) FROM proofings") == [(1,)]
    await applicant.call("DELETE", "")
    assert bank.sql("SELECT count(sealed_known) FROM proofings") == [(0,)]


@pytest.mark.parametrize("known", [{"number_ending": "11010119900307002X"}, {"number": "11010119900307002X"}, {"birth": "1990"}, {"name": ""}, []])  # fmt: skip
async def test_more_than_is_compared_is_not_taken(bank: Bank, known: Any) -> None:
    headers = bearer(await bank.kiosk_token())
    answer = await bank.http.post("/v1/proofings", json={"known": known}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")

"""Is the document compared with what the bank holds already, and does that rest sealed?"""

from typing import Any

import pytest

from tests.flows.conftest import PHONE, Applicant, Bank, bearer, seen
from tests.flows.reviewing import number, submitted
from tests.verification.examinations import PORTRAIT, changed, read

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


async def test_a_phone_is_kept_in_its_one_spelling_and_found_by_its_keyed_hash(bank: Bank) -> None:
    await bank.enrolled()
    bank.eyes.examined = seen(portrait=changed(PORTRAIT, number=read(number("19900307", "004"))))
    applicant = await examined(bank, {"phone": f"+86 {PHONE[:3]} {PHONE[3:]}"})
    assert bank.sql("SELECT decision #>> '{reasons,0,code}' FROM proofings WHERE id = %s", applicant.id) == [
        ("phone_known",)
    ]
    assert PHONE.encode() not in bank.dump()


async def test_what_is_no_phone_is_refused_before_anything_is_kept(bank: Bank) -> None:
    headers = bearer(await bank.kiosk_token())
    answer = await bank.http.post("/v1/proofings", json={"known": {"phone": "01234567"}}, headers=headers)
    assert (answer.status_code, answer.json()["code"], bank.sql("SELECT count(*) FROM proofings")) == (
        422, "invalid_address", [(0,)],
    )  # fmt: skip


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

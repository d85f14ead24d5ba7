"""How do journeys review? Reviewers at their desks, each with a number of their own, and cases to decide."""

from dataclasses import dataclass, replace
from typing import Any

import httpx

from app.gateways.vision import Examined
from app.staff.roles import Role
from app.verification.documents.resident_number import check_character
from app.verification.examination import FaceComparison, FaceDeclined, Field
from tests.flows.conftest import PICTURE, Applicant, Bank, seen
from tests.verification.examinations import EVIDENCE, PORTRAIT

REASON = "Compared the portrait with the photograph: the same person."
CARD = {"number": "11010119900307002X", "name": "欧阳样例"}
WHOLE_CARD = CARD | {
    "address": "北京市东城区", "authority": "北京市公安局东城分局", "valid_from": "2016-03-07", "valid_to": "2036-03-07",
}  # fmt: skip


CROP = b"\xff\xd8 the name as it was photographed \xff\xd9"


def number(birth: str = "19800101", order: str = "001") -> str:
    """A resident number that keeps the rules."""
    digits = f"110101{birth}{order}"
    return digits + check_character(digits)


@dataclass
class Reviewer:
    """One member of staff at a desk; the session is renewed where the clock was moved."""

    bank: Bank
    name: str

    async def call(self, method: str, path: str, *, at: Bank | None = None, **more: Any) -> httpx.Response:
        headers = await self.bank.colleagues[self.name].present()
        return await (at or self.bank).http.request(method, f"/v1{path}", headers=headers, **more)

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("GET", path, **more)

    async def claim(self, review_id: str, **more: Any) -> httpx.Response:
        return await self.call("POST", f"/reviews/{review_id}/claim", **more)

    async def vote(
        self, review_id: str, outcome: str = "accept", *, at: Bank | None = None, **more: Any
    ) -> httpx.Response:
        """A vote, the claim taken before."""
        claimed = await self.claim(review_id, at=at)
        if claimed.is_error:
            return claimed
        body = {"outcome": outcome, "reason": REASON} | more
        return await self.call("POST", f"/reviews/{review_id}/votes", at=at, json=body)

    async def compare(self, applicant: Applicant, result: str = "accept", **more: Any) -> httpx.Response:
        body = {"result": result, "reason": REASON, **CARD, **more}
        return await self.call("POST", f"/proofings/{applicant.id}/in-person", json=body)


async def reviewers(bank: Bank, *names: str) -> list[Reviewer]:
    """Reviewers who have said which number is theirs."""
    return [await reviewer(bank, name, number(order=f"{at + 10:03}")) for at, name in enumerate(names)]


async def reviewer(bank: Bank, name: str, own: str) -> Reviewer:
    """One reviewer who has said that this number is theirs."""
    await bank.colleague(name, Role.REVIEWER)
    made = Reviewer(bank, name)
    declared = await made.call("PUT", "/staff/me/number", json={"number": own})
    assert declared.status_code == 200, declared.text
    return made


async def faceless(bank: Bank, **changes: Any) -> Applicant:
    """Somebody who refused the face comparison and was referred."""
    bank.eyes.examined = seen(face=FaceDeclined.CONSENT_REFUSED, **changes)
    applicant = await bank.applicant()
    assert (await applicant.answer("identity_verification")).status_code == 201
    assert (await applicant.answer("face_comparison", given=False)).status_code == 201
    for side in ("portrait", "emblem"):
        assert (await applicant.put(f"/evidence/resident-card/{side}", content=PICTURE)).status_code == 201
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "referred"
    return applicant


async def impostor(bank: Bank, *agreed: str) -> Applicant:
    """Somebody rejected automatically for another person's face, who agreed to these, too."""
    bank.eyes.examined = seen(face=replace(EVIDENCE, comparison=FaceComparison(0.9, "dlib@1")))
    applicant = await bank.applicant()
    for purpose in agreed:
        await applicant.answer(purpose)
    await applicant.complete_evidence()
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "rejected"
    return applicant


async def unclear(bank: Bank, **portrait: Any) -> Applicant:
    """Somebody asked to type the name on their card, or whatever else of it could not be read."""
    bank.eyes.examined = unclearly_seen(**(portrait or {"name": Field("欧阳样", None, 0.4)}))
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "open"
    return applicant


def unclearly_seen(**portrait: Any) -> Examined:
    """What the eyes report of a card with these fields of its portrait side, each with its picture."""
    crops = {f"resident_card/portrait/{name}": CROP for name in portrait}
    return replace(seen(portrait=replace(PORTRAIT, **portrait)), crops=crops)


async def submitted(applicant: Applicant) -> None:
    """Handed over and examined."""
    answer = await applicant.post("/submission")
    assert answer.status_code == 202, answer.text
    await applicant.bank.work()


async def review_of(reviewer: Reviewer, applicant: Applicant) -> str:
    """The id of the applicant's open review."""
    items = (await reviewer.get("/reviews")).json()["items"]
    return next(str(each["id"]) for each in items if each["proofing_id"] == applicant.id)

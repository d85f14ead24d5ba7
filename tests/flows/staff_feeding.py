"""What would a well-meant member of staff send? For each operation of theirs what is good at this moment."""

import base64
from itertools import cycle
from typing import Any

from app.staff.roles import Role
from tests.flows import staffing
from tests.flows.feeding import Fed, Outside
from tests.flows.house import Bank
from tests.flows.people import Applicant, bearer
from tests.flows.reviewing import CARD, REASON, faceless, number
from tests.flows.staffing import STAFF_PASSWORD, Colleague


class Feeder(Outside):
    """Every operation there is, each under its own name."""

    def __init__(self, bank: Bank) -> None:
        super().__init__(bank)
        self._callers = cycle(("client", "applicant", "subscriber", *Role))

    async def somebody(self) -> dict[str, str]:
        """The credentials of one who is not the one asked for: of each kind of caller in turn."""
        kind = next(self._callers)
        if isinstance(kind, Role):
            return await self.bank.staff(f"one-{kind.value.replace('_', '-')}", kind)
        if kind == "client":
            return bearer(await self.bank.kiosk_token())
        if kind == "applicant":
            return bearer((await self.bank.applicant()).token)
        return bearer((await self.tokens())["access_token"])

    async def _officer(self, at: int = 0) -> dict[str, str]:
        return await (await self.bank.officers())[at].present()

    async def _reviewer(self) -> dict[str, str]:
        """A reviewer who said which number is theirs."""
        known = "reader" in self.bank.colleagues
        headers = await self.bank.staff("reader", Role.REVIEWER)
        if not known:
            body = {"number": number(order="901")}
            assert (await self.bank.http.put("/v1/staff/me/number", json=body, headers=headers)).status_code == 200
        return headers

    def _added(self) -> dict[str, Any]:
        name = f"clerk-{next(self._numbers)}"
        return {"kind": "staff.add", "login_name": name, "display_name": f"Colleague {name}", "roles": ["reviewer"]}

    async def _proposed(self) -> str:
        return await staffing.propose(self.bank.http, (await self.bank.officers())[0], **self._added())

    async def _invited(self) -> str:
        """An enrolment code."""
        return str(
            (await staffing.agreed(self.bank.http, await self.bank.officers(), **self._added()))["enrolment_code"]
        )

    async def enrol_staff(self) -> Fed:
        return Fed(body={"enrolment_code": await self._invited(), "password": STAFF_PASSWORD})

    async def confirm_staff(self) -> Fed:
        code = await self._invited()
        body = {"enrolment_code": code, "password": STAFF_PASSWORD}
        begun = (await self.bank.http.post("/v1/staff/enrolment", json=body)).json()
        device = Colleague(self.bank.http, self.bank.clock, "", "", base64.b32decode(begun["seed"]))
        return Fed(body={"enrolment_code": code, "code": device.code()})

    async def clerk(self) -> Colleague:
        """Somebody enrolled whom no wrong try has hurt yet."""
        shown = await staffing.agreed(self.bank.http, await self.bank.officers(), **(wanted := self._added()))
        return await staffing.enrolled(
            self.bank.http, self.bank.clock, wanted["login_name"], shown["staff_id"], shown["enrolment_code"]
        )

    async def begin_sign_in(self) -> Fed:
        return Fed(body={"login_name": staffing.OFFICERS[0]})

    async def prove_staff_password(self) -> Fed:
        return Fed({"sign_in_id": await (await self.clerk()).begin()}, body={"password": STAFF_PASSWORD})

    async def prove_staff_totp(self) -> Fed:
        clerk = await self.clerk()
        sign_in_id = await clerk.begin()
        proven = await self.bank.http.post(
            f"/v1/staff/sign-ins/{sign_in_id}/password", json={"password": STAFF_PASSWORD}
        )
        assert proven.status_code == 200, proven.text
        return Fed({"sign_in_id": sign_in_id}, body={"code": clerk.code(1)})

    async def sign_out(self) -> Fed:
        return Fed(headers=await (await self.clerk()).sign_in())

    async def read_myself(self) -> Fed:
        return Fed(headers=await self._officer())

    read_people = read_proposals = read_face_listings = read_myself

    async def make_proposal(self) -> Fed:
        return Fed(headers=await self._officer(), body=self._added())

    async def approve_proposal(self) -> Fed:
        return Fed({"proposal_id": await self._proposed()}, await self._officer(1))

    async def reject_proposal(self) -> Fed:
        body = {"reason": "Has not begun to work here yet."}
        return Fed({"proposal_id": await self._proposed()}, await self._officer(1), body)

    async def declare_number(self) -> Fed:
        at = next(self._numbers)
        own = number(f"{1950 + at // 400}0101", f"{at % 400:03}")
        return Fed(headers=await (await self.clerk()).sign_in(), body={"number": own})

    async def read_reviews(self) -> Fed:
        return Fed(headers=await self._reviewer())

    async def claim_review(self) -> Fed:
        return Fed({"review_id": await self._referred_review()}, await self._reviewer())

    async def read_review(self) -> Fed:
        return Fed({"review_id": await self._claimed()}, await self._reviewer())

    async def read_review_image(self) -> Fed:
        return Fed({"review_id": await self._claimed(), "kind": "resident-card-portrait"}, await self._reviewer())

    async def vote_on_review(self) -> Fed:
        return Fed(
            {"review_id": await self._claimed()}, await self._reviewer(), {"outcome": "accept", "reason": REASON}
        )

    async def compare_in_person(self) -> Fed:
        applicant = await faceless(self.bank)
        body = {"result": "accept", "reason": REASON, **CARD}
        return Fed({"proofing_id": applicant.id}, await self._reviewer(), body)

    async def read_events(self) -> Fed:
        return Fed(headers=await self.bank.staff("auditor", Role.AUDITOR))

    async def _claimed(self) -> str:
        review_id, headers = await self._referred_review(), await self._reviewer()
        claimed = await self.bank.http.post(f"/v1/reviews/{review_id}/claim", headers=headers)
        assert claimed.status_code == 200, claimed.text
        return review_id

    async def _referred_review(self) -> str:
        applicant: Applicant = await faceless(self.bank)
        # Not out of the queue: a page of it shows what is due first, and this came last.
        return str(self.bank.sql("SELECT id FROM reviews WHERE proofing_id = %s", applicant.id)[0][0])

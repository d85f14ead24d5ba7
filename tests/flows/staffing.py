"""How do tests get staff? Two officers by the bootstrap, everybody else as in a bank: proposed, approved, enrolled."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from app.core.clock import SetClock
from app.mfa.totp import code_at, step_at

STAFF_PASSWORD = "Seidenstrasse-Kompass-88"
OFFICERS = ("officer-1", "officer-2")


@dataclass
class Colleague:
    """A member of staff with their device."""

    http: httpx.AsyncClient
    clock: SetClock
    login_name: str
    id: str
    seed: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def code(self, steps: int = 0) -> str:
        """What the device shows at the bank's time, or some steps off it."""
        return code_at(self.seed, step_at(self.clock.now()) + steps)

    async def begin(self) -> str:
        """A sign-in begun; its id."""
        answer = await self.http.post("/v1/staff/sign-ins", json={"login_name": self.login_name})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def sign_in(self) -> dict[str, str]:
        """Sign in, past the code that was used last; the headers of the session."""
        self.clock.move(timedelta(seconds=60))
        at = f"/v1/staff/sign-ins/{await self.begin()}"
        proven = await self.http.post(f"{at}/password", json={"password": STAFF_PASSWORD})
        assert proven.status_code == 200, proven.text
        opened = await self.http.post(f"{at}/totp", json={"code": self.code()})
        assert opened.status_code == 200, opened.text
        self.headers = {"authorization": f"Bearer {opened.json()['session_token']}", "accept-language": "en"}
        return self.headers

    async def present(self) -> dict[str, str]:
        """The headers of a session that lives; a sign-in where it has ended."""
        if self.headers and (await self.http.get("/v1/staff/me", headers=self.headers)).status_code == 200:
            return self.headers
        return await self.sign_in()


async def enrolled(http: httpx.AsyncClient, clock: SetClock, login_name: str, staff_id: str, code: str) -> Colleague:
    """Somebody who took their invitation up."""
    begun = await http.post("/v1/staff/enrolment", json={"enrolment_code": code, "password": STAFF_PASSWORD})
    assert begun.status_code == 200, begun.text
    made = Colleague(http, clock, login_name, staff_id, base64.b32decode(begun.json()["seed"]))
    body = {"enrolment_code": code, "code": made.code()}
    confirmed = await http.post("/v1/staff/enrolment/confirmation", json=body)
    assert confirmed.status_code == 200, confirmed.text
    return made


async def propose(http: httpx.AsyncClient, by: Colleague, **body: Any) -> str:
    """A proposal; its id."""
    answer = await http.post("/v1/staff/proposals", json=body, headers=await by.present())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def approve(http: httpx.AsyncClient, by: Colleague, proposal_id: str) -> dict[str, Any]:
    """What approval shows."""
    answer = await http.post(f"/v1/staff/proposals/{proposal_id}/approval", headers=await by.present())
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def agreed(http: httpx.AsyncClient, officers: Sequence[Colleague], **body: Any) -> dict[str, Any]:
    """Proposed by the first, approved by the second."""
    return await approve(http, officers[1], await propose(http, officers[0], **body))

"""Who works at the bank? Two officers of the bootstrap and two reviewers they agree on, kept for the next demonstration."""

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import pyotp

from app.cli.demo.steps import expect
from app.cli.staff import invite
from app.core.clock import SystemClock
from app.core.entropy import Entropy, text
from app.services.staff_enrolment import AlreadyFounded
from app.settings import Settings
from app.specimens.people import random_card

OFFICERS = ("demo-officer-1", "demo-officer-2")
REVIEWERS = ("demo-reviewer-1", "demo-reviewer-2")
TRIED_CODES = (0, 1)
"""A code that was used is not used again; the next one is good already (RFC 6238 §5.2)."""


@dataclass(slots=True)
class Colleague:
    """A member of staff with password and device."""

    login_name: str
    password: str
    seed: str
    session: str = ""

    def sign_in(self, http: httpx.Client) -> None:
        """Both factors."""
        for steps in TRIED_CODES:
            begun = expect(http.post("/v1/staff/sign-ins", json={"login_name": self.login_name}), 201)
            at = f"/v1/staff/sign-ins/{begun['id']}"
            expect(http.post(f"{at}/password", json={"password": self.password}), 200)
            code = pyotp.TOTP(self.seed).at(SystemClock().now(), counter_offset=steps)
            answer = http.post(f"{at}/totp", json={"code": code})
            if answer.is_success or steps == TRIED_CODES[-1]:
                self.session = str(expect(answer, 200)["session_token"])
                return

    def call(self, http: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
        """A call in the session."""
        headers = {"authorization": f"Bearer {self.session}", "accept-language": "en"}
        return http.request(method, f"/v1{path}", headers=headers, **more)


def colleagues(http: httpx.Client, settings: Settings, entropy: Entropy) -> list[Colleague] | None:
    """The reviewers, signed in; None where this bank's staff was founded by others, whose devices we do not have."""
    kept = settings.secrets_folder / "demo-staff.json"
    if kept.is_file():
        found = [Colleague(**each) for each in json.loads(kept.read_text(encoding="utf-8"))]
        for each in found:
            each.sign_in(http)
        return found
    try:
        found = _hired(http, settings, entropy)
    except AlreadyFounded:
        return None
    _keep(kept, found)
    return found


def _hired(http: httpx.Client, settings: Settings, entropy: Entropy) -> list[Colleague]:
    """Two officers, then the reviewers as one officer proposes and the other approves."""
    invitations = asyncio.run(invite(settings, OFFICERS))
    officers = [_enrolled(http, each.login_name, each.code.reveal(), entropy) for each in invitations]
    for each in officers:
        each.sign_in(http)
    proposer, approver = officers
    made = []
    for name in REVIEWERS:
        wanted = {"kind": "staff.add", "login_name": name, "display_name": name, "roles": ["reviewer"]}
        proposal = expect(proposer.call(http, "POST", "/staff/proposals", json=wanted), 201)["id"]
        shown = expect(approver.call(http, "POST", f"/staff/proposals/{proposal}/approval"), 200)
        reviewer = _enrolled(http, name, str(shown["enrolment_code"]), entropy)
        reviewer.sign_in(http)
        own = random_card(int.from_bytes(entropy.draw(4), "big"), SystemClock().now().date()).person.number
        expect(reviewer.call(http, "PUT", "/staff/me/number", json={"number": own}), 200)
        made.append(reviewer)
    return made


def _enrolled(http: httpx.Client, login_name: str, code: str, entropy: Entropy) -> Colleague:
    password = text(entropy.draw(18))
    begun = expect(http.post("/v1/staff/enrolment", json={"enrolment_code": code, "password": password}), 200)
    made = Colleague(login_name, password, str(begun["seed"]))
    shown = pyotp.TOTP(made.seed).at(SystemClock().now())
    expect(http.post("/v1/staff/enrolment/confirmation", json={"enrolment_code": code, "code": shown}), 200)
    return made


def _keep(path: Path, found: list[Colleague]) -> None:
    """Beside the other secrets of development, for their owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(each) | {"session": ""} for each in found], file)

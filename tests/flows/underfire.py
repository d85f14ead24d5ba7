"""Who walks through the fire, and what were they told? Every answer that says yes is a fact we must stand by."""

import asyncio
import base64
import secrets  # noqa: TID251  numbers and passwords of the test's own
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from json import loads

import httpx

from app.assertion import refresh
from app.core.clock import SystemClock
from app.mfa.totp import code_at, step_at
from app.specimens.applicant import Upload
from tests.flows.conftest import PASSWORD, Applicant, Bank, LogIn
from tests.flows.fire import Insisting
from tests.flows.processes import SIDES
from tests.gateways.sms_server import Process

PURPOSES = ("identity_verification", "face_comparison")
REFRESHES = 6
CODE_SECONDS = 15
"""A code that has not come by then may have been lost with its worker; another is given no sooner than after a minute."""


@dataclass
class Facts:
    """What was acknowledged."""

    opened: set[str] = field(default_factory=set)
    consented: set[tuple[str, str]] = field(default_factory=set)
    presented: set[tuple[str, str]] = field(default_factory=set)
    submitted: set[str] = field(default_factory=set)
    decided: dict[str, str] = field(default_factory=dict)
    contacted: set[str] = field(default_factory=set)
    enrolled: set[str] = field(default_factory=set)
    generations: dict[str, int] = field(default_factory=dict)
    """Of each session, the highest that was handed out."""
    tried: defaultdict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    """Log-ins that were given the code of this phone and step."""
    proven: list[tuple[str, int]] = field(default_factory=list)
    struck: set[str] = field(default_factory=set)
    granted: int = 0
    lost: set[str] = field(default_factory=set)
    """Sessions whose refresh was answered so late, or never, that the next try looked like a thief's (A89)."""

    def counted(self) -> dict[str, int]:
        """How many of each."""
        return {name: held if isinstance(held, int) else len(held) for name, held in vars(self).items()}


@dataclass
class Walkers:
    """Those who act while others kill, until told that it is enough."""

    bank: Bank
    insisting: Insisting
    messages: Process
    facts: Facts
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def proofings(self, uploads: list[Upload]) -> None:
        """One applicant after another."""
        while not self.enough.is_set():
            for number, upload in enumerate(uploads):
                await self.proofing(upload, face=number % 2 == 0)

    async def proofing(self, upload: Upload, *, face: bool) -> Applicant:
        """From the notice to the decision."""
        applicant = await self._opened()
        self.facts.opened.add(applicant.id)
        for purpose, given in zip(PURPOSES, (True, face), strict=True):
            answer = partial(applicant.answer, purpose, given=given)
            if await self._done(answer, partial(self._answered, applicant, purpose)):
                self.facts.consented.add((applicant.id, purpose))
        card = {f"{SIDES}/portrait": upload.portrait_side, f"{SIDES}/emblem": upload.emblem_side}
        for path, octets in (card | ({"/face": upload.face} if face else {})).items():
            assert (await applicant.put(path, content=octets)).status_code == 201
            self.facts.presented.add((applicant.id, path))
        await self._done(lambda: applicant.post("/submission"), lambda: self._left(applicant, "open"))
        self.facts.submitted.add(applicant.id)
        self.facts.decided[applicant.id] = await self._decided(applicant)
        return applicant

    async def subscriber(self, upload: Upload) -> tuple[str, bytes] | None:
        """A proofing that goes on to an account: its phone and seed; None: the code was lost with the worker that sent it."""
        applicant, phone = await self.proofing(upload, face=True), f"138{secrets.randbelow(10**8):08}"
        if self.facts.decided[applicant.id] != "accepted":
            return None
        asked = {"channel": "phone", "address": phone}
        if await self._done(lambda: applicant.post("/contact", json=asked), lambda: self._sent_to(phone)):
            self.facts.contacted.add(phone)
        if (code := await self._code(phone)) is None:
            return None
        proof = {"code": code}
        await self._done(lambda: applicant.post("/contact/code", json=proof), lambda: self._left(applicant, "accepted"))
        assert (await applicant.put("/password", json={"password": PASSWORD})).status_code == 200
        while (begun := await applicant.post("/totp")).status_code != 201:
            pass
        seed = base64.b32decode(begun.json()["seed"])
        confirming = {"code": code_at(seed, step_at(SystemClock().now()))}
        await self._done(
            lambda: applicant.post("/totp/confirmation", json=confirming), lambda: self._left(applicant, "binding")
        )
        self.facts.enrolled.add(applicant.id)
        return phone, seed

    async def log_ins(self, phone: str, seed: bytes) -> None:
        """Log in whenever there is a new code, refresh, and try the same code again."""
        last = step_at(SystemClock().now())  # the code that bound the authenticator is used
        while not self.enough.is_set():
            step = step_at(SystemClock().now()) + 1
            if step <= last:
                await asyncio.sleep(0.5)
                continue
            last = step
            await self._log_in(phone, seed, step)

    async def wrong_guesses(self) -> None:
        """Passwords guessed at names nobody has, each from a network of its own."""
        while not self.enough.is_set():
            login = await self._begun(f"139{secrets.randbelow(10**8):08}")
            network = {"x-forwarded-for": ".".join(str(1 + secrets.randbelow(250)) for _ in range(4))}
            address = f"/v1/logins/{login.id}/password"
            answer = await self.bank.http.post(address, json={"password": "wrong"}, headers=network)
            if answer.status_code == 401:
                self.facts.struck.add(login.id)
            await asyncio.sleep(0.2)

    async def services(self) -> None:
        """A service that asks for tokens of its own."""
        while not self.enough.is_set():
            form, core = {"grant_type": "client_credentials"}, self.bank.clients["core"]
            answer = await self.bank.http.post("/oauth2/token", data=form, auth=core.basic)
            assert answer.status_code == 200, answer.text
            self.facts.granted += 1
            await asyncio.sleep(0.1)

    async def _log_in(self, phone: str, seed: bytes, step: int) -> None:
        login = await self._begun(phone)
        if (await login.password(PASSWORD)).status_code != 200:
            return
        self.facts.tried[phone, step].append(login.id)
        if (await login.totp(code_at(seed, step))).status_code != 200:
            return
        self.facts.proven.append((phone, step))
        completed = await login.complete()
        if completed.status_code != 201:
            return
        issued = await login.bring(completed.json()["code"])
        if issued.status_code == 200:
            await self._refresh(issued.json()["refresh_token"])
        again = await self._begun(phone)
        if (await again.password(PASSWORD)).status_code == 200:
            self.facts.tried[phone, step].append(again.id)
            await again.totp(code_at(seed, step))

    async def _refresh(self, token: str) -> None:
        for _ in range(REFRESHES):
            presented = refresh.parse(token)
            self.facts.generations[presented.session_id] = presented.generation
            before = self.insisting.unanswered
            answer = await self.bank.refresh(token)
            if answer.status_code != 200:
                assert self.insisting.unanswered > before, answer.text
                self.facts.lost.add(presented.session_id)
                return
            token = answer.json()["refresh_token"]

    async def _opened(self) -> Applicant:
        while True:
            bearer = {"authorization": f"Bearer {await self.bank.kiosk_token()}"}
            answer = await self.bank.http.post("/v1/proofings", json={}, headers=bearer)
            if answer.status_code == 201:
                return Applicant(self.bank, answer.json()["id"], answer.json()["applicant_token"])
            assert answer.status_code == 409, answer.text

    async def _begun(self, phone: str) -> LogIn:
        while True:
            try:
                return await self.bank.begin(phone)
            except AssertionError as doubtful:
                if "answer_" not in str(doubtful):
                    raise

    async def _done(self, act: Callable[[], Awaitable[httpx.Response]], seen: Callable[[], Awaitable[bool]]) -> bool:
        """Whether it was acknowledged; False: its answer was lost, and it is seen to have been done."""
        while True:
            answer = await act()
            if answer.is_success:
                return True
            assert answer.status_code in {403, 409, 429}, answer.text
            if await seen():
                return False
            assert "answer_" in answer.text, answer.text  # in doubt, and not done: once more, under another key

    async def _answered(self, applicant: Applicant, purpose: str) -> bool:
        return f"consent:{purpose}" not in (await applicant.get()).json()["needed"]

    async def _left(self, applicant: Applicant, state: str) -> bool:
        return bool((await applicant.get()).json()["state"] != state)

    async def _decided(self, applicant: Applicant) -> str:
        while True:
            shown = (await applicant.get(params={"wait": "5"})).json()
            if shown["whose_move"] != "us":
                return str(shown["state"])

    async def _sent_to(self, phone: str) -> bool:
        return await self._code(phone) is not None

    async def _code(self, phone: str) -> str | None:
        for _ in range(CODE_SECONDS * 5):
            for asked in self.messages.received():
                told = loads(asked["body"])
                if told["to"].endswith(phone) and told["code"]:
                    return str(told["code"])
            await asyncio.sleep(0.2)
        return None

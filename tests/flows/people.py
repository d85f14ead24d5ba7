"""Who walks a journey? The applicant, the subscriber they become, and a log-in of theirs, all over HTTP."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from app.mfa.totp import code_at, step_at

if TYPE_CHECKING:
    from tests.flows.house import Bank

START = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
ISSUER = "https://hufu.example"
CORE = "https://core.bank.example"
PASSWORD = "Kranich-Lotus-47"
PHONE = "13800138000"


def bearer(token: str) -> dict[str, str]:
    """The header that brings a token."""
    return {"authorization": f"Bearer {token}", "accept-language": "en"}


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def small_picture() -> bytes:
    """A PNG header is all that eyes told what to see look at."""
    import cv2
    import numpy as np

    return bytes(cv2.imencode(".png", np.full((8, 8, 3), 200, np.uint8))[1])


PICTURE = small_picture()


@dataclass
class Applicant:
    """Somebody with an applicant token."""

    bank: "Bank"
    id: str
    token: str

    async def call(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        """A call on the own proofing."""
        headers = bearer(self.token) | more.pop("headers", {})
        return await self.bank.http.request(method, f"/v1/proofings/{self.id}{path}", headers=headers, **more)

    async def get(self, path: str = "", **more: Any) -> httpx.Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("POST", path, **more)

    async def put(self, path: str, **more: Any) -> httpx.Response:
        return await self.call("PUT", path, **more)

    async def answer(self, purpose: str, *, given: bool = True, language: str = "zh-CN") -> httpx.Response:
        """Answer one notice."""
        notices = (await self.bank.http.get("/v1/notices")).json()
        digest = next(n["text_sha256"] for n in notices if (n["purpose"], n["language"]) == (purpose, language))
        body = {"purpose": purpose, "given": given, "text_sha256": digest, "channel": "web"}
        return await self.post("/consents", json=body)

    async def complete_evidence(self) -> None:
        """Both answers, both sides, a face."""
        for purpose in ("identity_verification", "face_comparison"):
            assert (await self.answer(purpose)).status_code == 201
        for path in ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", "/face"):
            answer = await self.put(path, content=PICTURE)
            assert answer.status_code == 201, answer.text

    async def contact_code(self, phone: str) -> str:
        """Have a code sent and read it."""
        assert (await self.post("/contact", json={"channel": "phone", "address": phone})).status_code == 202
        body = (await self.bank.messages())[0]["body"]
        return next(word for word in body.replace(",", " ").split() if word.isdecimal() and len(word) == 6)

    async def bind_contact(self, phone: str) -> None:
        """Prove possession of a phone."""
        answer = await self.post("/contact/code", json={"code": await self.contact_code(phone)})
        assert answer.status_code == 201, answer.text


@dataclass
class Subscriber:
    """Somebody enrolled, with their phone and their app."""

    bank: "Bank"
    phone: str
    seed: bytes

    def code(self, steps: int = 0) -> str:
        """What the app shows at the bank's time, or some steps off it."""
        return code_at(self.seed, step_at(self.bank.clock.now()) + steps)

    async def signed_in(self, **more: Any) -> dict[str, Any]:
        """A whole log-in; the token answer. The clock moves past the code that was used."""
        login = await self.bank.begin(self.phone, **more)
        assert (await login.password(PASSWORD)).status_code == 200
        assert (await login.totp(self.code())).status_code == 200
        answer = await login.exchange()
        assert answer.status_code == 200, answer.text
        self.bank.clock.move(timedelta(seconds=60))
        return dict(answer.json())

    async def device_token(self, **more: Any) -> str:
        """A whole log-in; what the next one at this device brings. The clock moves past the code that was used."""
        login = await self.bank.begin(self.phone, **more)
        assert (await login.password(PASSWORD)).status_code == 200
        assert (await login.totp(self.code())).status_code == 200
        self.bank.clock.move(timedelta(seconds=60))
        return await login.device_token()


@dataclass
class LogIn:
    """A log-in under way at the front end."""

    bank: "Bank"
    id: str
    verifier: str

    async def password(self, password: str) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/password", json={"password": password})

    async def totp(self, code: str) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/totp", json={"code": code})

    async def complete(self) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/completion")

    async def device_token(self) -> str:
        """Complete, and keep what the next log-in at this device brings."""
        answer = await self.complete()
        assert answer.status_code == 201, answer.text
        return str(answer.json()["device_token"])

    async def exchange(self, **more: str) -> httpx.Response:
        """Complete, and bring the code to the token endpoint."""
        code = (await self.complete()).json()["code"]
        return await self.bring(code, **more)

    async def bring(self, code: str, **more: str) -> httpx.Response:
        """Bring a code to the token endpoint."""
        form = {
            "grant_type": "authorization_code", "code": code, "code_verifier": self.verifier,
            "client_id": self.bank.clients["app"].id,
        } | more  # fmt: skip
        return await self.bank.http.post("/oauth2/token", data=form)

"""Who takes part? A kiosk, a front end, the bank's core, and an applicant with a phone; each over HTTP alone."""

import asyncio
import base64
import hashlib
import time
from dataclasses import dataclass
from typing import Any

import httpx

from app.assertion.client import ClientKind, Grant
from app.cli.clients import register
from app.cli.demo.filmed import Film, filmed
from app.cli.demo.steps import Differs, expect
from app.core.entropy import Entropy, text
from app.settings import Settings
from app.specimens.applicant import Upload
from app.specimens.performing import Performer

CORE = "https://core.bank.example"
"""The resource whose tokens the demonstration's front end asks for; nothing is ever sent there."""
LONGEST_EXAMINATION_SECONDS = 240
PICTURE = {"content-type": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Registered:
    """A client's id and secret."""

    id: str
    secret: str | None

    @property
    def basic(self) -> tuple[str, str]:
        """For HTTP Basic."""
        return self.id, self.secret or ""


def register_clients(settings: Settings) -> tuple[Registered, Registered, Registered]:
    """Kiosk, front end and core, as `hufu clients create` registers them."""
    issuer = settings.base_url
    people = [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN]
    wanted: list[dict[str, object]] = [
        {"name": "Demonstration kiosk", "kind": ClientKind.KIOSK, "purpose": "opening accounts", "audiences": [issuer],
         "scopes": ["proofing:create", "proofing:read"], "grants": [Grant.CLIENT_CREDENTIALS]},
        {"name": "Demonstration app", "kind": ClientKind.FRONTEND, "purpose": "mobile banking", "audiences": [issuer, CORE],
         "scopes": ["account:read", "sessions:manage", "payments:read"], "grants": people, "first_party": True, "confidential": False},
        {"name": "Demonstration core", "kind": ClientKind.SERVICE, "purpose": "accounts and payments", "audiences": [CORE],
         "scopes": ["payments:read"], "grants": [Grant.CLIENT_CREDENTIALS]},
    ]  # fmt: skip
    made = [asyncio.run(register(settings, facts)) for facts in wanted]
    kiosk, front_end, core = (Registered(client.id, secret.reveal() if secret else None) for client, secret in made)
    return kiosk, front_end, core


@dataclass(slots=True)
class Kiosk:
    """A kiosk in a branch, with its own access token."""

    http: httpx.Client
    client: Registered
    token: str = ""

    def sign_in(self) -> dict[str, Any]:
        """Client credentials, RFC 6749 §4.4."""
        answer = self.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=self.client.basic)
        document = expect(answer, 200)
        self.token = str(document["access_token"])
        return document

    def open(self) -> "Applicant":
        """A proofing, and the applicant's own handle on it."""
        document = expect(self.http.post("/v1/proofings", json={"language": "zh-CN"}, headers=self._bearer()), 201)
        return Applicant(self.http, str(document["id"]), str(document["applicant_token"]))

    def decided(self, proofing_id: str) -> dict[str, Any]:
        """The proofing with its decision and staff's reasons, waited for."""
        deadline = time.monotonic() + LONGEST_EXAMINATION_SECONDS
        while time.monotonic() < deadline:
            document = expect(
                self.http.get(f"/v1/proofings/{proofing_id}", params={"wait": 20}, headers=self._bearer()), 200
            )
            if document["decision"] is not None:
                return document
        raise Differs(f"no decision within {LONGEST_EXAMINATION_SECONDS} s")

    def _bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "accept-language": "en"}


@dataclass(slots=True)
class Applicant:
    """Somebody at the kiosk, with a token good for one proofing alone."""

    http: httpx.Client
    proofing_id: str
    token: str

    def call(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        """A call on the applicant's own proofing."""
        headers = {"authorization": f"Bearer {self.token}", "accept-language": "en"}
        headers |= more.pop("headers", {})
        return self.http.request(method, f"/v1/proofings/{self.proofing_id}{path}", headers=headers, **more)

    def answer_notices(self, *purposes: str) -> None:
        """Acknowledge and consent to the Chinese texts as they are served."""
        for purpose in purposes:
            self._answer(purpose, given=True)

    def refuse_face(self) -> None:
        """Say no to the face comparison."""
        self._answer("face_comparison", given=False)

    def perform(self, performer: Performer) -> Film:
        """One liveness challenge, opened and performed before the camera."""
        frames = expect(self.call("POST", "/liveness"), 201)["frames"]
        address = self.http.base_url.copy_with(scheme="wss" if self.http.base_url.scheme == "https" else "ws")
        return filmed(str(address.join(frames)), self.token, performer)

    def present(self, upload: Upload) -> None:
        """Both sides of the card and the face, then submit."""
        expect(self.call("PUT", "/face", content=upload.face, headers=PICTURE), 201)
        self.present_card(upload)

    def present_card(self, upload: Upload) -> None:
        """Both sides of the card, then submit."""
        for side, picture in (("portrait", upload.portrait_side), ("emblem", upload.emblem_side)):
            expect(self.call("PUT", f"/evidence/resident-card/{side}", content=picture, headers=PICTURE), 201)
        expect(self.call("POST", "/submission"), 202)

    def _answer(self, purpose: str, *, given: bool) -> None:
        wanted = {"purpose": purpose, "language": "zh-CN"}
        notice = self.http.get("/v1/notices", params=wanted).json()[0]
        body = {"purpose": purpose, "given": given, "text_sha256": notice["text_sha256"], "channel": "kiosk"}
        expect(self.call("POST", "/consents", json=body), 201)


@dataclass(slots=True)
class FrontEnd:
    """The bank's own application: PKCE, log-in, tokens."""

    http: httpx.Client
    client: Registered
    entropy: Entropy
    verifier: str = ""

    def begin(self, identifier: str) -> str:
        """A log-in for both resources; its id."""
        self.verifier = text(self.entropy.draw(32))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        body = {
            "client_id": self.client.id,
            "identifier": identifier,
            "code_challenge": challenge,
            "scope": "account:read sessions:manage payments:read",
            "resources": [CORE, str(self.http.base_url).rstrip("/")],
        }
        return str(expect(self.http.post("/v1/logins", json=body), 201)["id"])

    def prove(self, login_id: str, factor: str, value: str) -> httpx.Response:
        """One proof."""
        field = "password" if factor == "password" else "code"
        return self.http.post(f"/v1/logins/{login_id}/{factor}", json={field: value}, headers={"accept-language": "en"})

    def exchange(self, login_id: str) -> dict[str, Any]:
        """Complete, and bring the code to the one door."""
        code = expect(self.http.post(f"/v1/logins/{login_id}/completion"), 201)["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": self.verifier,
            "client_id": self.client.id,
        }
        return expect(self.http.post("/oauth2/token", data=form), 200)

    def refresh(self, token: object, **more: str) -> httpx.Response:
        """Rotate a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": str(token), "client_id": self.client.id, **more}
        return self.http.post("/oauth2/token", data=form)


def message_for(http: httpx.Client, recipient: str) -> str:
    """The newest message to an address, as `/sandbox/messages` shows it once the worker has taken it out."""
    deadline = time.monotonic() + LONGEST_EXAMINATION_SECONDS
    while time.monotonic() < deadline:
        for message in http.get("/sandbox/messages.json").json():
            if message["recipient"] == recipient:
                return str(message["body"])
        time.sleep(0.1)
    raise Differs(f"no message to {recipient}")

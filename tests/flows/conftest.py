"""What does a journey need? The whole API on a database of its own, a clock that is moved, a worker that is called."""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from asgi_lifespan import LifespanManager
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from app.assertion.client import ClientKind, Grant
from app.building import Ground, deliveries_of, examinations_of
from app.cli.keys import make_first
from app.core.clock import SetClock
from app.embedded import Database
from app.gateways.vision import Examined
from app.gateways.vision.null import NullVision
from app.main import create_app
from app.mfa.totp import code_at, step_at
from app.services.staff_enrolment import StaffInvitations
from app.settings import Settings
from app.staff.roles import Role
from tests.flows import documented, staffing
from tests.verification.examinations import examination

START = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
ISSUER = "https://hufu.example"
CORE = "https://core.bank.example"
PASSWORD = "Kranich-Lotus-47"
PHONE = "13800138000"


class Eyes(NullVision):
    """Eyes that see what they are told, at once."""

    async def start(self) -> None:
        """Nothing to load."""

    async def stop(self) -> None:
        """Nothing to leave behind."""


@dataclass
class Registered:
    """A client of the test's."""

    id: str
    secret: str | None

    @property
    def basic(self) -> tuple[str, str]:
        """For HTTP Basic."""
        return self.id, self.secret or ""


@dataclass
class Bank:
    """The API over HTTP, and the hands of everybody around it."""

    http: httpx.AsyncClient
    ground: Ground
    clock: SetClock
    eyes: Eyes
    owner_url: str
    clients: dict[str, Registered] = field(default_factory=dict)
    colleagues: dict[str, staffing.Colleague] = field(default_factory=dict)

    async def officers(self) -> list[staffing.Colleague]:
        """Two security officers, asked in as `hufu staff bootstrap` does."""
        if staffing.OFFICERS[0] not in self.colleagues:
            invitations = StaffInvitations(self.ground.journal, self.ground.vault, self.ground.entropy)
            for each in await invitations.bootstrap(staffing.OFFICERS):
                self.colleagues[each.login_name] = await staffing.enrolled(
                    self.http, self.clock, each.login_name, each.staff_id, each.code.reveal()
                )
        return [self.colleagues[name] for name in staffing.OFFICERS]

    async def colleague(self, name: str, *roles: Role) -> staffing.Colleague:
        """A member of staff, proposed by one officer, approved by another, enrolled and signed in."""
        wanted = {"kind": "staff.add", "login_name": name, "display_name": f"Colleague {name}", "roles": list(roles)}
        shown = await staffing.agreed(self.http, await self.officers(), **wanted)
        self.colleagues[name] = await staffing.enrolled(
            self.http, self.clock, name, shown["staff_id"], shown["enrolment_code"]
        )
        await self.colleagues[name].sign_in()
        return self.colleagues[name]

    async def staff(self, name: str, *roles: Role) -> dict[str, str]:
        """The headers of somebody with these roles, in a session that lives."""
        found = self.colleagues.get(name) or await self.colleague(name, *roles)
        return await found.present()

    async def client(self, name: str, **facts: Any) -> Registered:
        """Register a client as `hufu clients create` does."""
        from app.services.clients import Clients

        wanted = {
            "name": name, "kind": ClientKind.SERVICE, "purpose": "tests", "scopes": ["payments:read"], "audiences": [CORE],
            "grants": [Grant.CLIENT_CREDENTIALS],
        } | facts  # fmt: skip
        made, secret = await Clients(self.ground.journal, self.ground.vault, self.ground.entropy).create(**wanted)
        self.clients[name] = Registered(made.id, secret.reveal() if secret else None)
        return self.clients[name]

    async def kiosk_token(self) -> str:
        """An access token of the kiosk."""
        answer = await self.http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, auth=self.clients["kiosk"].basic
        )
        return str(answer.json()["access_token"])

    async def applicant(self, **opening: Any) -> "Applicant":
        """A proofing just opened."""
        answer = await self.http.post("/v1/proofings", json=opening, headers=bearer(await self.kiosk_token()))
        assert answer.status_code == 201, answer.text
        return Applicant(self, answer.json()["id"], answer.json()["applicant_token"])

    async def work(self) -> None:
        """Do every queued job, as the worker would, until none is left."""
        examinations, deliveries = examinations_of(self.ground, self.eyes), deliveries_of(self.ground)
        while jobs := self.take_jobs():
            for task, arguments in jobs:
                if task == "examine":
                    await examinations.examine(arguments["proofing_id"], last_try=True)
                else:
                    await deliveries.deliver(arguments["message_id"])

    def take_jobs(self) -> list[tuple[str, dict[str, str]]]:
        """What the queue holds, taken out of it."""
        return [(row[0], row[1]) for row in self.sql("DELETE FROM procrastinate_jobs RETURNING task_name, args")]

    def sql(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """As the database's owner: what an auditor or a thief would see."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def dump(self, *, without: tuple[str, ...] = ()) -> bytes:
        """Every row of every table as the disk has it: what a thief of the database would carry away."""
        tables = [row[0] for row in self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]
        found = bytearray()
        with psycopg.connect(self.owner_url, autocommit=True) as connection, connection.cursor() as cursor:
            for table in tables:
                if table in without:
                    continue
                with cursor.copy(SQL("COPY {} TO STDOUT (FORMAT binary)").format(Identifier(table))) as copy:
                    found += table.encode() + b"".join(copy)
        return bytes(found)

    def events(self, action: str) -> list[dict[str, Any]]:
        """The audit's events of one action, oldest first."""
        names = ("action", "outcome", "actor_kind", "actor_id", "client_id", "network", "factors", "subject", "object_id", "reason", "detail")  # fmt: skip
        found = self.sql(f"SELECT {', '.join(names)} FROM audit_events WHERE action = %s ORDER BY sequence", action)  # noqa: S608
        return [dict(zip(names, row, strict=True)) for row in found]

    async def messages(self) -> list[dict[str, str]]:
        """What `/sandbox/messages.json` shows once the outbox was emptied."""
        await self.work()
        return list((await self.http.get("/sandbox/messages.json")).json())

    async def enrolled(self, phone: str = PHONE, **opening: Any) -> "Subscriber":
        """A stranger walked all the way to a subscriber with two factors."""
        applicant = await self.accepted(**opening)
        await applicant.bind_contact(phone)
        assert (await applicant.put("/password", json={"password": PASSWORD})).status_code == 200
        seed = base64.b32decode((await applicant.post("/totp")).json()["seed"])
        subscriber = Subscriber(self, phone, seed)
        answer = await applicant.post("/totp/confirmation", json={"code": subscriber.code()})
        assert answer.json()["state"] == "enrolled", answer.text
        self.clock.move(timedelta(seconds=60))
        return subscriber

    async def accepted(self, **opening: Any) -> "Applicant":
        """An applicant whose examination was accepted."""
        applicant = await self.applicant(**opening)
        await applicant.complete_evidence()
        assert (await applicant.post("/submission")).status_code == 202
        await self.work()
        assert (await applicant.get()).json()["state"] == "accepted"
        return applicant

    async def begin(self, identifier: str = PHONE, **more: Any) -> "LogIn":
        """A log-in at the front end."""
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        body = {
            "client_id": self.clients["app"].id, "identifier": identifier, "code_challenge": challenge,
            "scope": "account:read sessions:manage payments:read", "resources": [CORE, ISSUER],
        } | more  # fmt: skip
        answer = await self.http.post("/v1/logins", json=body)
        assert answer.status_code == 201, answer.text
        return LogIn(self, answer.json()["id"], verifier)

    async def refresh(self, token: str, **more: str) -> httpx.Response:
        """Rotate a refresh token of the front end."""
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.clients["app"].id, **more}
        return await self.http.post("/oauth2/token", data=form)

    async def introspect(self, token: str) -> dict[str, Any]:
        """What the bank's core learns of a token."""
        answer = await self.http.post("/oauth2/introspect", data={"token": token}, auth=self.clients["core"].basic)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class Applicant:
    """Somebody with an applicant token."""

    bank: Bank
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

    bank: Bank
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


@dataclass
class LogIn:
    """A log-in under way at the front end."""

    bank: Bank
    id: str
    verifier: str

    async def password(self, password: str) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/password", json={"password": password})

    async def totp(self, code: str) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/totp", json={"code": code})

    async def complete(self) -> httpx.Response:
        return await self.bank.http.post(f"/v1/logins/{self.id}/completion")

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


def seen(**changes: Any) -> Examined:
    """What the eyes report: an examination the development policy accepts, but for `changes` of the measured facts."""
    measured = replace(examination().measured, **changes)
    return Examined(measured, b"crop", bytes(512), "face@1", "text@1")


@pytest.fixture
def start_bank(make_database: Callable[[], Database], folder: Path) -> Callable[..., Any]:
    """Makes the settings and the application of a bank; tests of several processes start more than one."""

    async def settings(database: Database, **more: Any) -> Settings:
        key = folder / "master.key"
        if not key.exists():
            key.write_text(base64.b64encode(os.urandom(32)).decode())
            key.chmod(0o600)
        made = Settings(
            issuer=ISSUER,
            data=folder,
            master_key_file=key,
            database_url=SecretStr(database.app_url.reveal()),
            owner_database_url=SecretStr(database.owner_url.reveal()),
            auditor_database_url=SecretStr(database.auditor_url.reveal()),
            **more,
        )
        await make_first(made)
        return made

    return settings


@pytest.fixture
async def bank(fresh_database: Database, start_bank: Callable[..., Any]) -> AsyncIterator[Bank]:
    """The API on its own database, with a kiosk, an app and the bank's core registered."""
    settings = await start_bank(fresh_database)
    clock, eyes = SetClock(START), Eyes(seen())
    application = create_app(settings, clock=clock, vision=eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        http.event_hooks = {"response": [documented.hook(application.inner.openapi())]}
        ground = application.inner.state.ground
        made = Bank(http, ground, clock, eyes, fresh_database.owner_url.reveal())
        people = [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN]
        await made.client(
            "kiosk", kind=ClientKind.KIOSK, scopes=["proofing:create", "proofing:read"], audiences=[ISSUER]
        )
        await made.client(
            "app", kind=ClientKind.FRONTEND, scopes=["account:read", "sessions:manage", "payments:read"],
            audiences=[ISSUER, CORE], grants=people, first_party=True, confidential=False,
        )  # fmt: skip
        await made.client("core")
        yield made


@pytest.fixture
async def twin(bank: Bank) -> AsyncIterator[Bank]:
    """A second instance of the API on the same database, as behind the bank's proxy: nothing in memory is shared."""
    application = create_app(bank.ground.settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        yield replace(bank, http=http, ground=application.inner.state.ground)

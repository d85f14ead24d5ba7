"""What does a journey walk through? The whole API as a bank runs it, its clients, and the hands of everybody around it."""

import base64
import hashlib
import secrets  # noqa: TID251  a verifier of the test's own
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import psycopg
from psycopg.sql import SQL, Identifier

from app.assertion.client import ClientKind, Grant
from app.building import Ground, deliveries_of, examinations_of
from app.building.judged import judged_of
from app.core.clock import SetClock
from app.gateways.authority import Authority, NullAuthority
from app.gateways.vision import Examined
from app.gateways.vision.null import NullVision
from app.routers.envelope import Envelope
from app.services.staff_enrolment import StaffInvitations
from app.staff.roles import Role
from tests.flows import staffing
from tests.flows.people import CORE, PASSWORD, PHONE, Applicant, LogIn, Subscriber, bearer
from tests.verification.examinations import measured


def seen(**changes: Any) -> Examined:
    """What the eyes report: an examination the development policy accepts, but for `changes` of the measured facts."""
    return Examined(measured(**changes), bytes(512), "dlib@1", "text@1")


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
    authority: Authority = field(default_factory=NullAuthority)
    """Whom the worker asks about numbers."""
    envelope: Envelope | None = None
    """Where the application is in this process."""

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

    async def kiosk_token(self, **more: str) -> str:
        """An access token of the kiosk."""
        form = {"grant_type": "client_credentials", **more}
        answer = await self.http.post("/oauth2/token", data=form, auth=self.clients["kiosk"].basic)
        return str(answer.json()["access_token"])

    async def applicant(self, **opening: Any) -> "Applicant":
        """A proofing just opened."""
        answer = await self.http.post("/v1/proofings", json=opening, headers=bearer(await self.kiosk_token()))
        assert answer.status_code == 201, answer.text
        return Applicant(self, answer.json()["id"], answer.json()["applicant_token"])

    async def work(self) -> None:
        """Do every queued job, as the worker would, until none is left."""
        judged = await judged_of(self.ground, self.eyes)
        examinations = examinations_of(self.ground, self.eyes, self.authority, judged=judged)
        deliveries = deliveries_of(self.ground)
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
        return await self.enrolled_from(await self.accepted(**opening), phone)

    async def enrolled_from(self, applicant: "Applicant", phone: str = PHONE) -> "Subscriber":
        """An accepted applicant walked on to a subscriber with two factors."""
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
            "scope": "account:read sessions:manage payments:read", "resources": [CORE, self.ground.settings.base_url],
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

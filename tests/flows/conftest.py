"""What does a journey need? The whole API on a database of its own, a clock that is moved, a worker that is called."""

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI
from pydantic import SecretStr

from app.assertion.client import ClientKind, Grant
from app.cli.keys import make_first
from app.core.clock import Clock, SetClock
from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.main import create_app
from app.routers.envelope import Envelope
from app.settings import Settings
from app.verification.faces.liveness.challenge import Challenge, open_challenge
from tests.flows import documented
from tests.flows.house import Bank, Eyes, Registered, seen
from tests.flows.people import (
    CORE,
    ISSUER,
    PASSWORD,
    PHONE,
    PICTURE,
    START,
    Applicant,
    LogIn,
    Subscriber,
    bearer,
    claims_of,
)
from tests.gateways.answering import Answering, answering, saying
from tests.house.production import secret_file

__all__ = [
    "CORE", "ISSUER", "PASSWORD", "PHONE", "PICTURE", "START", "Applicant", "Bank", "Connected", "Eyes", "LogIn", "Registered",
    "Subscriber", "bearer", "claims_of", "open_bank", "seen",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nonces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The chance that challenges were to be drawn by. Those of this process follow from the test's name instead: of all that
    can be drawn some ask nothing that a certain test is about, such as no turn of one whose film is mirrored.
    """
    name, tries, drawn = request.node.name.encode(), count(), list[bytes]()

    def opened(challenge_id: str, *, nonce: bytes, now: datetime) -> Challenge:
        drawn.append(nonce)
        made = hashlib.sha256(b"%b %d" % (name, next(tries))).digest()
        return open_challenge(challenge_id, nonce=made[: len(nonce)], now=now)

    monkeypatch.setattr("app.services.liveness.open_challenge", opened)
    return drawn


@pytest.fixture
def start_bank(folder: Path) -> Callable[..., Any]:
    """Makes the settings and the application of a bank; tests of several processes start more than one."""

    async def settings(database: Database, **more: Any) -> Settings:
        # By the same clock as the journey's: by the machine's, every journey would end on the day of START.
        return await founded(database, folder, SetClock(START), **more)

    return settings


async def founded(database: Database, folder: Path, clock: Clock, **more: Any) -> Settings:
    """The settings of a bank with that database, its first keys made."""
    key = folder / "master.key"
    if not key.exists():
        key.write_text(base64.b64encode(SystemEntropy().draw(32)).decode())
        key.chmod(0o600)
    made = Settings(
        data=folder,
        master_key_file=key,
        database_url=SecretStr(database.app_url.reveal()),
        owner_database_url=SecretStr(database.owner_url.reveal()),
        auditor_database_url=SecretStr(database.auditor_url.reveal()),
        appender_database_url=SecretStr(database.appender_url.reveal()),
        **{"issuer": ISSUER} | more,
    )
    await make_first(made, clock)
    return made


@pytest.fixture
async def bank(fresh_database: Database, start_bank: Callable[..., Any]) -> AsyncIterator[Bank]:
    """The API on its own database, with a kiosk, an app and the bank's core registered."""
    async with open_bank(fresh_database, await start_bank(fresh_database)) as opened:
        yield opened


def inner_of(application: Envelope) -> FastAPI:
    """What stands within the envelope."""
    assert isinstance(application.inner, FastAPI)
    return application.inner


@asynccontextmanager
async def open_bank(database: Database, settings: Settings, clock: SetClock | None = None) -> AsyncIterator[Bank]:
    """The same, in whichever event loop asks."""
    clock, eyes = clock or SetClock(START), Eyes(seen())
    application = create_app(settings, clock=clock, vision=eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=settings.base_url) as http,
    ):
        http.event_hooks = {"response": [documented.hook(inner_of(application).openapi())]}
        ground = inner_of(application).state.ground
        made = Bank(http, ground, clock, eyes, database.owner_url.reveal(), envelope=application)
        await register(made)
        yield made


async def register(bank: Bank) -> None:
    """A kiosk, an app and the bank's core."""
    issuer, people = bank.ground.settings.base_url, [Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN]
    await bank.client(
        "kiosk",
        kind=ClientKind.KIOSK,
        scopes=[
            "proofing:create",
            "proofing:read",
            "documents:read",
            "faces:read",
            "faces:enrol",
            "faces:compare",
            "faces:compare-pictures",
        ],
        audiences=[issuer],
    )
    await bank.client(
        "app", kind=ClientKind.FRONTEND, scopes=["account:read", "sessions:manage", "payments:read"],
        audiences=[issuer, CORE], grants=people, first_party=True, confidential=False,
    )  # fmt: skip
    await bank.client("core")


@pytest.fixture
async def twin(bank: Bank) -> AsyncIterator[Bank]:
    """A second instance of the API on the same database, as behind the bank's proxy: nothing in memory is shared."""
    application = create_app(bank.ground.settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        yield replace(bank, http=http, ground=inner_of(application).state.ground)


Connected = tuple[Bank, Answering, dict[str, str]]
"""A bank, the authority it asks, and what that says: `answer`, which may be told."""


@pytest.fixture
async def connected(bank: Bank, tmp_path: Path) -> AsyncIterator[Connected]:
    """The same bank with a branch that asks an authority over HTTPS."""
    said = {"answer": "confirmed"}

    def answer(asked: dict[str, Any]) -> bytes:
        return saying(said["answer"])(asked)

    with answering(tmp_path, answer) as house:
        settings = bank.ground.settings.model_copy(
            update={
                "authority_url": f"https://127.0.0.1:{house.port}/check",
                "authority_secret_file": secret_file(tmp_path, "secret"),
                "authority_ca_file": house.authority.file,
            }
        )
        application = create_app(settings, clock=bank.clock, vision=bank.eyes)
        async with (
            LifespanManager(application, startup_timeout=30),
            httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
        ):
            yield replace(bank, http=http), house, said

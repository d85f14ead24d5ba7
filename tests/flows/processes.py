"""How do journeys walk through processes of their own? `hufu serve` and `hufu worker`, started, asked and ended."""

import asyncio
import base64
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx

from app.core.clock import SetClock, SystemClock
from app.settings import Settings
from app.specimens.applicant import Upload
from tests.flows.conftest import PASSWORD, PHONE, Applicant, Bank, Subscriber

READY_SECONDS = 120
PRINTED_ON = date(2026, 11, 1)
"""One day for all the cards that are photographed here: with each day's own digits, one day some are misread."""
SIDES = "/evidence/resident-card"


class DeviceClock(SetClock):
    """An authenticator app's clock: it goes on by itself, as the processes' does, and ahead of it once moved."""

    def __init__(self) -> None:
        super().__init__(SystemClock().now())
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The machine's time and what was let pass."""
        return SystemClock().now() + self._ahead

    def move(self, by: timedelta) -> None:
        """Let `by` pass for the device."""
        self._ahead += by


class SandboxHands(SetClock):
    """The sandbox's clock, read and moved over HTTP as any integrator does."""

    def __init__(self, http: httpx.Client) -> None:
        super().__init__(SystemClock().now())
        self._http = http

    def now(self) -> datetime:
        """What the sandbox shows."""
        return datetime.fromisoformat(self._http.get("/sandbox/clock").json()["now"])

    def move(self, by: timedelta) -> None:
        """Let `by` pass for every process."""
        moved = self._http.post("/sandbox/clock", json={"advance_seconds": int(by.total_seconds())})
        assert moved.status_code == 200, moved.text


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(settings: Settings, port: int) -> dict[str, str]:
    """What `hufu serve` and `hufu worker` are told: no owner's password among it."""
    return os.environ | {
        "HUFU_ENVIRONMENT": settings.environment,
        "HUFU_DATA": str(settings.data),
        "HUFU_ISSUER": settings.issuer,
        "HUFU_PORT": str(port),
        "HUFU_DATABASE_URL": settings.application_url(),
        "HUFU_APPENDER_DATABASE_URL": settings.appender_url(),
        "HUFU_MASTER_KEY_FILE": str(settings.master_key_file),
        "HUFU_LOG_LEVEL": "debug",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def program(command: str, told: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, its whole output in a file, ended as an operator ends it."""
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "app.cli", command], env=told, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def speaking(port: int) -> httpx.AsyncClient:
    """A client of the process at that port."""
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)


async def ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while True:
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def decided(applicant: Applicant) -> str:
    """The state once the worker has made its move."""
    shown = (await applicant.get(params={"wait": "30"})).json()
    return str(shown["state"]) if shown["whose_move"] != "us" else await decided(applicant)


async def delivered(bank: Bank) -> str:
    """The code in the first message to arrive."""
    async with asyncio.timeout(READY_SECONDS):
        while not (shown := (await bank.http.get("/sandbox/messages.json")).json()):  # noqa: ASYNC110  another process's
            await asyncio.sleep(0.1)
    found = re.search(r"(?<!\d)\d{6}(?!\d)", shown[0]["body"])
    assert found is not None
    return found[0]


async def examined(bank: Bank, upload: Upload) -> Applicant:
    """An applicant whose card and face the worker has seen."""
    return await _handed_in(bank, upload, face=upload.face)


async def examined_without_face(bank: Bank, upload: Upload) -> Applicant:
    """An applicant who refused the face comparison; the worker has seen the card."""
    return await _handed_in(bank, upload, face=None)


async def _handed_in(bank: Bank, upload: Upload, *, face: bytes | None) -> Applicant:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison", given=face is not None)
    sides = {f"{SIDES}/portrait": upload.portrait_side, f"{SIDES}/emblem": upload.emblem_side}
    for path, octets in (sides if face is None else sides | {"/face": face}).items():
        assert (await applicant.put(path, content=octets)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    await decided(applicant)
    return applicant


async def enrolled(bank: Bank, applicant: Applicant) -> tuple[Subscriber, str]:
    """A subscriber with two factors, and the contact code that was used."""
    assert (await applicant.post("/contact", json={"channel": "phone", "address": PHONE})).status_code == 202
    code = await delivered(bank)
    assert (await applicant.post("/contact/code", json={"code": code})).status_code == 201
    assert (await applicant.put("/password", json={"password": PASSWORD})).status_code == 200
    subscriber = Subscriber(bank, PHONE, base64.b32decode((await applicant.post("/totp")).json()["seed"]))
    answer = await applicant.post("/totp/confirmation", json={"code": subscriber.code()})
    assert answer.json()["state"] == "enrolled", answer.text
    bank.clock.move(timedelta(seconds=30))  # the code that bound it does not sign in
    return subscriber, code

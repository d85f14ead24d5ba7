"""Does the road hold where API and worker are processes of their own, and do their logs keep silent?"""

import asyncio
import base64
import os
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.clock import SetClock, SystemClock
from app.embedded import Database
from app.settings import Settings
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut
from tests.flows.conftest import PASSWORD, PHONE, Applicant, Bank, Subscriber, open_bank

pytestmark = pytest.mark.timeout(300)
READY_SECONDS = 120
SIDES = "/evidence/resident-card"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(settings: Settings, port: int) -> dict[str, str]:
    """What `hufu serve` and `hufu worker` are told: no owner's password among it."""
    return os.environ | {
        "HUFU_DATA": str(settings.data),
        "HUFU_ISSUER": settings.issuer,
        "HUFU_PORT": str(port),
        "HUFU_DATABASE_URL": settings.application_url(),
        "HUFU_MASTER_KEY_FILE": str(settings.master_key_file),
        "HUFU_LOG_LEVEL": "debug",
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def program(command: str, told: dict[str, str], log: Path) -> Iterator[None]:
    """A process of ours, its whole output in a file, ended as an operator ends it."""
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", "app.cli", command], env=told, stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


@dataclass
class Apart:
    """A bank whose API and worker are processes of their own."""

    bank: Bank
    logs: Path

    def said(self) -> str:
        return "".join(path.read_text("utf-8") for path in sorted(self.logs.glob("*.log")))


@pytest.fixture
async def apart(fresh_database: Database, start_bank: Callable[..., Any], folder: Path) -> AsyncIterator[Apart]:
    settings, port = await start_bank(fresh_database), free_port()
    told = environment(settings, port)
    async with open_bank(fresh_database, settings) as near:
        near.sql("UPDATE keys SET not_before = '2020-01-01', created_at = '2020-01-01'")
        with ExitStack() as running:
            for command in ("serve", "worker"):
                running.enter_context(program(command, told, folder / f"{command}.log"))
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as http:
                await ready(http)
                yield Apart(replace(near, http=http, clock=SetClock(SystemClock().now())), folder)


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


async def accepted(bank: Bank, upload: Any) -> Applicant:
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    for path, octets in (
        (f"{SIDES}/portrait", upload.portrait_side),
        (f"{SIDES}/emblem", upload.emblem_side),
        ("/face", upload.face),
    ):
        assert (await applicant.put(path, content=octets)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    assert await decided(applicant) == "accepted"
    return applicant


async def enrolled(bank: Bank, applicant: Applicant) -> tuple[Subscriber, str]:
    """A subscriber with two factors, and the contact code that was used."""
    assert (await applicant.post("/contact", json={"channel": "phone", "address": PHONE})).status_code == 202
    code = await delivered(bank)
    assert (await applicant.post("/contact/code", json={"code": code})).status_code == 201
    assert (await applicant.put("/password", json={"password": PASSWORD})).status_code == 200
    subscriber = Subscriber(bank, PHONE, base64.b32decode((await applicant.post("/totp")).json()["seed"]))
    answer = await applicant.post("/totp/confirmation", json={"code": subscriber.code(-1)})
    assert answer.json()["state"] == "enrolled", answer.text
    return subscriber, code


@pytest.mark.rule("R23")
async def test_a_whole_journey_leaves_no_person_and_no_secret_in_any_log(apart: Apart) -> None:
    bank, upload = apart.bank, honest_upload(1, SystemClock().now().date(), astronaut())
    applicant = await accepted(bank, upload)
    subscriber, code = await enrolled(bank, applicant)
    issued = await subscriber.signed_in()
    person, said = upload.truth.person, apart.said()
    assert "/v1/proofings/{proofing_id}/submission" in said
    assert '"event": "ready"' in (apart.logs / "worker.log").read_text("utf-8")
    private = [person.name, person.number, person.number[6:14], person.address, PHONE, PASSWORD, applicant.token]
    secret = [issued["access_token"], issued["refresh_token"], base64.b32encode(subscriber.seed).decode()]
    assert not [each for each in private + secret if each in said]
    assert not re.search(rf"(?<![\w.]){code}(?!\w)", said)

"""Does the road hold where API and worker are processes of their own, and do their logs keep silent?"""

import base64
import re
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.embedded import Database
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut
from tests.flows.conftest import PASSWORD, PHONE, Bank, open_bank
from tests.flows.processes import (
    PRINTED_ON,
    DeviceClock,
    enrolled,
    environment,
    examined,
    free_port,
    program,
    ready,
    speaking,
)

pytestmark = pytest.mark.timeout(300)


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
            async with speaking(port) as http:
                await ready(http)
                yield Apart(replace(near, http=http, clock=DeviceClock()), folder)


@pytest.mark.rule("R23")
async def test_a_whole_journey_leaves_no_person_and_no_secret_in_any_log(apart: Apart) -> None:
    bank, upload = apart.bank, honest_upload(1, PRINTED_ON, astronaut())
    applicant = await examined(bank, upload)
    assert (await applicant.get()).json()["state"] == "accepted"
    subscriber, code = await enrolled(bank, applicant)
    issued = await subscriber.signed_in()
    person, said = upload.truth.person, apart.said()
    assert "/v1/proofings/{proofing_id}/submission" in said
    assert '"event": "ready"' in (apart.logs / "worker.log").read_text("utf-8")
    private = [person.name, person.number, person.number[6:14], person.address, PHONE, PASSWORD, applicant.token]
    secret = [issued["access_token"], issued["refresh_token"], base64.b32encode(subscriber.seed).decode()]
    assert not [each for each in private + secret if each in said]
    assert not re.search(rf"(?<![\w.]){code}(?!\w)", said)

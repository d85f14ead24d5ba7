"""Does what stands on a killed process go with it, and is what it had begun done by the next, once?"""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.embedded import Database
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut
from tests.cli.running import command_of, family, running, within
from tests.flows.conftest import Applicant, Bank, open_bank
from tests.flows.processes import (
    PRINTED_ON,
    SIDES,
    DeviceClock,
    decided,
    environment,
    free_port,
    program,
    ready,
    speaking,
)

pytestmark = pytest.mark.timeout(300)
DOING = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'examine' AND status = 'doing'"
SOON = 10
"""Seconds, within which the kernel has ended what stood on a killed process, however busy the machine."""


@dataclass
class Apart:
    """A bank whose API and worker are processes of their own, to be killed."""

    bank: Bank
    api: subprocess.Popen[bytes]
    start_worker: Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
async def apart(fresh_database: Database, start_bank: Callable[..., Any], folder: Path) -> AsyncIterator[Apart]:
    settings, port = await start_bank(fresh_database), free_port()
    told = environment(settings, port)
    async with open_bank(fresh_database, settings) as near:
        near.sql("UPDATE keys SET not_before = '2020-01-01', created_at = '2020-01-01'")
        with ExitStack() as stack:
            api = stack.enter_context(program("serve", told, folder / "serve.log"))
            async with speaking(port) as http:
                await ready(http)
                bank = replace(near, http=http, clock=DeviceClock())
                yield Apart(bank, api, lambda: stack.enter_context(program("worker", told, folder / "worker.log")))


def children(process: subprocess.Popen[bytes], words: str) -> list[int]:
    return [pid for pid in family(process.pid) if words in command_of(pid)]


@contextmanager
def killed_with(process: subprocess.Popen[bytes], words: str) -> Iterator[None]:
    """The process killed outright, and soon everything that stood on it gone."""
    assert within(60, lambda: any(children(process, words)))
    stood_on_it = children(process, words)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    yield
    assert within(SOON, lambda: not any(map(running, stood_on_it)))


def test_decoders_die_with_a_killed_api(apart: Apart) -> None:
    with killed_with(apart.api, "vision.process intake"):
        pass


async def submitted(bank: Bank) -> Applicant:
    upload = honest_upload(1, PRINTED_ON, astronaut())
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    pictures = {f"{SIDES}/portrait": upload.portrait_side, f"{SIDES}/emblem": upload.emblem_side, "/face": upload.face}
    for path, octets in pictures.items():
        assert (await applicant.put(path, content=octets)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    return applicant


async def under_way(bank: Bank) -> None:
    while not bank.events("proofing.examine"):  # noqa: ASYNC110  another process's doing is only seen by looking
        await asyncio.sleep(0.02)


@pytest.mark.rule("A124")
async def test_an_examination_whose_worker_was_killed_in_its_middle_is_made_by_the_next_once(apart: Apart) -> None:
    bank, worker = apart.bank, apart.start_worker()
    applicant = await submitted(bank)
    await under_way(bank)
    with killed_with(worker, "vision.process examiner"):
        assert bank.sql(DOING) == [(1,)]
    apart.start_worker()
    assert await decided(applicant) == "accepted"
    assert len(bank.events("proofing.examine")) == 2
    assert len(bank.events("proofing.decide")) == 1

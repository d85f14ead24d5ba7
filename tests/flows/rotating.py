"""How does a test rotate keys? `hufu keys rotate-…` as a process of its own, killed as a machine kills, its waits cut short."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from app.core import ids
from app.core.acr import Ial
from app.core.ids import PersonId
from app.core.wrapped_key import Purpose
from app.services.examination_document import ALSO
from app.services.vault import Sealed, Use
from app.storage.subscribers import AccountState, Alias, AlsoKnown, Subscriber
from tests.flows.house import Bank
from tests.flows.processes import environment, free_port

PATIENCE_SECONDS = 60


def number_of(place: int) -> str:
    return f"number-{place}"


def former_of(place: int) -> str:
    """The number that the document of this place says its holder had before."""
    return f"CAN{place:012}"


def address_of(place: int) -> str:
    return f"+8613900000{place:03}"


async def accounts(bank: Bank, count: int) -> list[PersonId]:
    """So many people with an account each; made at once, for what is looked at is their rows."""
    return [await account(bank, place) for place in range(count)]


async def account(bank: Bank, place: int) -> PersonId:
    """One person whose number and address are those of this place."""
    vault, now = bank.ground.vault, bank.clock.now()
    async with bank.ground.database.work() as work:
        person_id = await vault.new_person(work)
    case = f"prf_{person_id}"
    bank.sql(
        "INSERT INTO proofings (id, person_id, client_id, state, language, applicant_token_index, created_at, changed_at, expires_at)"
        " VALUES (%s, %s, %s, 'enrolled', 'en', %s, %s, %s, %s)",
        case, person_id, bank.clients["kiosk"].id, vault.mac(Use.APPLICANT_TOKEN, case), now, now, now,
    )  # fmt: skip
    async with bank.ground.database.work() as work:
        person = await vault.person(work, person_id)
        number, address = number_of(place), address_of(place)
        attributes, numbers = {"number": number, ALSO: former_of(place)}, (number, former_of(place))
        sealed = person.seal(Sealed.ATTRIBUTES, person_id, json.dumps(attributes).encode())
        number_index, address_index = vault.index(Use.RESIDENT_NUMBER, number), vault.index(Use.ADDRESS, address)
        await work.subscribers.add(
            Subscriber(
                person_id, ids.ProofingId(case), None, AccountState.ACTIVE, Ial.IAL2, "en", sealed, number_index, now
            ),
            Alias("phone", address_index, person_id, person.seal(Sealed.ALIAS, person_id, address.encode()), now),
            AlsoKnown(
                tuple(vault.index(Use.RESIDENT_NUMBER, each) for each in numbers),
                vault.indexes(Use.RESIDENT_NUMBER, number),
                vault.indexes(Use.ADDRESS, address),
                frozenset({vault.index_for_all(Use.RESIDENT_NUMBER, number)}),
            ),
        )
    return person_id


@contextmanager
def rotating(bank: Bank, verb: str, *options: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The command under way; killed if it does not end."""
    told = environment(bank.ground.settings, free_port()) | {"HUFU_OWNER_DATABASE_URL": bank.owner_url} | settings
    command = [sys.executable, "-m", "app.cli", "keys", verb, *options]
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)


def killed(process: subprocess.Popen[str]) -> None:
    """As a machine that loses its power ends it."""
    assert process.poll() is None, process.communicate()[0]
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def finished(process: subprocess.Popen[str]) -> str:
    """What it said, once it has ended well."""
    said = process.communicate(timeout=PATIENCE_SECONDS)[0]
    assert process.returncode == 0, said
    return said


def successor(bank: Bank, purpose: Purpose, process: subprocess.Popen[str]) -> int:
    """The version of the key that is coming, as soon as it is there."""
    until(lambda: bank.sql("SELECT version FROM keys WHERE purpose = %s AND not_before > now()", purpose), process)
    return int(bank.sql("SELECT max(version) FROM keys WHERE purpose = %s", purpose)[0][0])


def hurry(bank: Bank, purpose: Purpose, process: subprocess.Popen[str]) -> None:
    """Let the key that is coming have taken over long ago: nobody waits for what everybody knows."""
    successor(bank, purpose, process)
    bank.sql(
        "UPDATE keys SET created_at = '2026-02-01', not_before = '2026-02-01'::timestamptz + version * interval '1 second'"
    )
    bank.sql("UPDATE keys SET retired_at = not_before + interval '1 second' WHERE retired_at IS NOT NULL")


def until(happened: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Asks until it is so, and the process still runs; a test's own time limit ends it otherwise."""
    while not happened():
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)


@contextmanager
def held(bank: Bank, query: str) -> Iterator[psycopg.Connection]:
    """Rows that somebody else is writing."""
    with psycopg.connect(bank.owner_url) as connection:
        connection.execute(query.encode())
        yield connection
        connection.rollback()

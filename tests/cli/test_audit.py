"""Do the auditor's commands say what was found, with a status a script can use?"""

import asyncio
import base64
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from app.building import appending_of, ground
from app.cli import commands
from app.cli.keys import make_first
from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.embedded import Database
from app.gateways.witness.file import FileWitness
from app.settings import Settings
from app.storage.audit_log import leading

CLIENT = "clients create --name Core --kind service --purpose test --audience https://core.example --grant client_credentials --scope payments:read"


@pytest.fixture
def house(fresh_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A house with two officers and a client, all of it appended and witnessed."""
    key = folder / "master.key"
    key.write_text(base64.b64encode(SystemEntropy().draw(32)).decode())
    key.chmod(0o600)
    for name, value in {
        "DATA": str(folder),
        "DATABASE_URL": fresh_database.app_url.reveal(),
        "OWNER_DATABASE_URL": fresh_database.owner_url.reveal(),
        "AUDITOR_DATABASE_URL": fresh_database.auditor_url.reveal(),
        "APPENDER_DATABASE_URL": fresh_database.appender_url.reveal(),
        "MASTER_KEY_FILE": str(key),
    }.items():
        monkeypatch.setenv(f"HUFU_{name}", value)
    asyncio.run(make_first(Settings()))
    hufu("staff", "bootstrap")
    hufu(*CLIENT.split())
    asyncio.run(beat())
    return fresh_database


async def beat() -> None:
    settings = Settings()
    base = await ground(settings)
    try:
        appending = await appending_of(base)
        async with leading(Secret(settings.appender_url())) as log:
            await appending.append(log)
            await appending.hand_over(log, FileWitness(settings.data / "witness" / "heads.jsonl"))
    finally:
        await base.database.close()


def hufu(*words: str) -> Result:
    return CliRunner().invoke(commands(), words)


def as_owner(house: Database, statement: str) -> list[tuple[str, ...]]:
    with psycopg.connect(house.owner_url.reveal(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.rule("A121")
def test_verify_ends_with_a_status_and_names_the_event(house: Database) -> None:
    assert hufu("audit", "verify").exit_code == 0
    ((event,),) = as_owner(
        house, "UPDATE audit_events SET outcome = 'refused' WHERE action = 'client.create' RETURNING id"
    )
    told = hufu("audit", "verify")
    assert told.exit_code == 1
    assert "altered" in told.output
    assert event in told.output


@pytest.mark.usefixtures("house")
def test_verify_says_when_there_is_no_witness(folder: Path) -> None:
    told = hufu("audit", "verify", "--witness", str(folder / "nothing"))
    assert told.exit_code == 0
    assert "No witness" in told.output


@pytest.mark.usefixtures("house")
def test_verify_trusts_the_key_it_is_given_and_no_other() -> None:
    told = hufu("audit", "verify", "--key", "another")
    assert told.exit_code == 1
    assert "forged head" in told.output


def test_a_proof_is_checked_without_the_database(house: Database, folder: Path) -> None:
    ((event,),) = as_owner(house, "SELECT id FROM audit_events WHERE action = 'client.create'")
    file = folder / "proof.json"
    file.write_text(hufu("audit", "prove", event).output)
    assert hufu("audit", "check-proof", str(file)).exit_code == 0
    assert event in hufu("audit", "check-proof", str(file)).output
    assert hufu("audit", "check-proof", str(file), "--key", "another").exit_code == 1
    file.write_text(file.read_text().replace("client.create", "client.remove"))
    assert hufu("audit", "check-proof", str(file)).exit_code == 1


@pytest.mark.usefixtures("house")
def test_nothing_is_proven_of_an_event_that_is_not_there() -> None:
    assert hufu("audit", "prove", "evt_nobody").exit_code == 1

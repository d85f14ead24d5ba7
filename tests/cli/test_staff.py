"""Does `hufu staff bootstrap` invite two officers, once, and `hufu clients create` leave administration to them?"""

import asyncio
import base64
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import commands
from app.cli.keys import make_first
from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.settings import Settings

CLIENT = "clients create --name Console --kind service --purpose test --audience https://core.example --grant client_credentials"


@pytest.fixture
def house(fresh_database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A migrated database with its first keys, as the environment tells the command."""
    key = folder / "master.key"
    key.write_text(base64.b64encode(SystemEntropy().draw(32)).decode())
    key.chmod(0o600)
    monkeypatch.setenv("HUFU_DATABASE_URL", fresh_database.app_url.reveal())
    monkeypatch.setenv("HUFU_OWNER_DATABASE_URL", fresh_database.owner_url.reveal())
    monkeypatch.setenv("HUFU_MASTER_KEY_FILE", str(key))
    asyncio.run(make_first(Settings()))
    return fresh_database


def hufu(*words: str) -> Result:
    return CliRunner().invoke(commands(), words)


@pytest.mark.usefixtures("house")
def test_two_officers_are_invited_each_with_a_code_of_their_own() -> None:
    shown = hufu("staff", "bootstrap", "--first", "ann", "--second", "bob")
    invited = [json.loads(line) for line in shown.output.splitlines()]
    assert [each["login_name"] for each in invited] == ["ann", "bob"]
    assert len({each["enrolment_code"] for each in invited}) == 2


@pytest.mark.usefixtures("house")
def test_a_second_bootstrap_is_refused() -> None:
    hufu("staff", "bootstrap")
    again = hufu("staff", "bootstrap", "--first", "eve", "--second", "mallory")
    assert again.exit_code == 1
    assert "refused" in again.output
    assert "enrolment_code" not in again.output


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("second", ["officer-1", "Officer-1 ", "x", "a b"])
def test_two_officers_have_two_login_names(second: str) -> None:
    assert hufu("staff", "bootstrap", "--second", second).exit_code == 1


@pytest.mark.usefixtures("house")
def test_no_client_with_an_administrative_scope_is_made_by_one_person() -> None:
    refused = hufu(*CLIENT.split(), "--scope", "admin:subscribers")
    assert refused.exit_code == 1
    assert "two security officers" in refused.output
    assert hufu(*CLIENT.split(), "--scope", "payments:read").exit_code == 0

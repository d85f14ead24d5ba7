"""Does `hufu documents compromised` take a list whole or not at all, and say how many and never which?"""

import asyncio
import base64
from datetime import date
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from typer.testing import CliRunner, Result

from app.cli import _compromised, commands
from app.cli._compromised import NotAList, numbers_in
from app.cli.keys import make_first
from app.core.entropy import SystemEntropy
from app.embedded import Database
from app.settings import Settings

TODAY = date(2026, 11, 26)
NUMBER = "11010119900307002X"
LIST = f"\ufeff{NUMBER}\r\n\r\n k204-418c7 \n{NUMBER}\n".encode()


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


def hufu(verb: str, file: str = "-", given: bytes = LIST, by: str = "fraud-desk") -> Result:
    words = ["documents", "compromised", verb, file, "--by", by]
    return CliRunner().invoke(commands(), words, input=given, env={"COLUMNS": "120"})


def rows(house: Database) -> int:
    with psycopg.connect(house.owner_url.reveal()) as owner:
        return len(owner.execute("SELECT FROM compromised_numbers").fetchall())


def test_a_list_is_added_from_a_file_or_a_pipe_and_removed_and_only_counted(house: Database, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(LIST)
    runs = [hufu("add", str(tmp_path / "list.txt")), hufu("add"), hufu("remove", given=NUMBER.encode()), hufu("remove")]
    assert [run.output for run in runs] == [
        "2 numbers added, 0 listed before\n",
        "0 numbers added, 2 listed before\n",
        "1 numbers removed, 0 not listed\n",
        "1 numbers removed, 1 not listed\n",
    ]
    assert rows(house) == 0


@pytest.mark.rule("R23")
def test_a_line_that_is_no_number_is_told_by_its_place_and_nothing_is_changed(house: Database) -> None:
    run = hufu("add", given=f"{NUMBER}\n欧阳样例 K204418C7\n".encode())
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == "refused, nothing was changed: line 2 is no document number\n"
    assert rows(house) == 0


@pytest.mark.parametrize("by", ["", NUMBER, "wang-1", "Fraud desk", "fraud-", "王芳"])
def test_whoever_says_so_is_an_office_and_no_number_can_stand_there(by: str) -> None:
    run = hufu("add", by=by)
    assert run.exit_code == 2
    assert "small letters and hyphens" in run.stderr


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (b"", "no number in it"),
        (b"\n \n", "no number in it"),
        (b"K204418C7\n\xff\n", "line 2 is no document number"),
        (b"K204418C7\n" + b"1" * 200, "line 2 is no document number"),
        (b" " * 300 + b"K204418C7", "line 1 is no document number"),
    ],
)
def test_what_is_no_list_is_refused(given: bytes, why: str) -> None:
    with pytest.raises(NotAList, match=why):
        numbers_in(BytesIO(given), today=TODAY)


def test_as_many_as_one_file_may_hold_are_taken_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_compromised, "MOST", 3)
    lines = [f"K20441{at}".encode() for at in range(4)]
    assert len(numbers_in(BytesIO(b"\n".join([*lines[:3], *lines[:3]])), today=TODAY)) == 3
    with pytest.raises(NotAList, match="more than 3 numbers"):
        numbers_in(BytesIO(b"\n".join(lines)), today=TODAY)

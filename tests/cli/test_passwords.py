"""Does the bank's own list arrive whole, and can one ask about a password without showing it?"""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.building import common_passwords_of
from app.cli import commands
from app.settings import Settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUFU_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def hufu(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(commands(), ["passwords", *words], input=given)


def listed(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "bank.txt"
    path.write_bytes(content)
    return str(path)


@pytest.mark.rule("A8")
@pytest.mark.usefixtures("data")
def test_a_loaded_password_is_refused_from_then_on(tmp_path: Path) -> None:
    assert hufu("check", given="Kranich-Lotus-47\n").exit_code == 0
    assert "1 passwords" in hufu("load", listed(tmp_path, b"Kranich-Lotus-47\n")).output
    refused = hufu("check", given="Kranich-Lotus-47\n")
    assert refused.exit_code == 1
    assert "password_too_common" in refused.output


def test_the_list_is_kept_for_its_owner_alone(data: Path, tmp_path: Path) -> None:
    hufu("load", listed(tmp_path, "\ufeff银行密码2026\r\n\n  spaced \n".encode()))
    kept = data / "passwords" / "refused.txt"
    assert kept.read_text() == "银行密码2026\n  spaced \n"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"good\n\xff\xfe\n", "line 2 is not UTF-8"),
        (b"\n \n", "no password"),
        (b"a\0b\n", "line 1"),
        (b"x" * 2000, "line 1"),
    ],
)
def test_what_is_not_a_list_changes_nothing(data: Path, tmp_path: Path, content: bytes, why: str) -> None:
    hufu("load", listed(tmp_path, b"Kranich-Lotus-47\n"))
    refused = hufu("load", listed(tmp_path, content))
    assert refused.exit_code == 1
    assert why in refused.output
    assert [path.name for path in (data / "passwords").iterdir()] == ["refused.txt"]
    assert (data / "passwords" / "refused.txt").read_text() == "Kranich-Lotus-47\n"


@pytest.mark.usefixtures("data")
def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    refused = hufu("load", str(tmp_path / "nowhere.txt"))
    assert refused.exit_code == 1
    assert "No such file" in refused.output


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1A", "password_too_short"),
        ("lowercaseonly", "password_too_simple"),
        ("Password2024!", "password_too_common"),
    ],
)
@pytest.mark.usefixtures("data")
def test_a_refused_password_is_told_its_rule_and_never_shown(password: str, code: str) -> None:
    refused = hufu("check", given=password + "\n")
    assert refused.exit_code == 1
    assert code in refused.output
    assert password not in refused.output


@pytest.mark.rule("A9")
@pytest.mark.usefixtures("data")
def test_a_list_gone_bad_stops_the_start(data: Path) -> None:
    (data / "passwords").mkdir(parents=True)
    (data / "passwords" / "refused.txt").write_text("\n")
    with pytest.raises(Exception, match="at least 1"):
        common_passwords_of(Settings())

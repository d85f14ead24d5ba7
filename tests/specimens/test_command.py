"""Does `hufu specimens draw` write what it promises?"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.specimens import app
from app.specimens.people import check_character


def draw(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["draw", *arguments])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder"


def test_each_applicant_is_three_pictures_and_a_truth(out: Path) -> None:
    assert draw("--out", str(out), "--count", "2", "--seed", "4", "--on", "2026-01-15").exit_code == 0
    kinds = ("emblem.jpg", "face.jpg", "json", "portrait.jpg")
    assert sorted(file.name for file in out.iterdir()) == [
        f"specimen-{n}.{kind}" for n in ("0004", "0005") for kind in kinds
    ]


def test_the_truth_can_be_read_back(out: Path) -> None:
    draw("--out", str(out), "--on", "2026-01-15")
    number = json.loads((out / "specimen-0000.json").read_text("utf-8"))["person"]["number"]
    assert check_character(number[:17]) == number[17]


@pytest.mark.parametrize("wrong", [("--on", "yesterday"), ("--count", "0"), ("--seed", "-1")])
def test_what_cannot_be_drawn_is_refused_and_nothing_written(out: Path, wrong: tuple[str, str]) -> None:
    assert draw("--out", str(out), *wrong).exit_code == 2
    assert not out.exists()

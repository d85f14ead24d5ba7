"""Does `hufu specimens draw` write what it promises?"""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli._evaluation import labelled
from app.cli.specimens import app
from app.specimens.magic import KINDS, Magic
from app.specimens.names import Degradation
from app.specimens.people import check_character


def draw(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["draw", *arguments])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder"


def test_each_applicant_is_three_pictures_and_a_truth_and_all_have_their_labels(out: Path) -> None:
    assert draw("--out", str(out), "--count", "2", "--seed", "4", "--on", "2026-01-15").exit_code == 0
    kinds = ("emblem.jpg", "face.jpg", "json", "portrait.jpg")
    pictures = [f"specimen-{n}.{kind}" for n in ("0004", "0005") for kind in kinds]
    assert sorted(file.name for file in out.iterdir()) == ["labels.csv", *pictures]
    with (out / "labels.csv").open(encoding="utf-8", newline="") as lines:
        labels = list(csv.DictReader(lines))
    assert sorted(row["image"] for row in labels) == [
        name for name in pictures if "emblem" in name or "portrait" in name
    ]


def test_the_truth_can_be_read_back(out: Path) -> None:
    draw("--out", str(out), "--on", "2026-01-15")
    number = json.loads((out / "specimen-0000.json").read_text("utf-8"))["person"]["number"]
    assert check_character(number[:17]) == number[17]


def test_a_magic_specimen_is_called_by_what_it_leads_to_and_bears_its_name(out: Path) -> None:
    assert draw("--out", str(out), "--on", "2026-01-15", "--magic", "number_check_wrong").exit_code == 0
    person = json.loads((out / "number_check_wrong-0000.json").read_text("utf-8"))["person"]
    assert person["name"] == KINDS[Magic.NUMBER_CHECK_WRONG].name
    assert check_character(person["number"][:17]) != person["number"][17]


def test_every_magic_specimen_is_listed() -> None:
    listed = CliRunner().invoke(app, ["magic"], env={"COLUMNS": "200"}).output
    assert all(magic.value in listed and kind.name in listed for magic, kind in KINDS.items())


def test_every_way_to_spoil_a_picture_is_listed_with_its_range() -> None:
    listed = CliRunner().invoke(app, ["degradations"], env={"COLUMNS": "200"}).output
    assert all(degradation.value in listed for degradation in Degradation)
    [row] = [[cell.strip() for cell in row.split("│")[1:-1]] for row in listed.splitlines() if "perspective" in row]
    assert row == ["perspective", "scene", "degrees", "15", "35", "50"]


def test_no_two_magic_specimens_bear_one_name() -> None:
    assert KINDS.keys() == set(Magic)
    assert len({kind.name for kind in KINDS.values()}) == len(Magic)


@pytest.mark.parametrize(
    "wrong", [("--magic", "abracadabra"), ("--on", "yesterday"), ("--count", "0"), ("--seed", "-1")]
)
def test_what_cannot_be_drawn_is_refused_and_nothing_written(out: Path, wrong: tuple[str, str]) -> None:
    assert draw("--out", str(out), *wrong).exit_code == 2
    assert not out.exists()


def labels(out: Path) -> list[dict[str, str]]:
    with (out / "labels.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_several_kinds_are_drawn_and_labelled_side_by_side(out: Path) -> None:
    arguments = ("--kind", "visa,driving_licence", "--count", "2", "--seed", "6", "--on", "2026-01-15")
    assert draw("--out", str(out), *arguments).exit_code == 0
    pages = [(row["kind"], row["side"]) for row in labels(out)]
    assert pages == [("visa", "data_page")] * 2 + [("driving_licence", "main"), ("driving_licence", "duplicate")] * 2
    assert all((out / row["image"]).read_bytes()[:3] == b"\xff\xd8\xff" for row in labels(out))


def test_a_spoiled_picture_says_how_far_and_whether_it_can_be_read(out: Path) -> None:
    draw("--out", str(out), "--kind", "visa", "--degrade", "blur", "--severity", "8", "--on", "2026-01-15")
    [row] = labels(out)
    assert (row["image"], row["degradation"], row["severity"]) == ("visa-0000.data_page.blur.jpg", "blur", "8")
    assert (row["readable"], row["issuer"]) == ("no", "UTO")


def test_each_way_that_applies_is_drawn_beside_the_clean_picture(out: Path) -> None:
    draw("--out", str(out), "--kind", "temporary_card", "--degrade", "each", "--on", "2026-01-15")
    ways = [row["degradation"] for row in labels(out)]
    assert ways == ["none", *(way for way in Degradation if way is not Degradation.BOTH_SIDES)]


def test_a_picture_without_a_document_is_labelled_as_of_no_kind(out: Path) -> None:
    draw("--out", str(out), "--kind", "visa", "--degrade", "page_of_text", "--on", "2026-01-15")
    [label] = labelled(out / "labels.csv")
    assert (label.page, label.fields) == ("nothing", {})


def test_an_evaluation_takes_the_labels_and_looks_for_no_degradation_on_the_picture(out: Path) -> None:
    draw("--out", str(out), "--kind", "residence_permit", "--degrade", "noise", "--on", "2026-01-15")
    portrait, emblem = labelled(out / "labels.csv")
    assert set(portrait.fields) == {"name", "sex", "birth", "address", "number"}
    assert set(emblem.fields) == {"authority", "valid_from", "valid_to", "travel_permit", "times_issued"}


@pytest.mark.parametrize(
    "wrong", [("--kind", "library_card"), ("--degrade", "rust"), ("--magic", "accept", "--kind", "visa")]
)
def test_a_kind_or_way_nobody_knows_is_refused_and_nothing_written(out: Path, wrong: tuple[str, ...]) -> None:
    assert draw("--out", str(out), *wrong).exit_code == 2
    assert not out.exists()

"""Does `hufu documents read` say what stands on a card, what is wrong with it, and by its status whether it read one?"""

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from typer.testing import CliRunner, Result

from app.cli import commands
from app.specimens.applicant import forged_upload, honest_upload
from app.specimens.names import Degradation, Kind
from app.specimens.portraits import astronaut, grace_hopper
from app.specimens.spoiling import WAYS, shots

HONEST = honest_upload(1, date(2025, 6, 1), astronaut())


def hufu(*words: str) -> Result:
    return CliRunner().invoke(commands(), ["documents", "read", *words], env={"COLUMNS": "120"})


def kept(folder: Path, octets: bytes) -> str:
    file = folder / "card.jpg"
    file.write_bytes(octets)
    return str(file)


def test_a_card_is_shown_field_by_field_and_drawn(tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    run = hufu(kept(tmp_path, HONEST.portrait_side), "--draw", str(out))
    assert run.exit_code == 0, run.output
    assert all(word in run.stdout for word in (HONEST.truth.person.name, HONEST.truth.person.number, "portrait side"))
    with Image.open(out) as drawn, Image.open(tmp_path / "card.jpg") as photograph:
        assert (drawn.format, drawn.size) == ("PNG", photograph.size)
        assert drawn.convert("RGB").tobytes() != photograph.convert("RGB").tobytes()


def test_both_sides_in_one_picture_are_both_told(tmp_path: Path) -> None:
    shot, *_ = shots(Kind.RESIDENT_CARD, 4, date(2025, 6, 1), (astronaut(), grace_hopper()))
    spoiled = WAYS[Degradation.BOTH_SIDES].spoil(shot, 0.0)
    card = kept(tmp_path, spoiled.photograph.jpeg())
    told = json.loads(hufu(card, "--json").stdout)
    assert [page["side"] for page in (told, *told["beside"])] == ["portrait", "emblem"]
    values = {name: field["value"] for page in (told, *told["beside"]) for name, field in page["fields"].items()}
    assert values == dict(spoiled.fields)
    shown = hufu(card, "--draw", str(tmp_path / "out.png")).stdout
    assert all(value in shown for value in spoiled.fields.values())


def test_everything_found_is_told_as_json_with_its_words_and_its_place(tmp_path: Path) -> None:
    forged = forged_upload(1, date(2025, 6, 1), astronaut())
    run = hufu(kept(tmp_path, forged.portrait_side), "--json")
    told = json.loads(run.stdout)
    assert (run.exit_code, told["kind"], told["side"]) == (0, "resident_card", "portrait")
    assert len(told["outline"]) == len(told["fields"]["number"]["where"]) == 4
    (finding,) = [each for each in told["findings"] if each["code"] == "number_check_wrong"]
    assert finding["words"]["zh-CN"]
    assert finding["words"]["en"]


def test_another_kind_than_was_asked_for_and_the_program_that_saved_it_are_told(tmp_path: Path) -> None:
    exif, card = Image.Exif(), tmp_path / "edited.jpg"
    exif[ExifTags.Base.Software] = "Adobe Photoshop 25.0"
    with Image.open(BytesIO(HONEST.portrait_side)) as honest:
        honest.save(card, quality=92, exif=exif)
    told = json.loads(hufu(str(card), "--kind", "passport", "--json").stdout)["findings"]
    assert [(each["code"], each["facts"].get("software")) for each in told] == [
        ("wrong_document", None), ("edited_by_software", "Adobe Photoshop"),
    ]  # fmt: skip
    assert hufu(str(card), "--kind", "library_card").exit_code == 2


def test_no_document_is_status_1_and_no_picture_status_2(tmp_path: Path) -> None:
    nothing = hufu(kept(tmp_path, HONEST.face))
    assert (nothing.exit_code, "card_not_found" in nothing.stdout) == (1, True)
    broken = hufu(kept(tmp_path, b"no picture"))
    assert (broken.exit_code, "unsupported_image" in broken.stderr, broken.stdout) == (2, True, "")
    assert "Traceback" not in broken.output


@pytest.mark.parametrize("words", [("none.jpg",), (".",), ()])
def test_what_is_not_there_is_refused_in_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    run = hufu(*(str(tmp_path / word) for word in words))
    assert (run.exit_code, "Traceback" in run.output) == (2, False)

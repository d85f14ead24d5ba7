"""Does `hufu evaluate documents` count what was read beside labels, and refuse what are no labels?"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import commands
from app.cli._evaluation import Label, Made, report, shown
from app.cli._reading import shown as reading_shown
from app.gateways.vision import DocumentRead
from app.verification.documents.accuracy import Compared
from app.verification.documents.reading import Reading
from app.verification.examination import NO_CARD, Field
from tests.verification.examinations import CARD, PORTRAIT


def hufu(*words: str) -> Result:
    return CliRunner().invoke(commands(), list(words), env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    assert hufu("specimens", "draw", "--out", str(folder), "--count", "1", "--seed", "3").exit_code == 0
    return folder


def test_drawn_cards_are_read_as_they_were_labelled(drawn: Path, tmp_path: Path) -> None:
    run = hufu("evaluate", "documents", str(drawn / "labels.csv"), "--json", str(tmp_path / "out.json"))
    assert run.exit_code == 0, run.output
    told = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert (told["pictures"], [each["count"] for each in told["kinds"]]) == (2, [1, 1])
    assert all(each["labelled"] == each["found"] for each in told["kinds"])
    assert {each["field"]: each["exact"]["hits"] for each in told["fields"]} == dict.fromkeys(
        ("name", "sex", "birth", "address", "number", "authority", "valid_from", "valid_to"), 1
    )
    assert told["seconds"]["median"] > 0


def test_both_sides_in_one_picture_are_each_beside_their_label(tmp_path: Path) -> None:
    words = ("--kind", "resident_card", "--degrade", "both_sides", "--seed", "3", "--out", str(tmp_path))
    assert hufu("specimens", "draw", *words).exit_code == 0
    labels, out = tmp_path / "labels.csv", tmp_path / "out.json"
    row = dict(zip(*csv.reader(labels.read_text("utf-8").splitlines()), strict=True))
    rows = [f"{row['image']},resident_card,emblem,{row['authority']}"]  # a bank labels each side by itself
    (tmp_path / "emblem.csv").write_text("\n".join(["image,kind,side,authority", *rows]) + "\n", "utf-8")
    for file, fields in ((labels, 8), (tmp_path / "emblem.csv", 1)):
        assert hufu("evaluate", "documents", str(file), "--json", str(out)).exit_code == 0
        told = json.loads(out.read_text("utf-8"))
        assert all(each["labelled"] == each["found"] for each in told["kinds"])
        assert [each["exact"]["hits"] for each in told["fields"]] == [1] * fields


def test_the_report_shows_the_worst_and_escapes_what_it_was_given(drawn: Path, tmp_path: Path) -> None:
    labels, out = drawn / "tampered.csv", tmp_path / "out.html"
    labels.write_text(
        "image,kind,side,name\nspecimen-0003.portrait.jpg,resident_card,portrait,<script>x</script>\n", "utf-8"
    )
    assert hufu("evaluate", "documents", str(labels), "--html", str(out)).exit_code == 0
    page = out.read_text("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert page.count("data:image/jpeg;base64,") == 1


def test_what_is_no_picture_and_what_is_no_document_are_counted_as_such(drawn: Path) -> None:
    (drawn / "text.jpg").write_bytes(b"no picture")
    labels = drawn / "odd.csv"
    rows = ["text.jpg,resident_card,portrait,x", "specimen-0003.face.jpg,resident_card,emblem,x"]
    labels.write_text("\n".join(["image,kind,side,name", *rows]) + "\n", "utf-8")
    run = hufu("evaluate", "documents", str(labels))
    assert run.exit_code == 0, run.output
    assert "1 × resident_card/portrait taken for no picture" in run.stdout
    assert "1 × resident_card/emblem taken for nothing" in run.stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"image,kind\na.jpg,b\n", "no column side"),
        (b"image,kind,side,name,name\na.jpg,b,c,d,e\n", "a column twice"),
        (b"image,kind,side\nnone.jpg,b,c\n", "line 2: there is no file none.jpg"),
        (b"image,kind,side\na.jpg,b\n", "line 2 has another number of columns"),
        (b"image,kind,side\na.jpg,b,c,d\n", "line 2 has another number of columns"),
        (b"image,kind,side\n", "no picture is named"),
        (b"", "no column image"),
        (b"\xff\xfe\x00", "no CSV in UTF-8"),
        (b'image,kind,side\n"a', "no CSV in UTF-8"),
    ],
)
def test_what_are_no_labels_is_said_in_a_line(tmp_path: Path, text: bytes, why: str) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_bytes(text)
    run = hufu("evaluate", "documents", str(labels))
    assert (run.exit_code, why in run.stderr, "Traceback" in run.output) == (2, True, False), run.output


@pytest.mark.parametrize("octets", [b"no picture any more", None])
async def test_a_picture_that_is_not_read_a_second_time_costs_its_crop_and_not_the_report(
    tmp_path: Path, octets: bytes | None
) -> None:
    image = tmp_path / "gone.jpg"
    if octets is not None:
        image.write_bytes(octets)
    found = DocumentRead(Reading(NO_CARD, None, None, {}), b"", b"", "text@1", None, {})
    label = Label(image, "resident_card", "portrait", {"name": "欧阳样例"})
    compared = Compared(label.page, "name", "欧阳样例", "欧阳样俐", sure=True)
    page = await report(Made([label], [found], [1.0], [compared], [0]))
    assert ("欧阳样俐" in page, "could not be read a second time" in page) == (True, True)


def test_what_was_read_is_no_markup_of_ours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`[/x]` among the letters of a seal ended the command after hours of counting."""
    monkeypatch.setenv("COLUMNS", "200")
    label = Label(Path("a.jpg"), "resident_card", "portrait", {"name": "[/b] 张"})
    shown(Made([label], [None], [0.1], [Compared(label.page, "name", "[/b] 张", "[bold]李[/x]", sure=False)], [0]))
    unread = replace(PORTRAIT, name=Field("AB[cd]EF [/x]", None, 0.3))
    reading_shown(Reading(CARD, unread, None, {}), [], sure=0.9)
    told = capsys.readouterr().out
    assert all(word in told for word in ("read as [bold]李", "(AB[cd]EF [/x])"))

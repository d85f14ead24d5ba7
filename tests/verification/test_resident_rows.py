"""When is a resident card read without anything left to search for?"""

from dataclasses import replace

import pytest

from app.verification.documents.resident_rows import emblem_read, portrait_read
from tests.verification.card_lines import emblem_lines, portrait_lines

PERMIT_NUMBER = "810000199003070023"


def test_a_portrait_side_whose_fields_agree_is_read() -> None:
    assert portrait_read(portrait_lines())


@pytest.mark.parametrize(
    "said",
    [
        {"number": "110101199003070021"},
        {"birth": "1990年3月8日"},
        {"sex": "男"},
        {"name": ""},
        {"first": "", "second": ""},
        {"ethnicity": "又"},
        {"number_label": "", "number": ""},
    ],
    ids=" ".join,
)
def test_a_portrait_side_of_which_something_is_missing_or_contradicts_is_not(said: dict[str, str]) -> None:
    assert not portrait_read(portrait_lines(**said))


def test_a_name_read_unsurely_is_not_read() -> None:
    unsure = [replace(line, score=0.8) if line.text == "欧阳样例" else line for line in portrait_lines()]
    assert not portrait_read(unsure)


@pytest.mark.rule("R40")
def test_a_name_shorter_than_its_box_is_not_read() -> None:
    short = [replace(line, text="欧例") if line.text == "欧阳样例" else line for line in portrait_lines()]
    assert not portrait_read(short)


@pytest.mark.rule("R17")
def test_only_a_permit_is_read_without_an_ethnicity() -> None:
    assert not portrait_read(portrait_lines(ethnicity_label="", ethnicity=""))
    assert portrait_read(portrait_lines(ethnicity_label="", ethnicity="", number=PERMIT_NUMBER))


def test_an_emblem_side_with_its_title_and_both_dates_is_read() -> None:
    assert emblem_read(emblem_lines())


@pytest.mark.parametrize("title", ["", "港澳居民居住证", "临时居民身份证", "居民身价证"])
def test_an_emblem_side_under_another_title_is_not(title: str) -> None:
    assert not emblem_read(emblem_lines(title=title))

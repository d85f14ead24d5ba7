"""Are the texts of a foreign permanent resident card understood, and what cannot be told left unsaid?"""

import pytest

from app.verification.documents.layout import Box, Piece
from app.verification.documents.permanent_card import PermanentFront, read_permanent_front
from app.verification.documents.permanent_fields import is_name, permanent_number_field
from app.verification.examination import Line
from tests.verification.card_lines import VIEW
from tests.verification.permanent_lines import front_lines


def front(lines: list[Line]) -> PermanentFront:
    return read_permanent_front(lines, VIEW)


@pytest.mark.parametrize(
    ("latin", "value"),
    [
        ("CESHI, YANGLI", "CESHI, YANGLI"),
        ("CESHI,YANGLI", "CESHI, YANGLI"),
        ("O'NEIL, ANNE-MARIE", "O'NEIL, ANNE-MARIE"),
        ("NAME, SEX", "NAME, SEX"),
        ("BRUNO", "BRUNO"),
        ("ＣＥＳＨＩ，　ＹＡＮＧＬＩ", "CESHI, YANGLI"),
        ("", None),
    ],
)
def test_a_latin_name_is_read_as_printed(latin: str, value: str | None) -> None:
    assert front(front_lines(latin=latin)).latin_name.value == value


def test_a_latin_name_on_two_lines_is_one_name() -> None:
    assert front(front_lines(latin="VERYLONGFAMILYNAME,", chinese="ANDGIVENNAME")).latin_name.value == (
        "VERYLONGFAMILYNAME, ANDGIVENNAME"
    )


def test_small_letters_in_a_name_are_doubted() -> None:
    field = front(front_lines(latin="CESHl, YANGLI")).latin_name
    assert (field.value, field.confidence < 0.7) == ("CESHL, YANGLI", True)


@pytest.mark.rule("R36")
@pytest.mark.parametrize("chinese", ["样例测试", "阿依古丽·买买提", "阿依古丽•买买提", "王䶮生", ""])
def test_a_chinese_name_is_read_where_there_is_one(chinese: str) -> None:
    expected = chinese.replace("•", "·") or None
    assert front(front_lines(chinese=chinese)).chinese_name.value == expected


def test_what_stands_under_a_lost_label_is_no_name() -> None:
    lines = front_lines(sex_label="", birth_label="", chinese="")
    assert (front(lines).latin_name.value, front(lines).chinese_name.value) == ("CESHI, YANGLI", None)


@pytest.mark.parametrize(
    ("seen", "value"),
    [("男/M", "男"), ("女/F", "女"), ("女", "女"), ("F", "女"), ("女/M", None), ("文/X", None), ("", None)],
)
def test_a_sex_is_one_of_two_and_its_letter_agrees(seen: str, value: str | None) -> None:
    assert front(front_lines(sex=seen)).sex.value == value


@pytest.mark.parametrize(
    ("seen", "value"),
    [
        ("加拿大/CAN", "CAN"),
        ("德国/DEU", "DEU"),
        ("加拿大/XXX", None),
        ("中国/CHN", None),
        ("加拿大", None),
        ("", None),
    ],
)
def test_a_nationality_is_a_foreign_country(seen: str, value: str | None) -> None:
    assert front(front_lines(nationality=seen)).nationality.value == value


@pytest.mark.parametrize(
    ("seen", "value"),
    [
        ("911124198108030024", "911124198108030024"),
        ("9I112419B108030024", "911124198108030024"),
        ("ID NO.911124198108030024", None),
        ("911124198108030025", None),
        ("110101199003070011", None),
        ("9111241981080300244", None),
        ("CAN110081080310", "CAN110081080310"),
        ("NOR110081080310", "NOR110081080310"),
        ("IDNONOR110081080310", "NOR110081080310"),
        ("CCAN110081080310", None),
        ("CAN1100810803I0", None),
        ("٩١١١٢٤١٩٨١٠٨٠٣٠٠٢٤", None),
    ],
)
def test_a_number_is_one_of_either_edition(seen: str, value: str | None) -> None:
    assert permanent_number_field(seen, 0.9).value == value


def test_an_exchanged_look_alike_costs_confidence() -> None:
    assert permanent_number_field("9I112419B108030024", 0.9).confidence < 0.7


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("样例测试", True),
        ("CESHI, YANGLI", True),
        ("加拿大/CAN", False),
        ("女/F", False),
        ("1981.08.03", False),
        ("", False),
    ],
)
def test_a_name_is_of_one_script_and_without_digits(text: str, *, name: bool) -> None:
    assert is_name(Piece(text, 0.99, Box(0, 0, 100, 28), apart=True)) is name

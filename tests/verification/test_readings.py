"""Are texts understood, corrected only where something confirms it, and doubted where two readings differ?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.names import NameMatch, compare_names, printed_name
from app.verification.documents.readings import (
    agree,
    birth_field,
    number_field,
    number_of_two,
    number_seen,
    validity_fields,
    value_of_two,
)
from app.verification.documents.resident_number import check_holds
from app.verification.documents.validity import LONG_TERM

NUMBER = "11010119900307002X"


@pytest.mark.rule("R1")
@pytest.mark.parametrize("raw", [NUMBER, "110101 19900307 002X", "11010119900307002x", ":" + NUMBER])
def test_a_number_is_read_as_sure_as_its_text(raw: str) -> None:
    assert (number_field(raw, 0.98).value, number_field(raw, 0.98).confidence) == (NUMBER, 0.98)


@pytest.mark.parametrize(
    "raw", ["11O10119900307002X", "11010119900307OO2X", "I1010119900307002X", "110101L9900307002X"]
)
def test_look_alikes_are_exchanged_where_the_check_then_holds_and_cost_confidence(raw: str) -> None:
    field = number_field(raw, 0.98)
    assert (field.value, field.confidence < 0.9) == (NUMBER, True)


def test_look_alikes_stay_where_the_check_does_not_hold() -> None:
    assert number_field("11O101199003O7012X", 0.98).value is None


def test_a_wrong_check_character_leaves_the_reading_sure_and_without_value() -> None:
    field = number_field("110101199003070012", 0.98)
    assert (field.value, field.confidence, number_seen(field)) == (None, 0.98, "110101199003070012")


def test_two_readings_of_a_wrong_number_make_it_surely_wrong() -> None:
    wrong = number_field("110101199003070012", 0.95)
    assert number_of_two(wrong, number_field("110101199003070012", 0.98)).confidence == 0.98


def test_two_readings_that_differ_are_resolved_by_the_check_at_lower_confidence() -> None:
    field = number_of_two(number_field("11010119900307802X", 0.98), number_field(NUMBER, 0.98))
    assert (field.value, field.confidence < 0.7) == (NUMBER, True)


def test_two_readings_with_one_error_each_are_put_together() -> None:
    field = number_of_two(number_field("11010179900307002X", 0.98), number_field("11010119900301002X", 0.98))
    assert field.value in {NUMBER, None}
    assert field.confidence < 0.7


def test_two_different_valid_numbers_are_no_number() -> None:
    assert number_of_two(number_field(NUMBER, 0.9), number_field("110101199003070011", 0.9)).value is None


@given(st.text(max_size=30), st.text(max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_what_two_readings_give_holds_its_check_and_is_never_surer_than_either(
    one: str, other: str, first: float, second: float
) -> None:
    field = number_of_two(number_field(one, first), number_field(other, second))
    assert field.value is None or check_holds(field.value)
    assert field.confidence <= max(first, second)


@given(st.text(max_size=20))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert agree(text, text).whole is bool(text)


def test_positions_that_differ_are_told() -> None:
    assert agree("12345", "12845").where == (2,)
    assert not agree("12345", "1234").comparable
    assert not agree("12345", "67890").comparable


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1990年3月7日", "1990-03-07"),
        ("1990 年 03 月 07 日", "1990-03-07"),
        ("1990年12月31", "1990-12-31"),
        ("1990年13月1日", None),
        ("1990年2月30日", None),
        ("1990年3月119日", None),
        ("1990年319日", None),
        ("21990年3月7日", None),
        ("９９９９年1月1日", None),
        ("１９９０年3月7日", "1990-03-07"),
        ("", None),
    ],
)
def test_a_birth_date_is_read_or_not(raw: str, value: str | None) -> None:
    assert birth_field(raw, 0.9).value == value


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    "raw", ["2015.06.01-长期", "2015.06.01-長期", "2015.06.01 - 长 期", "2015.06.01长期", "20150601-长期"]
)
def test_long_term_is_read_in_every_form(raw: str) -> None:
    start, end = validity_fields(raw, 0.9)
    assert (start.value, end.value) == ("2015-06-01", LONG_TERM)


@pytest.mark.parametrize(
    "raw", ["2015.06.01-2025.06.01", "2015.06.012025.06.01", "2015．06．01－2025．06．01", "2015.0601—2025.06.01"]
)
def test_a_validity_is_read_with_its_marks_lost(raw: str) -> None:
    start, end = validity_fields(raw, 0.9)
    assert (start.value, end.value, start.confidence) == ("2015-06-01", "2025-06-01", 0.9)


def test_a_corrected_date_is_unsure() -> None:
    start, end = validity_fields("2015.O6.01-2025.06.01", 0.9)
    assert (start.value, end.value, start.confidence < 0.7) == ("2015-06-01", "2025-06-01", True)


@pytest.mark.parametrize("raw", ["", "2015.06.01", "2015.06.01-2025.06", "2015.06.01-2025.06.011"])
def test_a_validity_without_all_its_digits_is_not_understood(raw: str) -> None:
    assert [field.value for field in validity_fields(raw, 0.9)] == [None, None]


@pytest.mark.parametrize("raw", ["2015.13.01-2025.06.01", "9999.06.01-9999.06.01"])
def test_a_date_no_card_prints_is_not_understood(raw: str) -> None:
    assert validity_fields(raw, 0.9)[0].value is None


def test_a_value_only_one_reading_understood_is_kept_at_lower_confidence() -> None:
    understood, nothing = validity_fields("2015.06.01-长期", 0.9)[0], validity_fields("", 0.0)[0]
    field = value_of_two(nothing, understood)
    assert (field.value, field.confidence < 0.6) == ("2015-06-01", True)


@pytest.mark.rule("R36")
@pytest.mark.parametrize("dot", "・•‧∙．.·")
def test_every_dot_is_the_registers_dot(dot: str) -> None:
    assert printed_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"
    assert compare_names(f"阿依古丽 {dot} 买买提", "阿依古丽·买买提") is NameMatch.SAME


@pytest.mark.rule("R36")
@pytest.mark.parametrize(
    ("seen", "name"), [("张", None), ("张三", "张三"), ("张" * 50, "张" * 50), ("张" * 51, None), ("", None)]
)
def test_a_name_has_two_to_fifty_characters(seen: str, name: str | None) -> None:
    assert printed_name(seen) == name


@pytest.mark.rule("R36")
def test_a_name_without_its_dot_is_for_review() -> None:
    assert compare_names("阿依古丽买买提", "阿依古丽·买买提") is NameMatch.REVIEW


@pytest.mark.rule("R41")
@pytest.mark.parametrize(
    ("one", "other"), [("張三", "张三"), ("吕布", "呂布"), ("赵喆", "赵哲"), ("\uf900三", "\u8c48三")]
)
def test_variants_of_a_character_are_different_names(one: str, other: str) -> None:
    assert compare_names(one, other) is NameMatch.DIFFERENT

"""Are both editions of the foreign permanent resident card read by place, whatever the order, the English and the noise?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.foreign_number import Edition, parse_foreign_number
from app.verification.documents.layout import Box, bounds
from app.verification.documents.permanent_card import (
    AUTHORITIES,
    PermanentFront,
    contradicted,
    nationality_differs,
    permanent_side_of,
    read_permanent_back,
    read_permanent_front,
    unconfirmed,
    with_second_number,
    with_second_sex,
    with_second_validity,
)
from app.verification.documents.permanent_places import (
    birth_region,
    front_places,
    number_region,
    previous_region,
    sex_region,
    validity_region,
)
from app.verification.documents.readings import UNREAD
from app.verification.examination import Field, Line, Side
from tests.verification.card_lines import VIEW, emblem_lines, line, moved, portrait_lines
from tests.verification.licence_lines import duplicate_lines, licence_lines
from tests.verification.permanent_lines import LEFT, back_lines, front_2017_lines, front_lines, stacked_lines
from tests.verification.vectors import vectors

TODAY = date(2025, 11, 1)
AUTHORITY = "中华人民共和国国家移民管理局"
EXPECTED = {
    "latin_name": "CESHI, YANGLI",
    "chinese_name": "样例测试",
    "sex": "女",
    "birth": "1981-08-03",
    "nationality": "CAN",
    "number": "911124198108030024",
    "authority": None,
    "valid_from": "2023-09-15",
    "valid_to": "2033-09-14",
}
EXPECTED_2017 = EXPECTED | {
    "number": "CAN110081080310",
    "authority": AUTHORITY,
    "valid_from": "2015-10-25",
    "valid_to": "2025-10-24",
}


def front(lines: list[Line]) -> PermanentFront:
    return read_permanent_front(lines, VIEW)


def values(lines: list[Line]) -> dict[str, str | None]:
    page = front(lines)
    fields = {name: getattr(page, name) for name in page.__slots__}
    return {name: field.value for name, field in fields.items() if isinstance(field, Field)}


@pytest.mark.rule("R18")
def test_every_field_of_2023_is_read() -> None:
    assert values(front_lines()) == EXPECTED
    assert front(front_lines()).edition is Edition.E2023


@pytest.mark.rule("R19")
def test_every_field_of_2017_is_read() -> None:
    assert values(front_2017_lines()) == EXPECTED_2017
    assert front(front_2017_lines()).edition is Edition.E2017


@given(st.permutations(front_lines()))
def test_the_order_of_lines_does_not_matter(lines: list[Line]) -> None:
    assert values(lines) == EXPECTED


@given(st.permutations(stacked_lines()))
def test_english_under_its_chinese_and_values_beside_both_are_read(lines: list[Line]) -> None:
    assert values(lines) == EXPECTED


@given(st.floats(-40, 60), st.floats(-15, 20))
def test_a_card_that_sits_elsewhere_on_the_canvas_is_read(across: float, down: float) -> None:
    lines = [moved(o, lambda x, y: (x + across, y + down)) for o in front_2017_lines()]
    assert values(lines) == EXPECTED_2017


@pytest.mark.rule("R19")
def test_what_was_misread_on_the_published_specimen_does_no_harm() -> None:
    assert values(front_2017_lines(**vectors("permanent_cards")["misread_labels_2017"])) == EXPECTED_2017


def test_labels_and_values_in_one_line_are_cut_apart() -> None:
    merged = [
        line("姓名/NameCESHI, YANGLI", LEFT, 110, height=28),
        line("样例测试", LEFT, 150, height=28),
        line("性别/Sex女/F出生日期/Date of Birth1981.08.03", LEFT, 216, height=28),
        line("国籍/Nationality加拿大/CAN", LEFT, 290, height=28),
        line("有效期限/Period of Validity2023.09.15-2033.09.14", LEFT, 372, height=28),
        line("证件号码/ID No.911124198108030024", LEFT, 545, height=28),
    ]
    assert values(merged) == EXPECTED


def test_sex_and_birth_in_one_line_are_told_apart() -> None:
    lines = [o for o in front_lines(sex="女/F 1981.08.03") if o.text != "1981.08.03"]
    assert values(lines) == EXPECTED


@pytest.mark.parametrize(
    "misread",
    [
        {"name_label": "姓各/Name"},
        {"sex_label": "住别/Sex"},
        {"birth_label": "出牛日期/DateofBirth"},
        {"nationality_label": "国藉/Nationallty"},
        {"validity_label": "有效朋限"},
        {"number_label": "证件号妈/IDNO"},
        {"number_label": ""},
        {"name_label": "姓名/Narne"},
        {"name_label": "姓名"},
    ],
)
def test_a_misread_label_still_counts(misread: dict[str, str]) -> None:
    assert values(front_lines(**misread)) == EXPECTED


def test_the_back_is_read() -> None:
    back = read_permanent_back(back_lines(), VIEW)
    assert (back.view.seen, back.authority.value, back.previous_number.value) == (
        Side.BACK,
        AUTHORITY,
        "CAN110081080310",
    )
    assert back.authority.value in AUTHORITIES
    assert (back.valid_from.value, back.valid_to.value) == (None, None)


@pytest.mark.parametrize(
    ("lines", "side"),
    [
        (front_lines(), Side.FRONT),
        (front_2017_lines(), Side.FRONT),
        (stacked_lines(), Side.FRONT),
        (back_lines(previous=""), Side.BACK),
        (portrait_lines(), None),
        (emblem_lines(), None),
        (licence_lines(), None),
        (duplicate_lines(), None),
        ([], None),
    ],
)
def test_each_side_is_known_and_other_documents_are_neither(lines: list[Line], side: Side | None) -> None:
    assert permanent_side_of(lines) is side


@pytest.mark.parametrize(("chinese", "marked"), [("证件样本", True), ("样例测试", False)])
def test_the_specimens_name_is_a_mark(chinese: str, *, marked: bool) -> None:
    assert front(front_lines(chinese=chinese)).view.specimen is marked


@pytest.mark.rule("R15", "R18")
@pytest.mark.parametrize(
    ("said", "differs"),
    [({}, set()), ({"sex": "男/M"}, {"sex"}), ({"birth": "1981.08.04"}, {"birth"}), ({"sex": "", "birth": ""}, set())],
)
def test_what_the_number_contradicts_is_told(said: dict[str, str], differs: set[str]) -> None:
    page = front(front_lines(**said))
    assert contradicted(page, parse_foreign_number(page.number.value or "", today=TODAY)) == differs


@pytest.mark.rule("R19")
def test_a_number_of_2017_contradicts_nothing_and_confirms_nothing() -> None:
    page = front(front_2017_lines(sex="男/M"))
    assert contradicted(page, parse_foreign_number("CAN110081080310", today=TODAY)) == set()
    assert unconfirmed(page) == {"sex", "birth"}


def test_another_nationality_than_the_numbers_is_told() -> None:
    number = parse_foreign_number("911124198108030024", today=TODAY)
    assert not nationality_differs(front(front_lines()), number)
    assert not nationality_differs(front(front_lines(nationality="")), number)
    assert nationality_differs(front(front_lines(nationality="美国/USA")), number)


def test_only_what_the_number_does_not_say_too_is_read_again() -> None:
    assert unconfirmed(front(front_lines())) == set()
    assert unconfirmed(front(front_lines(sex="男/M"))) == {"sex"}
    assert unconfirmed(front(front_lines(number=""))) == {"sex", "birth"}


def test_what_stands_under_the_next_label_is_not_this_ones() -> None:
    close = [
        line("国籍/Nationality", LEFT, 290, height=28),
        line("有效期限/Period of Validity", LEFT, 322, height=28),
        line("2023.09.15-2033.09.14", LEFT, 352, height=28),
    ]
    assert (front(close).nationality, front(close).valid_to.value) == (UNREAD, "2033-09-14")


def test_what_stands_far_below_or_in_the_next_column_is_not_a_labels() -> None:
    assert front(front_lines(nationality="", validity_label="")).nationality == UNREAD
    assert front(front_lines(sex="")).sex == UNREAD


@pytest.mark.parametrize("lines", [front_lines(), front_2017_lines()])
def test_a_second_reading_confirms_a_number_or_puts_it_in_doubt(lines: list[Line]) -> None:
    page = front(lines)
    number = page.number.value or ""
    assert with_second_number(page, f"证件号码/ID No.{number}", 0.9).number == page.number
    assert with_second_number(page, "", 0.0).number.confidence < 0.7


@pytest.mark.rule("R19")
def test_two_readings_of_a_number_of_2017_that_differ_are_none() -> None:
    assert with_second_number(front(front_2017_lines()), "CAN110081080318", 0.9).number.value is None


def test_a_second_reading_of_the_validity_decides_nothing_alone() -> None:
    page = front(front_lines())
    assert with_second_validity(page, "2023.09.15-2033.09.14", 0.9).valid_to.confidence == 0.99
    assert with_second_validity(page, "2023.09.15-2038.09.14", 0.9).valid_to.value is None


def inside(text: Box, region: Box | None) -> bool:
    return region is not None and region.left <= text.left < text.right <= region.right and region.top <= text.top


def test_every_field_found_has_its_place() -> None:
    lines = front_2017_lines()
    places = front_places(lines)
    assert set(places) == set(EXPECTED_2017)
    by_text = {o.text: bounds(o) for o in lines}
    assert places["number"] == by_text["CAN110081080310"]
    assert inside(by_text["CAN110081080310"], number_region(lines))
    assert inside(by_text["2015.10.25-2025.10.24"], validity_region(lines))
    assert (number_region([]), validity_region([]), front_places([])) == (None, None, {})


def test_a_number_not_read_is_looked_for_beside_and_under_its_label() -> None:
    printed = bounds(next(o for o in front_lines() if o.text == "911124198108030024"))
    assert inside(printed, number_region(front_lines(number="")))


@pytest.mark.parametrize("lines", [front_lines(sex=""), front_lines(birth=""), front_lines(sex="", birth="")])
def test_a_sex_or_birth_not_read_is_looked_for_each_in_its_own_column(lines: list[Line]) -> None:
    by_text = {one.text: bounds(one) for one in front_lines()}
    sex, birth = sex_region(lines), birth_region(lines)
    assert inside(by_text["女/F"], sex)
    assert inside(by_text["1981.08.03"], birth)
    assert not inside(by_text["1981.08.03"], sex)


def test_a_second_look_finds_a_sex_that_the_first_lost() -> None:
    lost = front(front_lines(sex=""))
    assert with_second_sex(lost, "女/F", 0.9).sex.value == "女"
    assert with_second_sex(lost, "", 0.0) == lost


@pytest.mark.rule("R19")
@pytest.mark.parametrize("printed", ["", "911124198108030024", "CHN110081080310", "ABC110081080310", "CAN11008108031"])
def test_a_number_before_this_one_is_of_2017_and_a_foreigners(printed: str) -> None:
    back = read_permanent_back(back_lines(previous=printed), VIEW)
    assert (back.previous_number.raw, back.previous_number.value) == (printed, None)
    assert (previous_region(back_lines(previous=printed)) is None) == (not printed)


@given(st.lists(st.builds(line, st.text(max_size=20), st.floats(0, 900), st.floats(0, 600))))
def test_any_text_gives_fields_that_may_be_empty(lines: list[Line]) -> None:
    page, back = front(lines), read_permanent_back(lines, VIEW)
    assert 0 <= page.latin_name.confidence <= 1
    assert 0 <= back.previous_number.confidence <= 1
    assert unconfirmed(with_second_number(page, "1", 0.5)) <= {"sex", "birth"}


HOSTILE = st.sampled_from(
    ["姓名/Name", "性别", "出生日期", "国籍/Nationality", "证件号码", "曾持证件号码", "\u200f", "\x00", "Ａ/Ｆ", "٣"]
)


@given(
    st.lists(
        st.builds(line, st.lists(HOSTILE | st.text(max_size=5)).map("".join), st.floats(0, 900), st.floats(0, 600))
    )
)
def test_any_text_among_labels_gives_fields_that_may_be_empty(lines: list[Line]) -> None:
    assert 0 <= front(lines).number.confidence <= 1
    assert permanent_side_of(lines) in {None, *Side}
    front_places(lines)

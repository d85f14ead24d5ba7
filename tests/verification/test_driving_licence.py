"""Are both pages of a driving licence read by place, whatever the order, the English and the noise?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.driving_licence import (
    DuplicatePage,
    LicencePage,
    birth_region,
    first_issue_region,
    licence_side_of,
    number_region,
    read_duplicate_page,
    read_licence_page,
    sex_region,
    unconfirmed,
    validity_region,
    with_second_birth,
    with_second_first_issue,
    with_second_number,
    with_second_sex,
    with_second_validity,
)
from app.verification.documents.layout import CANVAS_WIDTH, Box, bounds
from app.verification.documents.validity import LONG_TERM
from app.verification.examination import Field, Line, Side
from tests.verification.card_lines import VIEW, emblem_lines, line, moved, portrait_lines
from tests.verification.licence_lines import LEFT, VALUE, duplicate_lines, licence_lines, merged_lines

NUMBER = "11010119900307002X"
ADDRESS = "北京市东城区示例街道样板胡同十二号院三单元"
EXPECTED = {
    "number": NUMBER,
    "name": "欧阳样例",
    "sex": "女",
    "nationality": "中国",
    "address": ADDRESS,
    "birth": "1990-03-07",
    "first_issue": "2009-06-01",
    "classes": "C1",
    "valid_from": "2015-06-01",
    "valid_to": "2025-06-01",
}
SAID_TWICE = {
    "number": NUMBER,
    "name": "欧阳样例",
    "file_number": "110100123456",
    "record": "请于2025年06月01日前九十日内申请换领新驾驶证。",
}


def values(page: LicencePage | DuplicatePage) -> dict[str, str | None]:
    fields = {name: getattr(page, name) for name in page.__slots__}
    return {name: field.value for name, field in fields.items() if isinstance(field, Field)}


def main(lines: list[Line]) -> LicencePage:
    return read_licence_page(lines, VIEW)


def duplicate(lines: list[Line]) -> DuplicatePage:
    return read_duplicate_page(lines, VIEW)


@pytest.mark.rule("R46")
def test_every_field_of_the_main_page_is_read() -> None:
    assert values(main(licence_lines())) == EXPECTED


@pytest.mark.rule("R46", "R52")
def test_every_field_of_the_duplicate_page_is_read() -> None:
    assert values(duplicate(duplicate_lines())) == SAID_TWICE


@given(st.permutations(licence_lines()))
def test_the_order_of_the_main_pages_lines_does_not_matter(lines: list[Line]) -> None:
    assert values(main(lines)) == EXPECTED


@given(st.permutations(duplicate_lines()))
def test_the_order_of_the_duplicate_pages_lines_does_not_matter(lines: list[Line]) -> None:
    assert values(duplicate(lines)) == SAID_TWICE


@given(st.floats(-40, 60), st.floats(-15, 15))
def test_a_licence_that_sits_elsewhere_on_the_canvas_is_read(across: float, down: float) -> None:
    assert values(main([moved(o, lambda x, y: (x + across, y + down)) for o in licence_lines()])) == EXPECTED


@given(st.permutations(merged_lines()))
def test_labels_english_and_values_in_one_line_are_cut_apart(lines: list[Line]) -> None:
    assert values(main(lines)) == EXPECTED


@pytest.mark.parametrize("lost", ["Name", "Sex", "No.", "Date of First Issue", "Valid Period", "Class"])
def test_english_that_was_not_read_is_not_missed(lost: str) -> None:
    assert values(main([o for o in licence_lines() if o.text != lost])) == EXPECTED


@pytest.mark.parametrize(
    "misread", [("Nationality", "Nat1onallty"), ("Date of First Issue", "Dateof F1rst lssue"), ("Class", "C1ass")]
)
def test_english_misread_is_no_value(misread: tuple[str, str]) -> None:
    lines = [Line(misread[1], o.score, o.box) if o.text == misread[0] else o for o in licence_lines()]
    assert values(main(lines)) == EXPECTED


@pytest.mark.parametrize(
    "misread",
    [
        {"number_label": "证亏"},
        {"name_label": "姓各"},
        {"sex_label": "住别"},
        {"nationality_label": "国藉"},
        {"address_label": "往址"},
        {"birth_label": "出牛日期"},
        {"first_issue_label": "初次颂证口期"},
        {"classes_label": "准驾车刑"},
        {"validity_label": "有效期眼"},
    ],
)
def test_a_label_misread_in_one_character_still_counts(misread: dict[str, str]) -> None:
    assert values(main(licence_lines(**misread))) == EXPECTED


def test_the_rows_above_and_below_a_misread_label_keep_their_own() -> None:
    page = main(licence_lines(first_issue_label="", classes_label="准驾"))
    assert (page.first_issue.value, page.classes.value, page.birth.value) == (None, None, "1990-03-07")


@pytest.mark.parametrize("lost", [{"sex_label": ""}, {"sex_label": "某某"}, {"sex_label": "", "nationality_label": ""}])
def test_a_lost_label_of_its_row_does_not_lengthen_a_name(lost: dict[str, str]) -> None:
    assert main(licence_lines(**lost)).name.value == "欧阳样例"


def test_the_country_is_known_without_its_label_and_no_other_text_is() -> None:
    assert values(main(licence_lines(nationality_label=""))) == EXPECTED
    other = main(licence_lines(nationality_label="", nationality="样本街"))
    assert values(other) == EXPECTED | {"nationality": None}


@pytest.mark.parametrize("row", ["姓名欧阳样例性刻女国籍中国", "姓名欧阳样例住别女", "姓名欧阳样例国藉中国"])
def test_a_name_that_swallowed_a_misread_label_is_none(row: str) -> None:
    lines = [*merged_lines(), line(row, LEFT, 152)]
    assert main([o for o in lines if o.text != "姓名欧阳样例性别女国籍中国"]).name.value is None


@pytest.mark.parametrize("name", ["王国强", "国强", "别亚男", "艾山·吐尔逊", "古丽娜·买买提"])
def test_a_name_may_hold_a_character_of_a_label(name: str) -> None:
    assert values(main(licence_lines(name=name))) == EXPECTED | {"name": name}


def test_a_name_in_two_boxes_is_one() -> None:
    lines = [*licence_lines(name=""), line("欧阳", VALUE, 159, height=34), line("样例", VALUE + 85, 159, height=34)]
    assert main(lines).name.value == "欧阳样例"


@pytest.mark.parametrize("street", ["国籍路一号", "证号巷二号", "记录里三号", "第十号院", "A座No5室"])
def test_a_label_that_is_a_word_of_the_address_is_address(street: str) -> None:
    page = main(licence_lines(second=street))
    assert values(page) == EXPECTED | {"address": f"北京市东城区示例街道样板胡同{street}"}


@pytest.mark.rule("R50")
@pytest.mark.parametrize(("seen", "value", "sure"), [("A1A2", "A1A2", True), ("C1D", "C1D", True), ("Cl", "C1", False)])
def test_classes_are_classified_and_a_correction_costs_confidence(seen: str, value: str, *, sure: bool) -> None:
    field = main(licence_lines(classes=seen)).classes
    assert (field.raw, field.value, field.confidence > 0.9) == (seen, value, sure)


@pytest.mark.rule("R50")
@pytest.mark.parametrize("seen", ["C7", "A1X", "C1C1", "小型"])
def test_another_class_has_no_value(seen: str) -> None:
    field = main(licence_lines(classes=seen)).classes
    assert (field.raw, field.value, field.confidence) == (seen, None, 0.99)


@pytest.mark.rule("R46", "R47")
@pytest.mark.parametrize("seen", ["2015-06-01至长期", "2015-06-01 至 长期", "20150601至長期"])
def test_long_term_is_read(seen: str) -> None:
    page = main(licence_lines(validity=seen))
    assert (page.valid_from.value, page.valid_to.value) == ("2015-06-01", LONG_TERM)


@pytest.mark.parametrize(("seen", "value"), [("19900307", "1990-03-07"), ("1990-02-30", None), ("1990-03-077", None)])
def test_a_date_is_eight_digits_the_calendar_has(seen: str, value: str | None) -> None:
    assert main(licence_lines(birth=seen)).birth.value == value


def test_a_date_with_a_look_alike_is_read_unsurely() -> None:
    field = main(licence_lines(first_issue="2OO9-06-0l")).first_issue
    assert (field.value, field.confidence < 0.9) == ("2009-06-01", True)


@pytest.mark.rule("R46")
@pytest.mark.parametrize(
    ("seen", "value"), [("110100 123456", "110100123456"), ("11010012345", None), ("11010O123456", None)]
)
def test_a_file_number_has_twelve_digits_and_is_never_corrected(seen: str, value: str | None) -> None:
    assert duplicate(duplicate_lines(file_number=seen)).file_number.value == value


@pytest.mark.parametrize("lines", [licence_lines(number_label=""), duplicate_lines(number_label="")])
def test_a_number_without_its_label_is_known_by_its_form(lines: list[Line]) -> None:
    assert (main(lines).number.value, duplicate(lines).number.value) == (NUMBER, NUMBER)


def test_each_page_is_known_by_its_own_labels() -> None:
    assert licence_side_of(licence_lines()) is Side.MAIN
    assert licence_side_of(merged_lines()) is Side.MAIN
    assert licence_side_of(duplicate_lines()) is Side.DUPLICATE


@pytest.mark.parametrize("lines", [portrait_lines(), emblem_lines(), [], [line("中国银行", 80, 80)]])
def test_other_documents_are_neither_page(lines: list[Line]) -> None:
    assert licence_side_of(lines) is None
    assert main(lines).view.seen is None


def test_the_specimen_mark_is_told_and_read_into_no_field() -> None:
    page = main([line("样本 SPECIMEN", VALUE + 150, 158), *licence_lines()])
    assert (values(page), page.view.specimen) == (EXPECTED, True)
    assert not main(licence_lines()).view.specimen


def inside(text: str, lines: list[Line], found: Box | None) -> bool:
    box = bounds(next(o for o in lines if o.text == text))
    return found is not None and found.left < box.left < box.right < found.right and found.top < box.top


def test_the_regions_to_read_again_hold_their_text() -> None:
    lines = licence_lines()
    assert inside(NUMBER, lines, number_region(lines, Side.MAIN))
    assert inside(NUMBER, duplicate_lines(), number_region(duplicate_lines(), Side.DUPLICATE))
    assert inside("1990-03-07", lines, birth_region(lines))
    assert inside("2009-06-01", lines, first_issue_region(lines))
    assert inside("2015-06-01至2025-06-01", lines, validity_region(lines))
    assert inside("女", lines, sex_region(lines))


def test_what_was_not_read_is_looked_for_right_of_its_label_and_a_little_lower() -> None:
    where = first_issue_region(licence_lines(first_issue=""))
    assert where is not None
    assert (where.left < 590, where.right >= CANVAS_WIDTH, where.top < 397, where.bottom > 431) == (True,) * 4
    assert inside("女", licence_lines(), sex_region(licence_lines(sex="")))


def test_where_no_label_was_read_there_is_nothing_to_read_again() -> None:
    found = [birth_region([]), first_issue_region([]), validity_region([]), sex_region([])]
    assert [*found, *(number_region([], side) for side in (Side.MAIN, Side.DUPLICATE))] == [None] * 6


def test_a_second_reading_that_agrees_leaves_everything_sure() -> None:
    page = main(licence_lines())
    again = with_second_number(page, f"No.{NUMBER}", 0.9)
    again = with_second_birth(with_second_sex(again, "女", 0.9), "1990-03-07", 0.9)
    again = with_second_validity(with_second_first_issue(again, "2009-06-01", 0.9), "2015-06-01至2025-06-01", 0.9)
    assert again == page


def test_what_one_reading_alone_shows_is_in_doubt() -> None:
    page = main(licence_lines())
    assert with_second_number(page, "", 0.0).number.confidence < 0.7
    assert with_second_birth(page, "1990-03-08", 0.9).birth.value is None
    assert with_second_first_issue(page, "2009-06-07", 0.9).first_issue.value is None
    assert with_second_validity(page, "2015-06-01至2035-06-01", 0.9).valid_to.value is None
    assert with_second_sex(page, "男", 0.9).sex.value is None


def test_a_second_reading_finds_what_the_first_missed() -> None:
    page = main(licence_lines(sex="", first_issue=""))
    assert with_second_sex(page, "女", 0.95).sex.value == "女"
    assert with_second_sex(page, "文", 0.95).sex.value is None
    found = with_second_first_issue(page, "2009-06-01", 0.95).first_issue
    assert (found.value, found.confidence < 0.7) == ("2009-06-01", True)


def test_only_what_the_number_does_not_say_too_is_read_again() -> None:
    assert unconfirmed(main(licence_lines())) == frozenset()
    assert unconfirmed(main(licence_lines(sex="男", birth="1990-03-08"))) == {"sex", "birth"}


@given(st.lists(st.builds(line, st.text(max_size=20), st.floats(0, 900), st.floats(0, 600))))
def test_any_text_gives_fields_that_may_be_empty(lines: list[Line]) -> None:
    for page in (main(lines), duplicate(lines)):
        fields = [getattr(page, name) for name in page.__slots__]
        assert all(0 <= field.confidence <= 1 for field in fields if isinstance(field, Field))
    number_region(lines, Side.MAIN)
    sex_region(lines)


@given(st.permutations(licence_lines()), st.integers(0, 41))
def test_fewer_lines_give_fewer_values_and_never_others(lines: list[Line], kept: int) -> None:
    read = values(main(lines[:kept]))
    others = {name: value for name, value in read.items() if value not in {None, EXPECTED[name]}}
    assert set(others) <= {"address"}, others

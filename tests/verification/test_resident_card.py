"""Are the fields of a card found by their labels' places, whatever the order and the noise?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.labels import anchors, side_of, specimen_mark, upside_down
from app.verification.documents.layout import CANVAS_WIDTH, Box, bounds
from app.verification.documents.resident_card import (
    birth_region,
    number_region,
    read_emblem_side,
    read_portrait_side,
    sex_region,
    unconfirmed,
    validity_region,
    with_second_birth,
    with_second_number,
    with_second_sex,
    with_second_validity,
)
from app.verification.examination import Line, PortraitSide, Side
from tests.verification.card_lines import FIRST, SECOND, VIEW, emblem_lines, line, moved, portrait_lines, turned

ADDRESS = "北京市东城区示例街道样板胡同十二号院三单元"


def values(side: PortraitSide) -> tuple[str | None, ...]:
    return tuple(field.value for field in (side.name, side.sex, side.birth, side.address, side.number))


EXPECTED = ("欧阳样例", "女", "1990-03-07", ADDRESS, "11010119900307002X")


@pytest.mark.rule("R24", "R25")
def test_every_field_of_the_portrait_side_is_read() -> None:
    assert values(read_portrait_side(portrait_lines(), VIEW)) == EXPECTED


@pytest.mark.rule("R24", "R25")
def test_every_field_of_the_emblem_side_is_read() -> None:
    side = read_emblem_side(emblem_lines(), VIEW)
    read = (side.authority.value, side.valid_from.value, side.valid_to.value)
    assert read == ("北京市公安局东城分局", "2015-06-01", "2025-06-01")


@pytest.mark.rule("R38")
@given(st.permutations(portrait_lines()))
def test_the_order_of_lines_does_not_matter(lines: list[Line]) -> None:
    assert values(read_portrait_side(lines, VIEW)) == EXPECTED


@pytest.mark.rule("R38")
@given(st.floats(-60, 90), st.floats(-40, 60))
def test_a_card_that_sits_elsewhere_on_the_canvas_is_read(down: float, across: float) -> None:
    lines = [moved(o, lambda x, y: (x + across, y + down)) for o in portrait_lines()]
    assert values(read_portrait_side(lines, VIEW)) == EXPECTED


def test_labels_and_values_in_one_line_are_cut_apart() -> None:
    merged = [
        line("姓名欧阳样例", FIRST, 80),
        line("性别女民族汉", FIRST, 152),
        line("出生1990年3月7日", FIRST, 226),
        line("住址北京市东城区示例街道样板胡同", FIRST, 304),
        line("十二号院三单元", SECOND, 350),
        line("公民身份号码11010119900307002X", FIRST, 530),
    ]
    side = read_portrait_side(merged, VIEW)
    assert (values(side), side.ethnicity_listed) == (EXPECTED, True)


@pytest.mark.parametrize(
    "misread",
    [
        {"name_label": "姓各"},
        {"sex_label": "住别"},
        {"birth_label": "出牛"},
        {"address_label": "往址"},
        {"number_label": "公民身价号码"},
        {"number_label": "公民身份证码"},
    ],
)
def test_a_label_misread_in_one_character_still_counts(misread: dict[str, str]) -> None:
    assert values(read_portrait_side(portrait_lines(**misread), VIEW)) == EXPECTED


def test_a_label_read_with_a_space_still_counts() -> None:
    assert values(read_portrait_side(portrait_lines(name_label="姓 名"), VIEW)) == EXPECTED


@pytest.mark.parametrize("street", ["民族大道一号", "出生地路二号", "姓名巷三号", "住址里四号"])
def test_a_label_that_is_a_word_of_the_address_is_address(street: str) -> None:
    side = read_portrait_side(portrait_lines(second=street), VIEW)
    assert side.address.value == f"北京市东城区示例街道样板胡同{street}"
    assert values(side)[:3] == EXPECTED[:3]


@pytest.mark.rule("R25")
@pytest.mark.parametrize(("third", "expected"), [("", ADDRESS), ("四零一室", ADDRESS + "四零一室")])
def test_an_address_has_up_to_three_lines(third: str, expected: str) -> None:
    assert read_portrait_side(portrait_lines(third=third), VIEW).address.value == expected


@pytest.mark.rule("R38")
def test_a_second_script_is_ignored() -> None:
    other = [line("ᠨᠡᠷ᠎ᠡ", FIRST, 50), line("མིང་", SECOND, 50), line("ئىسمى", 300, 50), line("ཕོ་མོ", SECOND + 40, 118)]
    assert values(read_portrait_side([*other, *portrait_lines(name="欧阳样例 མིང")], VIEW)) == EXPECTED


def test_the_specimen_mark_is_told_and_read_into_no_field() -> None:
    side = read_portrait_side([line("样本 SPECIMEN", SECOND + 150, 78), *portrait_lines()], VIEW)
    assert (values(side), side.view.specimen) == (EXPECTED, True)


@pytest.mark.parametrize(
    ("text", "mark"), [("样本", True), ("SPECIMEN 样本", True), ("样本街一号", False), ("", False)]
)
def test_a_street_may_be_called_specimen(text: str, *, mark: bool) -> None:
    assert specimen_mark(text) is mark


@pytest.mark.rule("R26")
def test_each_side_is_known_by_its_labels() -> None:
    assert (side_of(portrait_lines()), side_of(emblem_lines())) == (Side.PORTRAIT, Side.EMBLEM)
    assert (Side.PORTRAIT, Side.EMBLEM) == ("portrait", "emblem")


def test_other_text_is_neither_side() -> None:
    assert side_of([line("中国银行", 80, 80), line("信用卡", 80, 160)]) is None
    assert side_of([]) is None


def test_more_labels_are_found_the_right_way_up_counts() -> None:
    assert (anchors(portrait_lines(), Side.PORTRAIT), anchors(emblem_lines(), Side.PORTRAIT)) == (6, 0)


@pytest.mark.parametrize("lines", [portrait_lines(), emblem_lines()])
def test_a_turned_card_is_noticed(lines: list[Line]) -> None:
    assert not upside_down(lines)
    assert upside_down(turned(lines))


@pytest.mark.rule("R37")
@pytest.mark.parametrize(
    ("seen", "listed"), [("汉", True), ("维吾尔", True), ("穿青人", True), ("土家族", True), ("汶", False), ("", None)]
)
def test_an_ethnicity_is_listed_or_not_and_not_kept(seen: str, *, listed: bool | None) -> None:
    side = read_portrait_side(portrait_lines(ethnicity=seen), VIEW)
    assert side.ethnicity_listed is listed
    assert not hasattr(side, "ethnicity")


@pytest.mark.rule("R37")
@pytest.mark.parametrize(("seen", "value"), [("男", "男"), ("女", "女"), ("文", None), ("", None)])
def test_a_sex_is_one_of_two(seen: str, value: str | None) -> None:
    assert read_portrait_side(portrait_lines(sex=seen), VIEW).sex.value == value


@pytest.mark.rule("R17")
@pytest.mark.parametrize("row", ["通行证号码 H12345678", "签发次数 01"])
def test_a_permits_own_rows_are_noticed(row: str) -> None:
    assert read_portrait_side([*portrait_lines(), line(row, FIRST, 460)], VIEW).permit_layout
    assert not read_portrait_side(portrait_lines(), VIEW).permit_layout


@pytest.mark.rule("R40")
def test_a_name_shorter_than_its_box_is_doubted() -> None:
    whole = read_portrait_side(portrait_lines(name="王䶮生"), VIEW).name
    lines = [Line("王生", o.score, o.box) if o.text == "王䶮生" else o for o in portrait_lines(name="王䶮生")]
    short = read_portrait_side(lines, VIEW).name
    assert (short.value, whole.confidence, short.confidence < 0.6) == ("王生", 0.99, True)


def test_a_number_without_its_label_is_known_by_its_form() -> None:
    assert read_portrait_side(portrait_lines(number_label=""), VIEW).number.value == "11010119900307002X"


def test_a_field_is_as_sure_as_its_least_sure_line() -> None:
    lines = [Line(o.text, 0.7, o.box) if o.text == "十二号院三单元" else o for o in portrait_lines()]
    assert read_portrait_side(lines, VIEW).address.confidence == 0.7


def inside(text: Box, region: Box | None) -> bool:
    return region is not None and region.left < text.left < text.right < region.right and region.top < text.top


def test_the_regions_to_read_again_hold_their_text() -> None:
    number, validity = (
        bounds(next(o for o in lines if "0" in o.text and len(o.text) > 15))
        for lines in (portrait_lines(), emblem_lines())
    )
    sex = bounds(next(o for o in portrait_lines() if o.text == "女"))
    assert inside(number, number_region(portrait_lines()))
    assert inside(validity, validity_region(emblem_lines()))
    birth = bounds(next(o for o in portrait_lines() if "年" in o.text))
    assert inside(sex, sex_region(portrait_lines()))
    assert inside(birth, birth_region(portrait_lines()))
    assert inside(birth, birth_region(portrait_lines(birth_label="")))


def test_a_number_not_read_is_looked_for_right_of_its_label() -> None:
    region = number_region(portrait_lines(number=""))
    assert region is not None
    assert (region.left < 340, region.right >= CANVAS_WIDTH) == (True, True)


def test_where_no_label_was_read_there_is_nothing_to_read_again() -> None:
    assert (number_region([]), validity_region([]), sex_region([]), birth_region([])) == (None,) * 4


def test_a_second_reading_that_agrees_leaves_a_number_sure() -> None:
    side = read_portrait_side(portrait_lines(), VIEW)
    assert with_second_number(side, "11010119900307002X", 0.9).number == side.number


def test_a_number_no_second_reading_confirms_is_unsure() -> None:
    side = with_second_number(read_portrait_side(portrait_lines(), VIEW), "", 0.0)
    assert (side.number.value, side.number.confidence < 0.7) == ("11010119900307002X", True)


def test_a_second_reading_finds_what_the_first_missed() -> None:
    side = read_portrait_side(portrait_lines(sex=""), VIEW)
    assert with_second_sex(side, "女", 0.95).sex.value == "女"
    assert with_second_sex(side, "文", 0.95).sex.value is None


def test_only_what_the_number_does_not_say_too_is_read_again() -> None:
    assert unconfirmed(read_portrait_side(portrait_lines(), VIEW)) == frozenset()
    assert unconfirmed(read_portrait_side(portrait_lines(sex="男"), VIEW)) == {"sex"}
    assert unconfirmed(read_portrait_side(portrait_lines(birth="1990年3月8日"), VIEW)) == {"birth"}
    assert unconfirmed(read_portrait_side(portrait_lines(number=""), VIEW)) == {"sex", "birth"}


def test_a_contradiction_stands_where_two_readings_show_it() -> None:
    side = read_portrait_side(portrait_lines(sex="男", birth="1990年3月8日"), VIEW)
    assert with_second_birth(side, "1990年3月8日", 0.95).birth == side.birth
    assert with_second_sex(side, "男", 0.95).sex == side.sex


def test_a_contradiction_one_reading_alone_shows_is_a_misreading_perhaps() -> None:
    side = read_portrait_side(portrait_lines(sex="男", birth="1990年3月8日"), VIEW)
    assert with_second_birth(side, "1990年3月7日", 0.95).birth.value is None
    assert with_second_birth(side, "", 0.0).birth.confidence < 0.7
    assert with_second_sex(side, "女", 0.95).sex.value is None


def test_a_second_reading_of_the_validity_decides_nothing_alone() -> None:
    side = read_emblem_side(emblem_lines(), VIEW)
    assert with_second_validity(side, "2015.06.01-2025.06.01", 0.9).valid_to.confidence == 0.99
    doubted = with_second_validity(side, "2015.06.01-2035.06.01", 0.9)
    assert (doubted.valid_from.value, doubted.valid_to.value) == ("2015-06-01", None)


@given(st.lists(st.builds(line, st.text(max_size=20), st.floats(0, 900), st.floats(0, 600))))
def test_any_text_gives_fields_that_may_be_empty(lines: list[Line]) -> None:
    assert 0 <= read_portrait_side(lines, VIEW).name.confidence <= 1
    assert 0 <= read_emblem_side(lines, VIEW).authority.confidence <= 1
    upside_down(lines)


def test_an_address_in_the_other_script_is_read_and_not_sure() -> None:
    said = read_portrait_side(portrait_lines(first="北京市东城區示例街道样板胡同"), VIEW).address
    assert said.value == "北京市东城區示例街道样板胡同十二号院三单元"
    assert said.confidence < 0.6


def test_a_house_number_with_the_round_nought_is_sure() -> None:
    said = read_portrait_side(portrait_lines(second="二〇二号院三单元"), VIEW).address
    assert said.confidence == 0.99

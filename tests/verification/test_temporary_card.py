"""Is a temporary card recognised by its title and by its items, and its three months counted?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.temporary_card import (
    temporary_card,
    temporary_items,
    temporary_title,
    three_months,
    three_months_after,
)
from app.verification.documents.validity import TEMPORARY_AT_MOST, Validity
from app.verification.examination import Line
from tests.verification.card_lines import emblem_lines, line, portrait_lines
from tests.verification.licence_lines import duplicate_lines, licence_lines
from tests.verification.permanent_lines import back_lines, front_2017_lines
from tests.verification.permit_lines import (
    permit_emblem_lines,
    permit_portrait_lines,
    temporary_cover_lines,
    temporary_item_lines,
)


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    "title",
    [
        "临时居民身份证",
        "临 时 居 民 身 份 证",
        "中华人民共和国临时居民身份证",
        "临日居民身份证",
        "佔时居民身份证",
        "临时居民身价证",
        "小时临时居民身份证",
    ],
)
def test_a_temporary_card_is_known_by_its_title(title: str) -> None:
    assert temporary_title(temporary_cover_lines(title))
    assert temporary_card(temporary_cover_lines(title))


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    "title",
    ["居民身份证", "中华人民共和国居民身份证", "临时居住证", "佔日居民身份证", "临时居民", "临时居民分身证", ""],
)
def test_another_title_is_no_temporary_cards(title: str) -> None:
    assert not temporary_card(temporary_cover_lines(title))


@pytest.mark.rule("R42")
@pytest.mark.parametrize("said", [{}, {"authority": ""}, {"validity": ""}])
def test_a_temporary_card_is_known_by_what_stands_together(said: dict[str, str]) -> None:
    assert temporary_items(temporary_item_lines(**said))


@pytest.mark.rule("R42")
@given(st.permutations(temporary_item_lines()))
def test_the_order_of_lines_does_not_matter(lines: list[Line]) -> None:
    assert temporary_card(lines)


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    "lines",
    [
        portrait_lines(),
        emblem_lines(),
        permit_portrait_lines(),
        permit_emblem_lines(),
        front_2017_lines(),
        back_lines(),
        licence_lines(),
        duplicate_lines(),
        [],
    ],
)
def test_no_other_document_is_a_temporary_card(lines: list[Line]) -> None:
    assert not temporary_card(lines)


@pytest.mark.rule("R42")
def test_a_number_and_a_validity_without_a_name_are_no_temporary_card() -> None:
    assert not temporary_card([line("公民身份号码", 66, 400), line("有效期限", 66, 460)])


@pytest.mark.rule("R42")
def test_both_sides_of_a_card_on_one_sheet_are_no_temporary_card() -> None:
    assert not temporary_card([*portrait_lines(), *emblem_lines()])


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 6, 1), date(2025, 9, 1)),
        (date(2025, 11, 1), date(2026, 2, 1)),
        (date(2025, 12, 31), date(2026, 3, 31)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2025, 8, 31), date(2025, 11, 30)),
    ],
)
def test_three_months_end_on_the_same_day_or_the_one_before(start: date, end: date) -> None:
    assert three_months_after(start) == end
    held = [days for days in range(-3, 3) if three_months(Validity(start, end + timedelta(days=days)))]
    assert held == [-1, 0]


@pytest.mark.rule("R42")
def test_a_card_for_good_runs_no_three_months() -> None:
    assert not three_months(Validity(date(2025, 6, 1), None))


@pytest.mark.rule("R42")
@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)))
def test_three_months_are_what_the_resident_cards_reader_takes_for_a_temporary_term(start: date) -> None:
    assert timedelta(days=88) <= three_months_after(start) - start <= TEMPORARY_AT_MOST


@given(st.lists(st.builds(line, st.text(max_size=20), st.floats(0, 900), st.floats(0, 600))))
def test_any_text_is_a_temporary_card_or_is_not(lines: list[Line]) -> None:
    assert temporary_card(lines) in {True, False}

"""Are the lines of two documents in one picture told apart, and those of one kept together?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.outlines.gathering import MOST_LINES, gathered, share_covered
from app.verification.examination import Line

HIGH = 40.0


def line(text: str, left: float, top: float) -> Line:
    right, bottom = left + HIGH * len(text), top + HIGH
    return Line(text, 0.9, ((left, top), (right, top), (right, bottom), (left, bottom)))


def card(left: float, top: float) -> list[Line]:
    """A portrait side with an address of one row: nothing else stands further from its neighbour than its number."""
    rows = (("姓名张三", 0), ("性别女", 60), ("出生1990年3月7日", 120), ("住址长陵市", 190), ("公民身份号码", 390))
    return [line(text, left, top + down) for text, down in rows]


@pytest.mark.parametrize(("left", "top"), [(0, 900), (900, 0)], ids=["one below the other", "side by side"])
def test_two_cards_on_a_page_are_two(left: float, top: float) -> None:
    first, second = card(0, 0), card(left, top)
    assert gathered([*first, *second]) == (tuple(first), tuple(second))


def test_the_lines_of_two_cards_in_any_order_are_two_in_theirs() -> None:
    first, second = card(0, 0), card(0, 900)
    mixed = [one for pair in zip(second, first, strict=True) for one in pair]
    assert gathered(mixed) == (tuple(second), tuple(first))


@given(st.permutations(card(0, 0)))
def test_a_card_is_one_whatever_the_order_of_its_lines(lines: list[Line]) -> None:
    assert gathered(lines) == (tuple(lines),)


def test_a_page_of_print_is_one_and_nothing_is_none() -> None:
    many = [line("字", 0, 1000.0 * at) for at in range(MOST_LINES + 1)]
    assert gathered(many) == (tuple(many),)
    assert gathered([]) == ()


def test_text_covers_the_rectangle_around_it() -> None:
    assert share_covered([line("一", 0, 0), line("一", 360, 160)], (800, 400)) == pytest.approx(0.25)
    assert share_covered([], (800, 400)) == 0.0

"""Is what was read counted rightly, with intervals that are Wilson's, and are the worst readings told first?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.accuracy import Compared, Share, accuracies, confusions, kind_confusions, worst


def one(expected: str, read: str | None, *, sure: bool = True, field: str = "name") -> Compared:
    return Compared("resident_card/portrait", field, expected, read, sure)


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_the_literature(hits: int, count: int, low: float, high: float) -> None:
    assert Share(hits, count).interval == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_counted_nothing_is_known() -> None:
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share(a: int, b: int) -> None:
    hits, count = sorted((a, b))
    low, high = Share(hits, count).interval
    assert 0 <= low <= high <= 1
    assert not count or low - 1e-9 <= hits / count <= high + 1e-9


def test_a_field_is_right_wrong_or_nothing_and_wrong_though_sure_is_counted_by_itself() -> None:
    compared = [
        one("欧阳样例", "欧阳样例"),
        one("张伟", "张炜"),
        one("李娜", "李那", sure=False),
        one("王芳", None, sure=False),
    ]
    (found,) = accuracies(compared)
    assert found.exact == Share(1, 4)
    assert found.sure == Share(2, 4)
    assert found.wrong_though_sure == Share(1, 2)
    assert found.characters == Share(4 + 1 + 1 + 0, 10)


def test_fields_are_told_in_the_order_they_came() -> None:
    compared = [one("女", "女", field="sex"), one("x", "x"), one("男", "男", field="sex")]
    assert [(each.field, each.exact.count) for each in accuracies(compared)] == [("sex", 2), ("name", 1)]


def test_what_was_read_for_what_is_counted_without_what_was_not_understood() -> None:
    compared = [one("张伟", "张炜"), one("陈伟", "陈炜"), one("12", "123"), one("9", None), one("a", "a")]
    assert confusions(compared) == {("伟", "炜"): 2, ("", "3"): 1}


def test_kinds_taken_for_others_are_counted_beside_the_right_ones() -> None:
    assert kind_confusions([("a", "a"), ("a", "b"), ("a", "a")]) == {("a", "a"): 2, ("a", "b"): 1}


def test_the_worst_are_told_first() -> None:
    compared = [one("a", "a"), one("b", None, sure=False), one("cc", "cd"), one("dd", "xx"), one("e", "f", sure=False)]
    assert worst(compared, 4) == [3, 2, 4, 1]
    assert worst(compared, 1) == [3]


@given(st.lists(st.tuples(st.text(max_size=12), st.none() | st.text(max_size=12), st.booleans()), max_size=30))
def test_whatever_was_read_is_counted(pairs: list[tuple[str, str | None, bool]]) -> None:
    compared = [one(expected, read, sure=sure) for expected, read, sure in pairs]
    for each in accuracies(compared):
        shares = (each.exact, each.characters, each.sure, each.wrong_though_sure)
        assert all(0 <= share.hits <= share.count for share in shares)
    assert len(worst(compared, 100)) == sum(not each.exact for each in compared)

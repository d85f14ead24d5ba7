"""A password that follows a pattern is few choices, however long it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.pinyin import SYLLABLES
from app.mfa.predictability import LONGEST_TAIL, Pattern, folded, pattern_of, runs


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("password", "pattern"),
    [
        ("aaaaaaaaaaaaaaaa", Pattern.REPETITION),
        ("abc1abc1abc1abc1", Pattern.REPETITION),
        ("kx9#kx9#kx9#", Pattern.REPETITION),
        ("abcdefghijklmnop", Pattern.SEQUENCE),
        ("9876543210", Pattern.SEQUENCE),
        ("147258369", Pattern.SEQUENCE),
        ("qwertyuiop", Pattern.KEYBOARD),
        ("poiuytrewq!", Pattern.KEYBOARD),
        ("1qaz2wsx3edc", Pattern.KEYBOARD),
        ("!qaz@wsx#edc", Pattern.KEYBOARD),
        ("qwedsazxc", Pattern.KEYBOARD),
        ("19900307", Pattern.DATE),
        ("1990-03-07", Pattern.DATE),
        ("1990年3月7日", Pattern.DATE),
        ("07/03/1990", Pattern.DATE),
        ("kq1990.12.31", Pattern.DATE),
        ("zhangwei1990", Pattern.PINYIN),
        ("123woaini", Pattern.PINYIN),
        ("zhang_wei@19900307", Pattern.PINYIN),
        ("woaizhongguo", Pattern.PINYIN),
        ("lvxing888", Pattern.PINYIN),
    ],
)
def test_patterns_are_seen_and_named(password: str, pattern: Pattern) -> None:
    assert pattern_of(password) is pattern


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    "password",
    [
        "kx9 mq2#vlw7tz!e",
        "correct horse battery staple",
        "tr0ub4dor&3",
        "k7$abcp!",
        "kvxqmwtzhrpd",
        "7391046285519374",
        "骏马奔腾山河远阔",
        "wo ai chi ban mian de chao fan",
    ],
)
def test_what_follows_no_pattern_passes(password: str) -> None:
    assert pattern_of(password) is None


def test_six_choices_are_enough_and_five_are_not() -> None:
    assert pattern_of("qwerty" + "k#x9v") is None
    assert pattern_of("qwerty" + "k#x9") is Pattern.KEYBOARD


def test_a_tail_makes_pinyin_no_better_until_it_is_long() -> None:
    assert pattern_of("woaini" + "7391046285"[:LONGEST_TAIL]) is Pattern.PINYIN
    assert pattern_of("woaini" + "73910462855") is None


def test_four_syllables_are_a_saying_and_five_are_a_sentence() -> None:
    assert pattern_of("woaizhongguo") is Pattern.PINYIN
    assert pattern_of("wodeaizhongguo") is None


@pytest.mark.rule("A8")
@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=4), st.text("0123456789!@#", max_size=10))
def test_every_short_pinyin_word_with_a_tail_is_seen(syllables: list[str], tail: str) -> None:
    assert pattern_of("".join(syllables) + tail) is Pattern.PINYIN


@given(st.text(max_size=60))
def test_runs_cover_the_password_exactly(password: str) -> None:
    assert sum(length for length, _ in runs(password)) == len(password)


@pytest.mark.rule("A8")
@given(st.text("kvxqmwtzhrpd7394", min_size=3, max_size=5), st.integers(2, 20))
def test_writing_five_characters_again_and_again_makes_no_password(block: str, times: int) -> None:
    assert pattern_of(block * times) is not None


@given(st.text("abc1#", max_size=40))
def test_nothing_is_left_to_fold_after_folding(password: str) -> None:
    assert folded(folded(password)) == folded(password)


def test_the_syllables_are_those_of_the_scheme() -> None:
    assert {"zhuang", "er", "lv", "xiong", "a"} <= SYLLABLES
    assert not {"in", "vi", "th", "qa", "zhon"} & SYLLABLES

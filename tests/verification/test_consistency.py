"""Is every difference from what the bank holds seen, and nothing called one that was not surely read?"""

import json
from dataclasses import asdict, replace
from datetime import date

import pytest

from app.verification.known import NOTHING_KNOWN, Known, known_from
from tests.verification.examinations import PORTRAIT, decided, examination, read, result

SAME = Known("欧阳样例", date(1990, 3, 7), "002X")


@pytest.mark.parametrize("known", [NOTHING_KNOWN, SAME, Known(name="欧阳 样例"), Known(number_ending="002X")])
def test_what_agrees_or_is_not_known_is_no_finding(known: Known) -> None:
    assert result(decided(examination(known=known))) == ("accept", [])


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        (replace(SAME, name="欧阳祥例"), ["known_name_differs"]),
        (replace(SAME, name="歐陽样例"), ["known_name_differs"]),
        (replace(SAME, birth=date(1990, 7, 3)), ["known_birth_differs"]),
        (replace(SAME, number_ending="0020"), ["known_number_differs"]),
        (
            Known("王芳", date(1970, 1, 1), "1234"),
            ["known_name_differs", "known_birth_differs", "known_number_differs"],
        ),
    ],
)
def test_each_difference_refers_to_people(known: Known, codes: list[str]) -> None:
    assert result(decided(examination(known=known))) == ("refer", codes)


@pytest.mark.rule("R36")
def test_a_name_that_differs_by_its_dot_alone_is_for_people_too() -> None:
    dotted = replace(PORTRAIT, name=read("买买提·样例"))
    assert result(decided(examination(dotted, known=Known(name="买买提样例")))) == ("refer", ["known_name_differs"])
    assert result(decided(examination(dotted, known=Known(name="买买提•样例")))) == ("accept", [])


def test_what_was_not_surely_read_differs_from_nothing() -> None:
    unsure = replace(PORTRAIT, name=read("王芳", 0.5))
    assert result(decided(examination(unsure, known=SAME))) == ("refer", ["field_unclear"])


@pytest.mark.parametrize("known", [NOTHING_KNOWN, SAME])
def test_what_is_kept_comes_back_as_it_was(known: Known) -> None:
    assert known_from(json.loads(json.dumps(asdict(known), default=str))) == known

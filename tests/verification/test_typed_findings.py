"""Does a typed field bring its case to a person, whatever was typed, and nothing else?"""

from typing import Any

import pytest

from app.verification.decision import Decision
from app.verification.reasons import Outcome
from app.verification.words import UNDER_REVIEW, told
from tests.verification.examinations import PORTRAIT, changed, codes, decided, examination, read, result

NAME, SEX, BIRTH = (f"resident-card/portrait/{name}" for name in ("name", "sex", "birth"))


def of(typed: dict[str, str], *, attempt: int = 1, **portrait: Any) -> Decision:
    """The decision at the first attempt, on a card with these fields of its portrait side."""
    return decided(examination(portrait=changed(PORTRAIT, **portrait), typed=typed), attempt=attempt)


@pytest.mark.rule("R40")
@pytest.mark.parametrize("typed", ["欧阳样例", "x"])
def test_a_typed_field_is_no_longer_unclear_and_never_accepts_by_itself(typed: str) -> None:
    assert result(of({NAME: typed}, name=read("欧阳样", 0.4))) == ("refer", ["field_typed"])
    assert result(of({}, name=read("欧阳样", 0.4))) == ("retry", ["field_unclear"])


@pytest.mark.rule("R40")
def test_what_can_be_read_is_not_typed() -> None:
    assert result(of({NAME: "somebody else"})) == ("accept", [])


def test_staff_are_told_which_field_was_typed_and_never_what() -> None:
    (reason,) = of({NAME: "欧阳样例"}, name=read(None, 0.4)).reasons
    assert (reason.facts["side"], reason.facts["field"], reason.facts["source"]) == ("portrait", "name", "applicant")
    assert "欧阳" not in str(reason)
    assert told(Outcome.REFER, (reason,)) == (UNDER_REVIEW,)


@pytest.mark.rule("R15", "R40")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({SEX: "女", BIRTH: "1990-03-07"}, []),
        ({SEX: "男", BIRTH: "1990-03-07"}, ["sex_differs"]),
        ({SEX: "女", BIRTH: "1990-03-08"}, ["birth_differs"]),
    ],
)
def test_what_was_typed_against_the_number_refers_and_never_rejects(typed: dict[str, str], expected: list[str]) -> None:
    decision = of(typed, sex=read(None, 0.4), birth=read(None, 0.4))
    assert result(decision) == ("refer", ["field_typed", "field_typed", *expected])


@pytest.mark.rule("R115")
def test_what_is_still_unclear_is_asked_for_though_something_was_typed() -> None:
    decision = of({NAME: "欧阳样例"}, name=read(None, 0.4), address=read(None, 0.4))
    assert (decision.outcome, sorted(codes(decision))) == (Outcome.RETRY, ["field_typed", "field_unclear"])
    assert [each.code for each in told(decision.outcome, decision.reasons)] == ["field_unclear"]
    last = of({NAME: "欧阳样例"}, name=read(None, 0.4), address=read(None, 0.4), attempt=3)
    assert last.outcome is Outcome.REFER

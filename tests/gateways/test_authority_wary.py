"""Is an authority that is down left alone for a while, and asked again after it? A123."""

from collections.abc import Iterable

import pytest

from app.core.clock import SetClock
from app.gateways.authority import Question
from app.gateways.authority.wary import FAILURES, PAUSE, WaryAuthority
from app.verification.authority import AuthorityAnswer
from app.verification.examination import Kind
from tests.verification.examinations import NOW

QUESTION = Question(Kind.RESIDENT_CARD, "11010119900307002X", "欧阳样例")
DOWN, UP = AuthorityAnswer.UNAVAILABLE, AuthorityAnswer.CONFIRMED


class Scripted:
    """Answers as it was told, in order."""

    def __init__(self, answers: Iterable[AuthorityAnswer]) -> None:
        self.left = list(answers)

    async def check(self, question: Question) -> AuthorityAnswer:
        del question
        return self.left.pop(0)


@pytest.mark.rule("A123")
async def test_after_some_failures_in_a_row_it_is_not_asked_until_the_pause_is_over() -> None:
    clock, house = SetClock(NOW), Scripted([DOWN] * FAILURES + [UP, UP])
    wary = WaryAuthority(house, clock)
    assert [await wary.check(QUESTION) for _ in range(FAILURES + 2)] == [DOWN] * (FAILURES + 2)
    assert len(house.left) == 2
    clock.move(PAUSE)
    assert [await wary.check(QUESTION) for _ in range(2)] == [UP, UP]


@pytest.mark.rule("A123")
async def test_one_question_finds_out_that_it_is_still_down() -> None:
    clock, house = SetClock(NOW), Scripted([DOWN] * (FAILURES + 1) + [UP])
    wary = WaryAuthority(house, clock)
    for _ in range(FAILURES):
        await wary.check(QUESTION)
    clock.move(PAUSE)
    assert [await wary.check(QUESTION) for _ in range(3)] == [DOWN] * 3
    assert house.left == [UP]


async def test_failures_that_are_not_in_a_row_change_nothing() -> None:
    house = Scripted([DOWN, DOWN, UP] * 5)
    wary = WaryAuthority(house, SetClock(NOW))
    assert [await wary.check(QUESTION) for _ in range(15)] == [DOWN, DOWN, UP] * 5

"""Do many who ask at once share one question, and does each get their own answer and no other's fault?"""

import asyncio
from collections.abc import Sequence

import pytest

from app.core.refusal import Unavailable
from app.storage import gathering
from app.storage.gathering import Gathering


class Asked:
    """Answers with the double, remembers what was asked together, fails for what it was told to."""

    def __init__(self, *bad: int) -> None:
        self.together: list[list[int]] = []
        self._bad = set(bad)
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.together.append(list(numbers))
        await self.open.wait()
        if self._bad.intersection(numbers):
            raise ZeroDivisionError
        return [2 * number for number in numbers]


async def test_each_gets_their_own_answer() -> None:
    gathered = Gathering(Asked())
    assert await asyncio.gather(*(gathered.ask(number) for number in range(100))) == [2 * n for n in range(100)]


async def test_whoever_comes_meanwhile_joins_the_next_question() -> None:
    asked = Asked()
    asked.open.clear()
    gathered = Gathering(asked)
    waiting = [asyncio.create_task(gathered.ask(0))]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(gathered.ask(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0.01)
    asked.open.set()
    await asyncio.gather(*waiting)
    assert asked.together == [[0], [1, 2, 3]]


async def test_no_question_is_larger_than_its_bound() -> None:
    asked = Asked()
    gathered = Gathering(asked)
    await asyncio.gather(*(gathered.ask(number) for number in range(3 * gathering.TOGETHER)))
    assert max(map(len, asked.together)) == gathering.TOGETHER


async def test_one_callers_fault_is_not_the_others() -> None:
    gathered = Gathering(Asked(13))
    answers = await asyncio.gather(*(gathered.ask(number) for number in range(20)), return_exceptions=True)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [ZeroDivisionError]
    assert [answer for answer in answers if isinstance(answer, int)] == [2 * n for n in range(20) if n != 13]


async def test_what_is_down_is_down_for_all_and_asked_once() -> None:
    asked: list[int] = []

    async def down(numbers: Sequence[int]) -> list[int]:
        asked.append(len(numbers))
        raise Unavailable(retry_after_seconds=5)

    gathered = Gathering(down)
    answers = await asyncio.gather(*(gathered.ask(number) for number in range(8)), return_exceptions=True)
    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert sum(asked) == 8


async def test_a_caller_that_went_away_takes_nobody_along() -> None:
    asked = Asked()
    asked.open.clear()
    gathered = Gathering(asked)
    first, second = asyncio.create_task(gathered.ask(1)), asyncio.create_task(gathered.ask(2))
    await asyncio.sleep(0.01)
    first.cancel()
    asked.open.set()
    assert await second == 4


async def test_more_than_may_wait_are_told_to_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "WAITING", 3)
    asked = Asked()
    asked.open.clear()
    gathered = Gathering(asked)
    waiting = [asyncio.create_task(gathered.ask(0))]
    await asyncio.sleep(0.01)
    waiting += [asyncio.create_task(gathered.ask(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await gathered.ask(4)
    asked.open.set()
    await asyncio.gather(*waiting)

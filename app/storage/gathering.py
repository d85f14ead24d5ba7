"""How do many who ask at once pay for one question? Whoever comes while one is on its way joins the next.

One statement costs a process about as much CPU as a whole signature, one commit as much time as the disk needs; fifty
callers who share both wait no longer than one who has them alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from app.core.load import Load
from app.core.refusal import Refusal, Unavailable

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

TOGETHER = 64
"""At most in one question: more would make those who came first wait for the last one's share."""
WAITING = 2_000
"""At most not yet asked for; who comes then is told to come later."""


class Gathering(Generic[Asked, Answer]):
    """Gathers what is asked meanwhile into one question at a time; an answer for each, in order."""

    def __init__(self, together: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]]) -> None:
        self._together = together
        self._waiting: deque[tuple[Asked, asyncio.Future[Answer]]] = deque()
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answer:
        """The answer to this; raises what the common question raised, Unavailable where too many wait."""
        if len(self._waiting) >= WAITING:
            raise Unavailable(retry_after_seconds=1)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((asked, answer))
        if self._asking is None:
            # In no caller's context: whoever came first may have less than a full share, and asks for everybody.
            self._asking = loop.create_task(self._ask_for_all(), name="gathering", context=Context())
        return await answer

    def load(self) -> Load:
        """Who waits for the next question."""
        return Load(in_use=0 if self._asking is None else 1, waiting=len(self._waiting), limit=WAITING)

    async def _ask_for_all(self) -> None:
        try:
            while self._waiting:
                await self._settle([self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))])
        finally:
            self._asking = None
            for _, answer in self._waiting:  # only where the process is ending
                answer.cancel()
            self._waiting.clear()

    async def _settle(self, taken: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        """One question for these; a fault that is one caller's own is not the others'."""
        try:
            answers = await self._together([asked for asked, _ in taken])
        except Refusal as refusal:
            for _, answer in taken:
                _fail(answer, refusal)
        except Exception as fault:  # noqa: BLE001  whoever asked gets it, not this task
            if len(taken) == 1:
                _fail(taken[0][1], fault)
                return
            for each in taken:
                await self._settle([each])
        else:
            for (_, answer), found in zip(taken, answers, strict=True):
                if not answer.done():
                    answer.set_result(found)


def _fail(answer: asyncio.Future[Answer], why: Exception) -> None:
    if not answer.done():
        answer.set_exception(why)

"""What is asked of an authority that is down? Nothing for a while: each question would cost its whole time, and a queue waits."""

from datetime import timedelta
from typing import Final

from app.core.clock import Machine
from app.gateways.authority import Authority, Question
from app.verification.authority import AuthorityAnswer

FAILURES: Final = 3
"""In a row: one or two are an accident of the network."""
PAUSE: Final = timedelta(seconds=30)
"""Then one question finds out whether it is back."""


class WaryAuthority:
    """Another, asked no further once it has failed so often; meanwhile it is UNAVAILABLE at once."""

    def __init__(self, authority: Authority, machine: Machine) -> None:
        self._authority = authority
        self._machine = machine
        self._failed = 0
        self._again_at = 0.0

    async def check(self, question: Question) -> AuthorityAnswer:
        """As Authority says."""
        if self._failed >= FAILURES and self._machine.ticks() < self._again_at:
            return AuthorityAnswer.UNAVAILABLE
        answer = await self._authority.check(question)
        if answer is not AuthorityAnswer.UNAVAILABLE:
            self._failed = 0
            return answer
        self._failed += 1
        self._again_at = self._machine.ticks() + PAUSE.total_seconds()
        return answer

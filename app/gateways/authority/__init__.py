"""Is this number alive, and is it this name's? Whoever issued it is asked, for no image shows it (R45)."""

from dataclasses import dataclass, field
from typing import Protocol

from app.verification.authority import AuthorityAnswer
from app.verification.examination import Kind


@dataclass(frozen=True, slots=True)
class Question:
    """About whom is asked; shown nowhere, not even in a trace (R23)."""

    kind: Kind
    number: str = field(repr=False)
    name: str = field(repr=False)
    issuing_state: str | None = field(default=None, repr=False)
    """Three letters, of what any state issues: its number is its own alone (R70). None: the kind is one country's."""
    valid_to: str | None = field(default=None, repr=False)
    """ISO day or `long_term`; None: not surely read, so nothing is asked about it."""


class Authority(Protocol):
    """A public-security or network-identity service the bank has a contract with."""

    async def check(self, question: Question) -> AuthorityAnswer:
        """Ask, outside any unit of work. Never raises for what the other side does: silence and nonsense are UNAVAILABLE."""
        ...


class NullAuthority:
    """Nobody is asked. It may stand in production: it lets nobody in, it only caps what they are worth."""

    async def check(self, question: Question) -> AuthorityAnswer:
        """Unasked."""
        del question
        return AuthorityAnswer.UNASKED

"""How do we say no? Every refusal a caller can meet is a class of its own, found in one table of problems.

A leaf check raises; an aggregate that must remember the failed try returns `(value, refusal)` and its service
commits before it raises. Only `routers/problems.py` knows what a refusal looks like over HTTP.
"""

from typing import ClassVar


class Refusal(Exception):
    """A no, with the facts the caller may know. Subclasses name the reason; `code` is stable and public."""

    code: ClassVar[str]

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts
        """Public facts, shown to the caller: never a secret, an identity number, or why a proof failed."""

    def __init_subclass__(cls, *, code: str | None = None) -> None:
        if code is not None:
            cls.code = code

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.facts == getattr(other, "facts", None)

    def __hash__(self) -> int:
        return hash((type(self), tuple(sorted(self.facts.items()))))


class Unavailable(Refusal, code="unavailable"):
    """What is needed for an answer is down or full: later, never yes (A123). Facts: retry_after_seconds."""


class OutcomeUnknown(Unavailable, code="outcome_unknown"):
    """What is needed was lost while it was being done: it may have been, and nobody knows. Facts: retry_after_seconds."""


class NotFound(Refusal, code="not_found"):
    """No such thing, or not the caller's to see: one answer for both."""


class NotAllowed(Refusal, code="not_allowed"):
    """The caller is known and may not do this."""

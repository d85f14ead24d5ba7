"""By which decision policy do we decide? The one two security officers chose last, else the one the settings name."""

from collections.abc import Mapping

from app.core.refusal import Refusal, Unavailable
from app.storage.work import Work
from app.verification.policy import Policy


class UnknownPolicy(Refusal, code="unknown_policy"):
    """No decision policy of this environment has that version."""


GONE_RETRY_AFTER_SECONDS = 60


class Policies:
    """The policies this environment may decide by; another environment's are not among them."""

    def __init__(self, known: Mapping[str, Policy], configured: Policy) -> None:
        self._known = {configured.version: configured} | dict(known)
        self._configured = configured

    def all(self) -> tuple[Policy, ...]:
        """Every one that may come into force."""
        return tuple(self._known.values())

    def check(self, version: str) -> None:
        """Raise UnknownPolicy where there is none of that version."""
        if version not in self._known:
            raise UnknownPolicy

    async def in_force(self, work: Work) -> Policy:
        """The policy of a decision made in this unit; a chosen one that is gone decides nothing: KeyError."""
        chosen = await work.proposals.chosen_policy()
        return self._configured if chosen is None else self._known[chosen]

    async def asked_for(self, work: Work) -> Policy:
        """The same for whoever waits for an answer: where a chosen policy is gone, an operator must act; raises Unavailable."""
        try:
            return await self.in_force(work)
        except KeyError:
            raise Unavailable(retry_after_seconds=GONE_RETRY_AFTER_SECONDS) from None

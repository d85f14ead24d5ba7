"""Is the caller who the request says? Bearer tokens of clients and subscribers, checked once for every route."""

from app.assertion.token import InvalidToken
from app.core.audit import Actor, ActorKind
from app.core.ids import PersonId
from app.core.refusal import Refusal
from app.services.callers import ClientCaller, Origin, SubscriberCaller
from app.services.journal import Journal
from app.services.tokens import Tokens


class Unauthenticated(Refusal, code="unauthenticated"):
    """No credentials were brought, RFC 6750 §3."""


class InsufficientScope(Refusal, code="insufficient_scope"):
    """The token is good and does not cover this, RFC 6750 §3.1. Facts: scope."""


class Doors:
    """Who comes in."""

    def __init__(self, journal: Journal, tokens: Tokens) -> None:
        self._journal = journal
        self._tokens = tokens

    async def client(self, bearer: str | None, scope: str, origin: Origin) -> ClientCaller:
        """A client acting for itself, with this scope; a refusal is recorded before it is spoken."""
        try:
            async with self._journal.database.work() as work:
                token = await self._tokens.accepted(work, _present(bearer))
            if token.authentication is not None:
                raise InvalidToken
            if scope not in token.scopes:
                raise InsufficientScope(scope=scope)
        except Refusal as refusal:
            await self._remember(refusal, origin)
            raise
        return ClientCaller(token.client_id, token.scopes, origin)

    async def subscriber(self, bearer: str | None, scope: str, origin: Origin) -> SubscriberCaller:
        """A subscriber in a session of theirs, with this scope."""
        try:
            async with self._journal.database.work() as work:
                token = await self._tokens.accepted(work, _present(bearer))
            if token.authentication is None:
                raise InvalidToken
            if scope not in token.scopes:
                raise InsufficientScope(scope=scope)
        except Refusal as refusal:
            await self._remember(refusal, origin)
            raise
        return SubscriberCaller(
            PersonId(token.subject),
            token.authentication.session_id,
            token.client_id,
            token.scopes,
            tuple(method.value for method in token.authentication.amr),
            origin,
        )

    async def _remember(self, refusal: Refusal, origin: Origin) -> None:
        flaw = refusal.flaw.value if isinstance(refusal, InvalidToken) else None
        async with self._journal.database.work() as work:
            act = self._journal.act("caller.admit", Actor(ActorKind.ANYONE, network=origin.network))
            await act.record(work, refusal, flaw=flaw)


def _present(bearer: str | None) -> str:
    if bearer is None:
        raise Unauthenticated
    return bearer

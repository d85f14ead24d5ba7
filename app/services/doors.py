"""Is the caller who the request says? Bearer tokens of clients and subscribers, checked once for every route."""

from collections.abc import Callable

from app.assertion.claims import AccessToken, Authentication
from app.assertion.token import Flaw, InvalidToken
from app.core.audit import Actor, ActorKind
from app.core.ids import PersonId
from app.core.refusal import Refusal, Unavailable
from app.core.secret import Secret
from app.services.callers import ApplicantCaller, ClientCaller, Origin, SubscriberCaller
from app.services.journal import Journal
from app.services.presented_tokens import PresentedTokens


class Unauthenticated(Refusal, code="unauthenticated"):
    """No credentials were brought, RFC 6750 §3."""


class InsufficientScope(Refusal, code="insufficient_scope"):
    """The token is good and does not cover this, RFC 6750 §3.1. Facts: scope."""


class Doors:
    """Who comes in; whoever does not is remembered before they are told (A120)."""

    def __init__(self, journal: Journal, presented: PresentedTokens) -> None:
        self._journal = journal
        self._presented = presented

    async def client(self, bearer: str | None, scope: str, origin: Origin) -> ClientCaller:
        """A client acting for itself, with this scope."""
        token = await self._admitted(bearer, scope, origin, _of_client)
        return ClientCaller(token.client_id, token.scopes, origin)

    async def subscriber(self, bearer: str | None, scope: str, origin: Origin) -> SubscriberCaller:
        """A subscriber in a session of theirs, with this scope."""
        token = await self._admitted(bearer, scope, origin, _of_person)
        log_in = _log_in(token)
        return SubscriberCaller(
            PersonId(token.subject),
            log_in.session_id,
            token.client_id,
            token.scopes,
            tuple(method.value for method in log_in.amr),
            origin,
        )

    async def applicant(self, bearer: str | None, origin: Origin) -> ApplicantCaller:
        """Whoever brings a token at all: whether it opens this proofing is judged where the proofing's row is held."""
        if bearer is None:
            refusal = Unauthenticated()
            await self._remember(refusal, Actor(ActorKind.ANYONE, network=origin.network))
            raise refusal
        return ApplicantCaller(Secret(bearer), origin)

    async def _admitted(
        self, bearer: str | None, scope: str, origin: Origin, is_of_this_kind: Callable[[AccessToken], bool]
    ) -> AccessToken:
        actor = Actor(ActorKind.ANYONE, network=origin.network)
        try:
            if bearer is None:
                raise Unauthenticated
            token = await self._presented.accepted(bearer)
            actor = _bearer_of(token, origin)
            if not is_of_this_kind(token):
                raise InvalidToken(Flaw.ANOTHER_KIND)
            if scope not in token.scopes:
                raise InsufficientScope(scope=scope)
        except Unavailable:
            raise
        except Refusal as refusal:
            await self._remember(refusal, actor, scope=scope)
            raise
        return token

    async def _remember(self, refusal: Refusal, actor: Actor, *, scope: str | None = None) -> None:
        flaw = refusal.flaw.value if isinstance(refusal, InvalidToken) else None
        await self._journal.act("caller.admit", actor).record_alone(refusal, flaw=flaw, scope=scope)


def _of_client(token: AccessToken) -> bool:
    return token.authentication is None


def _of_person(token: AccessToken) -> bool:
    return token.authentication is not None


def _log_in(token: AccessToken) -> Authentication:
    if token.authentication is None:
        raise InvalidToken(Flaw.ANOTHER_KIND)
    return token.authentication


def _bearer_of(token: AccessToken, origin: Origin) -> Actor:
    if token.authentication is None:
        return Actor(ActorKind.CLIENT, token.client_id, token.client_id, origin.network)
    factors = tuple(method.value for method in token.authentication.amr)
    return Actor(ActorKind.SUBSCRIBER, token.subject, token.client_id, origin.network, factors)

"""What is a token worth that somebody brings? Introspection, revocation, and the door of our own interface."""

from functools import partial

from app.assertion import introspection, refresh
from app.assertion.claims import AccessToken
from app.assertion.client import Client
from app.assertion.oauth import InvalidClient, InvalidGrant
from app.assertion.token import Flaw, InvalidToken
from app.core.ids import SessionId
from app.gateways.signing import Verifier
from app.services.clients import Clients, Credentials, claimed, known
from app.services.journal import Journal
from app.services.mint import Mint
from app.storage.work import Work


class PresentedTokens:
    """Judges access tokens of this issuer; ends those of whoever asks for it."""

    def __init__(self, journal: Journal, clients: Clients, verifier: Verifier, mint: Mint, *, issuer: str) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._clients = clients
        self._verifier = verifier
        self._mint = mint
        self._issuer = issuer

    async def introspect(self, credentials: Credentials, token: str, network: str | None) -> dict[str, object]:
        """What the caller may know of a token; inactive for every reason is one answer (A99)."""
        actor = claimed(credentials, network)
        async with self._journal.act("token.introspect", actor) as act:
            client = await self._clients.recognised(credentials)
            if not client.confidential:
                raise InvalidClient
            act.actor = known(client, actor)
            found = self._good(token, client)
            if found is None:
                await act.record_alone(active=False)
                return introspection.answer(None)
            act.subject = found.subject if found.authentication else None
            is_live = partial(self._database.gathered.is_live, found.id, _session_of(found))
            return introspection.answer(found if await act.record_judged(is_live) else None)

    async def revoke(self, credentials: Credentials, token: str, network: str | None) -> None:
        """Forget a token of the caller's own; anything else is answered alike (RFC 7009 §2.2, A100)."""
        actor = claimed(credentials, network)
        async with self._journal.act("token.revoke", actor) as act, self._database.work() as work:
            client = await self._clients.authenticated(work, credentials)
            act.actor = known(client, actor)
            revoked = await self._revoke_access(work, token, client) or await self._revoke_refresh(work, token, client)
            await act.record(work, revoked=revoked)

    async def accepted(self, token: str) -> AccessToken:
        """The access token a caller of our own interface brought; raises InvalidToken."""
        verified = self._verifier.verify(token, audiences=frozenset({self._issuer}), now=self._clock.now())
        if await self._database.gathered.is_revoked(verified.id, _session_of(verified)):
            raise InvalidToken(Flaw.REVOKED)
        return verified

    def _good(self, token: str, client: Client) -> AccessToken | None:
        """What a good signature says, for this resource and now; whether it was revoked is not known here."""
        try:
            return self._verifier.verify(token, audiences=client.audiences, now=self._clock.now())
        except InvalidToken:
            return None

    async def _revoke_access(self, work: Work, token: str, client: Client) -> bool:
        try:
            verified = self._verifier.verify_as_issuer(token, now=self._clock.now())
        except InvalidToken:
            return False
        if not introspection.revocable(verified, by=client.id):
            return False
        await work.tokens.revoke(verified.id, verified.expires_at, self._clock.now())
        return True

    async def _revoke_refresh(self, work: Work, token: str, client: Client) -> bool:
        try:
            presented = refresh.parse(token)
        except InvalidGrant:
            return False
        if not self._mint.vouches(presented, client):
            return False
        return await work.sessions.end(presented.session_id, self._clock.now(), "revoked")


def _session_of(token: AccessToken) -> SessionId | None:
    return None if token.authentication is None else token.authentication.session_id

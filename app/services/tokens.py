"""How does a grant become a token, and when is a token good no longer? One door for all of them."""

from dataclasses import dataclass

from app.assertion import client as registration
from app.assertion import introspection, refresh
from app.assertion.authorization_code import Redemption
from app.assertion.claims import AccessToken, Granted, for_client, for_person
from app.assertion.client import Client
from app.assertion.oauth import InvalidClient, InvalidGrant
from app.assertion.refresh import Outcome, Presented, RefreshFamily
from app.assertion.token import Flaw, InvalidToken
from app.core import ids
from app.core.entropy import Entropy
from app.core.ids import SessionId
from app.core.refusal import Refusal
from app.gateways.digests import Tag, TokenMac
from app.gateways.signing import Signer, Verifier
from app.services.clients import Clients, Credentials, claimed, known
from app.services.journal import Act, Journal
from app.services.vault import Use, Vault
from app.storage.sessions import Session
from app.storage.work import Work

Resources = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """What a token answer carries."""

    access_token: str
    scopes: frozenset[str]
    refresh_token: str | None
    expires_in_seconds: int


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the token endpoint, its parameters as they came."""

    grant_type: str
    credentials: Credentials
    network: str | None
    scope: str | None = None
    resources: Resources = ()
    code: str | None = None
    code_verifier: str | None = None
    redirect_uri: str | None = None
    refresh_token: str | None = None


class Tokens:
    """The token endpoint, introspection and revocation."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clients: Clients,
        signer: Signer,
        verifier: Verifier,
        mac: TokenMac,
        entropy: Entropy,
        *,
        issuer: str,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._clients = clients
        self._signer = signer
        self._verifier = verifier
        self._mac = mac
        self._entropy = entropy
        self._issuer = issuer

    async def issue(self, request: Request) -> Issued:
        """Answer one grant; the event is durable before the answer is."""
        actor = claimed(request.credentials, request.network)
        async with self._journal.act(f"token.{_named(request.grant_type)}", actor) as act:
            async with self._database.work() as work:
                client = await self._clients.authenticated(work, request.credentials)
                act.actor = known(client, actor)
                grant = registration.permitted(request.grant_type, client)
                issued: Issued | None
                refusal: Refusal | None = None
                match grant:
                    case registration.Grant.CLIENT_CREDENTIALS:
                        issued = self._for_client(client, request)
                        await act.record(work)
                    case registration.Grant.AUTHORIZATION_CODE:
                        issued, refusal = await self._for_code(work, act, client, request)
                    case registration.Grant.REFRESH_TOKEN:
                        issued, refusal = await self._for_refresh(work, act, client, request)
            if refusal is not None:
                raise refusal
        if issued is None:
            raise InvalidGrant
        return issued

    async def introspect(self, credentials: Credentials, token: str, network: str | None) -> dict[str, object]:
        """What the caller may know of a token; inactive for every reason is one answer (A99)."""
        actor = claimed(credentials, network)
        async with self._journal.act("token.introspect", actor) as act, self._database.work() as work:
            client = await self._clients.authenticated(work, credentials)
            if not client.confidential:
                raise InvalidClient
            act.actor = known(client, actor)
            found = await self._live(work, token, client)
            act.subject = found.subject if found and found.authentication else None
            await act.record(work, active=found is not None)
            return introspection.answer(found)

    async def revoke(self, credentials: Credentials, token: str, network: str | None) -> None:
        """Forget a token of the caller's own; anything else is answered alike (RFC 7009 §2.2, A100)."""
        actor = claimed(credentials, network)
        async with self._journal.act("token.revoke", actor) as act, self._database.work() as work:
            client = await self._clients.authenticated(work, credentials)
            act.actor = known(client, actor)
            revoked = await self._revoke_access(work, token, client) or await self._revoke_refresh(work, token, client)
            await act.record(work, revoked=revoked)

    async def accepted(self, work: Work, token: str) -> AccessToken:
        """The access token a caller of our own interface brought; raises InvalidToken."""
        verified = self._verifier.verify(token, audiences=frozenset({self._issuer}), now=self._clock.now())
        if await work.tokens.is_revoked(verified.id, _session_of(verified)):
            raise InvalidToken(Flaw.REVOKED)
        return verified

    def _for_client(self, client: Client, request: Request) -> Issued:
        scopes = registration.granted(request.scope, client)
        grant = Granted(self._issuer, registration.target(request.resources, client), client.id, scopes)
        token = for_client(grant, now=self._clock.now(), nonce=self._nonce())
        return self._issued(token, None)

    async def _for_code(
        self, work: Work, act: Act, client: Client, request: Request
    ) -> tuple[Issued | None, Refusal | None]:
        found = await work.tokens.lock_code(self._vault.macs(Use.AUTHORIZATION_CODE, request.code or ""))
        if found is None:
            refusal = InvalidGrant()
            await act.record(work, refusal)
            return None, refusal
        index, code = found
        act.subject = code.person_id
        now = self._clock.now()
        spent, redemption, denied = code.redeem(
            request.code_verifier, client_id=client.id, redirect=request.redirect_uri, now=now
        )
        await work.tokens.spend_code(index, spent)
        if denied is None and not await work.subscribers.is_active(code.person_id):
            denied = InvalidGrant()
        session_id = code.authentication.session_id
        if redemption is Redemption.REPLAYED:
            # Thief and owner both hold it: what the first exchange began ends here (A79).
            await work.sessions.end(session_id, now, "code_replayed")
        if denied is not None:
            await act.record(work, denied, redemption=redemption)
            return None, denied
        audience = registration.chosen(request.resources, code.audiences)
        family = refresh.opened(session_id, client.id, now=now, lifetime=refresh.ABSOLUTE_END)
        session = Session(
            family, code.person_id, code.scopes, code.audiences, code.authentication, request.network, now
        )
        await work.sessions.add(session)
        act.object_id = session_id
        await act.record(work, acr=code.authentication.acr, amr=" ".join(code.authentication.amr))
        return self._for_person(client, session, session.scopes, audience, family), None

    async def _for_refresh(
        self, work: Work, act: Act, client: Client, request: Request
    ) -> tuple[Issued | None, Refusal | None]:
        presented = refresh.parse(request.refresh_token or "")
        session = await self._vouched(work, presented, client)
        act.object_id, act.subject = session.family.session_id, session.subscriber_id
        if not await work.subscribers.is_active(session.subscriber_id):
            raise InvalidGrant
        scopes = registration.narrowed(request.scope, session.scopes)
        audience = registration.chosen(request.resources, session.audiences)
        now = self._clock.now()
        family, outcome, denied = session.family.exchange(presented.generation, client_id=client.id, now=now)
        if outcome is Outcome.ROTATED:
            await work.sessions.save(family)
        elif outcome is Outcome.REUSED:
            await work.sessions.end(family.session_id, now, "refresh_token_reused")
        await act.record(work, denied, outcome=outcome)
        if denied is not None:
            return None, denied
        return self._for_person(client, session, scopes, audience, family), None

    async def _vouched(self, work: Work, presented: Presented, client: Client) -> Session:
        """The session of a refresh token of ours; raises InvalidGrant before the database is asked for a forged one."""
        message = refresh.message(presented.session_id, presented.generation, client.id)
        if not self._mac.vouches(message, Tag(presented.suite, presented.key_version, presented.mac)):
            raise InvalidGrant
        session = await work.sessions.lock(presented.session_id)
        if session is None:
            raise InvalidGrant
        return session

    def _for_person(
        self, client: Client, session: Session, scopes: frozenset[str], audience: str, family: RefreshFamily
    ) -> Issued:
        grant = Granted(self._issuer, audience, client.id, scopes)
        token = for_person(
            grant,
            session.subscriber_id,
            session.authentication,
            session_ends_at=family.expires_at,
            now=self._clock.now(),
            nonce=self._nonce(),
        )
        renews = registration.Grant.REFRESH_TOKEN in client.grants
        return self._issued(token, self._refresh_token(family) if renews else None)

    def _issued(self, token: AccessToken, refresh_token: str | None) -> Issued:
        signed = self._signer.sign(token, now=self._clock.now())
        return Issued(signed, token.scopes, refresh_token, int((token.expires_at - token.issued_at).total_seconds()))

    def _refresh_token(self, family: RefreshFamily) -> str:
        tag = self._mac.tag(refresh.message(family.session_id, family.generation, family.client_id))
        return refresh.text(Presented(tag.suite, tag.version, family.session_id, family.generation, tag.mac))

    async def _live(self, work: Work, token: str, client: Client) -> AccessToken | None:
        try:
            verified = self._verifier.verify(token, audiences=client.audiences, now=self._clock.now())
        except InvalidToken:
            return None
        return None if await work.tokens.is_revoked(verified.id, _session_of(verified)) else verified

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
            session = await self._vouched(work, refresh.parse(token), client)
        except InvalidGrant:
            return False
        return await work.sessions.end(session.family.session_id, self._clock.now(), "revoked")

    def _nonce(self) -> bytes:
        return self._entropy.draw(ids.NONCE_BYTES)


def _session_of(token: AccessToken) -> SessionId | None:
    return None if token.authentication is None else token.authentication.session_id


def _named(grant_type: str) -> str:
    """The grant as an action's name; what does not exist is one name, whatever was sent."""
    return grant_type if grant_type in set(registration.Grant) else "unknown_grant"

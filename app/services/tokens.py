"""How does a grant become a token? One door for all of them."""

from dataclasses import dataclass

from app.assertion import client as registration
from app.assertion import refresh
from app.assertion.authorization_code import Redemption
from app.assertion.client import Client, Grant
from app.assertion.oauth import InvalidGrant
from app.core.refusal import Refusal
from app.services.clients import Clients, Credentials, claimed, known
from app.services.journal import Act, Journal
from app.services.mint import Issued, Mint
from app.services.renewals import Renewals, Resources
from app.services.vault import Use, Vault
from app.storage.sessions import Session
from app.storage.work import Work

GRANTS = frozenset(Grant)


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
    """The token endpoint."""

    def __init__(self, journal: Journal, vault: Vault, clients: Clients, mint: Mint, renewals: Renewals) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._clients = clients
        self._mint = mint
        self._renewals = renewals

    async def issue(self, request: Request) -> Issued:
        """Answer one grant; the event is durable before the answer is."""
        actor = claimed(request.credentials, request.network)
        async with self._journal.act(f"token.{_named(request.grant_type)}", actor) as act:
            client = await self._clients.recognised(request.credentials)
            act.actor = known(client, actor)
            match registration.permitted(request.grant_type, client):
                case Grant.CLIENT_CREDENTIALS:
                    return await self._for_client(act, client, request)
                case Grant.AUTHORIZATION_CODE:
                    return await self._for_code(act, client, request)
                case Grant.REFRESH_TOKEN:
                    token = request.refresh_token or ""
                    return await self._renewals.renew(act, client, token, request.scope, request.resources)

    async def _for_client(self, act: Act, client: Client, request: Request) -> Issued:
        scopes = registration.granted(request.scope, client)
        issued = self._mint.for_client(client, registration.target(request.resources, client), scopes)
        await act.record_alone()
        return issued

    async def _for_code(self, act: Act, client: Client, request: Request) -> Issued:
        async with self._database.work() as work:
            issued, refusal = await self._redeemed(work, act, client, request)
        if refusal is not None:
            raise refusal
        if issued is None:
            raise InvalidGrant
        return issued

    async def _redeemed(
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
        return self._mint.for_person(client, session, family, audience, session.scopes), None


def _named(grant_type: str) -> str:
    """The grant as an action's name; what does not exist is one name, whatever was sent."""
    return grant_type if grant_type in GRANTS else "unknown_grant"

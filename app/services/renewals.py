"""May this session go on? One refresh token exchanged: as a rule in one statement, held and judged again where that fails."""

from functools import partial

from app.assertion import client as registration
from app.assertion import refresh
from app.assertion.client import Client
from app.assertion.oauth import InvalidGrant
from app.assertion.refresh import Outcome, Presented, RefreshFamily
from app.core.refusal import Refusal
from app.services.journal import Act, Journal
from app.services.mint import Issued, Mint
from app.storage.sessions import Session

Resources = tuple[str, ...]


class Renewals:
    """The grant `refresh_token`."""

    def __init__(self, journal: Journal, mint: Mint) -> None:
        self._database = journal.database
        self._clock = journal.clock
        self._mint = mint

    async def renew(self, act: Act, client: Client, token: str, scope: str | None, resources: Resources) -> Issued:
        """The session's next tokens; raises InvalidGrant, InvalidScope, InvalidTarget, each recorded first."""
        presented = refresh.parse(token)
        if not self._mint.vouches(presented, client):
            raise InvalidGrant
        session = await self._seen(act, presented)
        scopes = registration.narrowed(scope, session.scopes)
        audience = registration.chosen(resources, session.audiences)
        family = await self._rotated_at_once(act, client, session, presented)
        if family is None:
            session, family = await self._rotated_holding(act, client, presented)
        return self._mint.for_person(client, session, family, audience, scopes)

    async def _seen(self, act: Act, presented: Presented) -> Session:
        """The session as it was a moment ago; enough to refuse by, not to grant by."""
        live = await self._database.gathered.session(presented.session_id)
        if live is None:
            raise InvalidGrant
        act.object_id, act.subject = live.session.family.session_id, live.session.subscriber_id
        if not live.usable:
            raise InvalidGrant
        return live.session

    async def _rotated_at_once(
        self, act: Act, client: Client, session: Session, presented: Presented
    ) -> RefreshFamily | None:
        """The family one generation on, if it was the live one that was brought and nobody came first; else None.

        The statement writes only over the generation that was judged here, so of any number who race one does (A90).
        """
        now = self._clock.now()
        family, outcome, _ = session.family.exchange(presented.generation, client_id=client.id, now=now)
        if outcome is not Outcome.ROTATED:
            return None
        rotate = partial(self._database.gathered.rotate, family)
        return family if await act.record_with(rotate, outcome=outcome) else None

    async def _rotated_holding(self, act: Act, client: Client, presented: Presented) -> tuple[Session, RefreshFamily]:
        """Judged where the row is held: a lost answer asked for again, a stolen token, a race."""
        refusal: Refusal | None
        async with self._database.work() as work:
            session = await work.sessions.lock(presented.session_id)
            if session is None or not await work.subscribers.is_active(session.subscriber_id):
                raise InvalidGrant
            now = self._clock.now()
            family, outcome, refusal = session.family.exchange(presented.generation, client_id=client.id, now=now)
            if outcome is Outcome.ROTATED:
                await work.sessions.save(family)
            elif outcome is Outcome.REUSED:
                await work.sessions.end(family.session_id, now, "refresh_token_reused")
            await act.record(work, refusal, outcome=outcome)
        if refusal is not None:
            raise refusal
        return session, family

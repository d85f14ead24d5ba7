"""May this session go on? One refresh token exchanged: as a rule in one statement, held and judged again where that fails."""

from dataclasses import replace
from functools import partial

from app.assertion import client as registration
from app.assertion import refresh
from app.assertion.client import Client
from app.assertion.oauth import InvalidGrant
from app.assertion.refresh import Outcome, Presented
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
        session = await self._rotated_at_once(act, presented) if scope is None and not resources else None
        if session is None:
            seen = await self._seen(act, presented)
            scopes = registration.narrowed(scope, seen.scopes)
            audience = registration.chosen(resources, seen.audiences)
            session = await self._rotated_holding(act, client, presented)
        else:
            scopes, audience = session.scopes, registration.chosen((), session.audiences)
        return self._mint.for_person(client, session, session.family, audience, scopes)

    async def _rotated_at_once(self, act: Act, presented: Presented) -> Session | None:
        """The session one generation on, if it was the live one that was brought and nobody came first; else None.

        The statement writes over the generation that was brought alone, so of any number who race one does (A90).
        """
        rotate = partial(self._database.gathered.rotate, presented.session_id, presented.generation)
        session = await act.record_with(rotate, outcome=Outcome.ROTATED)
        if session is not None:
            act.object_id, act.subject = session.family.session_id, session.subscriber_id
        return session

    async def _seen(self, act: Act, presented: Presented) -> Session:
        """The session as it was a moment ago; enough to refuse by, not to grant by."""
        live = await self._database.gathered.session(presented.session_id)
        if live is None:
            raise InvalidGrant
        act.object_id, act.subject = live.session.family.session_id, live.session.subscriber_id
        if not live.usable:
            raise InvalidGrant
        return live.session

    async def _rotated_holding(self, act: Act, client: Client, presented: Presented) -> Session:
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
        return replace(session, family=family)

"""What may a subscriber see and end of their own? Their account and their sessions."""

import json
from dataclasses import dataclass
from datetime import datetime

from app.core.acr import Control, Ial
from app.core.ids import PersonId, SessionId
from app.core.paging import Page, Wanted
from app.core.refusal import NotFound
from app.mfa.contact_address import Channel, masked
from app.services.callers import SubscriberCaller
from app.services.journal import Journal
from app.services.vault import Sealed, Vault
from app.storage.authenticators import Kind
from app.storage.sessions import Session

SELF_SERVICE = "self_service"


@dataclass(frozen=True, slots=True)
class Account:
    """A subscriber account, as shown to its subscriber: identity number and addresses masked (R23)."""

    id: PersonId
    customer_ref: str | None
    ial: Ial
    ial_missing: tuple[Control, ...]
    name: str
    number: str
    contacts: tuple[tuple[str, str], ...]
    authenticators: tuple[tuple[str, datetime | None], ...]
    created_at: datetime


class Accounts:
    """Self-service."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault

    async def read(self, caller: SubscriberCaller) -> Account:
        """The caller's own account."""
        async with self._journal.act("account.read", caller.actor(), subject=caller.subscriber_id) as act:
            async with self._database.work() as work:
                subscriber = await work.subscribers.find(caller.subscriber_id)
                if subscriber is None:
                    raise NotFound
                person = await self._vault.person(work, subscriber.id)
                opened = await person.open(
                    Sealed.ATTRIBUTES, subscriber.id, subscriber.sealed_attributes, by=act.actor, purpose=SELF_SERVICE
                )
                attributes = json.loads(opened)
                contacts = []
                for alias in await work.subscribers.aliases(subscriber.id):
                    address = await person.open(
                        Sealed.ALIAS, subscriber.id, alias.sealed_address, by=act.actor, purpose=SELF_SERVICE
                    )
                    contacts.append((alias.channel, masked(Channel(alias.channel), address.decode())))
                bound = [(kind, await work.authenticators.find(subscriber.id, kind)) for kind in Kind]
                await act.record(work)
        return Account(
            id=subscriber.id,
            customer_ref=subscriber.customer_ref,
            ial=subscriber.ial,
            ial_missing=subscriber.ial_missing,
            name=attributes["name"],
            number=f"{attributes['number'][:3]}***********{attributes['number'][-4:]}",
            contacts=tuple(contacts),
            authenticators=tuple((kind.value, each.bound_at) for kind, each in bound if each is not None),
            created_at=subscriber.created_at,
        )

    async def sessions(self, caller: SubscriberCaller, wanted: Wanted) -> Page[Session]:
        """The caller's live sessions, oldest first."""
        async with self._journal.act("session.list", caller.actor(), subject=caller.subscriber_id) as act:
            async with self._database.work() as work:
                found = await work.sessions.live(caller.subscriber_id, self._clock.now(), wanted)
                await act.record(work, count=len(found.items))
        return found

    async def end_session(self, caller: SubscriberCaller, session_id: str) -> None:
        """End one; its tokens are inactive from this moment. Another person's and none at all are one answer."""
        async with (
            self._journal.act("session.end", caller.actor(), subject=caller.subscriber_id, object_id=session_id) as act,
            self._database.work() as work,
        ):
            session = await work.sessions.lock(SessionId(session_id))
            if session is None or session.subscriber_id != caller.subscriber_id or session.family.ended_at:
                raise NotFound
            await work.sessions.end(session.family.session_id, self._clock.now(), "ended_by_subscriber")
            await act.record(work)

    async def end_sessions(self, caller: SubscriberCaller) -> int:
        """End all of them, this one too; how many."""
        async with self._journal.act("session.end_all", caller.actor(), subject=caller.subscriber_id) as act:
            async with self._database.work() as work:
                ended = await work.sessions.end_all(caller.subscriber_id, self._clock.now(), "ended_by_subscriber")
                await act.record(work, count=ended)
        return ended

"""How does a message leave? From the outbox, after the commit that wrote it, and never twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.core.audit import Actor, ActorKind
from app.core.ids import MessageId
from app.gateways.messages import Letter, MayHaveLeft, Messenger, NotSent, Rejected
from app.mfa.outgoing import Outgoing, State
from app.services import wording
from app.services.journal import Act, Journal
from app.services.vault import Sealed, Vault
from app.storage.messages import SealedMessage
from app.storage.work import Work

DELIVERY = "delivery"
DISPLAY = "sandbox_display"
SHOWN = 50
US = Actor(ActorKind.SYSTEM, "worker")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the sandbox shows it."""

    channel: str
    recipient: str
    body: str
    language: str
    created_at: datetime
    delivered: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one try."""

    outgoing: Outgoing
    cause: str | None = None
    again_after: timedelta | None = None


class Deliveries:
    """The outbox's way out."""

    def __init__(self, journal: Journal, vault: Vault, messenger: Messenger, *, keeps_words: bool) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._messenger = messenger
        self._keeps_words = keeps_words
        """For `/sandbox/messages`; in production what was said is erased once it is settled."""

    async def deliver(self, message_id: str) -> None:
        """Hand one message over. It is on its way, committed, before a byte leaves: whoever dies then leaves it unknown."""
        async with self._journal.act("message.deliver", US, object_id=message_id) as act:
            taken = await self._taken_up(act, MessageId(message_id))
            if taken is not None:
                message, letter = taken
                sent = await self._sent(letter, message)
                await self._remember(act, message.id, sent)

    async def shown(self, viewer: Actor) -> tuple[Shown, ...]:
        """The newest messages in clear, for development and sandbox alone; each opening is an event."""
        async with self._database.work() as work:
            found = [await self._shown(work, message, viewer) for message in await work.messages.latest(SHOWN)]
        return tuple(message for message in found if message is not None)

    async def _taken_up(self, act: Act, message_id: MessageId) -> tuple[SealedMessage, Letter] | None:
        """The message in clear, on its way from this commit on; None: there is nothing to send."""
        async with self._database.work() as work:
            message = await work.messages.lock(message_id)
            if message is None:
                await act.record(work, skipped=True)
                return None
            act.subject = message.person_id
            message = replace(message, outgoing=message.outgoing.begun(self._clock.now()))
            await self._settle(work, message)
            if message.outgoing.state is not State.SENDING:
                await act.record(work, skipped=True, state=message.outgoing.state)
                return None
            return message, await self._letter(work, message)

    async def _sent(self, letter: Letter, message: SealedMessage) -> Sent:
        begun = message.outgoing
        try:
            await self._messenger.of(message.channel).send(letter)
        except NotSent as error:
            after, again_after = begun.unsent(self._clock.now())
            return Sent(after, str(error), again_after)
        except Rejected as error:
            return Sent(begun.refused(self._clock.now()), str(error))
        except MayHaveLeft as error:
            return Sent(begun.lost_sight_of(self._clock.now()), str(error))
        return Sent(begun.handed_over(self._clock.now()))

    async def _remember(self, act: Act, message_id: MessageId, sent: Sent) -> None:
        async with self._database.work() as work:
            message = await work.messages.lock(message_id)
            if message is None or message.outgoing.state is not State.SENDING:
                # Another worker took us for dead and has settled it already: what it wrote stands.
                return await act.record(work, state=sent.outgoing.state, cause=sent.cause, late=True)
            await self._settle(work, replace(message, outgoing=sent.outgoing))
            if sent.again_after is not None:
                await work.jobs.deliver(message_id, message.channel, after=sent.again_after)
            return await act.record(
                work,
                gateway=self._messenger.of(message.channel).name,
                channel=message.channel,
                state=sent.outgoing.state,
                tries=sent.outgoing.tries,
                cause=sent.cause,
            )

    async def _settle(self, work: Work, message: SealedMessage) -> None:
        await work.messages.save(message.id, message.outgoing)
        if message.outgoing.settled_at is not None and not self._keeps_words:
            await work.messages.erase(message.id)

    async def _letter(self, work: Work, message: SealedMessage) -> Letter:
        if message.sealed_body is None:
            raise LookupError(f"{message.id} was erased before it was sent")
        person = await self._vault.person(work, message.person_id)
        recipient = await person.open(Sealed.RECIPIENT, message.id, message.sealed_recipient, by=US, purpose=DELIVERY)
        body = await person.open(Sealed.BODY, message.id, message.sealed_body, by=US, purpose=DELIVERY)
        values: Mapping[str, str] = {}
        if message.sealed_values is not None:
            opened = await person.open(Sealed.VALUES, message.id, message.sealed_values, by=US, purpose=DELIVERY)
            values = json.loads(opened)
        subject = wording.subject(message.template, message.language)
        return Letter(
            message.id, recipient.decode(), message.template, message.language, subject, body.decode(), values
        )

    async def _shown(self, work: Work, message: SealedMessage, viewer: Actor) -> Shown | None:
        if message.sealed_body is None:
            return None
        person = await self._vault.person(work, message.person_id)
        recipient = await person.open(
            Sealed.RECIPIENT, message.id, message.sealed_recipient, by=viewer, purpose=DISPLAY
        )
        body = await person.open(Sealed.BODY, message.id, message.sealed_body, by=viewer, purpose=DISPLAY)
        return Shown(
            message.channel,
            recipient.decode(),
            body.decode(),
            message.language,
            message.created_at,
            delivered=message.outgoing.state is State.HANDED_OVER,
        )

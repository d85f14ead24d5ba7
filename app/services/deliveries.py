"""How does a message leave? From the outbox, after the commit that wrote it, once."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit import Actor, ActorKind
from app.core.ids import MessageId
from app.gateways.messages import MessageGateway
from app.services.journal import Journal
from app.services.vault import Sealed, Vault

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


class Deliveries:
    """The outbox's way out."""

    def __init__(self, journal: Journal, vault: Vault, gateway: MessageGateway) -> None:
        self._journal = journal
        self._database = journal.database
        self._vault = vault
        self._gateway = gateway

    async def deliver(self, message_id: str) -> None:
        """Hand one message over, at most once: a lost code is asked for again, a doubled one is a puzzle to its reader."""
        async with self._journal.act("message.deliver", US, object_id=message_id) as act:
            async with self._database.work() as work:
                message = await work.messages.lock(MessageId(message_id))
                if message is None or message.delivered_at is not None:
                    await act.record(work, skipped=True)
                    return
                act.subject = message.person_id
                person = await self._vault.person(work, message.person_id)
                recipient = await person.open(
                    Sealed.RECIPIENT, message.id, message.sealed_recipient, by=US, purpose=DELIVERY
                )
                body = await person.open(Sealed.BODY, message.id, message.sealed_body, by=US, purpose=DELIVERY)
                # Marked before it is sent: a code that may have left is never sent twice (A41).
                await work.messages.delivered(message.id, self._journal.clock.now())
                await act.record(work, gateway=self._gateway.name, channel=message.channel)
            await self._gateway.send(message.channel, recipient.decode(), body.decode())

    async def shown(self, viewer: Actor) -> tuple[Shown, ...]:
        """The newest messages in clear, for development and sandbox alone; each opening is an event."""
        async with self._database.work() as work:
            found = []
            for message in await work.messages.latest(SHOWN):
                person = await self._vault.person(work, message.person_id)
                recipient = await person.open(
                    Sealed.RECIPIENT, message.id, message.sealed_recipient, by=viewer, purpose=DISPLAY
                )
                body = await person.open(Sealed.BODY, message.id, message.sealed_body, by=viewer, purpose=DISPLAY)
                delivered = message.delivered_at is not None
                found.append(
                    Shown(
                        message.channel,
                        recipient.decode(),
                        body.decode(),
                        message.language,
                        message.created_at,
                        delivered,
                    )
                )
        return tuple(found)

"""How is a message left for delivery? In the unit of work it tells of, sealed; codes within what may be sent (A41)."""

import json
from datetime import datetime

from app.core import ids
from app.core.audit import Actor
from app.core.entropy import Entropy
from app.core.ids import ClientId, MessageId, PersonId
from app.mfa import outgoing, sending
from app.mfa.contact_address import Channel
from app.mfa.guessing import network_of
from app.mfa.sending import Limits
from app.services import wording
from app.services.journal import Journal
from app.services.vault import Sealed, Use, Vault
from app.services.wording import Template, Words
from app.storage.messages import SealedMessage
from app.storage.work import Work

NOTICE = "change_notice"


class Outbox:
    """The way in to what the worker delivers; each caller opens the unit of work."""

    def __init__(self, journal: Journal, vault: Vault, entropy: Entropy, limits: Limits, *, sender: str) -> None:
        self.sender = sender
        self._clock = journal.clock
        self._vault = vault
        self._entropy = entropy
        self._limits = limits

    async def count(
        self, work: Work, channel: Channel, address: str, *, network: str | None, client_id: ClientId
    ) -> None:
        """Count one code on everything it is counted on; raises SentTooOften. The tallies stay held: call it late."""
        keys = sending.counted_on(channel, address, network=network_of(network), client=client_id)
        now = self._clock.now()
        for cap, value in keys.items():
            index = self._vault.index(Use.SENDING, f"{cap}\n{value}")
            tally = await work.sendings.lock(cap, index)
            await work.sendings.save(cap, index, sending.count(tally, now, self._limits.of(cap, value)))

    async def leave(
        self, work: Work, person_id: PersonId, channel: Channel, address: str, words: Words, *, expires_at: datetime
    ) -> None:
        """Leave one message, worth sending until `expires_at`."""
        message_id = MessageId(ids.named("msg", self._entropy.draw(ids.NONCE_BYTES)))
        person = await self._vault.person(work, person_id)
        await work.messages.add(
            SealedMessage(
                id=message_id,
                person_id=person_id,
                channel=channel,
                template=words.template,
                language=words.language,
                sealed_recipient=person.seal(Sealed.RECIPIENT, message_id, address.encode()),
                sealed_body=person.seal(Sealed.BODY, message_id, words.body.encode()),
                sealed_values=person.seal(Sealed.VALUES, message_id, json.dumps(dict(words.values)).encode()),
                created_at=self._clock.now(),
                outgoing=outgoing.queued(expires_at),
            )
        )
        await work.jobs.deliver(message_id, channel)

    async def tell(self, work: Work, person_id: PersonId, template: Template, *, by: Actor) -> None:
        """Tell a subscriber at every address of theirs that an authenticator was changed (A31)."""
        subscriber = await work.subscribers.find(person_id)
        if subscriber is None:
            raise LookupError(person_id)
        now = self._clock.now()
        words = wording.changed(template, sender=self.sender, language=subscriber.language, at=now)
        person = await self._vault.person(work, person_id)
        for alias in await work.subscribers.aliases(person_id):
            address = await person.open(Sealed.ALIAS, person_id, alias.sealed_address, by=by, purpose=NOTICE)
            await self.leave(
                work,
                person_id,
                Channel(alias.channel),
                address.decode(),
                words,
                expires_at=now + outgoing.NOTICE_LIFE,
            )

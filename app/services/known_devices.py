"""Which device is this? A token handed out with each completed log-in, recognised at the beginning of the next."""

from app.core import ids
from app.core.entropy import Entropy, text
from app.core.ids import ClientId, DeviceId, PersonId
from app.core.refusal import NotFound
from app.core.secret import Secret
from app.mfa import known_device
from app.mfa.known_device import LIFE, MOST, SECRET_BYTES, KnownDevice, Shown
from app.services.callers import SubscriberCaller
from app.services.journal import Act, Journal
from app.services.vault import Use, Vault
from app.storage.work import Work


class KnownDevices:
    """Recognised and handed out in the caller's unit of work; seen and forgotten by their subscriber."""

    def __init__(self, journal: Journal, vault: Vault, entropy: Entropy) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._entropy = entropy

    async def recognised(
        self, work: Work, token: Secret[str] | None, person_id: PersonId | None, client_id: ClientId | None, act: Act
    ) -> DeviceId | None:
        """The known device of whoever was named; None for every other token, and for none.

        One question for a token, whoever was named: how long it takes must not tell whether anybody has a device (A28).
        """
        if token is None:
            return None
        device = await work.known_devices.find(known_device.named_by(token.reveal()))
        if device is None:
            return None
        is_newest = self._vault.vouches(Use.DEVICE_TOKEN, token, device.token_index)
        shown = device.shown(is_newest=is_newest, person=person_id, client=client_id, now=self._clock.now())
        if shown is Shown.STALE:
            await self._end(work, device.id, act, "stale_token")
        return device.id if shown is Shown.KNOWN else None

    async def handed_out(
        self,
        work: Work,
        shown: DeviceId | None,
        person_id: PersonId,
        client_id: ClientId | None,
        network: str | None,
    ) -> Secret[str]:
        """The next token of the device, or the first of a new one; only after the last factor was proven (A66)."""
        now = self._clock.now()
        secret = text(self._entropy.draw(SECRET_BYTES))
        known = None if shown is None else await work.known_devices.lock(shown)
        if known is not None and known.is_alive(now):
            token = known_device.token(known.id, secret)
            await work.known_devices.save(known.rotated(self._index(token), network=network, now=now))
            return Secret(token)
        device_id = DeviceId(ids.named("dev", self._entropy.draw(ids.NONCE_BYTES)))
        token = known_device.token(device_id, secret)
        device = KnownDevice(
            id=device_id,
            person_id=person_id,
            client_id=client_id,
            token_index=self._index(token),
            network=network,
            created_at=now,
            used_at=now,
            expires_at=now + LIFE,
        )
        await work.known_devices.add(device)
        await work.known_devices.keep_newest(person_id, client_id, MOST)
        return Secret(token)

    async def of(self, caller: SubscriberCaller) -> list[KnownDevice]:
        """The caller's own, the one used last first."""
        async with self._journal.act("device.list", caller.actor(), subject=caller.subscriber_id) as act:
            async with self._database.work() as work:
                found = await work.known_devices.living(caller.subscriber_id, self._clock.now())
                await act.record(work, count=len(found))
        return found

    async def forget(self, caller: SubscriberCaller, device_id: str) -> None:
        """A stranger's from now on. Another person's and none at all are one answer."""
        async with (
            self._journal.act(
                "device.forget", caller.actor(), subject=caller.subscriber_id, object_id=device_id
            ) as act,
            self._database.work() as work,
        ):
            device = await work.known_devices.lock(DeviceId(device_id))
            now = self._clock.now()
            if device is None or device.person_id != caller.subscriber_id or not device.is_alive(now):
                raise NotFound
            await work.known_devices.save(device.ended(now))
            await act.record(work)

    async def _end(self, work: Work, device_id: DeviceId, by: Act, reason: str) -> None:
        """Of two who show tokens of one device one has a copy: from now on both are strangers."""
        device = await work.known_devices.lock(device_id)
        if device is None or device.ended_at is not None:
            return
        await work.known_devices.save(device.ended(self._clock.now()))
        ended = self._journal.act("device.end", by.actor, subject=device.person_id, object_id=device.id)
        await ended.record(work, None, reason=reason)

    def _index(self, token: str) -> bytes:
        return self._vault.mac(Use.DEVICE_TOKEN, token)

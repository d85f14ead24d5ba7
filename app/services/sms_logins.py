"""How does a code by SMS prove a log-in? Asked for after the first proof, sent to the proven phone, spent once."""

from dataclasses import dataclass
from datetime import datetime

from app.core.entropy import Entropy, digits
from app.core.ids import LoginId, PersonId
from app.core.secret import Secret
from app.mfa import sms
from app.mfa.contact_address import Channel, masked
from app.mfa.guessing import Keys
from app.mfa.login import AuthenticatorNotBound, Login
from app.mfa.sms import SmsCode, SmsForbidden
from app.services import wording
from app.services.journal import Act, Journal
from app.services.login_steps import LoginSteps, Progress, claimant
from app.services.outbox import Outbox
from app.services.vault import Sealed, Use, Vault
from app.storage.subscribers import Alias
from app.storage.work import Work

CODE_NONCE_BYTES = 16
SENDING = "login_code"


@dataclass(frozen=True, slots=True)
class SentCode:
    """What the front end may show of a code that was sent."""

    login_id: LoginId
    recipient: str
    """Masked."""
    expires_at: datetime


class SmsLogins:
    """Codes by SMS as the second proof of a log-in."""

    def __init__(self, journal: Journal, vault: Vault, steps: LoginSteps, outbox: Outbox, entropy: Entropy) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._steps = steps
        self._outbox = outbox
        self._entropy = entropy

    async def send(self, login_id: str, network: str | None) -> SentCode:
        """Leave a code for the proven phone; it goes out through the outbox, after the commit."""
        async with self._journal.act("login.send_sms", claimant(network), object_id=login_id) as act:
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                now = self._clock.now()
                if refusal := login.refuse_sms(now):
                    raise refusal
                person_id, alias = await self._phone(work, login)
                (await self._steps.guesses.hold(work, self._keys(login, person_id, network))).refuse()
                code = digits(self._entropy.draw(CODE_NONCE_BYTES), sms.DIGITS)
                digest = self._vault.mac(Use.LOGIN_CODE, _covered(login, alias, code))
                earlier = await work.sms_codes.lock(login.id)
                sent = SmsCode(login.id, digest, now) if earlier is None else earlier.again(digest, now=now)
                await work.sms_codes.put(sent)
                phone = await self._leave(work, login, alias, code, sent, act)
                await act.record(work, sent=sent.sent)
        return SentCode(login.id, masked(Channel.PHONE, phone), min(sent.expires_at, login.expires_at))

    async def prove(self, login_id: str, given: str, network: str | None) -> Progress:
        """Spend the code; a wrong one leaves its mark on the log-in and on the phone's counter before it is refused."""
        async with self._journal.act("login.prove_sms", claimant(network), object_id=login_id) as act:
            async with self._database.work() as work:
                login = await self._steps.locked(work, login_id, act)
                if refusal := login.refuse_sms(self._clock.now()):
                    raise refusal
                person_id, alias = await self._phone(work, login)
                keys = self._keys(login, person_id, network)
                held = await self._steps.guesses.hold(work, keys)
                held.refuse()
                code = await work.sms_codes.lock(login.id)
                covered = Secret(_covered(login, alias, given))
                matched = code is not None and self._vault.vouches(Use.LOGIN_CODE, covered, code.digest)
                login, code, refusal = login.prove_sms(code, matched, now=self._clock.now())
                if code is not None:
                    await work.sms_codes.put(code)
                await self._steps.settle(work, act, login, keys, held, refusal)
                progress = await self._steps.progress(work, login)
            if refusal is not None:
                raise refusal
        return progress

    async def _phone(self, work: Work, login: Login) -> tuple[PersonId, Alias]:
        """The phone codes go to; asked only after the first proof, when the person is known to the claimant."""
        if not self._steps.sms_allowed:
            raise SmsForbidden
        alias = None if login.person_id is None else await self._steps.phone(work, login.person_id)
        if login.person_id is None or alias is None:
            raise AuthenticatorNotBound
        return login.person_id, alias

    def _keys(self, login: Login, person_id: PersonId, network: str | None) -> Keys:
        return self._steps.keys(login, network, self._steps.phone_index(person_id))

    async def _leave(self, work: Work, login: Login, alias: Alias, code: str, sent: SmsCode, act: Act) -> str:
        subscriber = await work.subscribers.find(alias.subscriber_id)
        if subscriber is None:
            raise LookupError(alias.subscriber_id)
        person = await self._vault.person(work, subscriber.id)
        opened = await person.open(Sealed.ALIAS, subscriber.id, alias.sealed_address, by=act.actor, purpose=SENDING)
        phone = opened.decode()
        words = wording.login_code(code, sender=self._outbox.sender, language=subscriber.language, life=sms.LIFE)
        await self._outbox.leave(
            work, subscriber.id, Channel.PHONE, phone, words, expires_at=min(sent.expires_at, login.expires_at)
        )
        await self._outbox.count(work, Channel.PHONE, phone, network=act.actor.network, client_id=login.client_id)
        return phone


def _covered(login: Login, alias: Alias, code: str) -> str:
    """What the digest covers: the log-in that asked, the phone as it was proven, and the code (A39)."""
    return f"{login.id}\n{alias.address_index.hex()}\n{code}"

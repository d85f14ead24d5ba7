"""What has every step of a log-in in common? The held row, the counted failures, the event, and what may come next."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit import Actor, ActorKind
from app.core.ids import LoginId, PersonId
from app.core.refusal import Refusal
from app.mfa.contact_address import Channel
from app.mfa.guessing import Key, Keys, Limits, TooManyTries, counted_on, network_of
from app.mfa.login import AMR_BY_FACTOR, Factor, Login, WrongProof
from app.services.guessing import GuessingDefence, Held
from app.services.journal import Act, Journal
from app.services.vault import Use, Vault
from app.storage.authenticators import Kind
from app.storage.subscribers import Alias
from app.storage.work import Work


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a log-in stands, as its front end may see it."""

    login_id: LoginId
    needed: tuple[str, ...]
    offered: tuple[str, ...]
    """What the needed step may be done with instead; told only after the first proof."""
    expires_at: datetime


def phone_name(person_id: str) -> str:
    """What codes by SMS to a person are counted under."""
    return f"sms\n{person_id}"


class LoginSteps:
    """Shared by the services of log-ins; each caller opens the unit of work."""

    def __init__(self, journal: Journal, vault: Vault, limits: Limits, *, sms_allowed: bool) -> None:
        self.sms_allowed = sms_allowed
        self.guesses = GuessingDefence(journal.clock, limits)
        self._database = journal.database
        self._vault = vault

    async def locked(self, work: Work, login_id: str, act: Act) -> Login:
        """The log-in, held until the unit ends; raises WrongProof where there is none, as for a wrong proof."""
        login = await work.logins.lock(login_id)
        if login is None:
            raise WrongProof
        self.tell(act, login)
        return login

    def tell(self, act: Act, login: Login) -> None:
        """Let the act's event say whose log-in it was, and what was proven before."""
        act.subject = login.person_id
        act.actor = act.actor._replace(
            client_id=login.client_id,
            factors=tuple(AMR_BY_FACTOR[proof.factor].value for proof in login.proofs),
        )

    def keys(self, login: Login | None, network: str | None, authenticator: bytes | None = None) -> Keys:
        """What failures of this try count on; a log-in nobody began counts on its network."""
        on_network = self._vault.index(Use.NETWORK, network_of(network))
        if login is None:
            return {Key.NETWORK: on_network}
        device = None if login.device_id is None else self._vault.index(Use.DEVICE, login.device_id)
        return counted_on(
            identifier=login.identifier_hash, network=on_network, authenticator=authenticator, device=device
        )

    async def strike_network(self, network: str | None) -> None:
        """Count a try at a log-in nobody began: it cost a hash like any other, and must not cost them without end."""
        async with self._database.work() as work:
            await self.guesses.strike_alone(work, self.keys(None, network))

    def app_index(self, authenticator_id: str) -> bytes:
        """What wrong codes of an app count on, over all log-ins."""
        return self._vault.index(Use.AUTHENTICATOR, authenticator_id)

    def phone_index(self, person_id: PersonId) -> bytes:
        """What wrong codes by SMS count on, over all log-ins and all codes (A24)."""
        return self._vault.index(Use.AUTHENTICATOR, phone_name(person_id))

    async def settle(
        self,
        work: Work,
        act: Act,
        login: Login,
        keys: Keys,
        held: Held,
        refusal: Refusal | None,
    ) -> None:
        """Save the log-in, count a wrong proof on every key, and write the event, all in this unit."""
        await work.logins.save(login)
        if isinstance(refusal, WrongProof | TooManyTries):
            await self.guesses.strike(work, keys, held)
        await act.record(work, refusal, strikes=login.strikes)

    async def forget_failures(self, work: Work, login: Login) -> None:
        """What this log-in was counted on, the authenticators it used among it (A25); a network's only time forgets."""
        authenticator = None
        used = {proof.factor for proof in login.proofs}
        if login.person_id is not None and Factor.SMS in used:
            authenticator = self.phone_index(login.person_id)
        elif login.person_id is not None and Factor.TOTP in used:
            sealed = await work.authenticators.find(login.person_id, Kind.TOTP)
            authenticator = None if sealed is None else self.app_index(sealed.id)
        await self.guesses.forget(work, self.keys(login, None, authenticator))

    async def progress(self, work: Work, login: Login) -> Progress:
        """Where it stands; before the first proof nothing is looked up, whoever it is (A28)."""
        asked = bool(login.proofs) and Factor.SMS in login.alternatives
        return progress_of(login, by_sms=asked and await self._can_receive(work, login))

    async def phone(self, work: Work, person_id: PersonId) -> Alias | None:
        """The phone that was proven last; codes go to no other (A43)."""
        aliases = await work.subscribers.aliases(person_id)
        return next((alias for alias in reversed(aliases) if alias.channel == Channel.PHONE), None)

    async def _can_receive(self, work: Work, login: Login) -> bool:
        if not self.sms_allowed or login.person_id is None:
            return False
        return await self.phone(work, login.person_id) is not None


def progress_of(login: Login, *, by_sms: bool) -> Progress:
    """Where it stands. `by_sms`: a code could be sent to the person."""
    offered = login.alternatives if login.proofs else login.needed
    offered = tuple(factor for factor in offered if by_sms or factor is not Factor.SMS)
    needed = tuple(factor.value for factor in login.needed)
    return Progress(login.id, needed, tuple(factor.value for factor in offered), login.expires_at)


def claimant(network: str | None) -> Actor:
    """Whoever tries to log in."""
    return Actor(ActorKind.CLAIMANT, network=network)

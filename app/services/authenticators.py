"""How is an authenticator bound to a subscriber? Shared by enrolment and change; each caller opens the unit of work."""

import json
from dataclasses import dataclass, field, replace
from datetime import date

import segno

from app.core import ids
from app.core.acr import Acr
from app.core.audit import Actor
from app.core.entropy import Entropy
from app.core.ids import AuthenticatorId, PersonId
from app.core.refusal import Refusal
from app.core.secret import Secret
from app.gateways.common_passwords import CommonPasswords, spelled
from app.gateways.passwords import Passwords
from app.mfa import totp
from app.mfa.contact_address import Channel, masked
from app.mfa.guessing import Key, Limits
from app.mfa.login import Login
from app.mfa.password import judge, judge_reuse, own_words
from app.mfa.password_policy import PasswordPolicy
from app.mfa.totp import TotpAuthenticator, WrongCode
from app.services.guessing import GuessingDefence
from app.services.journal import Journal
from app.services.vault import NOBODY, Sealed, Use, Vault
from app.storage.authenticators import Kind, SealedAuthenticator, State
from app.storage.work import Work

JUDGING = "password_judgement"
SHOWING = "totp_enrolment"
SERVICE_WORDS = frozenset({"hufu", "虎符"})


class NotPending(Refusal, code="totp_not_begun"):
    """No TOTP authenticator waits to be confirmed."""


class AlreadyBound(Refusal, code="authenticator_already_bound"):
    """The person has one of this kind."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A password the policy allows, on its way to be hashed."""

    password: Secret[str]


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """A bound password, opened for one comparison."""

    id: AuthenticatorId
    person_id: PersonId
    hashed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person's app needs, shown once."""

    seed: Secret[str]
    """Base32."""
    uri: Secret[str]
    qr_svg: Secret[str]


class AuthenticatorBinder:
    """Binds passwords and TOTP authenticators under one policy."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        passwords: Passwords,
        common: tuple[CommonPasswords, ...],
        policy: PasswordPolicy,
        limits: Limits,
        entropy: Entropy,
        issuer_name: str,
    ) -> None:
        self.policy = policy
        self._guesses = GuessingDefence(journal.clock, limits)
        self._clock = journal.clock
        self._vault = vault
        self._passwords = passwords
        self._common = common
        self._entropy = entropy
        self._issuer_name = issuer_name

    async def own_words(self, work: Work, person_id: PersonId, *, by: Actor) -> frozenset[str]:
        """What this person's password may not be made of (A8); judged after the commit, which keeps what was unsealed on record."""
        subscriber = await work.subscribers.find(person_id)
        if subscriber is None:
            raise LookupError(person_id)
        person = await self._vault.person(work, person_id)
        opened = await person.open(Sealed.ATTRIBUTES, person_id, subscriber.sealed_attributes, by=by, purpose=JUDGING)
        attributes = json.loads(opened)
        contacts = [
            (await person.open(Sealed.ALIAS, person_id, alias.sealed_address, by=by, purpose=JUDGING)).decode()
            for alias in await work.subscribers.aliases(person_id)
        ]
        name = attributes["name"]
        birth = date.fromisoformat(attributes["birth"])
        return own_words(names=(name, *spelled(name)), number=attributes["number"], birth=birth, contacts=contacts)

    def judge(self, password: Secret[str], words: frozenset[str]) -> Judged:
        """Whether the policy allows it for whom these words are their own; raises the refusal that says why not (A8)."""
        judge(
            password.reveal(),
            self.policy,
            used_for=Acr.AAL2,
            context=words | SERVICE_WORDS,
            is_common=lambda candidate: any(candidate in common for common in self._common),
        )
        return Judged(password)

    async def former_hashes(self, work: Work, person_id: PersonId) -> tuple[str, ...]:
        """The hashes a new password must not match, newest first; the present one always among them."""
        count = max(self.policy.history.value, 1)
        person = await self._vault.person(work, person_id)
        return tuple(
            person.open_verifier(each.id, each.sealed_secret).decode()
            for each in await work.authenticators.passwords(person_id, count)
        )

    async def refuse_reuse(self, judged: Judged, former: tuple[str, ...]) -> None:
        """Raise PasswordReused where it was used before (A6); one hash each, outside any unit of work."""
        judge_reuse([await self._passwords.verify(judged.password.reveal(), each) for each in former], self.policy)

    async def hash_password(self, judged: Judged) -> str:
        """The string to seal; costs one hash, outside any unit of work."""
        return await self._passwords.hash(judged.password.reveal())

    async def replace_password(self, work: Work, person_id: PersonId, hashed: str, *, source: str) -> None:
        """Bind the new one and end the present one, which stays on record (A60)."""
        now = self._clock.now()
        present = await work.authenticators.lock(person_id, Kind.PASSWORD)
        if present is not None:
            await work.authenticators.save(replace(present, state=State.ENDED, ended_at=now))
        await self._add(work, person_id, Kind.PASSWORD, State.ACTIVE, hashed.encode(), source)

    async def begin_totp(self, work: Work, person_id: PersonId, *, source: str, by: Actor) -> Enrolment:
        """A new seed in place of one that was never confirmed."""
        if await work.authenticators.find(person_id, Kind.TOTP):
            raise AlreadyBound
        pending = await work.authenticators.lock(person_id, Kind.TOTP, State.PENDING)
        if pending is not None:
            await work.authenticators.save(replace(pending, state=State.ENDED, ended_at=self._clock.now()))
        seed = self._entropy.draw(totp.SEED_BYTES)
        await self._add(work, person_id, Kind.TOTP, State.PENDING, seed, source)
        uri = totp.otpauth_uri(seed, issuer=self._issuer_name, account=await self._account(work, person_id, by=by))
        svg = segno.make_qr(uri).svg_inline(scale=4, border=2)
        return Enrolment(Secret(totp.base32(seed)), Secret(uri), Secret(svg))

    async def confirm_totp(self, work: Work, person_id: PersonId, code: str) -> Refusal | None:
        """Bind the pending one by a first code, which is then used (A38); guesses count as at a log-in."""
        pending = await work.authenticators.lock(person_id, Kind.TOTP, State.PENDING)
        if pending is None:
            return NotPending()
        now = self._clock.now()
        keys = {Key.AUTHENTICATOR: self._vault.index(Use.AUTHENTICATOR, pending.id)}
        held = await self._guesses.hold(work, keys)
        if held.refusal is not None:
            return held.refusal
        try:
            confirmed = (await self.totp(work, pending)).confirm(code, now=now)
        except WrongCode as refusal:
            await self._guesses.strike(work, keys, held)
            return refusal
        except Refusal as refusal:
            return refusal
        await self._guesses.forget(work, keys)
        await work.authenticators.save(
            replace(pending, state=State.ACTIVE, last_step=confirmed.last_step, bound_at=confirmed.confirmed_at)
        )
        return None

    async def totp(self, work: Work, sealed: SealedAuthenticator) -> TotpAuthenticator:
        """The authenticator with its seed, for as long as one code is judged."""
        person = await self._vault.person(work, sealed.subscriber_id)
        seed = person.open_verifier(sealed.id, sealed.sealed_secret)
        return TotpAuthenticator(
            sealed.id, sealed.subscriber_id, Secret(seed), sealed.created_at, sealed.bound_at, sealed.last_step
        )

    async def password_at(self, work: Work, login_id: str) -> tuple[Login | None, StoredPassword | None]:
        """A log-in and the present password of whoever it names; None for what there is not.

        For nobody it asks, reads and opens the same as for somebody: how long it takes must not tell which it was (A28).
        """
        stand_in = self._vault.stand_in(self._passwords.stand_in.encode())
        login, found = await work.verifiers.of_login(login_id, stand_in)
        whose = login.person_id if login is not None and login.person_id is not None and found.id else NOBODY
        hashed = self._vault.open_verifier(found, whose).decode()
        return login, StoredPassword(AuthenticatorId(found.id), whose, hashed) if found.id else None

    async def is_present(self, work: Work, stored: StoredPassword | None) -> bool:
        """Whether it is still the one; waits for a change under way, and asks as often where there is none (A28)."""
        return await work.verifiers.is_present(AuthenticatorId("") if stored is None else stored.id)

    async def rehashed(self, password: Secret[str], hashed: str) -> str | None:
        """The password just verified under the current scheme and cost, outside any unit of work; None: it is already."""
        return await self._passwords.hash(password.reveal()) if self._passwords.needs_rehash(hashed) else None

    async def reseal_password(self, work: Work, stored: StoredPassword, hashed: str) -> None:
        """The same password hashed anew (A13): as old as it was, and no other in the history."""
        person = await self._vault.person(work, stored.person_id)
        await work.authenticators.reseal(stored.id, person.seal(Sealed.AUTHENTICATOR, stored.id, hashed.encode()))

    async def _add(self, work: Work, person_id: PersonId, kind: Kind, state: State, secret: bytes, source: str) -> None:
        now = self._clock.now()
        authenticator_id = AuthenticatorId(ids.named("aut", self._entropy.draw(ids.NONCE_BYTES)))
        person = await self._vault.person(work, person_id)
        await work.authenticators.add(
            SealedAuthenticator(
                id=authenticator_id,
                subscriber_id=person_id,
                kind=kind,
                state=state,
                sealed_secret=person.seal(Sealed.AUTHENTICATOR, authenticator_id, secret),
                source=source,
                created_at=now,
                bound_at=now if state is State.ACTIVE else None,
            )
        )

    async def _account(self, work: Work, person_id: PersonId, *, by: Actor) -> str:
        """What the app shows beside the code: the proven address, masked, never an identity number."""
        person = await self._vault.person(work, person_id)
        alias = (await work.subscribers.aliases(person_id))[0]
        address = await person.open(Sealed.ALIAS, person_id, alias.sealed_address, by=by, purpose=SHOWING)
        return masked(Channel(alias.channel), address.decode())

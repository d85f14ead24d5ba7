"""How does staff sign in? Name, password, TOTP; then a session of their own realm, whose token is opaque."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.assertion.token import InvalidToken
from app.core import ids
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy, text
from app.core.ids import PersonId, SessionId
from app.core.refusal import NotAllowed, Refusal
from app.core.secret import Secret
from app.gateways.passwords import Passwords
from app.mfa import totp
from app.mfa.guessing import Key, Keys, Limits, TooManyTries, counted_on, network_of
from app.mfa.totp import WrongCode
from app.services.callers import Origin, StaffCaller
from app.services.doors import Unauthenticated
from app.services.guessing import GuessingDefence
from app.services.journal import Act, Journal
from app.services.known_devices import KnownDevices
from app.services.vault import NOBODY, Sealed, Use, Vault
from app.staff import signin
from app.staff.enrolment import Member, State, named
from app.staff.roles import Role
from app.staff.signin import Session, SignIn, StaffNotProven
from app.storage.work import Work


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sign-in stands."""

    id: str
    needed: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """What the last proof opened; the token is shown this once."""

    token: Secret[str]
    session: Session
    device_token: Secret[str]
    """To be shown at the next sign-in."""


class StaffSignIns:
    """Sign-ins, proven step by step."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        devices: KnownDevices,
        passwords: Passwords,
        limits: Limits,
        entropy: Entropy,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._devices = devices
        self._passwords = passwords
        self._entropy = entropy
        self._guessing = GuessingDefence(journal.clock, limits)

    async def begin(self, given: Secret[str], device_token: Secret[str] | None, network: str | None) -> Progress:
        """A sign-in for whoever was named; the answer is the same whether anybody has that name."""
        async with self._journal.act("staff.sign_in", _claimant(network)) as act:
            name = named(given.reveal())
            async with self._database.work() as work:
                staff_id = None if name is None else await work.staff.signing_in(name)
                person_id = None if staff_id is None else PersonId(staff_id)
                device_id = await self._devices.recognised(work, device_token, person_id, None, act)
                sign_in = signin.begin(
                    ids.named("sgn", self._entropy.draw(ids.NONCE_BYTES)),
                    name_index=self._vault.index(Use.STAFF_NAME, given.reveal().strip().lower()),
                    staff_id=staff_id,
                    now=self._clock.now(),
                    device_id=device_id,
                )
                await work.staff_sessions.begin(sign_in)
                act.object_id, act.subject = sign_in.id, sign_in.staff_id
                await act.record(work)
        return _progress(sign_in)

    async def prove_password(self, sign_in_id: str, password: Secret[str], network: str | None) -> Progress:
        """One password, one hash at full cost whoever it is; the try leaves its mark before it is refused (A28)."""
        async with self._journal.act("staff.prove_password", _claimant(network), object_id=sign_in_id) as act:
            async with self._database.work() as work:
                sign_in = await work.staff_sessions.find_sign_in(sign_in_id)
                await self._guessing.refuse_before_hashing(work, self._keys(sign_in, network))
                hashed = await self._password_hash(work, sign_in)
            matched = await self._passwords.verify(password.reveal(), hashed)
            if sign_in is None:
                await self._strike_network(network)
                raise StaffNotProven
            async with self._database.work() as work:
                sign_in = await self._locked(work, sign_in_id, act)
                keys = self._keys(sign_in, network)
                held = await self._guessing.hold(work, keys)
                refusal: Refusal | None = held.refusal
                if refusal is None:
                    sign_in, refusal = sign_in.prove_password(matched, now=self._clock.now())
                await work.staff_sessions.proceed(sign_in)
                if isinstance(refusal, StaffNotProven | TooManyTries):
                    await self._guessing.strike(work, keys, held)
                await act.record(work, refusal, strikes=sign_in.strikes)
            if refusal is not None:
                raise refusal
        return _progress(sign_in)

    async def prove_totp(self, sign_in_id: str, code: str, network: str | None) -> OpenedSession:
        """One code, accepted once across all processes (A32); the last proof opens the session."""
        async with self._journal.act("staff.prove_totp", _claimant(network), object_id=sign_in_id) as act:
            async with self._database.work() as work:
                sign_in = await self._locked(work, sign_in_id, act)
                member = await self._proven_so_far(work, sign_in)
                index = None if member is None else self._vault.index(Use.AUTHENTICATOR, member.id)
                keys = self._keys(sign_in, network, index)
                held = await self._guessing.hold(work, keys)
                held.refuse()
                spent = await self._spent(work, member, code)
                sign_in, refusal = sign_in.prove_totp(spent is not None, now=self._clock.now())
                await work.staff_sessions.proceed(sign_in)
                if isinstance(refusal, StaffNotProven):
                    await self._guessing.strike(work, keys, held)
                opened = None
                if refusal is None and spent is not None:
                    await work.staff.save(spent)
                    await self._guessing.forget(work, keys)
                    opened = await self._open(work, sign_in, spent, network)
                    act.actor = Actor(ActorKind.STAFF, spent.id, None, network, ("pwd", "otp"))
                await act.record(work, refusal, strikes=sign_in.strikes)
            if opened is None:
                raise refusal or StaffNotProven
        return opened

    async def _password_hash(self, work: Work, sign_in: SignIn | None) -> str | None:
        """The hash of whoever is there; for nobody it asks, reads and opens the same (A28)."""
        named = NOBODY if sign_in is None or sign_in.staff_id is None else PersonId(sign_in.staff_id)
        stand_in = self._vault.stand_in(self._passwords.stand_in.encode(), Sealed.STAFF_PASSWORD)
        found = await work.verifiers.of_staff(named, stand_in)
        hashed = self._vault.open_verifier(found, PersonId(found.id), Sealed.STAFF_PASSWORD).decode()
        return hashed if found.id else None

    async def _proven_so_far(self, work: Work, sign_in: SignIn) -> Member | None:
        """The person, held; before the password is proven, or once they were disabled, nobody."""
        if sign_in.staff_id is None or sign_in.password_at is None:
            return None
        member = await work.staff.lock(sign_in.staff_id)
        return member if member is not None and member.state is State.ACTIVE else None

    async def _spent(self, work: Work, member: Member | None, code: str) -> Member | None:
        """The person with the code spent; None where it is not theirs."""
        if member is None or member.sealed_seed is None:
            return None
        person = await self._vault.person(work, PersonId(member.id))
        seed = person.open_verifier(member.id, member.sealed_seed, Sealed.STAFF_SEED)
        try:
            step = totp.verify(seed, code, now=self._clock.now(), last_step=member.last_step)
        except WrongCode:
            return None
        return replace(member, last_step=step)

    async def _open(self, work: Work, sign_in: SignIn, member: Member, network: str | None) -> OpenedSession:
        token = Secret("hst_" + text(self._entropy.draw(signin.SESSION_BYTES)))
        session_id = SessionId(ids.named("ses", self._entropy.draw(ids.NONCE_BYTES)))
        session = signin.opened(session_id, member.id, network=network, now=self._clock.now())
        await work.staff_sessions.open(session, self._vault.mac(Use.STAFF_SESSION, token.reveal()))
        device_token = await self._devices.handed_out(work, sign_in.device_id, PersonId(member.id), None, network)
        return OpenedSession(token, session, device_token)

    async def _locked(self, work: Work, sign_in_id: str, act: Act) -> SignIn:
        sign_in = await work.staff_sessions.lock_sign_in(sign_in_id)
        if sign_in is None:
            raise StaffNotProven
        act.subject = sign_in.staff_id
        return sign_in

    def _keys(self, sign_in: SignIn | None, network: str | None, authenticator: bytes | None = None) -> Keys:
        """What failures of this try count on; a sign-in nobody began counts on its network."""
        on_network = self._vault.index(Use.NETWORK, network_of(network))
        if sign_in is None:
            return {Key.NETWORK: on_network}
        device = None if sign_in.device_id is None else self._vault.index(Use.DEVICE, sign_in.device_id)
        return counted_on(identifier=sign_in.name_index, network=on_network, authenticator=authenticator, device=device)

    async def _strike_network(self, network: str | None) -> None:
        async with self._database.work() as work:
            await self._guessing.strike_alone(work, self._keys(None, network))


class StaffDoors:
    """Who of the staff comes in, and goes out."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault

    async def admit(self, bearer: str | None, roles: frozenset[Role], origin: Origin) -> StaffCaller:
        """A member of staff in a living session, with one of these roles; a refusal is recorded before it is spoken."""
        actor = Actor(ActorKind.ANYONE, network=origin.network)
        try:
            caller = await self._in_session(bearer, origin)
            actor = caller.actor()
            if not roles & caller.roles:
                raise NotAllowed
        except Refusal as refusal:
            await self._journal.act("caller.admit", actor).record_alone(refusal)
            raise
        return caller

    async def sign_out(self, caller: StaffCaller, bearer: str) -> None:
        """End the session this token belongs to, from this moment on."""
        async with self._journal.act("staff.sign_out", caller.actor(), subject=caller.staff_id) as act:
            async with self._database.work() as work:
                session = await work.staff_sessions.lock(self._vault.macs(Use.STAFF_SESSION, bearer))
                if session is not None:
                    await work.staff_sessions.end(session, self._clock.now(), "signed_out")
                await act.record(work)

    async def _in_session(self, bearer: str | None, origin: Origin) -> StaffCaller:
        if bearer is None:
            raise Unauthenticated
        async with self._database.work() as work:
            session = await work.staff_sessions.lock(self._vault.macs(Use.STAFF_SESSION, bearer))
            now = self._clock.now()
            if session is None or not session.is_alive(now):
                raise InvalidToken
            member = await work.staff.find(session.staff_id)
            if member is None or member.state is not State.ACTIVE:
                raise InvalidToken
            await work.staff_sessions.use(session, now)
        return StaffCaller(member.id, member.roles, origin)


def _claimant(network: str | None) -> Actor:
    return Actor(ActorKind.CLAIMANT, network=network)


def _progress(sign_in: SignIn) -> Progress:
    return Progress(sign_in.id, sign_in.needed, sign_in.expires_at)

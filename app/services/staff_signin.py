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
from app.mfa.guessing import Key
from app.mfa.totp import WrongCode
from app.services.callers import Origin, StaffCaller
from app.services.doors import Unauthenticated
from app.services.guessing import GuessingDefence, Keys
from app.services.journal import Act, Journal
from app.services.vault import Sealed, Use, Vault
from app.staff import signin
from app.staff.enrolment import Member, State, named
from app.staff.roles import Role
from app.staff.signin import Session, SignIn, StaffNotProven
from app.storage.work import Work

SERVICE_NETWORK = "unknown"


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


class StaffSignIns:
    """Sign-ins, proven step by step."""

    def __init__(self, journal: Journal, vault: Vault, passwords: Passwords, entropy: Entropy) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._passwords = passwords
        self._entropy = entropy
        self._guessing = GuessingDefence(journal.clock)

    async def begin(self, given: Secret[str], network: str | None) -> Progress:
        """A sign-in for whoever was named; the answer is the same whether anybody has that name."""
        async with self._journal.act("staff.sign_in", _claimant(network)) as act:
            name = named(given.reveal())
            async with self._database.work() as work:
                member = None if name is None else await work.staff.by_name(name)
                usable = member is not None and member.state is State.ACTIVE
                sign_in = signin.begin(
                    ids.named("sgn", self._entropy.draw(ids.NONCE_BYTES)),
                    name_index=self._vault.index(Use.STAFF_NAME, given.reveal().strip().lower()),
                    staff_id=member.id if member is not None and usable else None,
                    now=self._clock.now(),
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
                if sign_in is not None:
                    await self._guessing.refuse_blocked(work, self._keys(sign_in, network))
                hashed = await self._password_hash(work, sign_in)
            matched = await self._passwords.verify(password.reveal(), hashed)
            async with self._database.work() as work:
                sign_in = await self._locked(work, sign_in_id, act)
                keys = self._keys(sign_in, network)
                counters = await self._guessing.hold(work, keys)
                sign_in, refusal = sign_in.prove_password(matched, now=self._clock.now())
                await work.staff_sessions.proceed(sign_in)
                if isinstance(refusal, StaffNotProven):
                    await self._guessing.strike(work, keys, counters)
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
                keys = self._keys(sign_in, network)
                if member is not None:
                    keys[Key.AUTHENTICATOR] = self._vault.index(Use.AUTHENTICATOR, member.id)
                counters = await self._guessing.hold(work, keys)
                spent = await self._spent(work, member, code)
                sign_in, refusal = sign_in.prove_totp(spent is not None, now=self._clock.now())
                await work.staff_sessions.proceed(sign_in)
                if isinstance(refusal, StaffNotProven):
                    await self._guessing.strike(work, keys, counters)
                opened = None
                if refusal is None and spent is not None:
                    await work.staff.save(spent)
                    await self._guessing.forget(work, keys)
                    opened = await self._open(work, spent, network)
                    act.actor = Actor(ActorKind.STAFF, spent.id, None, network, ("pwd", "otp"))
                await act.record(work, refusal, strikes=sign_in.strikes)
            if opened is None:
                raise refusal or StaffNotProven
        return opened

    async def _password_hash(self, work: Work, sign_in: SignIn | None) -> str | None:
        member = None if sign_in is None or sign_in.staff_id is None else await work.staff.find(sign_in.staff_id)
        if member is None or member.sealed_password is None or member.state is not State.ACTIVE:
            return None
        person = await self._vault.person(work, PersonId(member.id))
        return person.open_verifier(member.id, member.sealed_password, Sealed.STAFF_PASSWORD).decode()

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

    async def _open(self, work: Work, member: Member, network: str | None) -> OpenedSession:
        token = Secret("hst_" + text(self._entropy.draw(signin.SESSION_BYTES)))
        session_id = SessionId(ids.named("ses", self._entropy.draw(ids.NONCE_BYTES)))
        session = signin.opened(session_id, member.id, network=network, now=self._clock.now())
        await work.staff_sessions.open(session, self._vault.mac(Use.STAFF_SESSION, token.reveal()))
        return OpenedSession(token, session)

    async def _locked(self, work: Work, sign_in_id: str, act: Act) -> SignIn:
        sign_in = await work.staff_sessions.lock_sign_in(sign_in_id)
        if sign_in is None:
            raise StaffNotProven
        act.subject = sign_in.staff_id
        return sign_in

    def _keys(self, sign_in: SignIn, network: str | None) -> Keys:
        """What failures of this try count on."""
        return {
            Key.IDENTIFIER: sign_in.name_index,
            Key.NETWORK: self._vault.index(Use.NETWORK, network or SERVICE_NETWORK),
        }


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

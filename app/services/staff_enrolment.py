"""How does somebody become staff? By a one-time code, a password of fifteen characters, and a code of their device."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno

from app.core.acr import Acr
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy
from app.core.ids import PersonId, StaffId
from app.core.refusal import Refusal
from app.core.secret import Secret
from app.gateways.common_passwords import CommonPasswords, spelled
from app.gateways.passwords import Passwords
from app.mfa import totp
from app.mfa.password import judge
from app.mfa.password_policy import NIST
from app.services.authenticators import SERVICE_WORDS, Enrolment
from app.services.journal import Journal
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.staff import enrolment
from app.staff.enrolment import FEWEST_OFFICERS, EnrolmentCodeInvalid, EnrolmentNotBegun, Member
from app.staff.roles import Role
from app.storage.work import Work

JUDGING = "password_judgement"
BOOTSTRAP = "bootstrap"
ISSUER_NAME = "Hufu staff"


class AlreadyFounded(Refusal, code="already_founded"):
    """There are security officers, or people who may yet become them."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who may enrol; the code is shown this once."""

    staff_id: StaffId
    login_name: str
    code: Secret[str]
    expires_at: datetime


class StaffEnrolments:
    """Invitations and what they become."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        passwords: Passwords,
        common: tuple[CommonPasswords, ...],
        entropy: Entropy,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._passwords = passwords
        self._common = common
        self._entropy = entropy

    async def begin(self, code: str, password: Secret[str], network: str | None) -> Enrolment:
        """Set the password and get the seed; again with the same code replaces both, until the seed is confirmed."""
        async with self._journal.act("staff.enrol", _claimant(network)) as act:
            async with self._database.work() as work:
                member = _there(await work.staff.by_code(self._indexes(code))).open_invitation(self._clock.now())
                act.subject = act.object_id = member.id
                await self._judge(work, member, password, by=act.actor)
            hashed = await self._passwords.hash(password.reveal())
            async with self._database.work() as work:
                member = _there(await work.staff.lock_by_code(self._indexes(code)))
                person = await self._vault.person(work, PersonId(member.id))
                seed = self._entropy.draw(totp.SEED_BYTES)
                bound = member.bound(
                    person.seal(Sealed.STAFF_PASSWORD, member.id, hashed.encode()),
                    person.seal(Sealed.STAFF_SEED, member.id, seed),
                    now=self._clock.now(),
                )
                await work.staff.save(bound)
                await act.record(work)
        return _shown(seed, member.login_name)

    async def confirm(self, code: str, given: str, network: str | None) -> None:
        """Become active by the device's first code, which is then used (A38).

        Guesses are not counted: whoever holds the enrolment code is shown the seed for the asking.
        """
        async with self._journal.act("staff.confirm", _claimant(network)) as act:
            async with self._database.work() as work:
                member = _there(await work.staff.lock_by_code(self._indexes(code))).open_invitation(self._clock.now())
                act.subject = act.object_id = member.id
                if member.sealed_seed is None:
                    raise EnrolmentNotBegun
                now = self._clock.now()
                person = await self._vault.person(work, PersonId(member.id))
                seed = person.open_verifier(member.id, member.sealed_seed, Sealed.STAFF_SEED)
                step = totp.verify(seed, given, now=now, last_step=member.last_step)
                await work.staff.save(member.enrolled(step, now=now))
                await act.record(work)

    async def _judge(self, work: Work, member: Member, password: Secret[str], *, by: Actor) -> None:
        """At least fifteen characters, in no list, and nothing of the person's own (A1, A8)."""
        person = await self._vault.person(work, PersonId(member.id))
        name = await person.open(Sealed.STAFF_NAME, member.id, member.sealed_name, by=by, purpose=JUDGING)
        display_name = name.decode()
        judge(
            password.reveal(),
            NIST,
            used_for=Acr.AAL1,
            context=frozenset({member.login_name, display_name, *spelled(display_name)}) | SERVICE_WORDS,
            is_common=lambda candidate: any(candidate in common for common in self._common),
        )

    def _indexes(self, code: str) -> tuple[bytes, ...]:
        return self._vault.macs(Use.ENROLMENT_CODE, enrolment.heard(code))


class StaffInvitations:
    """Who is asked in: two officers at the very beginning, later whomever two officers agree on."""

    def __init__(self, journal: Journal, vault: Vault, entropy: Entropy) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._entropy = entropy

    async def bootstrap(self, login_names: Sequence[str]) -> tuple[Invitation, ...]:
        """The first two security officers, or whoever of them let the invitation run out; raises AlreadyFounded.

        Once two are active there are never fewer again, so this works at the beginning alone.
        """
        async with self._journal.act("staff.bootstrap", Actor(ActorKind.SYSTEM)) as act:
            async with self._database.work() as work:
                await work.staff.found()
                await work.staff.forget_unanswered(self._clock.now())
                there = {member.login_name for member in await work.staff.officers()}
                free = [name for name in login_names if name not in there]
                missing = FEWEST_OFFICERS - len(there)
                if missing <= 0:
                    raise AlreadyFounded
                made = tuple([await self._officer(work, name) for name in free[:missing]])
                await act.record(work, officers=len(made))
        return made

    async def invite(
        self, work: Work, staff_id: StaffId, login_name: str, sealed_name: bytes, roles: frozenset[Role], *, source: str
    ) -> Invitation:
        """Keep the invitation in the caller's unit; raises LoginNameTaken."""
        now = self._clock.now()
        code = enrolment.spelled(self._entropy.draw(enrolment.CODE_BYTES))
        member = enrolment.invited(
            staff_id,
            login_name=login_name,
            sealed_name=sealed_name,
            roles=roles,
            source=source,
            enrolment_index=self._vault.mac(Use.ENROLMENT_CODE, enrolment.heard(code)),
            now=now,
        )
        await work.staff.forget_unanswered(now)
        await work.staff.add(member)
        return Invitation(staff_id, login_name, Secret(code), now + enrolment.LIFE)

    async def newcomer(self, work: Work, display_name: str) -> tuple[StaffId, bytes]:
        """A person with a key of their own, and their name sealed for the row they may get."""
        person_id = await self._vault.new_person(work)
        person: PersonVault = await self._vault.person(work, person_id)
        return StaffId(person_id), person.seal(Sealed.STAFF_NAME, person_id, display_name.encode())

    async def _officer(self, work: Work, login_name: str) -> Invitation:
        staff_id, sealed_name = await self.newcomer(work, login_name)
        roles = frozenset({Role.SECURITY_OFFICER})
        return await self.invite(work, staff_id, login_name, sealed_name, roles, source=BOOTSTRAP)


def _claimant(network: str | None) -> Actor:
    return Actor(ActorKind.CLAIMANT, network=network)


def _there(member: Member | None) -> Member:
    if member is None:
        raise EnrolmentCodeInvalid
    return member


def _shown(seed: bytes, login_name: str) -> Enrolment:
    uri = totp.otpauth_uri(seed, issuer=ISSUER_NAME, account=login_name)
    svg = segno.make_qr(uri).svg_inline(scale=4, border=2)
    return Enrolment(Secret(totp.base32(seed)), Secret(uri), Secret(svg))

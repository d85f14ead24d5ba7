"""Is the claimant the subscriber? One log-in: the proofs so far, what is still needed, and whose move it is.

Until the first proof nothing here depends on who the claimant says to be: an unknown identifier gives a Login like any
other, asked for a password like any other (A23, A28). Every try leaves its mark before it is refused, so the proofs
return `(login, refusal)`: the service saves, commits, and only then raises.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.acr import Acr, Amr
from app.core.ids import ClientId, DeviceId, LoginId, PersonId
from app.core.refusal import Refusal
from app.mfa.sms import SmsCode, SmsCodeClosed
from app.mfa.totp import TotpAuthenticator, WrongCode

LIFE = timedelta(minutes=10)
MOST_STRIKES = 5  # RTS (EU) 2018/389 Art. 4(3)(b), within one log-in; `guessing` counts over all of them


class WrongProof(Refusal, code="wrong_proof"):
    """The claimant is not shown to be the subscriber: wrong, unknown, held or spent are one answer (A23)."""


class OutOfOrder(Refusal, code="step_out_of_order"):
    """A step that is not the next one: none can be skipped or repeated (A124)."""


class LoginClosed(Refusal, code="login_closed"):
    """The log-in is over, by time, by too many wrong tries or by completion: begin another."""


class AuthenticatorNotBound(Refusal, code="authenticator_not_bound"):
    """The person has none of the kind that is needed; told only after the first proof."""


class Factor(StrEnum):
    """What the claimant is asked to prove."""

    PASSWORD = "password"  # noqa: S105  the name of a factor
    TOTP = "totp"
    SMS = "sms"


class State(StrEnum):
    """Whose move it is."""

    OPEN = "open"  # claimant: prove what is needed
    PROVEN = "proven"  # claimant's front end: complete
    COMPLETED = "completed"  # nobody: final
    DEAD = "dead"  # nobody: too many wrong tries
    EXPIRED = "expired"  # nobody: too late


SECOND = (Factor.TOTP, Factor.SMS)
"""Any one of them is possession; the one that is not restricted is always named first (A43)."""
STEPS_BY_ACR = {Acr.AAL1: ((Factor.PASSWORD,),), Acr.AAL2: ((Factor.PASSWORD,), SECOND)}
AMR_BY_FACTOR = {Factor.PASSWORD: Amr.PWD, Factor.TOTP: Amr.OTP, Factor.SMS: Amr.SMS}


@dataclass(frozen=True, slots=True)
class Proof:
    """One factor, proven."""

    factor: Factor
    at: datetime


@dataclass(frozen=True, slots=True)
class AuthenticationResult:
    """Who was authenticated, how well, by what and when: the truth that tokens carry (A97)."""

    person_id: PersonId
    acr: Acr
    amr: tuple[Amr, ...]
    auth_time: datetime
    """The last proof's moment."""


@dataclass(frozen=True, slots=True)
class Login:
    """One log-in of one claimant at one client. Begin it with `begin`."""

    id: LoginId
    client_id: ClientId
    identifier_hash: bytes
    """Keyed hash of what was typed, known or not: what guesses are counted on."""
    person_id: PersonId | None = field(repr=False)
    """None: nobody has this identifier. Never shown, never logged before the first proof."""
    code_challenge: str
    scopes: tuple[str, ...]
    resources: tuple[str, ...]
    acr_required: Acr
    created_at: datetime
    expires_at: datetime
    proofs: tuple[Proof, ...] = ()
    strikes: int = 0
    completed_at: datetime | None = None
    device_id: DeviceId | None = field(default=None, repr=False)
    """The person's known device it was begun from; None: a stranger's, for all we know."""

    def state(self, now: datetime) -> State:
        """Whose move it is at this moment."""
        if self.completed_at is not None:
            return State.COMPLETED
        if self.strikes >= MOST_STRIKES:
            return State.DEAD
        if now >= self.expires_at:
            return State.EXPIRED
        return State.OPEN if self.needed else State.PROVEN

    @property
    def alternatives(self) -> tuple[Factor, ...]:
        """What the next step can be done with, the best first; empty: nothing is left to prove."""
        done = {proof.factor for proof in self.proofs}
        return next((step for step in STEPS_BY_ACR[self.acr_required] if not done.intersection(step)), ())

    @property
    def needed(self) -> tuple[Factor, ...]:
        """The factor to prove next: a password whoever it is; further ones are told only after it."""
        return self.alternatives[:1]

    def prove_password(self, matched: bool, *, now: datetime) -> tuple["Login", Refusal | None]:  # noqa: FBT001  a fact
        """Take the outcome of one password hash, which the service computes whoever it is (A28)."""
        if refusal := self._misplaced(Factor.PASSWORD, now):
            return self, refusal
        if self.person_id is None or not matched:
            return self._struck(), WrongProof()
        return self._proven(Factor.PASSWORD, now), None

    def prove_totp(
        self,
        authenticator: TotpAuthenticator | None,
        code: str,
        *,
        now: datetime,
    ) -> tuple["Login", TotpAuthenticator | None, Refusal | None]:
        """Spend a code of the person's authenticator; the service locks both and saves both (A32)."""
        if refusal := self._misplaced(Factor.TOTP, now):
            return self, authenticator, refusal
        if authenticator is None or authenticator.confirmed_at is None:
            return self, authenticator, AuthenticatorNotBound()
        if authenticator.person_id != self.person_id:
            raise ValueError("the authenticator of another person was brought to this log-in")
        try:
            spent = authenticator.accept(code, now=now)
        except WrongCode:
            return self._struck(), authenticator, WrongProof()
        return self._proven(Factor.TOTP, now), spent, None

    def refuse_sms(self, now: datetime) -> Refusal | None:
        """Why no code may be sent for this log-in now; before the first proof the same for everybody (A23)."""
        return self._misplaced(Factor.SMS, now)

    def prove_sms(
        self,
        code: SmsCode | None,
        matched: bool,  # noqa: FBT001  a fact
        *,
        now: datetime,
    ) -> tuple["Login", SmsCode | None, Refusal | None]:
        """Spend the code that was sent for this log-in; a wrong one strikes the log-in, whichever code it missed (A24)."""
        if refusal := self._misplaced(Factor.SMS, now):
            return self, code, refusal
        if code is None:
            return self, None, SmsCodeClosed()
        if code.login_id != self.id:
            raise ValueError("the code of another log-in was brought to this one")
        try:
            used = code.used(now)
        except SmsCodeClosed as refusal:
            return self, code, refusal
        if not matched:
            return self._struck(), code, WrongProof()
        return self._proven(Factor.SMS, now), used, None

    def complete(self, now: datetime) -> tuple["Login", AuthenticationResult]:
        """End it, once. Raises `LoginClosed` or, where a proof is missing, `OutOfOrder`."""
        state = self.state(now)
        if state is State.OPEN:
            raise OutOfOrder
        if state is not State.PROVEN or self.person_id is None:
            raise LoginClosed
        return replace(self, completed_at=now), AuthenticationResult(
            person_id=self.person_id,
            acr=self.acr_required,
            amr=_amr(self.proofs),
            auth_time=max(proof.at for proof in self.proofs),
        )

    def _misplaced(self, factor: Factor, now: datetime) -> Refusal | None:
        if self.state(now) not in {State.OPEN, State.PROVEN}:
            return LoginClosed()
        return None if factor in self.alternatives else OutOfOrder()

    def _proven(self, factor: Factor, now: datetime) -> "Login":
        return replace(self, proofs=(*self.proofs, Proof(factor, now)))

    def _struck(self) -> "Login":
        return replace(self, strikes=self.strikes + 1)


def begin(
    login_id: LoginId,
    *,
    client_id: ClientId,
    identifier_hash: bytes,
    person_id: PersonId | None,
    code_challenge: str,
    scopes: tuple[str, ...],
    resources: tuple[str, ...],
    now: datetime,
    acr_required: Acr = Acr.AAL2,
    device_id: DeviceId | None = None,
) -> Login:
    """A log-in that lives ten minutes; `person_id` None where nobody has the identifier."""
    return Login(
        id=login_id,
        client_id=client_id,
        identifier_hash=identifier_hash,
        person_id=person_id,
        code_challenge=code_challenge,
        scopes=scopes,
        resources=resources,
        acr_required=acr_required,
        created_at=now,
        expires_at=now + LIFE,
        device_id=device_id,
    )


def _amr(proofs: tuple[Proof, ...]) -> tuple[Amr, ...]:
    methods = tuple(AMR_BY_FACTOR[proof.factor] for proof in proofs)
    return (*methods, Amr.MFA) if len(methods) > 1 else methods

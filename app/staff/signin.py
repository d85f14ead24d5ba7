"""Is this the member of staff? One sign-in: password, then TOTP, always both; and the session it opens.

Until the password is proven nothing depends on whether anybody has the name (A23, A28). Every try leaves its mark before
it is refused, so the proofs return `(sign_in, refusal)`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.core.ids import DeviceId, SessionId, StaffId
from app.core.refusal import Refusal

LIFE = timedelta(minutes=10)
MOST_STRIKES = 5  # RTS (EU) 2018/389 Art. 4(3)(b)
IDLE = timedelta(minutes=15)  # PCI DSS 4.0.1 8.2.8 (A68)
LONGEST = timedelta(hours=12)  # SP 800-63B-4 §2.3.3, as for AAL3 (A67)
SESSION_BYTES = 32


class StaffNotProven(Refusal, code="staff_not_proven"):
    """Wrong, unknown, disabled or spent are one answer (A23)."""


class SignInOutOfOrder(Refusal, code="sign_in_out_of_order"):
    """A step that is not the next one (A124)."""


class SignInClosed(Refusal, code="sign_in_closed"):
    """Over: by time, by too many wrong tries, or because it opened its session."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in of one claimant. Begin it with `begin`."""

    id: str
    name_index: bytes = field(repr=False)
    """Keyed hash of the name that was typed, known or not: what guesses are counted on."""
    staff_id: StaffId | None = field(repr=False)
    """None: nobody active has the name. Never shown before the first proof."""
    created_at: datetime
    expires_at: datetime
    strikes: int = 0
    password_at: datetime | None = None
    completed_at: datetime | None = None
    device_id: DeviceId | None = field(default=None, repr=False)
    """The person's known device it was begun from; None: a stranger's, for all we know."""

    @property
    def needed(self) -> str:
        """What to prove next."""
        return "password" if self.password_at is None else "totp"

    def is_open(self, now: datetime) -> bool:
        """Whether another proof is looked at."""
        return self.completed_at is None and self.strikes < MOST_STRIKES and now < self.expires_at

    def prove_password(self, matched: bool, *, now: datetime) -> tuple["SignIn", Refusal | None]:  # noqa: FBT001  a fact
        """Take the outcome of one password hash, computed whoever it is (A28)."""
        if not self.is_open(now):
            return self, SignInClosed()
        if self.password_at is not None:
            return self, SignInOutOfOrder()
        if self.staff_id is None or not matched:
            return self._struck(), StaffNotProven()
        return replace(self, password_at=now), None

    def prove_totp(self, matched: bool, *, now: datetime) -> tuple["SignIn", Refusal | None]:  # noqa: FBT001  a fact
        """Take the outcome of one code; the last proof ends the sign-in."""
        if not self.is_open(now):
            return self, SignInClosed()
        if self.password_at is None:
            return self, SignInOutOfOrder()
        if not matched:
            return self._struck(), StaffNotProven()
        return replace(self, completed_at=now), None

    def _struck(self) -> "SignIn":
        return replace(self, strikes=self.strikes + 1)


@dataclass(frozen=True, slots=True)
class Session:
    """What a proven member of staff works in; its token is kept as a keyed hash."""

    id: SessionId
    staff_id: StaffId
    network: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Neither ended, nor idle too long, nor too old."""
        return self.ended_at is None and now < self.idle_at and now < self.expires_at

    @property
    def idle_at(self) -> datetime:
        """When it ends unless it is used."""
        return self.used_at + IDLE


def begin(
    sign_in_id: str, *, name_index: bytes, staff_id: StaffId | None, now: datetime, device_id: DeviceId | None = None
) -> SignIn:
    """A sign-in that lives ten minutes; `staff_id` None where nobody active has the name."""
    return SignIn(sign_in_id, name_index, staff_id, created_at=now, expires_at=now + LIFE, device_id=device_id)


def opened(session_id: SessionId, staff_id: StaffId, *, network: str | None, now: datetime) -> Session:
    """A session that begins now."""
    return Session(session_id, staff_id, network, created_at=now, used_at=now, expires_at=now + LONGEST)

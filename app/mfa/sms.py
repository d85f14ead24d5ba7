"""Does the claimant receive what is sent to the subscriber's phone? A code out of band, SP 800-63B-4 §3.1.3.

A restricted authenticator (§3.2.9): the telephone network can be made to deliver to somebody else. So it goes to a phone
proven before, its risk is told, another authenticator is offered first, and a bank may forbid it (A43). The code itself
is never here: the service keeps a keyed digest over the log-in, the phone and the code, and says whether it matched.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from app.core.ids import LoginId
from app.core.refusal import Refusal
from app.mfa.sending import SentTooOften

DIGITS = 6  # SP 800-63B-4 §3.1.3.2 (A39)
LIFE = timedelta(minutes=10)  # the same
MOST_SENT = 3  # within one log-in (A41)
BETWEEN_SENDS = timedelta(seconds=60)  # A41


class SmsForbidden(Refusal, code="sms_forbidden"):
    """The bank takes no SMS code as a factor (A43)."""


class SmsCodeClosed(Refusal, code="sms_code_closed"):
    """None was sent for this log-in, or it was used, or it is too old: ask for another."""


class State(StrEnum):
    """Whose move it is."""

    WAITING = "waiting"  # claimant: enter the code
    USED = "used"  # nobody: the phone is proven
    EXPIRED = "expired"  # claimant: ask for another


@dataclass(frozen=True, slots=True)
class SmsCode:
    """The newest code sent for one log-in. It counts no wrong tries: the log-in and its counters do, over all codes (A24)."""

    login_id: LoginId
    """Who asked; no other log-in can use it (A39)."""
    digest: bytes
    sent_at: datetime
    sent: int = 1
    used_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is dead (A39)."""
        return self.sent_at + LIFE

    def state(self, now: datetime) -> State:
        """Whose move it is at this moment."""
        if self.used_at is not None:
            return State.USED
        return State.WAITING if now < self.expires_at else State.EXPIRED

    def used(self, now: datetime) -> "SmsCode":
        """Spend it; raises `SmsCodeClosed` where there is nothing to spend."""
        if self.state(now) is not State.WAITING:
            raise SmsCodeClosed
        return replace(self, used_at=now)

    def again(self, digest: bytes, *, now: datetime) -> "SmsCode":
        """Another code in place of this one; raises `SentTooOften` (A41)."""
        if self.sent >= MOST_SENT:
            raise SentTooOften
        if (wait := self.sent_at + BETWEEN_SENDS - now) > timedelta():
            raise SentTooOften(retry_after_seconds=ceil(wait.total_seconds()))
        return replace(self, digest=digest, sent_at=now, sent=self.sent + 1, used_at=None)

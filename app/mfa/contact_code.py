"""Does the applicant receive what is sent to this phone or mailbox? A code out of band, SP 800-63B-4 §3.1.3.2.

The code itself is never here: the service keeps a keyed digest over who asked, where it went and the code, and hands
in the digest of what was given. It proves possession of a contact at binding; e-mail is no factor of a log-in (A42).
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from app.core.refusal import Refusal
from app.mfa.sending import SentTooOften

DIGITS = 6  # SP 800-63B-4 §3.1.3.2 (A39)
LIFE = timedelta(minutes=10)  # the same
MOST_STRIKES = 5  # over all codes sent for one asker: 5 in 10^6 (A24)
MOST_SENT = 5  # A41
BETWEEN_SENDS = timedelta(seconds=60)  # A41: a message costs money and bothers whoever owns the number


class WrongContactCode(Refusal, code="wrong_contact_code"):
    """Not the code that was sent, one sent to somebody else, or one that was replaced."""


class ContactCodeClosed(Refusal, code="contact_code_closed"):
    """It was used, it is too old, or there were too many wrong tries."""


class State(StrEnum):
    """Whose move it is."""

    WAITING = "waiting"  # applicant: enter the code
    USED = "used"  # nobody: the contact is proven, or asker: it was another's already
    EXPIRED = "expired"  # applicant: ask for another
    DEAD = "dead"  # nobody: too many wrong tries


@dataclass(frozen=True, slots=True)
class ContactCode:
    """The newest code sent on behalf of one asker; strikes and sends are counted over all of them."""

    asked_by: str
    """Id of the proofing or session that asked (A39)."""
    digest: bytes
    sent_at: datetime
    sent: int = 1
    strikes: int = 0
    used_at: datetime | None = None

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is dead (A39)."""
        return self.sent_at + LIFE

    def state(self, now: datetime) -> State:
        """Whose move it is at this moment."""
        if self.used_at is not None:
            return State.USED
        if self.strikes >= MOST_STRIKES:
            return State.DEAD
        return State.WAITING if now < self.expires_at else State.EXPIRED

    def prove(self, given: bytes, *, asked_by: str, now: datetime) -> tuple["ContactCode", Refusal | None]:
        """Use the code: `given` is the digest of what the applicant entered. A wrong one leaves a strike.

        Whoever did not ask can neither use it nor strike it: his guesses must not close it for the one who did.
        """
        if asked_by != self.asked_by:
            return self, WrongContactCode()
        if self.state(now) is not State.WAITING:
            return self, ContactCodeClosed()
        if not hmac.compare_digest(self.digest, given):
            return replace(self, strikes=self.strikes + 1), WrongContactCode()
        return replace(self, used_at=now), None

    def again(self, digest: bytes, *, now: datetime) -> "ContactCode":
        """Another code for the same asker, whatever the contact; it replaces this one and forgets no strike (A24).

        One that was used leaves room for another: its address, though proven, may have been somebody's already.
        Raises `ContactCodeClosed` where a strike too many has ended it, `SentTooOften` (A41).
        """
        if self.state(now) is State.DEAD:
            raise ContactCodeClosed
        if self.sent >= MOST_SENT:
            raise SentTooOften
        if (wait := self.sent_at + BETWEEN_SENDS - now) > timedelta():
            raise SentTooOften(retry_after_seconds=ceil(wait.total_seconds()))
        return replace(self, digest=digest, sent_at=now, sent=self.sent + 1, used_at=None)

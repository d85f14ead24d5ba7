"""May the capture page be entered by this code, and does what it opened still stand? For one proofing, on one device."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.core.ids import CaptureId, ProofingId
from app.core.refusal import Refusal
from app.verification.proofing import State

CODE_LIFE: Final = timedelta(minutes=10)
CODE_BYTES: Final = 32
"""Scanned or followed, never typed: nobody guesses one."""
TOKEN_BYTES: Final = 32
IDLE: Final = timedelta(minutes=15)  # PCI DSS 4.0.1 8.2.8, as staff (A68): time to fetch a passport from another room
KIOSK_IDLE: Final = timedelta(seconds=60)
"""The next person in the queue stands before it."""
LONGEST: Final = timedelta(hours=2)
OVER: Final = frozenset({State.ENROLLED, State.WITHDRAWN, State.EXPIRED})
"""States in which nothing is left to see on the page; a rejection still is (R102)."""


class CaptureCodeInvalid(Refusal, code="capture_code_invalid"):
    """Unknown, too old or used: one answer, or a code that was seen could be tried for whether it was used."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One way into the page: first a code, then the session that it was swapped for."""

    id: CaptureId
    proofing_id: ProofingId
    kiosk: bool
    created_at: datetime
    expires_at: datetime
    """Of the code until it is used, of the session from then on."""
    entered_at: datetime | None = None
    used_at: datetime | None = None
    ended_at: datetime | None = None

    def enter(self, *, proofing_ends_at: datetime, now: datetime) -> "Capture":
        """Swap the code for a session; raises CaptureCodeInvalid."""
        if self.entered_at is not None or self.ended_at is not None or now >= self.expires_at:
            raise CaptureCodeInvalid
        return replace(self, entered_at=now, used_at=now, expires_at=min(now + LONGEST, proofing_ends_at))

    def is_alive(self, now: datetime) -> bool:
        """Whether the session stands: neither ended, nor idle too long, nor too old."""
        return self.used_at is not None and now < self.used_at + self.idle and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Whether it was ended or is too old, whatever is done; whoever is being filmed is not idle."""
        return self.ended_at is not None or now >= self.expires_at

    @property
    def idle(self) -> timedelta:
        """How long nobody need do anything."""
        return KIOSK_IDLE if self.kiosk else IDLE


def opened(capture_id: CaptureId, proofing_id: ProofingId, *, kiosk: bool, now: datetime) -> Capture:
    """A code that begins to live now."""
    return Capture(capture_id, proofing_id, kiosk, created_at=now, expires_at=now + CODE_LIFE)

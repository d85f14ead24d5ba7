"""Which key signs now, and which keys may a relying party still see? Rotation without one refused token (A117).

Times decide, not a job that flips states: a key is published, signs later, retires, and stays to be checked against
until the last token it signed is dead. So every process that knows the ring agrees, and no step can be forgotten.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from app.assertion import base64url
from app.assertion.claims import LIFETIME
from app.assertion.token import AHEAD
from app.core.refusal import Unavailable

Said = TypeVar("Said")
JWKS_MAX_AGE = timedelta(minutes=5)
"""How long a relying party may keep our published keys (`Cache-Control: max-age`)."""
RELOAD_WITHIN = timedelta(minutes=1)
"""Every one of our processes reads the ring again at least this often."""
PUBLISH_AHEAD = JWKS_MAX_AGE + RELOAD_WITHIN
"""A key is seen by everybody before it signs."""
KEEP_AFTER = LIFETIME + AHEAD
"""A retired key is published until its last token is dead, on a clock that runs behind too."""
_PUBLIC_MEMBERS = ("crv", "kty", "x", "y")
"""The required members of an EC key, in the order RFC 7638 §3.2 hashes them."""


class KeyState(StrEnum):
    """Where a key stands in its life."""

    NEXT = "next"  # published, signs later
    CURRENT = "current"  # signs
    RETIRED = "retired"  # its last tokens still live
    GONE = "gone"  # no token it signed is good any more


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The public half of one signing key, and its life."""

    kid: str
    public_jwk: Mapping[str, str]
    published_at: datetime
    not_before: datetime
    """From when it signs."""
    retired_at: datetime | None = None
    """From when it signs no more."""

    def state(self, now: datetime) -> KeyState:
        """Where it stands at `now`."""
        if now < self.not_before:
            return KeyState.NEXT
        if self.retired_at is None or now < self.retired_at:
            return KeyState.CURRENT
        return KeyState.RETIRED if now < self.retired_at + KEEP_AFTER else KeyState.GONE


KeyRing = tuple[SigningKey, ...]


def signing_key(ring: KeyRing, now: datetime) -> SigningKey:
    """The key that signs at `now`: of several, the newest. Raises Unavailable where none may."""
    current = [key for key in ring if key.state(now) is KeyState.CURRENT]
    if not current:
        raise Unavailable(retry_after_seconds=int(RELOAD_WITHIN.total_seconds()))
    return max(current, key=lambda key: (key.not_before, key.kid))


def published(ring: KeyRing, now: datetime) -> KeyRing:
    """The keys whose signatures are good at `now`, or soon will be."""
    return tuple(key for key in ring if key.state(now) is not KeyState.GONE)


def next_change(ring: KeyRing, now: datetime) -> datetime:
    """Until when what the ring says at `now` stays true."""
    changes = (
        moment
        for key in ring
        for moment in (key.not_before, *((key.retired_at, key.retired_at + KEEP_AFTER) if key.retired_at else ()))
        if moment > now
    )
    return min(changes, default=datetime.max.replace(tzinfo=UTC))


class AsOf(Generic[Said]):
    """What one question about the ring is answered: found once, and again when the ring or the time has moved on."""

    def __init__(self, question: Callable[[KeyRing, datetime], Said]) -> None:
        self._question = question
        self._found: tuple[KeyRing, datetime, datetime, Said] | None = None

    def answer(self, ring: KeyRing, now: datetime) -> Said:
        """The question's answer at `now`; raises what the question raises."""
        found = self._found
        if found is not None and found[0] is ring and found[1] <= now < found[2]:
            return found[3]
        said = self._question(ring, now)
        self._found = ring, now, next_change(ring, now), said
        return said


def withdrawn(ring: KeyRing, kid: str) -> KeyRing:
    """The ring without a key that somebody else may know: what it signed is refused at once, live tokens too."""
    return tuple(key for key in ring if key.kid != kid)


def jwks(ring: KeyRing, now: datetime) -> dict[str, list[dict[str, str]]]:
    """The published key set, RFC 7517 §5. Members are picked by name, so a private one cannot slip through."""
    return {
        "keys": [
            {member: key.public_jwk[member] for member in _PUBLIC_MEMBERS}
            | {"kid": key.kid, "use": "sig", "alg": "ES256"}
            for key in published(ring, now)
        ]
    }


def thumbprint(public_jwk: Mapping[str, str]) -> str:
    """The name of an EC key, made from the key itself, RFC 7638 §3."""
    members = {member: public_jwk[member] for member in _PUBLIC_MEMBERS}
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return base64url.encode(hashlib.sha256(canonical.encode("utf-8")).digest())

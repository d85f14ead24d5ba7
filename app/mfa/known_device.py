"""Is this a device the person has signed in from? A token given at each completed log-in, shown at the next one.

It proves nothing and opens nothing (A66): a try from a known device is counted apart from those of strangers, no more. It
has two halves. The first names the device and stays; the second is a secret, new at each completed log-in, so that a copy
is told apart as soon as either of the two has signed in with theirs: whoever then brings the stale one ends it for both.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core import ids
from app.core.ids import ClientId, DeviceId, PersonId

LIFE = timedelta(days=90)
"""Since the last completed log-in."""
MOST = 10
"""Of one person at one client; each has guesses of its own, and so the oldest give way."""
SECRET_BYTES = 32
_PREFIX, _BETWEEN = "hdt_", "."


class Shown(StrEnum):
    """What a token that was shown is."""

    KNOWN = "known"
    STALE = "stale"  # of a living device, and not its newest: a copy, or the original of one
    NONE = "none"  # anything else: one answer


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """One device, at one client; its newest token is kept as a keyed hash."""

    id: DeviceId
    person_id: PersonId
    client_id: ClientId | None
    """None: at the doors of staff."""
    token_index: bytes
    network: str | None
    """Where it last signed in from."""
    created_at: datetime
    used_at: datetime
    """The last completed log-in."""
    expires_at: datetime
    ended_at: datetime | None = None

    def is_alive(self, now: datetime) -> bool:
        """Neither ended nor unused too long."""
        return self.ended_at is None and now < self.expires_at

    def shown(self, *, is_newest: bool, person: PersonId | None, client: ClientId | None, now: datetime) -> Shown:
        """What a token of this name is, shown at a client for whoever was named; None: nobody who can sign in."""
        if not self.is_alive(now):
            return Shown.NONE
        if not is_newest:
            return Shown.STALE
        return Shown.KNOWN if (person, client) == (self.person_id, self.client_id) else Shown.NONE

    def rotated(self, token_index: bytes, *, network: str | None, now: datetime) -> "KnownDevice":
        """After a completed log-in: the next token, and another life."""
        return replace(self, token_index=token_index, network=network, used_at=now, expires_at=now + LIFE)

    def ended(self, now: datetime) -> "KnownDevice":
        """Known no longer."""
        return replace(self, ended_at=now)


def token(device_id: DeviceId, secret: str) -> str:
    """What the front end keeps."""
    return f"{_PREFIX}{device_id}{_BETWEEN}{secret}"


def named_by(given: str) -> DeviceId:
    """The device whose token this may be; a name nobody has where it is no token."""
    name, _, _ = given.removeprefix(_PREFIX).partition(_BETWEEN)
    return DeviceId(name if given.startswith(_PREFIX) and ids.possible(name) else "")

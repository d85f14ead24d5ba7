"""May this refresh token be exchanged? Rotation, reuse and the lost answer (A88-A91, RFC 9700 §4.14).

Tokens are derived, never stored: a family is one row that knows its live generation, and a token is the generation's
number with a keyed hash over it. So an answer that was lost can be given again, and a dump of the row mints nothing.
"""

import struct
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.assertion import base64url
from app.assertion.oauth import InvalidGrant
from app.core.ids import ClientId, SessionId

LOST_ANSWER = timedelta(seconds=10)
"""How long the predecessor still yields the same successor: an answer lost on the way may be asked for again."""
ABSOLUTE_END = timedelta(hours=24)
"""However often it is rotated (A91); an AAL2 session lives no longer, SP 800-63B-4 §2.2.3."""
MAC_BYTES = 32
MAX_LENGTH = 400
"""Characters; ours have about 100."""
_FORMAT = 2
"""1 named no algorithm; nobody holds one any more (A91)."""
_HEAD = struct.Struct(">BBIIB")
"""Format, suite, key version, generation, length of the session id."""
_LABEL = b"hufu refresh v1"


class Outcome(StrEnum):
    """What presenting the token came to."""

    ROTATED = "rotated"  # the successor is the live one now
    REPEATED = "repeated"  # the same successor once more
    REUSED = "reused"  # somebody else has it too: the family has been ended
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RefreshFamily:
    """The one line of refresh tokens a session has."""

    session_id: SessionId
    client_id: ClientId
    generation: int
    """The live one; the first is 1."""
    rotated_at: datetime
    expires_at: datetime
    """The absolute end."""
    ended_at: datetime | None = None

    def exchange(
        self, generation: int, *, client_id: ClientId, now: datetime
    ) -> tuple["RefreshFamily", Outcome, InvalidGrant | None]:
        """Judge a token whose keyed hash holds: the family now, what came of it, what to raise once that is stored.

        The successor to hand out is `family.generation` of the family returned.
        """
        if client_id != self.client_id or self.ended_at is not None or now >= self.expires_at:
            return self, Outcome.REFUSED, InvalidGrant()
        if generation == self.generation:
            return replace(self, generation=generation + 1, rotated_at=now), Outcome.ROTATED, None
        if generation == self.generation - 1 and abs(now - self.rotated_at) <= LOST_ANSWER:
            return self, Outcome.REPEATED, None
        # Owner and thief both hold a token and nobody can tell which is which, so neither keeps it (A89).
        return replace(self, ended_at=now), Outcome.REUSED, InvalidGrant()


@dataclass(frozen=True, slots=True)
class Presented:
    """What a refresh token says; true only if `mac` is the keyed hash of `message`."""

    suite: int
    key_version: int
    session_id: SessionId
    generation: int
    mac: bytes


def opened(session_id: SessionId, client_id: ClientId, *, now: datetime, lifetime: timedelta) -> RefreshFamily:
    """The family of a session that has just begun."""
    return RefreshFamily(session_id, client_id, generation=1, rotated_at=now, expires_at=now + lifetime)


def message(session_id: SessionId, generation: int, client_id: ClientId) -> bytes:
    """What the keyed hash covers. Each part carries its length: no two families share a message."""
    session, client = session_id.encode("utf-8"), client_id.encode("utf-8")
    return _LABEL + struct.pack(">HIH", len(session), generation, len(client)) + session + client


def text(presented: Presented) -> str:
    """The token as the client gets it."""
    session = presented.session_id.encode("ascii")
    head = _HEAD.pack(_FORMAT, presented.suite, presented.key_version, presented.generation, len(session))
    return base64url.encode(head + session + presented.mac)


def parse(given: str) -> Presented:
    """What a token says, before its keyed hash is checked; raises InvalidGrant for anything we cannot have made."""
    if len(given) > MAX_LENGTH:
        raise InvalidGrant
    try:
        octets = base64url.decode(given)
        form, suite, key_version, generation, length = _HEAD.unpack_from(octets)
        session = octets[_HEAD.size : -MAC_BYTES].decode("ascii")
    except (ValueError, struct.error):
        raise InvalidGrant from None
    if form != _FORMAT or len(octets) != _HEAD.size + length + MAC_BYTES:
        raise InvalidGrant
    return Presented(suite, key_version, SessionId(session), generation, octets[-MAC_BYTES:])

"""What happened? One event: who did what to whom, from where, when, with which factors, and was it allowed (A120)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

NOTHING: Final[Mapping[str, str | int | float | bool | None]] = MappingProxyType({})


class Outcome(StrEnum):
    """Whether the act was done or refused."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class ActorKind(StrEnum):
    """Who acted."""

    CLIENT = "client"
    APPLICANT = "applicant"
    CLAIMANT = "claimant"
    SUBSCRIBER = "subscriber"
    STAFF = "staff"
    SYSTEM = "system"
    ANYONE = "anyone"


# Tuples, not dataclasses: one of each is made at every request, and a frozen dataclass takes four times as long.
class Actor(NamedTuple):
    """Who acted, and from where: pseudonyms and addresses, never a name or an identity number."""

    kind: ActorKind
    id: str | None = None
    client_id: str | None = None
    network: str | None = None
    """The caller's IP address as text; None for our own work."""
    factors: tuple[str, ...] = ()


class Event(NamedTuple):
    """One audited act. `detail` holds codes, counts, scores and versions; no secret, no personal attribute."""

    action: str
    """`noun.verb`, e.g. `proofing.submit`, `image.unseal`."""
    outcome: Outcome
    actor: Actor
    at: datetime
    subject: str | None = None
    """Pseudonym of the person concerned."""
    object_id: str | None = None
    reason: str | None = None
    """Code of the refusal, or the purpose of a reading."""
    detail: Mapping[str, str | int | float | bool | None] = NOTHING

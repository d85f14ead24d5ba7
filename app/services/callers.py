"""Who is calling, as far as a service needs to know? Values; the proof was checked where they were made."""

from dataclasses import dataclass

from app.core.audit import Actor, ActorKind
from app.core.ids import CaptureId, ClientId, PersonId, ProofingId, SessionId, StaffId
from app.core.secret import Secret
from app.staff.roles import Role


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    network: str | None


@dataclass(frozen=True, slots=True)
class ClientCaller:
    """A registered client, by its own access token or secret."""

    client_id: ClientId
    scopes: frozenset[str]
    origin: Origin

    def actor(self) -> Actor:
        """As the audit names it."""
        return Actor(ActorKind.CLIENT, self.client_id, self.client_id, self.origin.network)


@dataclass(frozen=True, slots=True)
class ApplicantCaller:
    """The holder of an applicant token; which proofing it opens is checked against the row, in the same unit of work."""

    token: Secret[str]
    origin: Origin

    def actor(self) -> Actor:
        """As the audit names it."""
        return Actor(ActorKind.APPLICANT, None, None, self.origin.network)


@dataclass(frozen=True, slots=True)
class CaptureCaller:
    """Whoever is on the capture page: the applicant of its one proofing, by the cookie a one-time code was swapped for."""

    capture_id: CaptureId
    proofing_id: ProofingId
    kiosk: bool
    origin: Origin

    def actor(self) -> Actor:
        """As the audit names it: by the way they came in."""
        return Actor(ActorKind.APPLICANT, self.capture_id, None, self.origin.network)


PresentingCaller = ApplicantCaller | CaptureCaller
"""Whoever may answer, present and submit; what binds an account takes the applicant token alone."""


@dataclass(frozen=True, slots=True)
class SubscriberCaller:
    """A subscriber in a session."""

    subscriber_id: PersonId
    session_id: SessionId
    client_id: ClientId
    scopes: frozenset[str]
    amr: tuple[str, ...]
    origin: Origin

    def actor(self) -> Actor:
        """As the audit names it."""
        return Actor(ActorKind.SUBSCRIBER, self.subscriber_id, self.client_id, self.origin.network, self.amr)


@dataclass(frozen=True, slots=True)
class StaffCaller:
    """A member of staff in a session of two factors."""

    staff_id: StaffId
    roles: frozenset[Role]
    origin: Origin

    def actor(self) -> Actor:
        """As the audit names it."""
        return Actor(ActorKind.STAFF, self.staff_id, None, self.origin.network, ("pwd", "otp"))

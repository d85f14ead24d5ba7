"""What does an access token say? The value, and its claims as RFC 9068 §2.2 names them.

`acr`, `amr`, `auth_time`, `ial`, `ial_missing` and `sid` are there for people only, and tell what really happened (A97).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.core.acr import Acr, Amr, Control, Ial
from app.core.ids import ClientId, PersonId, SessionId, named

LIFETIME = timedelta(seconds=300)
"""A relying party that never asks us trusts a revoked token for at most this long."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """How the subscriber was authenticated, and in which session."""

    acr: Acr
    amr: tuple[Amr, ...]
    auth_time: datetime
    ial: Ial
    session_id: SessionId
    ial_missing: tuple[Control, ...] = ()
    """What the next identity assurance level would take."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What one access token states; its moments are whole seconds."""

    id: str
    """`jti`: what a revocation names."""
    issuer: str
    subject: str
    """A PersonId, or the client's own id where no person is behind it, RFC 9068 §2.2."""
    audience: str
    client_id: ClientId
    scopes: frozenset[str]
    issued_at: datetime
    expires_at: datetime
    authentication: Authentication | None
    """None: the client acts for itself."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What was granted, to whom, for where: the part that clients' and people's tokens share."""

    issuer: str
    audience: str
    client_id: ClientId
    scopes: frozenset[str]


def for_client(grant: Granted, *, now: datetime, nonce: bytes) -> AccessToken:
    """The token of a client that acts for itself: its subject is the client, RFC 9068 §2.2. `nonce`: 26 bytes."""
    return _token(grant, grant.client_id, None, now=now, nonce=nonce)


def for_person(
    grant: Granted,
    person: PersonId,
    authentication: Authentication,
    *,
    session_ends_at: datetime,
    now: datetime,
    nonce: bytes,
) -> AccessToken:
    """The token of a client that acts for a subscriber; it never outlives their session (A91). `nonce`: 26 bytes."""
    token = _token(grant, person, authentication, now=now, nonce=nonce)
    return replace(token, expires_at=min(token.expires_at, session_ends_at.replace(microsecond=0)))


def claims_of(token: AccessToken) -> dict[str, object]:
    """The claims as they are signed."""
    claims: dict[str, object] = {
        "iss": token.issuer,
        "sub": token.subject,
        "aud": token.audience,
        "client_id": token.client_id,
        "scope": " ".join(sorted(token.scopes)),
        "iat": int(token.issued_at.timestamp()),
        "exp": int(token.expires_at.timestamp()),
        "jti": token.id,
    }
    if token.authentication is None:
        return claims
    return claims | {
        "acr": token.authentication.acr.value,
        "amr": [method.value for method in token.authentication.amr],
        "auth_time": int(token.authentication.auth_time.timestamp()),
        "ial": token.authentication.ial.value,
        "ial_missing": [control.value for control in token.authentication.ial_missing],
        "sid": token.authentication.session_id,
    }


def _token(
    grant: Granted, subject: str, authentication: Authentication | None, *, now: datetime, nonce: bytes
) -> AccessToken:
    issued_at = now.replace(microsecond=0)  # NumericDate, RFC 7519 §2: rounded down, so never issued in the future
    return AccessToken(
        id=named("tok", nonce),
        issuer=grant.issuer,
        subject=subject,
        audience=grant.audience,
        client_id=grant.client_id,
        scopes=grant.scopes,
        issued_at=issued_at,
        expires_at=issued_at + LIFETIME,
        authentication=authentication,
    )

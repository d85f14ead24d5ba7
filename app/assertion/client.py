"""What may a client ask for? Its registration, and the judgement of grant, scope, resource and redirect.

RFC 6749 §3.3, RFC 8707 §2, RFC 9700 §2.1; each client holds only what it needs (A105).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.assertion.oauth import InvalidRequest, InvalidScope, InvalidTarget, UnauthorizedClient, UnsupportedGrantType
from app.core.ids import ClientId
from app.core.refusal import Refusal

SCOPE_MAX_LENGTH = 1000
"""Characters of one `scope` parameter; ours have about twenty scopes of at most thirty characters."""
ADMINISTRATIVE_PREFIX = "admin:"
"""What every scope with power over others begins with, those to come too."""
_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
"""scope-token, RFC 6749 §3.3: printable ASCII without space, quotation mark and backslash."""
_LOOPBACK_WITH_PORT = re.compile(r"(http://(?:127\.0\.0\.1|\[::1\])):[0-9]{1,5}((?:[/?].*)?)")
ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")
"""A web origin, RFC 6454 §6.2: TLS, or a loopback address, where nobody stands in between."""
_REDIRECT = re.compile(
    r"https://[^#?/\s@\\]+([/?][^#\s]*)?|http://(127\.0\.0\.1|\[::1\])([/?][^#\s]*)?|[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:[^#\s]+"
)
"""TLS, a loopback address, or a native application's scheme in reverse domain order, RFC 8252 §7.1; no fragment."""


class InvalidRegistration(Refusal, code="invalid_client_metadata"):
    """A registration that would be unsafe or contradicts itself, RFC 7591 §3.2.2. Facts: field."""


class AdministrativeScope(Refusal, code="administrative_scope"):
    """A client with an administrative scope is proposed by one security officer and approved by another."""


class ClientKind(StrEnum):
    """What runs the client."""

    FRONTEND = "frontend"
    KIOSK = "kiosk"
    SERVICE = "service"


class Grant(StrEnum):
    """The grants there are; implicit and password do not exist (A77)."""

    AUTHORIZATION_CODE = "authorization_code"
    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  the name of a grant


@dataclass(frozen=True, slots=True)
class Client:
    """One OAuth registration; its secret lives elsewhere, as a keyed hash."""

    id: ClientId
    name: str
    kind: ClientKind
    first_party: bool
    """The bank's own front end, which may collect a claimant's proofs itself."""
    confidential: bool
    """It can keep a secret, RFC 6749 §2.1."""
    grants: frozenset[Grant]
    scopes: frozenset[str]
    audiences: frozenset[str]
    """The resources it may ask tokens for; as a resource itself, those it answers to."""
    purpose: str
    """What the bank uses it for, told in every record of a release."""
    origins: frozenset[str] = frozenset()
    """Web origins that may call us from a browser, RFC 6454 §6.2."""
    redirects: frozenset[str] = frozenset()


def check_registration(client: Client) -> None:
    """Whether these facts make a safe client; raises InvalidRegistration naming the first field at fault."""
    flaws = {
        "name": not client.name.strip(),
        "purpose": not client.purpose.strip(),
        "grants": not client.grants
        or (Grant.CLIENT_CREDENTIALS in client.grants and not client.confidential)  # RFC 6749 §4.4
        or (Grant.REFRESH_TOKEN in client.grants and Grant.AUTHORIZATION_CODE not in client.grants),
        "first_party": client.first_party and client.kind is ClientKind.SERVICE,
        "scopes": not client.scopes or not all(map(_SCOPE_TOKEN.fullmatch, client.scopes)),
        "audiences": not client.audiences or not all(a and not a.isspace() for a in client.audiences),
        "origins": not all(map(ORIGIN.fullmatch, client.origins)),
        "redirects": not all(map(_REDIRECT.fullmatch, client.redirects)),
    }
    for field, at_fault in flaws.items():
        if at_fault:
            raise InvalidRegistration(field=field)


def administrative(client: Client) -> bool:
    """Whether it may ask for power over others' accounts, keys or registrations: any scope below `admin:`."""
    return any(scope.lower().startswith(ADMINISTRATIVE_PREFIX) for scope in client.scopes)


def permitted(grant_type: str, client: Client) -> Grant:
    """The grant asked for, if it exists and is one of the client's."""
    try:
        grant = Grant(grant_type)
    except ValueError:
        raise UnsupportedGrantType from None
    if grant not in client.grants:
        raise UnauthorizedClient
    return grant


def granted(asked: str | None, client: Client) -> frozenset[str]:
    """The scopes a first request gets: those asked for, or the client's own where none is named, RFC 6749 §3.3.

    One scope too many refuses the request; dropping it silently would fail later, somewhere else.
    """
    return client.scopes if asked is None else _within(asked, client.scopes)


def narrowed(asked: str | None, held: frozenset[str]) -> frozenset[str]:
    """The scopes of a refreshed token: never more than was granted first, RFC 6749 §6."""
    return held if asked is None else _within(asked, held)


def target(asked: Sequence[str], client: Client) -> str:
    """The one audience a token is for, so that a token for A is worth nothing at B (A95).

    More than one `resource` is refused, as RFC 8707 §2 allows: nobody could tell which scope was meant for which.
    """
    if len(asked) > 1:
        raise InvalidTarget
    audience = next(iter(asked or client.audiences), "")
    if audience not in client.audiences or (not asked and len(client.audiences) != 1):
        raise InvalidTarget
    return audience


def targets(asked: Sequence[str], client: Client) -> tuple[str, ...]:
    """The resources a log-in is for: each token of it will be for one of them, RFC 8707 §2.2."""
    return tuple(dict.fromkeys(target([each], client) for each in asked)) or (target([], client),)


def chosen(asked: Sequence[str], held: Sequence[str]) -> str:
    """The audience of one token: of those granted first the one named, the first where none is, RFC 8707 §2.2."""
    if len(asked) > 1 or not set(held).issuperset(asked):
        raise InvalidTarget
    return asked[0] if asked else held[0]


def redirect(asked: str | None, client: Client) -> str:
    """The redirect asked for if it is registered, compared character by character (A76).

    Only the port of a loopback address is free: a native application learns it from its system, RFC 8252 §7.3.
    """
    if asked is not None and asked in client.redirects:
        return asked
    loopback = _LOOPBACK_WITH_PORT.fullmatch(asked or "")
    if asked is None or loopback is None or "".join(loopback.groups()) not in client.redirects:
        raise InvalidRequest(parameter="redirect_uri")
    return asked


def _within(asked: str, held: frozenset[str]) -> frozenset[str]:
    scopes = asked.split(" ")
    if len(asked) > SCOPE_MAX_LENGTH or not all(map(_SCOPE_TOKEN.fullmatch, scopes)) or not held.issuperset(scopes):
        raise InvalidScope
    return frozenset(scopes)

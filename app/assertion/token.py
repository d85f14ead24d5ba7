"""Is this one of our access tokens, and good here and now? Every check beside the signature.

RFC 7515 §5.2, RFC 8725, RFC 9068 §4. The library that checks the signature accepts unknown `crit`, any `typ`, missing
`exp` and trailing `=`, so shape and header are judged before it is asked, and claims after.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, NoReturn

from app.assertion import base64url
from app.assertion.claims import AccessToken, Authentication
from app.core.acr import Acr, Amr, Control, Ial
from app.core.ids import ClientId, SessionId
from app.core.refusal import Refusal

MAX_LENGTH = 8192
"""Characters; ours have about 800, and what is longer is not worth a hash."""
AHEAD = timedelta(seconds=10)
"""How far `iat` and `nbf` may lie ahead of our clock: the least that FAPI 2.0 §5.3.2.1 asks us to bear (A87)."""
_ALGORITHM = "ES256"
_SIGNATURE_BYTES = 64
"""R and S of P-256, RFC 7518 §3.4."""
_TYPES = frozenset({"at+jwt", "application/at+jwt"})
_KEY_MEMBERS = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"})
_PERSONAL = frozenset({"acr", "amr", "auth_time", "ial", "ial_missing", "sid"})
"""All of them or none: half a log-in is no log-in."""
_LAST_MOMENT = 253_402_300_799
"""The end of the year 9999, beyond which Python has no date."""


class Flaw(StrEnum):
    """Why a token is not accepted: for our records, never for the caller."""

    TOO_LONG = "too_long"
    SHAPE = "shape"
    ENCODING = "encoding"
    JSON = "json"
    TYPE = "type"
    ALGORITHM = "algorithm"
    CRITICAL = "critical"
    KEY_IN_HEADER = "key_in_header"
    HEADER = "header"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REVOKED = "revoked"
    ANOTHER_KIND = "another_kind"  # a client's where a person is asked for, or the other way round


class InvalidToken(Refusal, code="invalid_token"):
    """The token is not good here and now, RFC 6750 §3.1; which flaw it has stays with us."""

    def __init__(self, flaw: Flaw = Flaw.SHAPE) -> None:
        super().__init__()
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say to be good here: who issued it, and for which of these resources."""

    issuer: str
    audiences: frozenset[str] | None
    """None: any audience; only for the issuer itself, who may revoke whatever it issued."""


class Parts(NamedTuple):
    """A well-formed token taken apart; nothing in it is believed yet."""

    kid: str
    """A name to be looked up among our own keys, never an address or a key (A96)."""
    signed: bytes
    payload: bytes
    signature: bytes


def parts(text: str) -> Parts:
    """The parts of a token whose header asks for nothing but our one algorithm and type; raises InvalidToken."""
    if len(text) > MAX_LENGTH:
        _refuse(Flaw.TOO_LONG)
    spelled = text.split(".")
    if len(spelled) != 3 or not all(spelled):
        _refuse(Flaw.SHAPE)
    header, payload, signature = spelled
    found = _octets(payload), _octets(signature)
    if len(found[1]) != _SIGNATURE_BYTES:
        _refuse(Flaw.SIGNATURE)
    return Parts(_kid(header), f"{header}.{payload}".encode("ascii"), *found)


@lru_cache(maxsize=64)
def _kid(header: str) -> str:
    """The `kid` of a header. All tokens of one key have the same one, letter by letter; a refusal is not kept."""
    return _judged_header(_members(_octets(header)))


@dataclass(frozen=True, slots=True)
class Stated:
    """What a payload says, whoever asks and whenever: good to be kept, for it can never say anything else."""

    token: AccessToken
    begins: datetime
    """The later of `iat` and `nbf`."""


def stated(payload: bytes) -> Stated:
    """What the claims say, once the signature over `payload` holds; raises InvalidToken for what we never state so."""
    claims = _members(payload)
    token = _token(claims)
    return Stated(token, max(token.issued_at, _moment(claims, "nbf")) if "nbf" in claims else token.issued_at)


def judged(said: Stated, expected: Expectation, *, now: datetime) -> AccessToken:
    """The token, if it is good here and now; raises InvalidToken. To be asked at every use (A95)."""
    token = said.token
    if token.issuer != expected.issuer:
        _refuse(Flaw.ISSUER)
    if expected.audiences is not None and token.audience not in expected.audiences:
        _refuse(Flaw.AUDIENCE)
    if now >= token.expires_at:  # "on or after", RFC 7519 §4.1.4: no grace for what lives five minutes
        _refuse(Flaw.EXPIRED)
    if said.begins > now + AHEAD:
        _refuse(Flaw.NOT_YET)
    return token


def _judged_header(header: Mapping[str, object]) -> str:
    if header.get("alg") != _ALGORITHM:  # before all else: `none`, and HS256 keyed with our public key (A86)
        _refuse(Flaw.ALGORITHM)
    if "crit" in header or "b64" in header:  # we know no extension, so none can be met, RFC 7515 §4.1.11
        _refuse(Flaw.CRITICAL)
    if not _KEY_MEMBERS.isdisjoint(header):  # a stranger's key vouching for a stranger's token (A96)
        _refuse(Flaw.KEY_IN_HEADER)
    if str(header.get("typ")).lower() not in _TYPES:  # an ID token or a logout token is no access token (A94)
        _refuse(Flaw.TYPE)
    kid = header.get("kid")
    if not isinstance(kid, str) or header.keys() != {"alg", "typ", "kid"}:
        _refuse(Flaw.HEADER)
    return kid


def _token(claims: Mapping[str, object]) -> AccessToken:
    return AccessToken(
        id=_text(claims, "jti"),
        issuer=_text(claims, "iss"),
        subject=_text(claims, "sub"),
        audience=_text(claims, "aud"),  # we sign exactly one, so a list is not ours
        client_id=ClientId(_text(claims, "client_id")),
        scopes=frozenset(_text(claims, "scope").split(" ")),
        issued_at=_moment(claims, "iat"),
        expires_at=_moment(claims, "exp"),
        authentication=None if _PERSONAL.isdisjoint(claims) else _authentication(claims),
    )


def _authentication(claims: Mapping[str, object]) -> Authentication:
    methods, missing = claims.get("amr"), claims.get("ial_missing")
    if not isinstance(methods, list) or not methods or not isinstance(missing, list):
        _refuse(Flaw.CLAIMS)
    try:
        return Authentication(
            acr=Acr(_text(claims, "acr")),
            amr=tuple(Amr(method) for method in methods),
            auth_time=_moment(claims, "auth_time"),
            ial=Ial(_text(claims, "ial")),
            session_id=SessionId(_text(claims, "sid")),
            ial_missing=tuple(Control(control) for control in missing),
        )
    except ValueError:
        _refuse(Flaw.CLAIMS)


def _octets(part: str) -> bytes:
    try:
        return base64url.decode(part)
    except ValueError:
        _refuse(Flaw.ENCODING)


def _members(octets: bytes) -> Mapping[str, object]:
    """A JSON object in UTF-8; a name given twice is two meanings, RFC 8725 §2.4 and RFC 7515 §4."""
    try:
        # The text is decoded here because the library would guess UTF-16 and UTF-32 too.
        parsed: object = _JSON.decode(octets.decode("utf-8"))
    except (ValueError, RecursionError):
        _refuse(Flaw.JSON)
    if not isinstance(parsed, dict):
        _refuse(Flaw.JSON)
    return parsed


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is given twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_constant)


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        _refuse(Flaw.CLAIMS)
    return value


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if type(value) is not int or not 0 <= value <= _LAST_MOMENT:  # `type`, for True is an int too
        _refuse(Flaw.CLAIMS)
    return datetime.fromtimestamp(value, UTC)


def _refuse(flaw: Flaw) -> NoReturn:
    raise InvalidToken(flaw)

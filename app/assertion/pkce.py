"""Is whoever brings the code the one who asked for it? RFC 7636, S256 alone (A78)."""

import hashlib
import hmac
import re

from app.assertion import base64url
from app.assertion.oauth import InvalidGrant, InvalidRequest

_CHALLENGE_BYTES = 32
"""A SHA-256 digest."""
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
"""code-verifier, RFC 7636 §4.1."""


def challenge(given: str | None, method: str | None) -> str:
    """The challenge a code will be bound to.

    A request without a method would mean `plain` (RFC 7636 §4.3), which shows the verifier to whoever reads the
    request: refused like any other method.
    """
    if method != "S256":
        raise InvalidRequest(parameter="code_challenge_method")
    try:
        well_formed = len(base64url.decode(given or "")) == _CHALLENGE_BYTES
    except ValueError:
        well_formed = False
    if given is None or not well_formed:
        raise InvalidRequest(parameter="code_challenge")
    return given


def prove(verifier: str | None, *, expected_challenge: str) -> None:
    """Whether the verifier hashes to the challenge, RFC 7636 §4.6; raises InvalidGrant."""
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        raise InvalidGrant
    if not hmac.compare_digest(s256(verifier), expected_challenge):
        raise InvalidGrant


def s256(verifier: str) -> str:
    """The challenge of a verifier, RFC 7636 §4.2."""
    return base64url.encode(hashlib.sha256(verifier.encode("ascii")).digest())

"""Is this base64url, written the one way it can be? RFC 4648 §5, §3.5; RFC 7515 §2.

A decoder that forgives padding, stray characters or spare bits lets one token have many spellings, and a list of
revoked spellings is then worth nothing.
"""

import base64
import binascii


def encode(octets: bytes) -> str:
    """The octets without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The octets; raises ValueError for any spelling but the one `encode` gives."""
    try:
        octets = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64url") from error
    if encode(octets) != text:
        raise ValueError("not the canonical spelling")
    return octets

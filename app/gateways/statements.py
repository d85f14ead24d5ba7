"""Who says so? Documents that the house signed, in the envelope its audit's heads travel in: ES256 over canonical JSON."""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Never

from jose.backends.cryptography_backend import CryptographyECKey

from app.assertion.key_ring import signing_key
from app.audit.entry import Value, canonical
from app.audit.head import ALGORITHM
from app.gateways.audit_signing import made_by
from app.gateways.signing import SigningPair, p256

MEMBERS = frozenset({"statement", "algorithm", "key", "public_key", "signature"})


class StatementMalformed(ValueError):
    """What was read is no signed statement; the message says why."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A document, and the signature of it."""

    document: Mapping[str, Value]
    key: str
    """RFC 7638 thumbprint."""
    public_key: Mapping[str, str]
    signature: bytes

    def octets(self) -> bytes:
        """As it is written to a file."""
        signature = base64.urlsafe_b64encode(self.signature).decode("ascii")
        members: dict[str, Value] = {"statement": self.document, "algorithm": ALGORITHM, "key": self.key}
        return canonical(members | {"public_key": self.public_key, "signature": signature}) + b"\n"


Genuine = Callable[[Statement], bool]
"""Whether a statement is signed by whom the caller trusts."""


class StatementSigner:
    """Signs with the key whose turn it is, and knows which statements are its own."""

    def __init__(self, pairs: Collection[SigningPair]) -> None:
        self._ring = tuple(pair.key for pair in pairs)
        self._keys = {pair.key.kid: CryptographyECKey(p256(pair.private), ALGORITHM) for pair in pairs}
        self.own: Genuine = trusting(self._keys.keys())
        """Whether the house itself signed a statement."""

    def signed(self, document: Mapping[str, Value], *, now: datetime) -> Statement:
        """The document under the current key; the key is named beside it, and checked by its thumbprint."""
        key = signing_key(self._ring, now)
        return Statement(document, key.kid, dict(key.public_jwk), self._keys[key.kid].sign(_signed_octets(document)))


def trusting(kids: Collection[str]) -> Genuine:
    """A judge who takes signatures of these keys alone, named by their thumbprints."""

    def genuine(given: Statement) -> bool:
        octets = _signed_octets(given.document)
        return given.key in kids and made_by(given.key, given.public_key, octets, given.signature)

    return genuine


def parsed(octets: bytes) -> Statement:
    """What a file holds; raises StatementMalformed. Whether it is genuine is another question."""
    try:
        found = json.loads(octets, parse_float=_no_float, object_pairs_hook=_once)
        if set(found) != MEMBERS or found["algorithm"] != ALGORITHM or not isinstance(found["key"], str):
            _malformed("not the members of a signed statement")
        signature = base64.b64decode(found["signature"], altchars=b"-_", validate=True)
        public_key = {str(name): str(value) for name, value in found["public_key"].items()}
        return Statement(dict(found["statement"]), found["key"], public_key, signature)
    except StatementMalformed:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error) as error:
        raise StatementMalformed(f"{type(error).__name__}: {error}") from None


def _malformed(why: str) -> Never:
    raise StatementMalformed(why)


def _signed_octets(document: Mapping[str, Value]) -> bytes:
    return canonical(document)


def _once(members: list[tuple[str, Value]]) -> dict[str, Value]:
    """Of a member that comes twice, one reader takes the first and another the last."""
    found = dict(members)
    if len(found) != len(members):
        _malformed("a member twice")
    return found


def _no_float(text: str) -> Never:
    _malformed(f"{text}: numbers with a fraction travel as text")

"""Who signs our access tokens, and is this signature ours? ES256 through python-jose, keys parsed once.

What the library would let pass (unknown `crit`, any `typ`, missing `exp`, trailing `=`) `assertion/token` has refused
before it is asked here.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from jose.backends.cryptography_backend import CryptographyECKey

from app.assertion import base64url
from app.assertion.claims import AccessToken, claims_of
from app.assertion.key_ring import AsOf, KeyRing, SigningKey, published, signing_key, thumbprint
from app.assertion.token import Expectation, Flaw, InvalidToken, Stated, judged, parts, stated
from app.core.secret import Secret

_ALGORITHM = "ES256"
_COORDINATE_BYTES = 32
"""RFC 7518 §6.2.1.2."""


@dataclass(frozen=True, slots=True)
class SigningPair:
    """One signing key with its private half (PKCS #8, DER)."""

    key: SigningKey
    private: Secret[bytes]

    @classmethod
    def of(
        cls, private: Secret[bytes], *, published_at: datetime, not_before: datetime, retired_at: datetime | None
    ) -> "SigningPair":
        """The pair of a private key; its name is the thumbprint of its public half."""
        numbers = p256(private).public_key().public_numbers()
        jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": base64url.encode(numbers.x.to_bytes(_COORDINATE_BYTES, "big")),
            "y": base64url.encode(numbers.y.to_bytes(_COORDINATE_BYTES, "big")),
        }
        return cls(SigningKey(thumbprint(jwk), jwk, published_at, not_before, retired_at), private)


class Signer:
    """Signs access tokens with the key whose turn it is."""

    def __init__(self, pairs: Iterable[SigningPair]) -> None:
        self._keys: dict[str, CryptographyECKey] = {}
        self._signing = AsOf(signing_key)
        self.follow(pairs)

    def follow(self, pairs: Iterable[SigningPair]) -> None:
        """Sign with these from now on; what was parsed stays parsed."""
        held = tuple(pairs)
        self._keys = {
            pair.key.kid: self._keys.get(pair.key.kid) or CryptographyECKey(p256(pair.private), _ALGORITHM)
            for pair in held
        }
        self._ring: KeyRing = tuple(pair.key for pair in held)
        self._headers = {kid: _segment({"alg": _ALGORITHM, "kid": kid, "typ": "at+jwt"}) for kid in self._keys}

    def sign(self, token: AccessToken, *, now: datetime) -> str:
        """The token as its client gets it: a JWS in compact form, `typ` at+jwt (RFC 9068 §2.1)."""
        kid = self._signing.answer(self._ring, now).kid
        signed = f"{self._headers[kid]}.{_segment(claims_of(token))}"
        return f"{signed}.{base64url.encode(self._keys[kid].sign(signed.encode('ascii')))}"


REMEMBERED: Final = 4_096
"""Tokens whose signature was found good, by digest: about 4 MB. What was not found good is never remembered."""


class Verifier:
    """Tells whether a token is ours and good; knows public keys only.

    A signature once found good is not computed again, for a digest stands for one text alone; whether its key is still
    trusted and what the token says is good here and now is judged at every call.
    """

    def __init__(self, ring: KeyRing, *, issuer: str) -> None:
        self._issuer = issuer
        self._keys: dict[str, CryptographyECKey] = {}
        self._believed = AsOf(lambda ring, now: frozenset(key.kid for key in published(ring, now)))
        self._remembered: OrderedDict[bytes, tuple[str, Stated]] = OrderedDict()
        self.follow(ring)

    def follow(self, ring: KeyRing) -> None:
        """Believe these from now on and no others; what was parsed stays parsed."""
        self._keys = {
            key.kid: self._keys.get(key.kid) or CryptographyECKey(dict(key.public_jwk), _ALGORITHM) for key in ring
        }
        self._ring = ring

    def verify(self, token: str, *, audiences: frozenset[str], now: datetime) -> AccessToken:
        """What the token states, for one of these resources; raises InvalidToken.

        Revocation is not known here: whoever must honour it at once asks the store next.
        """
        return self._verified(token, Expectation(self._issuer, audiences), now)

    def verify_as_issuer(self, token: str, *, now: datetime) -> AccessToken:
        """What the token states, whomever it is for: for revoking it, never for granting access."""
        return self._verified(token, Expectation(self._issuer, audiences=None), now)

    def _verified(self, token: str, expected: Expectation, now: datetime) -> AccessToken:
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._remembered.get(digest)
        if known is not None:
            self._believe(known[0], now)
            return judged(known[1], expected, now=now)
        found = parts(token)
        self._believe(found.kid, now)
        if not self._keys[found.kid].verify(found.signed, found.signature):
            raise InvalidToken(Flaw.SIGNATURE)
        said = stated(found.payload)
        good = judged(said, expected, now=now)
        self._remember(digest, found.kid, said)
        return good

    def _believe(self, kid: str, now: datetime) -> None:
        if kid not in self._believed.answer(self._ring, now):
            raise InvalidToken(Flaw.UNKNOWN_KEY)

    def _remember(self, digest: bytes, kid: str, said: Stated) -> None:
        self._remembered[digest] = kid, said
        if len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def _segment(members: dict[str, object]) -> str:
    """A part of the compact form, RFC 7515 §7.1."""
    return base64url.encode(orjson.dumps(members))


def p256(private: Secret[bytes]) -> ec.EllipticCurvePrivateKey:
    """The private key in PKCS #8, DER; raises TypeError for one of another kind."""
    key = load_der_private_key(private.reveal(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("a signing key of ours is on P-256")
    return key

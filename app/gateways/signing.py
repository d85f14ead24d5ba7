"""Who signs our access tokens, and is this signature ours? ES256 through python-jose, keys parsed once.

What the library would let pass (unknown `crit`, any `typ`, missing `exp`, trailing `=`) `assertion/token` has refused
before it is asked here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from jose import jws
from jose.backends.cryptography_backend import CryptographyECKey
from jose.exceptions import JWSError

from app.assertion import base64url
from app.assertion.claims import AccessToken, claims_of
from app.assertion.key_ring import KeyRing, SigningKey, published, signing_key, thumbprint
from app.assertion.token import Expectation, Flaw, InvalidToken, judged, key_id
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
        held = tuple(pairs)
        self._ring: KeyRing = tuple(pair.key for pair in held)
        self._keys = {pair.key.kid: CryptographyECKey(p256(pair.private), _ALGORITHM) for pair in held}

    def sign(self, token: AccessToken, *, now: datetime) -> str:
        """The token as its client gets it: a JWS in compact form, `typ` at+jwt (RFC 9068 §2.1)."""
        kid = signing_key(self._ring, now).kid
        return str(jws.sign(claims_of(token), self._keys[kid], {"typ": "at+jwt", "kid": kid}, _ALGORITHM))


class Verifier:
    """Tells whether a token is ours and good; knows public keys only."""

    def __init__(self, ring: KeyRing, *, issuer: str) -> None:
        self._ring = ring
        self._issuer = issuer
        self._keys = {key.kid: CryptographyECKey(dict(key.public_jwk), _ALGORITHM) for key in ring}

    def verify(self, token: str, *, audiences: frozenset[str], now: datetime) -> AccessToken:
        """What the token states, for one of these resources; raises InvalidToken.

        Revocation is not known here: whoever must honour it at once asks the store next.
        """
        return self._verified(token, Expectation(self._issuer, audiences), now)

    def verify_as_issuer(self, token: str, *, now: datetime) -> AccessToken:
        """What the token states, whomever it is for: for revoking it, never for granting access."""
        return self._verified(token, Expectation(self._issuer, audiences=None), now)

    def _verified(self, token: str, expected: Expectation, now: datetime) -> AccessToken:
        kid = key_id(token)
        if all(key.kid != kid for key in published(self._ring, now)):
            raise InvalidToken(Flaw.UNKNOWN_KEY)
        try:
            payload: bytes = jws.verify(token, self._keys[kid], [_ALGORITHM])
        except JWSError:
            raise InvalidToken(Flaw.SIGNATURE) from None
        return judged(payload, expected, now=now)


def p256(private: Secret[bytes]) -> ec.EllipticCurvePrivateKey:
    """A private key of ours, parsed."""
    key = load_der_private_key(private.reveal(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TypeError("a signing key of ours is on P-256")
    return key

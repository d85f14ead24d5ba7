"""What does an attacker bring in place of a good token? Each forgery, and what is wrong with it.

Whoever forges here knows all that can be known, and for what its owner would never sign, the private key itself: each
forgery is good but for the one thing it is named after.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from app.assertion.token import MAX_LENGTH, Flaw
from tests.gateways.forging import forged, part

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""n of P-256, SP 800-186 §3.2.1.3."""
A_MINUTE = 60


class Forger:
    """One good token, the key it was signed with, and the moment."""

    def __init__(self, good: str, private: bytes, now: int) -> None:
        self.good, self.private, self.now = good, private, now
        self.header, self.claims = (_read(each) for each in good.split(".")[:2])
        key = load_der_private_key(private, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._public = key.public_key()

    def under(self, **members: object) -> str:
        """The same claims under another header, well signed; `...` leaves a member out."""
        return forged(_without(self.header | members), self.claims, self.private)

    def stating(self, **claims: object) -> str:
        """Other claims under the same header, well signed; `...` leaves a claim out."""
        return forged(self.header, _without(self.claims | claims), self.private)

    def keyed(self, secret: bytes) -> str:
        """The same under HS256, keyed with this; doubled, or its length alone would betray it."""
        message = f"{part(self.header | {'alg': 'HS256'})}.{part(self.claims)}"
        return f"{message}.{part(hmac.digest(secret, message.encode(), hashlib.sha256) * 2)}"

    def public(self, encoding: Encoding) -> bytes:
        """The public key as everybody can have it."""
        return self._public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)

    def public_jwk(self) -> dict[str, str]:
        """The same as the published set has it."""
        return _jwk(self._public)

    def signed(self, signature: bytes) -> str:
        """The good token with another signature."""
        return f"{self.good.rpartition('.')[0]}.{part(signature)}"

    def numbers(self) -> tuple[int, int]:
        """R and s of the good signature."""
        octets = base64.urlsafe_b64decode(self.good.rpartition(".")[2] + "==")
        return int.from_bytes(octets[:32], "big"), int.from_bytes(octets[32:], "big")


Forge = Callable[[Forger], str]


def _read(text: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def _without(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not ...}


def _jwk(public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    n = public.public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": part(n.x.to_bytes(32, "big")), "y": part(n.y.to_bytes(32, "big"))}


def _own() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _own_key_in_the_header(f: Forger) -> str:
    key, der = _own()
    return forged(f.header | {"jwk": _jwk(key.public_key())}, f.claims, der)


def _another_house(f: Forger) -> str:
    return forged(f.header | {"kid": part(bytes(32))}, f.claims, _own()[1])


def _by(alg: str, sign: Callable[[bytes], bytes]) -> Forge:
    """Signed by an attacker's key of another algorithm."""

    def forge(f: Forger) -> str:
        message = f"{part(f.header | {'alg': alg})}.{part(f.claims)}"
        return f"{message}.{part(sign(message.encode()))}"

    return forge


def _rs256(message: bytes) -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())[:64]


def _eddsa(message: bytes) -> bytes:
    return ed25519.Ed25519PrivateKey.generate().sign(message)


def _es384(message: bytes) -> bytes:
    return hashlib.sha512(ec.generate_private_key(ec.SECP384R1()).sign(message, ec.ECDSA(hashes.SHA384()))).digest()


def _altered(f: Forger) -> str:
    header, _, signature = f.good.split(".")
    return f"{header}.{part(f.claims | {'scope': 'admin:all'})}.{signature}"


def _spare_bits(f: Forger) -> str:
    return f.good[:-1] + LETTERS[LETTERS.index(f.good[-1]) ^ 1]  # 64 bytes leave four bits that mean nothing


def _twice(members: Mapping[str, object], name: str, value: object) -> bytes:
    return json.dumps(members)[:-1].encode() + f', "{name}": {json.dumps(value)}}}'.encode()


def _fullwidth(f: Forger) -> str:
    digits = "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in f.good)
    return digits if digits != f.good else f.good + "\uff10"


def _as_json(f: Forger) -> str:
    header, claims, signature = f.good.split(".")
    return json.dumps({"payload": claims, "protected": header, "signature": signature})


def _long(octets: int) -> Forge:
    """Padded by a claim to about this length."""
    return lambda f: f.stating(pad="x" * (octets * 3 // 4))


HEADERS: list[tuple[str, Forge, Flaw]] = [
    *[
        (
            f"alg {name}",
            (lambda f, name=name: f"{part(f.header | {'alg': name})}.{part(f.claims)}.{part(bytes(64))}"),
            Flaw.ALGORITHM,
        )
        for name in ("none", "None", "NONE", "nOnE", "none ", "")
    ],
    ("alg none, unsigned", lambda f: f"{part(f.header | {'alg': 'none'})}.{part(f.claims)}.", Flaw.SHAPE),
    ("alg ES384 named", lambda f: f.under(alg="ES384"), Flaw.ALGORITHM),
    ("alg es256", lambda f: f.under(alg="es256"), Flaw.ALGORITHM),
    ("alg missing", lambda f: f.under(alg=...), Flaw.ALGORITHM),
    ("alg null", lambda f: f.under(alg=None), Flaw.ALGORITHM),
    ("alg a list", lambda f: f.under(alg=["ES256"]), Flaw.ALGORITHM),
    ("HS256 keyed with the public PEM", lambda f: f.keyed(f.public(Encoding.PEM)), Flaw.ALGORITHM),
    ("HS256 keyed with the public DER", lambda f: f.keyed(f.public(Encoding.DER)), Flaw.ALGORITHM),
    ("HS256 keyed with the public JWK", lambda f: f.keyed(json.dumps(f.public_jwk()).encode()), Flaw.ALGORITHM),
    ("HS256 keyed with nothing", lambda f: f.keyed(b""), Flaw.ALGORITHM),
    ("RS256", _by("RS256", _rs256), Flaw.ALGORITHM),
    ("EdDSA", _by("EdDSA", _eddsa), Flaw.ALGORITHM),
    ("ES384", _by("ES384", _es384), Flaw.ALGORITHM),
    ("embedded jwk", _own_key_in_the_header, Flaw.KEY_IN_HEADER),
    ("embedded jwk of ours", lambda f: f.under(jwk=f.public_jwk()), Flaw.KEY_IN_HEADER),
    ("jku", lambda f: f.under(jku="https://evil.example/jwks"), Flaw.KEY_IN_HEADER),
    ("x5u", lambda f: f.under(x5u="https://evil.example/x"), Flaw.KEY_IN_HEADER),
    ("x5c", lambda f: f.under(x5c=["MII"]), Flaw.KEY_IN_HEADER),
    ("kid traversal", lambda f: f.under(kid="../../../../dev/null"), Flaw.UNKNOWN_KEY),
    ("kid injection", lambda f: f.under(kid="' UNION SELECT 'x' --"), Flaw.UNKNOWN_KEY),
    ("kid with a NUL", lambda f: f.under(kid=f.header["kid"] + "\x00"), Flaw.UNKNOWN_KEY),
    ("kid very long", lambda f: f.under(kid="k" * 4_000), Flaw.UNKNOWN_KEY),
    ("kid empty", lambda f: f.under(kid=""), Flaw.UNKNOWN_KEY),
    ("kid a number", lambda f: f.under(kid=0), Flaw.HEADER),
    ("kid null", lambda f: f.under(kid=None), Flaw.HEADER),
    ("kid a list", lambda f: f.under(kid=[f.header["kid"]]), Flaw.HEADER),
    ("kid missing", lambda f: f.under(kid=...), Flaw.HEADER),
    ("another house's key", _another_house, Flaw.UNKNOWN_KEY),
    ("unknown crit", lambda f: f.under(crit=["x"], x=1), Flaw.CRITICAL),
    ("empty crit", lambda f: f.under(crit=[]), Flaw.CRITICAL),
    ("crit b64", lambda f: f.under(crit=["b64"], b64=False), Flaw.CRITICAL),
    ("b64 false", lambda f: f.under(b64=False), Flaw.CRITICAL),
    ("b64 true", lambda f: f.under(b64=True), Flaw.CRITICAL),
    ("unknown member", lambda f: f.under(zip="DEF"), Flaw.HEADER),
    ("nested", lambda f: forged(f.header | {"cty": "JWT"}, f.good.encode(), f.private), Flaw.HEADER),
    ("typ JWT", lambda f: f.under(typ="JWT"), Flaw.TYPE),
    ("typ logout+jwt", lambda f: f.under(typ="logout+jwt"), Flaw.TYPE),
    ("typ missing", lambda f: f.under(typ=...), Flaw.TYPE),
    ("typ null", lambda f: f.under(typ=None), Flaw.TYPE),
    ("typ a list", lambda f: f.under(typ=["at+jwt"]), Flaw.TYPE),
    ("header a list", lambda f: forged([f.header], f.claims, f.private), Flaw.JSON),
    ("alg named twice", lambda f: forged(_twice(f.header, "alg", "ES256"), f.claims, f.private), Flaw.JSON),
    ("kid named twice", lambda f: forged(_twice(f.header, "kid", "x"), f.claims, f.private), Flaw.JSON),
]
CLAIMS: list[tuple[str, Forge, Flaw]] = [
    ("wrong iss", lambda f: f.stating(iss="https://evil.example"), Flaw.ISSUER),
    ("a sandbox's iss", lambda f: f.stating(iss=f.claims["iss"].replace("://", "://sandbox.")), Flaw.ISSUER),
    ("iss with a stroke more", lambda f: f.stating(iss=f.claims["iss"] + "/"), Flaw.ISSUER),
    ("wrong aud", lambda f: f.stating(aud="https://b.example"), Flaw.AUDIENCE),
    ("aud among others", lambda f: f.stating(aud=[f.claims["aud"], "https://b.example"]), Flaw.CLAIMS),
    ("aud missing", lambda f: f.stating(aud=...), Flaw.CLAIMS),
    ("expired to the second", lambda f: f.stating(exp=f.now), Flaw.EXPIRED),
    ("long expired", lambda f: f.stating(exp=1), Flaw.EXPIRED),
    ("missing exp", lambda f: f.stating(exp=...), Flaw.CLAIMS),
    ("exp null", lambda f: f.stating(exp=None), Flaw.CLAIMS),
    ("exp a text", lambda f: f.stating(exp="9999999999"), Flaw.CLAIMS),
    ("exp beyond all years", lambda f: f.stating(exp=10**18), Flaw.CLAIMS),
    ("exp a fraction", lambda f: f.stating(exp=f.now + 60.5), Flaw.CLAIMS),
    ("not yet valid", lambda f: f.stating(nbf=f.now + A_MINUTE), Flaw.NOT_YET),
    ("issued in the future", lambda f: f.stating(iat=f.now + A_MINUTE), Flaw.NOT_YET),
    ("jti missing", lambda f: f.stating(jti=...), Flaw.CLAIMS),
    ("sub a number", lambda f: f.stating(sub=7), Flaw.CLAIMS),
    ("exp named twice", lambda f: forged(f.header, _twice(f.claims, "exp", f.now + 9**9), f.private), Flaw.JSON),
    ("claims a text", lambda f: forged(f.header, "claims", f.private), Flaw.JSON),
    ("claims in UTF-16", lambda f: forged(f.header, json.dumps(f.claims).encode("utf-16"), f.private), Flaw.JSON),
    ("claims deeply nested", lambda f: forged(f.header, b'{"a":' * 1_000, f.private), Flaw.JSON),
]
SIGNATURES: list[tuple[str, Forge, Flaw]] = [
    ("another's signature", lambda f: forged(f.header, f.claims, _own()[1]), Flaw.SIGNATURE),
    (
        "another token's signature",
        lambda f: f"{f.good.rpartition('.')[0]}.{f.stating(jti='x').rpartition('.')[2]}",
        Flaw.SIGNATURE,
    ),
    ("altered claims", _altered, Flaw.SIGNATURE),
    ("no signature", lambda f: f.good.rpartition(".")[0] + ".", Flaw.SHAPE),
    ("signature cut short", lambda f: f.signed(b"\x01" * 63), Flaw.SIGNATURE),
    ("signature of zeros", lambda f: f.signed(bytes(64)), Flaw.SIGNATURE),  # CVE-2022-21449
    ("r zero", lambda f: f.signed(bytes(32) + f.numbers()[1].to_bytes(32, "big")), Flaw.SIGNATURE),
    ("s zero", lambda f: f.signed(f.numbers()[0].to_bytes(32, "big") + bytes(32)), Flaw.SIGNATURE),
    ("r and s the order", lambda f: f.signed(ORDER.to_bytes(32, "big") * 2), Flaw.SIGNATURE),
    ("signature in DER", lambda f: f.signed(encode_dss_signature(*f.numbers())), Flaw.SIGNATURE),
]
SPELLINGS: list[tuple[str, Forge, Flaw]] = [
    ("trailing =", lambda f: f.good + "=", Flaw.ENCODING),
    ("padded parts", lambda f: f.good.replace(".", "=.", 1), Flaw.ENCODING),
    ("spare bits set", _spare_bits, Flaw.ENCODING),
    ("standard base64", lambda f: f.good[:-1] + "+", Flaw.ENCODING),
    ("space inside", lambda f: f.good.replace(".", ". ", 1), Flaw.ENCODING),
    ("no-break space before", lambda f: "\xa0" + f.good, Flaw.ENCODING),
    ("full-width digits", _fullwidth, Flaw.ENCODING),
    ("four parts", lambda f: f.good + ".AA", Flaw.SHAPE),
    ("five parts, as if encrypted", lambda f: f.good + ".AA.AA", Flaw.SHAPE),
    ("two parts", lambda f: f.good.rpartition(".")[0], Flaw.SHAPE),
    ("as JSON", _as_json, Flaw.SHAPE),
    ("a letter over the bound", lambda f: f.good + "A" * (MAX_LENGTH + 1 - len(f.good)), Flaw.TOO_LONG),
    ("8 KiB and well signed", _long(MAX_LENGTH + 1), Flaw.TOO_LONG),
]
FORGERIES = HEADERS + CLAIMS + SIGNATURES + SPELLINGS
"""Name, how it is made, and the flaw our own records shall name."""

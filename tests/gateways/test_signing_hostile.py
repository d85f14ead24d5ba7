"""Is every forged, altered or misused token refused, each for its own reason?"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from jose import jwt as permissive

from app.assertion.key_ring import jwks
from app.assertion.token import MAX_LENGTH, Flaw, InvalidToken
from app.gateways.signing import Signer, Verifier
from tests.gateways.forging import AUDIENCE, CLAIMS, ISSUER, NOW, TOKEN, forged, key_chain, part

HERE = frozenset({AUDIENCE})
IAT = int(NOW.timestamp())


class House:
    """Our keys, one good token, and what an attacker may know of them."""

    def __init__(self, folder: Path) -> None:
        chain = key_chain(folder)
        self.private = chain.signing[0].private.reveal()
        self.kid = chain.ring[0].kid
        self.jwks = jwks(chain.ring, NOW)
        self.verifier = Verifier(chain.ring, issuer=ISSUER)
        self.good = Signer(chain.signing).sign(TOKEN, now=NOW)
        self.header = {"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}
        self.public_pem = (
            load_der_private_key(self.private, None)
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    def under(self, **members: object) -> str:
        """Our claims under another header, well signed; `...` leaves a member out."""
        return forged({k: v for k, v in (self.header | members).items() if v is not ...}, CLAIMS, self.private)

    def stating(self, **claims: object) -> str:
        """Other claims under our header, well signed; `...` leaves a claim out."""
        return forged(self.header, {k: v for k, v in (CLAIMS | claims).items() if v is not ...}, self.private)

    def flaw(self, token: str) -> Flaw:
        """Why it is refused."""
        with pytest.raises(InvalidToken) as refusal:
            self.verifier.verify(token, audiences=HERE, now=NOW)
        return refusal.value.flaw


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


Forge = Callable[[House], str]


def hs256_with_the_public_key(house: House) -> str:
    message = f"{part(house.header | {'alg': 'HS256'})}.{part(CLAIMS)}"
    return f"{message}.{part(hmac.digest(house.public_pem, message.encode(), hashlib.sha256) * 2)}"


def own_key_in_the_header(house: House) -> str:
    mine = ec.generate_private_key(ec.SECP256R1())
    der = mine.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    n = mine.public_key().public_numbers()
    jwk = {"kty": "EC", "crv": "P-256", "x": part(n.x.to_bytes(32, "big")), "y": part(n.y.to_bytes(32, "big"))}
    return forged(house.header | {"jwk": jwk}, CLAIMS, der)


def strangers_signature(house: House) -> str:
    der = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return forged(house.header, CLAIMS, der)


def altered(house: House) -> str:
    header, _, signature = house.good.split(".")
    return f"{header}.{part(CLAIMS | {'acr': 'aal1'})}.{signature}"


def spare_bits(house: House) -> str:
    head, last = house.good[:-1], house.good[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return head + alphabet[alphabet.index(last) ^ 1]  # 64 bytes leave four bits that mean nothing


def twice_named(claims_or_header: Mapping[str, object], name: str, value: object) -> bytes:
    return json.dumps(claims_or_header)[:-1].encode() + f', "{name}": {json.dumps(value)}}}'.encode()


HOSTILE: list[tuple[str, Forge, Flaw]] = [
    ("alg none", lambda h: f"{part(h.header | {'alg': 'none'})}.{part(CLAIMS)}.{part(bytes(64))}", Flaw.ALGORITHM),
    ("alg none, unsigned", lambda h: f"{part(h.header | {'alg': 'none'})}.{part(CLAIMS)}.", Flaw.SHAPE),
    ("alg None", lambda h: h.under(alg="None"), Flaw.ALGORITHM),
    ("alg ES384", lambda h: h.under(alg="ES384"), Flaw.ALGORITHM),
    ("alg missing", lambda h: h.under(alg=...), Flaw.ALGORITHM),
    ("alg a list", lambda h: h.under(alg=["ES256"]), Flaw.ALGORITHM),
    ("HS256 keyed with the public key", hs256_with_the_public_key, Flaw.ALGORITHM),
    ("embedded jwk", own_key_in_the_header, Flaw.KEY_IN_HEADER),
    ("jku", lambda h: h.under(jku="https://evil.example/jwks"), Flaw.KEY_IN_HEADER),
    ("x5u", lambda h: h.under(x5u="https://evil.example/x"), Flaw.KEY_IN_HEADER),
    ("x5c", lambda h: h.under(x5c=["MII"]), Flaw.KEY_IN_HEADER),
    ("kid traversal", lambda h: h.under(kid="../../../../dev/null"), Flaw.UNKNOWN_KEY),
    ("kid injection", lambda h: h.under(kid="' OR 1=1 --"), Flaw.UNKNOWN_KEY),
    ("kid a number", lambda h: h.under(kid=0), Flaw.HEADER),
    ("kid missing", lambda h: h.under(kid=...), Flaw.HEADER),
    ("unknown crit", lambda h: h.under(crit=["x"], x=1), Flaw.CRITICAL),
    ("empty crit", lambda h: h.under(crit=[]), Flaw.CRITICAL),
    ("b64 false", lambda h: h.under(b64=False), Flaw.CRITICAL),
    ("unknown member", lambda h: h.under(zip="DEF"), Flaw.HEADER),
    ("typ JWT", lambda h: h.under(typ="JWT"), Flaw.TYPE),
    ("typ logout+jwt", lambda h: h.under(typ="logout+jwt"), Flaw.TYPE),
    ("typ missing", lambda h: h.under(typ=...), Flaw.TYPE),
    ("typ a list", lambda h: h.under(typ=["at+jwt"]), Flaw.TYPE),
    ("oversize", lambda h: h.stating(scope="x" * MAX_LENGTH), Flaw.TOO_LONG),
    ("wrong iss", lambda h: h.stating(iss="https://evil.example"), Flaw.ISSUER),
    ("wrong aud", lambda h: h.stating(aud="https://b.example"), Flaw.AUDIENCE),
    ("aud among others", lambda h: h.stating(aud=[AUDIENCE, "https://b.example"]), Flaw.CLAIMS),
    ("expired", lambda h: h.stating(exp=IAT), Flaw.EXPIRED),
    ("missing exp", lambda h: h.stating(exp=...), Flaw.CLAIMS),
    ("exp a text", lambda h: h.stating(exp="9999999999"), Flaw.CLAIMS),
    ("not yet valid", lambda h: h.stating(nbf=IAT + 61), Flaw.NOT_YET),
    ("issued in the future", lambda h: h.stating(iat=IAT + 61), Flaw.NOT_YET),
    ("trailing =", lambda h: h.good + "=", Flaw.ENCODING),
    ("trailing line end", lambda h: h.good + "\n", Flaw.ENCODING),
    ("spare bits set", spare_bits, Flaw.ENCODING),
    ("space inside", lambda h: h.good.replace(".", ". ", 1), Flaw.ENCODING),
    ("four parts", lambda h: h.good + ".AA", Flaw.SHAPE),
    ("two parts", lambda h: h.good.rsplit(".", 1)[0], Flaw.SHAPE),
    ("empty", lambda _: "", Flaw.SHAPE),
    ("exp named twice", lambda h: forged(h.header, twice_named(CLAIMS, "exp", IAT + 9**9), h.private), Flaw.JSON),
    ("alg named twice", lambda h: forged(twice_named(h.header, "alg", "ES256"), CLAIMS, h.private), Flaw.JSON),
    ("header a list", lambda h: forged([h.header], CLAIMS, h.private), Flaw.JSON),
    ("claims a text", lambda h: forged(h.header, "claims", h.private), Flaw.JSON),
    ("another's signature", strangers_signature, Flaw.SIGNATURE),
    ("altered claims", altered, Flaw.SIGNATURE),
    ("signature of zeros", lambda h: f"{h.good.rsplit('.', 1)[0]}.{part(bytes(64))}", Flaw.SIGNATURE),
    ("signature in DER", lambda h: f"{h.good.rsplit('.', 1)[0]}.{part(bytes(70))}", Flaw.SIGNATURE),
]


@pytest.mark.rule("A86", "A87", "A94", "A95", "A96")
@pytest.mark.parametrize(("forge", "flaw"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_token_is_refused_for_its_own_reason(house: House, forge: Forge, flaw: Flaw) -> None:
    assert house.flaw(forge(house)) is flaw


@pytest.mark.rule("A94")
@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"])
def test_the_type_is_told_in_any_case(house: House, typ: str) -> None:
    assert house.verifier.verify(house.under(typ=typ), audiences=HERE, now=NOW) == TOKEN


@pytest.mark.parametrize(
    "forge",
    [
        lambda h: h.under(crit=["x"], x=1),
        lambda h: h.under(typ="logout+jwt"),
        lambda h: h.stating(exp=...),
        lambda h: h.stating() + "=",
    ],
    ids=["crit", "typ", "exp", "="],
)
def test_the_library_alone_would_have_taken_these(house: House, forge: Forge) -> None:
    token = forge(house)
    assert permissive.decode(token, house.jwks, ["ES256"], options={"verify_aud": False, "verify_exp": False})
    house.flaw(token)

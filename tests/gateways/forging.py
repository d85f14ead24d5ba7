"""How does an attacker make a token? Signs anything under any header, well-formed or not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_private_key

from app.assertion.claims import Authentication, Granted, claims_of, for_person
from app.core.acr import Acr, Amr, Ial
from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.core.ids import ClientId, PersonId, SessionId
from app.gateways.keys import KeyChain
from app.gateways.master_key import FileMasterKey

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ISSUER, AUDIENCE = "https://hufu.example", "https://core.example"
LOG_IN = Authentication(Acr.AAL2, (Amr.PWD, Amr.OTP), NOW - timedelta(minutes=1), Ial.IAL2, SessionId("ses_1"))
TOKEN = for_person(
    Granted(ISSUER, AUDIENCE, ClientId("cli_app"), frozenset({"profile"})),
    PersonId("per_1"),
    LOG_IN,
    session_ends_at=NOW + timedelta(hours=24),
    now=NOW,
    nonce=bytes(26),
)
CLAIMS = claims_of(TOKEN)


def master_key(folder: Path, environment: Environment = Environment.DEVELOPMENT) -> FileMasterKey:
    """A master key in a new file of this folder."""
    path = folder / "master.key"
    path.write_bytes(base64.b64encode(SystemEntropy().draw(32)))
    path.chmod(0o600)
    return FileMasterKey(path, entropy=SystemEntropy(), environment=environment)


def key_chain(folder: Path) -> KeyChain:
    """The first keys of a new house."""
    master = master_key(folder)
    return KeyChain.unwrap(master, KeyChain.fresh(master, SystemEntropy(), NOW), NOW)


def part(value: object) -> str:
    """One part of a token: JSON of a value, or these very bytes."""
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def es256(private: bytes, message: str) -> bytes:
    """The signature of the real key, for what its owner would never sign."""
    key = load_der_private_key(private, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def forged(header: object, claims: object, private: bytes) -> str:
    """A token with a good signature over whatever is given."""
    message = f"{part(header)}.{part(claims)}"
    return f"{message}.{part(es256(private, message))}"

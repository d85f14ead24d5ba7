"""Who signs the audit's heads, and is this signature by a key that is trusted? ES256, RFC 7518 §3.4."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from jose.backends.cryptography_backend import CryptographyECKey
from jose.exceptions import JWKError

from app.assertion.key_ring import signing_key, thumbprint
from app.audit.head import ALGORITHM, SignedHead, TreeHead
from app.audit.tree import Edge
from app.gateways.signing import SigningPair, p256


class HeadSigner:
    """Signs heads with the key whose turn it is, and knows which heads are its own."""

    def __init__(self, pairs: Mapping[int, SigningPair]) -> None:
        self._ring = tuple(pair.key for pair in pairs.values())
        self._versions = {pair.key.kid: version for version, pair in pairs.items()}
        self._keys = {pair.key.kid: CryptographyECKey(p256(pair.private), ALGORITHM) for pair in pairs.values()}
        self.own: Callable[[SignedHead], bool] = trusting(self._keys.keys())
        """Whether the house itself signed a head."""

    def signed(self, head: TreeHead, edge: Edge, *, now: datetime) -> SignedHead:
        """The head under the current key, whose name and version it gets."""
        key = signing_key(self._ring, now)
        named = replace(head, algorithm=ALGORITHM, key=key.kid, key_version=self._versions[key.kid])
        return SignedHead(named, self._keys[key.kid].sign(named.octets()), dict(key.public_jwk), edge.peaks)


def trusting(kids: Collection[str]) -> Callable[[SignedHead], bool]:
    """A judge of heads who takes signatures of these keys alone, named by their thumbprints."""

    def genuine(signed: SignedHead) -> bool:
        return signed.head.key in kids and sound(signed)

    return genuine


def sound(signed: SignedHead) -> bool:
    """Whether the signature is that of the key that comes along; whose key that is, is another question."""
    head = signed.head
    return head.algorithm == ALGORITHM and made_by(head.key, signed.public_key, head.octets(), signed.signature)


def made_by(kid: str, public_key: Mapping[str, str], octets: bytes, signature: bytes) -> bool:
    """Whether the key of this thumbprint, whose public half comes along, signed these octets."""
    try:
        if thumbprint(public_key) != kid:
            return False
        return bool(CryptographyECKey(dict(public_key), ALGORITHM).verify(octets, signature))
    except (KeyError, JWKError, ValueError, TypeError):
        return False

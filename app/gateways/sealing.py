"""How does a value rest in the database? Encrypted, and bound to the one place and person it belongs to.

Layout: `H`, format 1, suite, key version (4 bytes), nonce (12 bytes), ciphertext with its tag of 16 bytes. The
associated data are that header, then table, column, row and owner: whoever moves a ciphertext gets nothing.
"""

import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.entropy import Entropy
from app.core.secret import Secret
from app.core.wrapped_key import Suite

KEY_BYTES = 32
NONCE_BYTES = 12
"""NIST SP 800-38D §8.2.2: random nonces of 96 bits, good for 2^32 values under one key."""
_TAG_BYTES = 16
_HEADER = struct.Struct(">cBBI")
_MAGIC = b"H"
_FORMAT = 1


class Tampered(Exception):
    """A ciphertext was changed, moved, or belongs under another key: a bug or an attack, no answer to a caller."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext rests."""

    table: str
    column: str
    row: str


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A key that seals, and whose values it seals."""

    owner: str
    """A PersonId; empty for a data key, which belongs to nobody."""
    version: int
    secret: Secret[bytes]


def seal(plain: bytes, *, key: SealingKey, place: Place, entropy: Entropy) -> bytes:
    """The ciphertext of `plain` for this place alone."""
    header = _HEADER.pack(_MAGIC, _FORMAT, Suite.AES_256_GCM, key.version)
    nonce = entropy.draw(NONCE_BYTES)
    return header + nonce + AESGCM(key.secret.reveal()).encrypt(nonce, plain, _bound(header, key, place))


def unseal(sealed: bytes, *, key: SealingKey, place: Place) -> bytes:
    """The plain value; raises Tampered unless place, owner, key and every byte are those it was sealed with."""
    if key_version(sealed) != key.version:
        raise Tampered("sealed under another version of the key")
    header, nonce = sealed[: _HEADER.size], sealed[_HEADER.size : _HEADER.size + NONCE_BYTES]
    try:
        return AESGCM(key.secret.reveal()).decrypt(
            nonce, sealed[_HEADER.size + NONCE_BYTES :], _bound(header, key, place)
        )
    except InvalidTag:
        raise Tampered("not sealed with this key for this place") from None


def key_version(sealed: bytes) -> int:
    """The version of the key it was sealed with; raises Tampered for what no suite of ours has written."""
    if len(sealed) < _HEADER.size + NONCE_BYTES + _TAG_BYTES:
        raise Tampered("too short to be a ciphertext of ours")
    magic, form, suite, version = _HEADER.unpack_from(sealed)
    if (magic, form, suite) != (_MAGIC, _FORMAT, Suite.AES_256_GCM):
        raise Tampered("not a format or suite of ours")
    return int(version)


def _bound(header: bytes, key: SealingKey, place: Place) -> bytes:
    parts = (place.table, place.column, place.row, key.owner)
    framed = (len(part.encode("utf-8")).to_bytes(4, "big") + part.encode("utf-8") for part in parts)
    return header + b"".join(framed)

"""How does a value rest in the database? Encrypted, and bound to the one place and person it belongs to.

Layout: `H`, format 1, suite, key version (4 bytes), nonce (12 bytes), ciphertext with its tag of 16 bytes. The
associated data are that header, then table, column, row and owner: whoever moves a ciphertext gets nothing.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from app.core.entropy import Entropy
from app.core.secret import Secret
from app.core.wrapped_key import SECRET_BYTES, Suite

NONCE_BYTES = 12
"""NIST SP 800-38D §8.2.2: random nonces of 96 bits, good for 2^32 values under one key."""
_CIPHERS: Mapping[Suite, Callable[[bytes], BlockCipherAlgorithm]] = {Suite.AES_256_GCM: AES256, Suite.SM4_GCM: SM4}
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
    suite: Suite = Suite.AES_256_GCM


def new_secret(suite: Suite, entropy: Entropy) -> Secret[bytes]:
    """As much chance as a key of this suite has."""
    return Secret(entropy.draw(SECRET_BYTES[suite]))


def seal(plain: bytes, *, key: SealingKey, place: Place, entropy: Entropy) -> bytes:
    """The ciphertext of `plain` for this place alone."""
    head, nonce = header(key.suite, key.version), entropy.draw(NONCE_BYTES)
    encryptor = Cipher(_CIPHERS[key.suite](key.secret.reveal()), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound(head, key, place))
    return b"".join((head, nonce, encryptor.update(plain), encryptor.finalize(), encryptor.tag))


def unseal(sealed: bytes, *, key: SealingKey, place: Place) -> bytes:
    """The plain value; raises Tampered unless place, owner, key and every byte are those it was sealed with."""
    key_version(sealed)
    head, nonce = sealed[: _HEADER.size], sealed[_HEADER.size : _HEADER.size + NONCE_BYTES]
    if head != header(key.suite, key.version):
        raise Tampered("sealed under another version or suite of the key")
    decryptor = Cipher(_CIPHERS[key.suite](key.secret.reveal()), GCM(nonce, sealed[-_TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(_bound(head, key, place))
    plain = decryptor.update(memoryview(sealed)[_HEADER.size + NONCE_BYTES : -_TAG_BYTES])
    try:
        return plain + decryptor.finalize()
    except InvalidTag:
        raise Tampered("not sealed with this key for this place") from None


def header(suite: Suite, version: int) -> bytes:
    """How everything sealed with this key begins."""
    return _HEADER.pack(_MAGIC, _FORMAT, suite, version)


def key_version(sealed: bytes) -> int:
    """The version of the key it was sealed with; raises Tampered for what no suite of ours has written."""
    if len(sealed) < _HEADER.size + NONCE_BYTES + _TAG_BYTES:
        raise Tampered("too short to be a ciphertext of ours")
    magic, form, suite, version = _HEADER.unpack_from(sealed)
    if (magic, form) != (_MAGIC, _FORMAT) or suite not in _CIPHERS:
        raise Tampered("not a format or suite of ours")
    return int(version)


def _bound(head: bytes, key: SealingKey, place: Place) -> bytes:
    parts = (place.table, place.column, place.row, key.owner)
    framed = (len(part.encode("utf-8")).to_bytes(4, "big") + part.encode("utf-8") for part in parts)
    return head + b"".join(framed)

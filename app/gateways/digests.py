"""How do we find a value again without keeping it? Keyed hashes, each naming its algorithm and the version of its key.

For what we must look up: personal attributes (blind index) and secrets with enough chance of their own (client secrets,
codes, applicant tokens). Never for passwords.
"""

import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256, SM3, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC

from app.core.secret import Secret
from app.core.wrapped_key import Suite

MAC_BYTES = 32
"""Both hashes."""
_HASHES: Mapping[Suite, HashAlgorithm] = {Suite.HMAC_SHA_256: SHA256(), Suite.HMAC_SM3: SM3()}
_HEAD = struct.Struct(">BB")
"""Suite, key version."""


@dataclass(frozen=True, slots=True)
class VersionedKey:
    """One key of a purpose, and the algorithm it is used with."""

    suite: Suite
    secret: Secret[bytes]


@dataclass(frozen=True, slots=True)
class VersionedKeys:
    """The keys of one purpose: the current one makes, all of them check."""

    current: int
    keys: Mapping[int, VersionedKey]


@dataclass(frozen=True, slots=True)
class Tag:
    """A keyed hash that travels outside, with the algorithm and the version of the key that made it."""

    suite: int
    version: int
    mac: bytes


def head(suite: Suite, version: int) -> bytes:
    """How every digest under this key begins."""
    return _HEAD.pack(suite, version)


class KeyedHash:
    """Hashes under one purpose's keys, apart by the name of the use: equal values of two uses look unrelated."""

    _label: bytes

    def __init__(self, keys: VersionedKeys) -> None:
        self.follow(keys)

    @property
    def keys(self) -> VersionedKeys:
        """What it hashes with."""
        return self._keys

    def follow(self, keys: VersionedKeys) -> None:
        """Hash with these from now on: the keys change, whoever holds this object need not know."""
        self._keyed = {version: HMAC(key.secret.reveal(), _HASHES[key.suite]) for version, key in keys.keys.items()}
        self._keys = keys

    def digest(self, use: str, value: str) -> bytes:
        """The digest to store: one byte of suite, one of key version, 32 bytes of HMAC."""
        keys = self._keys
        return self._digest(keys, keys.current, use, value)

    def digests(self, use: str, value: str) -> tuple[bytes, ...]:
        """The digests to look for, one for each key that may have made the stored one, the current key's first."""
        keys = self._keys
        versions = sorted(keys.keys, key=lambda version: (version != keys.current, -version))
        return tuple(self._digest(keys, version, use, value) for version in versions)

    def under(self, version: int, use: str, value: str) -> bytes:
        """The digest under one of the keys; raises KeyError for one that is not held."""
        return self._digest(self._keys, version, use, value)

    def oldest(self, use: str, value: str) -> bytes:
        """The digest under the oldest key: every process holds that one, whether it has heard of the newest or not."""
        keys = self._keys
        return self._digest(keys, min(keys.keys), use, value)

    def matches(self, use: str, value: str, *, stored: bytes) -> bool:
        """Whether the stored digest is this value's; False, too, under a key that is no longer held."""
        keys, version = self._keys, int.from_bytes(stored[1:2], "big")
        return version in keys.keys and hmac.compare_digest(self._digest(keys, version, use, value), stored)

    def _digest(self, keys: VersionedKeys, version: int, use: str, value: str) -> bytes:
        return head(keys.keys[version].suite, version) + self._mac(version, use.encode("utf-8"), value.encode("utf-8"))

    def _mac(self, version: int, use: bytes, message: bytes) -> bytes:
        mac = self._keyed[version].copy()  # what was hashed of the key already is not hashed again
        mac.update(_opening(self._label, use) + len(message).to_bytes(4, "big") + message)
        return mac.finalize()


@lru_cache(maxsize=64)
def _opening(*parts: bytes) -> bytes:
    """Each part carries its length, so that ("ab", "c") and ("a", "bc") are two messages."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class BlindIndex(KeyedHash):
    """The keyed hash beside an encrypted attribute; `use` is the attribute's name, e.g. `resident_number`.

    The caller normalises the value first: two spellings are two digests.
    """

    _label = b"hufu index v1"


class TokenMac(KeyedHash):
    """The keyed hash of secrets we handed out, and the one that makes a refresh token ours."""

    _label = b"hufu token v1"

    def tag(self, message: bytes) -> Tag:
        """The current key's hash over the whole message."""
        keys = self._keys
        key = keys.keys[keys.current]
        return Tag(key.suite, keys.current, self._mac(keys.current, b"message", message))

    def vouches(self, message: bytes, tag: Tag) -> bool:
        """Whether one of our keys made this tag over this message, with the algorithm it is for."""
        key = self._keys.keys.get(tag.version)
        if key is None or key.suite != tag.suite:
            return False
        return hmac.compare_digest(self._mac(tag.version, b"message", message), tag.mac)

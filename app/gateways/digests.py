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
        return self._held.keys

    def follow(self, keys: VersionedKeys) -> None:
        """Hash with these from now on: the keys change, whoever holds this object need not know."""
        self._held = _Held(keys, {v: HMAC(key.secret.reveal(), _HASHES[key.suite]) for v, key in keys.keys.items()})

    def digest(self, use: str, value: str) -> bytes:
        """The digest to store: one byte of suite, one of key version, 32 bytes of HMAC."""
        held = self._held
        return self._digest(held, held.keys.current, use, value)

    def digests(self, use: str, value: str) -> tuple[bytes, ...]:
        """The digests to look for, one for each key that may have made the stored one, the current key's first."""
        held = self._held
        versions = sorted(held.hmacs, key=lambda version: (version != held.keys.current, -version))
        return tuple(self._digest(held, version, use, value) for version in versions)

    def under(self, version: int, use: str, value: str) -> bytes:
        """The digest under one of the keys; raises KeyError for one that is not held."""
        return self._digest(self._held, version, use, value)

    def oldest(self, use: str, value: str) -> bytes:
        """The digest under the oldest key: every process holds that one, whether it has heard of the newest or not."""
        held = self._held
        return self._digest(held, min(held.hmacs), use, value)

    def matches(self, use: str, value: str, *, stored: bytes) -> bool:
        """Whether the stored digest is this value's; False, too, under a key that is no longer held."""
        held, version = self._held, int.from_bytes(stored[1:2], "big")
        return version in held.hmacs and hmac.compare_digest(self._digest(held, version, use, value), stored)

    def _digest(self, held: "_Held", version: int, use: str, value: str) -> bytes:
        made = held.mac(version, _opening(self._label, use.encode("utf-8")), value.encode("utf-8"))
        return head(held.keys.keys[version].suite, version) + made


@dataclass(frozen=True, slots=True)
class _Held:
    """The keys, and an HMAC begun with each: what was hashed of a key already is not hashed again."""

    keys: VersionedKeys
    hmacs: Mapping[int, HMAC]

    def mac(self, version: int, opening: bytes, message: bytes) -> bytes:
        """The keyed hash of the message, its length before it."""
        mac = self.hmacs[version].copy()
        mac.update(opening + len(message).to_bytes(4, "big") + message)
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
        held = self._held
        version = held.keys.current
        return Tag(held.keys.keys[version].suite, version, held.mac(version, self._message(), message))

    def vouches(self, message: bytes, tag: Tag) -> bool:
        """Whether one of our keys made this tag over this message, with the algorithm it is for."""
        held = self._held
        key = held.keys.keys.get(tag.version)
        if key is None or key.suite != tag.suite:
            return False
        return hmac.compare_digest(held.mac(tag.version, self._message(), message), tag.mac)

    def _message(self) -> bytes:
        return _opening(self._label, b"message")

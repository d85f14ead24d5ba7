"""How do we find a value again without keeping it? Keyed hashes, each naming the version of its key.

For what we must look up: personal attributes (blind index) and secrets with enough chance of their own (client secrets,
codes, applicant tokens). Never for passwords.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.secret import Secret

MAC_BYTES = 32
"""HMAC-SHA-256."""
_VERSION_BYTES = 1


@dataclass(frozen=True, slots=True)
class VersionedKeys:
    """The keys of one purpose: the current one makes, all of them check."""

    current: int
    keys: Mapping[int, Secret[bytes]]


@dataclass(frozen=True, slots=True)
class Tag:
    """A keyed hash that travels outside, with the version of the key that made it."""

    version: int
    mac: bytes


class KeyedHash:
    """Hashes under one purpose's keys, apart by the name of the use: equal values of two uses look unrelated."""

    _label: bytes

    def __init__(self, keys: VersionedKeys) -> None:
        self._keys = keys

    def digest(self, use: str, value: str) -> bytes:
        """The digest to store: one byte of key version, 32 bytes of HMAC-SHA-256."""
        return self._digest(self._keys.current, use, value)

    def digests(self, use: str, value: str) -> tuple[bytes, ...]:
        """The digests to look for, one for each key that may have made the stored one, the current key's first."""
        versions = sorted(self._keys.keys, key=lambda version: (version != self._keys.current, -version))
        return tuple(self._digest(version, use, value) for version in versions)

    def matches(self, use: str, value: str, *, stored: bytes) -> bool:
        """Whether the stored digest is this value's; False, too, under a key that is no longer held."""
        version = int.from_bytes(stored[:_VERSION_BYTES], "big")
        return version in self._keys.keys and hmac.compare_digest(self._digest(version, use, value), stored)

    def _digest(self, version: int, use: str, value: str) -> bytes:
        return version.to_bytes(_VERSION_BYTES, "big") + self._mac(version, use.encode("utf-8"), value.encode("utf-8"))

    def _mac(self, version: int, *parts: bytes) -> bytes:
        # Each part carries its length, so that ("ab", "c") and ("a", "bc") are two messages.
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in (self._label, *parts))
        return hmac.digest(self._keys.keys[version].reveal(), framed, "sha256")


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
        return Tag(self._keys.current, self._mac(self._keys.current, b"message", message))

    def vouches(self, message: bytes, tag: Tag) -> bool:
        """Whether one of our keys made this tag over this message."""
        return tag.version in self._keys.keys and hmac.compare_digest(
            self._mac(tag.version, b"message", message), tag.mac
        )

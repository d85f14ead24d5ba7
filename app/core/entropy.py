"""Where does chance come from? The one place that asks the machine."""

import base64
import os
from typing import Protocol


class Entropy(Protocol):
    """Gives unpredictable bytes."""

    def draw(self, count: int) -> bytes:
        """`count` bytes from a cryptographic source."""
        ...


class SystemEntropy:
    """The operating system's generator."""

    def draw(self, count: int) -> bytes:
        """`count` bytes of it."""
        return os.urandom(count)


def text(nonce: bytes) -> str:
    """The bytes as unpadded URL-safe base64: what a header or an address can carry."""
    return base64.urlsafe_b64encode(nonce).rstrip(b"=").decode("ascii")


def digits(nonce: bytes, count: int) -> str:
    """A code of `count` decimal digits from at least 16 bytes; the bias is below 2^-100."""
    if len(nonce) < 16:
        raise ValueError("a code needs 16 bytes of chance or its digits are not equally likely")
    return str(int.from_bytes(nonce, "big") % 10**count).zfill(count)

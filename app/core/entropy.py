"""Where does chance come from? The one place that asks the machine."""

import base64
import os
from typing import Final, Protocol

PAGE_BYTES: Final = 2048


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


class NameEntropy:
    """The same drawn ahead, a page at a time: for names, which everybody may know (A119), and for no secret.

    Asking the machine for each name costs a request more than making the name.
    """

    def __init__(self) -> None:
        self._page, self._at = b"", 0
        os.register_at_fork(after_in_child=self._turn)  # or two processes would give the same names

    def draw(self, count: int) -> bytes:
        """`count` bytes that were given to nobody else."""
        if self._at + count > len(self._page):
            self._turn(count)
        begin, self._at = self._at, self._at + count
        return self._page[begin : self._at]

    def _turn(self, count: int = 0) -> None:
        self._page, self._at = os.urandom(max(PAGE_BYTES, count)), 0


def text(nonce: bytes) -> str:
    """The bytes as unpadded URL-safe base64: what a header or an address can carry."""
    return base64.urlsafe_b64encode(nonce).rstrip(b"=").decode("ascii")


def digits(nonce: bytes, count: int) -> str:
    """A code of `count` decimal digits from at least 16 bytes; the bias is below 2^-100."""
    if len(nonce) < 16:
        raise ValueError("a code needs 16 bytes of chance or its digits are not equally likely")
    return str(int.from_bytes(nonce, "big") % 10**count).zfill(count)

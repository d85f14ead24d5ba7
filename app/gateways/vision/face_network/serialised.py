"""What do the octets of dlib's serialisation say? Its numbers, words and tensors, one after another.

Format: dlib 20.0, `dlib/serialize.h`, `dlib/float_details.h` and `dlib/cuda/tensor_tools.cpp`.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]

MOST_WORD_OCTETS: Final = 64
"""The longest name of a layer has 21."""
SPECIAL_EXPONENT: Final = 32_000
"""From here on an exponent says infinite, or not a number: no weight and no setting of this network is."""


class NotTheNetwork(Exception):
    """The octets are not a network of the one shape that is known here."""


class Octets:
    """Reads from the beginning; every reading raises NotTheNetwork where the octets do not hold it."""

    def __init__(self, octets: bytes) -> None:
        self._octets, self._at = octets, 0

    def ended(self) -> bool:
        """Whether every octet was read."""
        return self._at == len(self._octets)

    def integer(self) -> int:
        """A control octet (sign in bit 7, length in the low four), then the magnitude, little-endian."""
        control = self._take(1)[0]
        length = control & 0x0F
        if control & 0x70 or not 1 <= length <= 8:
            raise NotTheNetwork
        magnitude = int.from_bytes(self._take(length), "little")
        return -magnitude if control & 0x80 else magnitude

    def number(self) -> float:
        """Mantissa, then exponent: the comment in dlib's header says the other order, its code writes this one."""
        mantissa, exponent = self.integer(), self.integer()
        if abs(exponent) >= SPECIAL_EXPONENT:
            raise NotTheNetwork
        return math.ldexp(mantissa, exponent)

    def truth(self) -> bool:
        """A letter, `0` or `1`."""
        letter = self._take(1)
        if letter not in {b"0", b"1"}:
            raise NotTheNetwork
        return letter == b"1"

    def word(self) -> str:
        """Its length and its letters."""
        length = self.integer()
        if not 0 < length <= MOST_WORD_OCTETS:
            raise NotTheNetwork
        return self._take(length).decode("ascii", errors="replace")

    def tensor(self) -> Weights:
        """Flat: its four sizes are told again by the layer it belongs to."""
        self.expect(2)
        count = math.prod(self.integer() for _ in range(4))
        if count < 0:
            raise NotTheNetwork
        return np.frombuffer(self._take(4 * count), "<f4").astype(np.float32)

    def view(self) -> tuple[int, ...]:
        """The four sizes of a part of a tensor; it holds no numbers of its own."""
        self.expect(1)
        return tuple(self.integer() for _ in range(4))

    def expect(self, *wanted: int) -> None:
        """These integers and no others."""
        for each in wanted:
            if self.integer() != each:
                raise NotTheNetwork

    def _take(self, length: int) -> bytes:
        taken = self._octets[self._at : self._at + length]
        if len(taken) != length:
            raise NotTheNetwork
        self._at += length
        return taken

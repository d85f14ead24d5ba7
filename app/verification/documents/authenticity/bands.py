"""How is a picture's hash looked up though nobody may read it? By its parts, each under a keyed hash, and then compared whole."""

from collections.abc import Collection, Sequence
from typing import Final

BITS: Final = 256
OCTETS: Final = BITS // 8
BANDS: Final = 4
BAND_BITS: Final = 16
"""So few that a part of a copy is mostly its original's to a bit, so many that a stranger's seldom is."""
BAND_STEP: Final = BITS // (BANDS * BAND_BITS)
"""Every fourth bit: waves beside each other say much the same of a face, and the slowest are nearly everybody's."""
BANDS_TO_MEET: Final = 2
"""Of 4, each to a bit: always met up to 5 of these 64 bits apart, and by one of 1,770 pairs of drawn strangers at most."""


def distance(one: bytes, other: bytes) -> int:
    """In how many of the 256 bits two pictures differ."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def bands(of: bytes) -> tuple[bytes, ...]:
    """What is kept of a hash, each under a keyed hash: four parts, told apart by their number."""
    return tuple(_named(number, value) for number, value in enumerate(_parts(of)))


def probes(of: bytes) -> tuple[bytes, ...]:
    """What is looked for, under the same keyed hash: every part as it is, and with each of its bits turned."""
    turned = (0, *(1 << bit for bit in range(BAND_BITS)))
    return tuple(_named(number, value ^ turn) for number, value in enumerate(_parts(of)) for turn in turned)


def alike(kept: Sequence[bytes], looked_for: Collection[bytes]) -> bool:
    """Whether enough parts of a kept picture are among those looked for; the rule a database counts by."""
    return sum(band in looked_for for band in kept) >= BANDS_TO_MEET


def _parts(of: bytes) -> tuple[int, ...]:
    whole = int.from_bytes(of)
    signs = [whole >> at & 1 for at in range(0, BITS, BAND_STEP)]
    return tuple(
        sum(sign << at for at, sign in enumerate(signs[first : first + BAND_BITS]))
        for first in range(0, BANDS * BAND_BITS, BAND_BITS)
    )


def _named(number: int, value: int) -> bytes:
    return bytes((number,)) + value.to_bytes(2)

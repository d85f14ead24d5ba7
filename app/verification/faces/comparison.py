"""How far apart are two faces? The comparison score of two descriptors, and the form in which they rest."""

import numpy as np
import numpy.typing as npt

Descriptor = npt.NDArray[np.float32]
"""float32. dlib's: (128,), not normalised, for lengths of 1.3 to 1.5 belong to the measure; a bank's own may be longer."""

SHORTEST, LONGEST = 64, 2048
"""Numbers in a descriptor; known networks of faces give 128 to 1024."""
_AT_REST = np.dtype("<f4")


class NotADescriptor(ValueError):
    """Another shape, or not finite: it was made by another network, or damaged."""


def distance(first: Descriptor, second: Descriptor) -> float:
    """Euclidean; 0 is the same picture. Says nothing across two networks (R92)."""
    if first.shape != second.shape:
        raise NotADescriptor
    difference = checked(first).astype(np.float64) - checked(second)
    return float(np.sqrt(difference @ difference))


def checked(descriptor: Descriptor) -> Descriptor:
    """The same, or NotADescriptor: a NaN compares as neither near nor far, which must never mean near."""
    if descriptor.ndim != 1 or not SHORTEST <= descriptor.size <= LONGEST or not np.isfinite(descriptor).all():
        raise NotADescriptor
    return descriptor


def to_octets(descriptor: Descriptor) -> bytes:
    """Four octets for each number, little-endian: dlib's are 512."""
    return checked(descriptor).astype(_AT_REST).tobytes()


def from_octets(octets: bytes) -> Descriptor:
    """The descriptor that was stored."""
    if len(octets) % _AT_REST.itemsize:
        raise NotADescriptor
    return checked(np.frombuffer(octets, dtype=_AT_REST).astype(np.float32))

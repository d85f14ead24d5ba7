"""How far apart are two faces? The comparison score of two descriptors, and the form in which they rest."""

import numpy as np
import numpy.typing as npt

Descriptor = npt.NDArray[np.float32]
"""(128,) float32, not normalised: dlib's lengths are 1.3 to 1.5 and belong to the measure."""

LENGTH = 128
_AT_REST = np.dtype("<f4")


class NotADescriptor(ValueError):
    """Another shape, or not finite: it was made by another network, or damaged."""


def distance(first: Descriptor, second: Descriptor) -> float:
    """Euclidean; 0 is the same picture. Says nothing across two networks (R92)."""
    difference = checked(first).astype(np.float64) - checked(second)
    return float(np.sqrt(difference @ difference))


def checked(descriptor: Descriptor) -> Descriptor:
    """The same, or NotADescriptor: a NaN compares as neither near nor far, which must never mean near."""
    if descriptor.shape != (LENGTH,) or not np.isfinite(descriptor).all():
        raise NotADescriptor
    return descriptor


def to_octets(descriptor: Descriptor) -> bytes:
    """512 octets, little-endian."""
    return checked(descriptor).astype(_AT_REST).tobytes()


def from_octets(octets: bytes) -> Descriptor:
    """The descriptor that was stored."""
    if len(octets) != LENGTH * _AT_REST.itemsize:
        raise NotADescriptor
    return checked(np.frombuffer(octets, dtype=_AT_REST).astype(np.float32))

"""What is known of the population whose faces are compared? Its centre, its spread, and how its strangers lie.

The network was trained on other faces: of a population it saw little of, all lie in one corner of its space and
look alike to it. Centring moves the corner to the middle, whitening spreads it out, and the cohort says how near strangers
come to this very face. All of it is learned from unlabelled pictures, and none of it is a person's: means and moments
of at least `learning.LEAST_PEOPLE` people, where a cohort of descriptors would be a file of biometric references.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from app.verification.faces.comparison import NotADescriptor
from app.verification.faces.shrinkage import Matrix, Vector

Raw = npt.NDArray[np.float32]
"""(d,) float32 as a network gives it."""

_AT_REST: Final = np.dtype("<f4")


class FitBroken(ValueError):
    """What was given is no fit; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One population as one network sees it; says nothing of another network's descriptors."""

    model: str
    """`name@version`."""
    population: str
    """Whose faces these are, in the bank's words."""
    made_on: date
    pictures: int
    people: int
    """About: as much as all faces count, with nobody counting often."""
    repeated: int
    """People of whom several pictures told how one person's differ; 0: by so few that it was told by how all differ."""
    centre: npt.NDArray[np.float32]
    """(d,)."""
    whitening: npt.NDArray[np.float32]
    """(d, d), symmetric."""
    cohort_mean: npt.NDArray[np.float32]
    """(d,): of all people's places, each of length 1."""
    cohort_moment: npt.NDArray[np.float32]
    """(d, d): their second moment about that mean, shrunk as the spread is."""

    def __post_init__(self) -> None:
        size = len(self.centre)
        wanted = ((size,), (size, size), (size,), (size, size))
        if not size or tuple(each.shape for each in self._arrays) != wanted:
            raise FitBroken("centre, whitening and cohort are not of one size")
        if not all(np.isfinite(each).all() for each in self._arrays):
            raise FitBroken("not finite")

    @property
    def _arrays(self) -> tuple[npt.NDArray[np.float32], ...]:
        return self.centre, self.whitening, self.cohort_mean, self.cohort_moment

    @property
    def id(self) -> str:
        """`fit-` and the first 16 hexadecimal digits of the SHA-256 of all it holds."""
        facts = (self.model, self.population, self.made_on.isoformat(), self.pictures, self.people, self.repeated)
        hashed = hashlib.sha256(repr(facts).encode("utf-8"))
        for each in self._arrays:
            hashed.update(each.astype(_AT_REST).tobytes())
        return f"fit-{hashed.hexdigest()[:16]}"

    def transform(self, descriptor: Raw) -> Vector:
        """Where the face lies in its population: (d,) of length 1; raises NotADescriptor."""
        if descriptor.shape != self.centre.shape:
            raise NotADescriptor
        return unit((descriptor.astype(np.float64) - self.centre) @ self.whitening)


def unit(vector: Vector) -> Vector:
    """The vector at length 1; raises NotADescriptor for one that has no direction."""
    length = float(np.sqrt(vector @ vector))
    if not (np.isfinite(length) and length > 0):
        raise NotADescriptor
    return np.asarray(vector / length, np.float64)


def units(rows: Matrix) -> Matrix:
    """Every row at length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)

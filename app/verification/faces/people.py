"""How much does each of many unlabelled faces count? So that whoever is there a hundred times counts about once.

Left as they are, twenty people with twenty pictures each teach how one person's pictures differ, and whitening then wipes
out what tells people apart. A picture counts one part in as many as lie nearer to it than strangers do: the spread of strangers is read
off the lower half of all likenesses, where no person's own pictures are, and the limit lies where a picture meets one
stranger among all. Nobody is put together with anybody, so no error at the limit makes one face of two people.
"""

from collections.abc import Iterator
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from app.verification.faces.shrinkage import Matrix

Weights = npt.NDArray[np.float64]
"""(n,): 1 for a face like no other, less for each more that is like it."""

_SAMPLED: Final = 2_000
"""Rows whose likenesses tell the spread; all pairs of more would tell the same."""
_AT_ONCE: Final = 1_000
"""Rows compared with all others at a time: 20,000 rows then take 160 MB."""
_BELOW: Final = NormalDist().cdf(-1.0)
STRANGERS: Final = 1.0
"""Among all, whom a picture meets beyond the limit: one too few costs a person part of their count, and no more."""


def weights(units: Matrix) -> Weights:
    """How much each of unit vectors (n, d) about the population's centre counts."""
    limit = likeness_limit(units, STRANGERS)
    found = [len(near) for near in alike(units, limit)]
    return np.asarray(1 / np.maximum(1, np.array(found)), np.float64)


def alike(units: Matrix, limit: float) -> Iterator[npt.NDArray[np.intp]]:
    """For each row the rows that are as like it as `limit`, itself among them."""
    for at in range(0, len(units), _AT_ONCE):
        yield from map(np.flatnonzero, units[at : at + _AT_ONCE] @ units.T >= limit)


def likeness_limit(units: Matrix, strangers: float) -> float:
    """The likeness that so many strangers reach, of as many as there are rows."""
    some = units[:: max(1, len(units) // _SAMPLED)]
    likenesses = (some @ some.T)[np.triu_indices(len(some), 1)]
    middle, low = np.quantile(likenesses, (0.5, _BELOW))
    return float(middle + (middle - low) * NormalDist().inv_cdf(1 - strangers / len(units)))

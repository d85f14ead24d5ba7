"""How near is near for this face? A likeness beside what strangers reach with the same face: symmetric normalisation.

Some faces lie where the population is dense, and strangers come near them: one threshold for all lets those in. S-norm measures a
likeness in standard deviations of what each of its two faces has with a cohort of strangers, and takes the mean of both
(Kenny, Odyssey 2010; adaptive with the nearest k alone: Karam, Campbell and Dehak, 2011; Matejka et al., Interspeech 2017).

Over a whole cohort C the likenesses of a face u have mean u·m and variance u·Mu, with m the mean and M the covariance of C:
two moments say what all its descriptors would, so no descriptor is kept; and M is shrunk as all covariances of few people are.
Chosen by measurement, see `CHOSEN`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.verification.faces.fit import Fit
from app.verification.faces.shrinkage import Matrix, Vector

LEAST_SPREAD: Final = 1e-3
"""Standard deviation of likenesses; a cohort that says less says nothing."""
CHOSEN: Final = "moments"
"""Chosen on drawn populations of seeds below 500 and judged on seeds 2100 to 2102 (tests/verification/faces_population.py; 600 people,
fits on 200, 400 and 1,000 others). FNMR at FMR 1e-3 is 14.6, 12.1 and 11.6 % without, 12.3, 10.6 and 10.0 % by moments, 16.0, 10.7
and 9.9 % adaptive with the nearest tenth. Alike where there are many, safe where there are few, and without anybody's descriptor in a file."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a face lies, and how near strangers come to it."""

    at: Vector
    """(d,) of length 1."""
    strangers_mean: float
    strangers_spread: float
    """Standard deviation."""


def placed(fit: Fit | None, at: Vector) -> Place:
    """The place of a vector of length 1; without a fit, where nothing is known of strangers, scores are cosines."""
    if fit is None:
        return Place(at, 0.0, 1.0)
    means, spreads = strangers(fit, at[None])
    return Place(at, float(means[0]), float(spreads[0]))


def strangers(fit: Fit, at: Matrix) -> tuple[Vector, Vector]:
    """How near strangers come to each of vectors (n, d) of length 1: mean and standard deviation, (n,) each."""
    variances = np.einsum("ij,ij->i", at @ fit.cohort_moment.astype(np.float64), at)
    return at @ fit.cohort_mean.astype(np.float64), np.maximum(LEAST_SPREAD, np.sqrt(np.maximum(0.0, variances)))


def s_norm(one: Place, other: Place) -> float:
    """The likeness in standard deviations of strangers'; the same both ways."""
    raw = likeness(one.at, other.at)
    return sum((raw - each.strangers_mean) / each.strangers_spread for each in (one, other)) / 2


def likeness(first: Vector, second: Vector) -> float:
    """Cosine of two places, each of length 1."""
    return float(first @ second)


def adaptive_s_norm(cohort: Matrix, first: Vector, second: Vector, *, nearest: int) -> float:
    """The same by the `nearest` of a cohort (m, d) of descriptors: what the choice was measured against."""
    raw = likeness(first, second)
    scores = []
    for place in (first, second):
        near = np.sort(cohort @ place)[-nearest:]
        scores.append((raw - float(near.mean())) / max(LEAST_SPREAD, float(near.std())))
    return sum(scores) / 2

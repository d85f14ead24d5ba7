"""How far is a covariance of few descriptors to be believed? Oracle approximating shrinkage towards a sphere.

128 dimensions have 8,256 covariances. Of some hundred people most of those are noise, and whitening divides by their
roots: what is noise would be blown up. OAS finds from n, d and the spectrum how much of the sphere to mix in, in closed form, with
nothing to tune (Chen, Wiesel, Eldar, Hero, IEEE Trans. Signal Process. 58, 2010, eq. 23). It needs the covariance
alone, where Ledoit and Wolf's needs every fourth moment, and errs less where n is near d.
"""

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]


def mean(rows: Matrix, weights: Vector) -> Vector:
    """Of rows (n, d), each counting as much as its weight."""
    return np.asarray(weights @ rows / weights.sum(), np.float64)


def covariance(rows: Matrix, weights: Vector) -> Matrix:
    """Of centred rows (n, d), each counting as much as its weight."""
    return np.asarray((rows * weights[:, None]).T @ rows / weights.sum(), np.float64)


def shrinkage(sample: Matrix, n: int) -> float:
    """The share of the sphere, 0 to 1: eq. 23 of the paper."""
    size = len(sample)
    squares, square = float(np.sum(sample * sample)), float(np.trace(sample)) ** 2
    spread = squares - square / size
    if spread <= 0:  # a sphere already
        return 1.0
    return min(1.0, ((1 - 2 / size) * squares + square) / ((n + 1 - 2 / size) * spread))


def shrunk(sample: Matrix, share: float) -> Matrix:
    """The covariance with so much of the sphere of the same trace in it."""
    size = len(sample)
    return np.asarray((1 - share) * sample + share * np.trace(sample) / size * np.eye(size), np.float64)


def power(covariance: Matrix, exponent: float) -> Matrix:
    """A power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * values**exponent) @ vectors.T, np.float64)

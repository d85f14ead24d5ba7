"""What do unlabelled descriptors of a bank's own population teach? Their fit."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from app.verification.faces.fit import Fit, Raw, units
from app.verification.faces.people import Weights, weights
from app.verification.faces.shrinkage import Matrix, covariance, mean, power, shrinkage, shrunk

LEAST_PEOPLE: Final = 200
"""Measured on drawn populations (tests/verification/faces_population.py, seeds 2000 to 2002, 600 people): at FMR 1e-3 a fit on 100 refuses
19.1 %, on 200 16.2 %, on 1,000 16.3 %, where plain distances refuse 40 %. On 20 people of real photographs a fit gains nothing, 1.46 %
where distances refuse 1.34 %: so few say more of themselves than of their population."""
WHITENING: Final = 0.25
"""The power of the inverse covariance: 0.5 whitens fully, 0 not at all. How people differ and how one person's pictures differ share
their directions in part, and whitening fully blows up those in which only pictures differ. FNMR at FMR 1e-3 in drawn worlds of
seeds 20 and 21, not at all, this, fully: where they share all 39, 18 and 6 %, the spectra falling as the power 0.7 (as
of 40 people of real photographs) 34, 23 and, at 0.375, 21 %, where they share none 9, 20 and 47 %. In the middle, for
nobody knows a population's before there are labels."""

ROUNDS: Final = 4
"""Measured on 500 drawn people and one more with 200 pictures, nine times: that one counts 5 to 114 times after one round, once or
twice after four; 20 and 45 times where his pictures are less alike than strangers."""


class TooFewPeople(ValueError):
    """So few faces, or so few people among them, that a fit would say more of them than of their population."""

    def __init__(self, people: int) -> None:
        super().__init__(f"about {people} people, a fit needs {LEAST_PEOPLE}")
        self.people = people


def learned(
    descriptors: Sequence[Raw], *, model: str, population: str, made_on: date, least: int = LEAST_PEOPLE
) -> Fit:
    """The fit of descriptors that one model made; raises TooFewPeople. Their order does not matter, nor who comes often."""
    rows = _rows(descriptors, least)
    return _fit(rows, _counted(rows), model, population, made_on, least)


def learned_of_persons(
    descriptors: Sequence[Raw], *, model: str, population: str, made_on: date, least: int = LEAST_PEOPLE
) -> Fit:
    """The same of one descriptor of each person, where it is known who is who: each counts once, however alike two are."""
    rows = _rows(descriptors, least)
    return _fit(rows, np.ones(len(rows)), model, population, made_on, least)


def _rows(descriptors: Sequence[Raw], least: int) -> Matrix:
    if len(descriptors) < max(least, 2):
        raise TooFewPeople(len(descriptors))
    return np.stack(descriptors).astype(np.float64)


def _fit(rows: Matrix, counted: Weights, model: str, population: str, made_on: date, least: int) -> Fit:
    people = round(float(counted.sum()))
    if people < least:
        raise TooFewPeople(people)
    centre = mean(rows, counted)
    spread = covariance(rows - centre, counted)
    share = shrinkage(spread, people)
    whitening = power(shrunk(spread, share), -WHITENING)
    places = units((rows - centre) @ whitening)
    cohort_mean = mean(places, counted)
    return Fit(
        model=model,
        population=population,
        made_on=made_on,
        pictures=len(rows),
        people=people,
        shrinkage=share,
        centre=centre.astype(np.float32),
        whitening=whitening.astype(np.float32),
        cohort_mean=cohort_mean.astype(np.float32),
        cohort_moment=shrunk(covariance(places - cohort_mean, counted), share).astype(np.float32),
    )


def _counted(rows: Matrix) -> Weights:
    """Whoever comes very often has first drawn the centre to himself, and hides there: so again about the new one."""
    found = np.ones(len(rows))
    for _ in range(ROUNDS):
        found = weights(units(rows - mean(rows, found)))
    return found

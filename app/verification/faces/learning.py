"""What do unlabelled descriptors of a bank's own population teach? Their fit."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from app.verification.faces.alike import Differences, differences, differences_of_persons
from app.verification.faces.fit import Fit, Raw, units
from app.verification.faces.people import Weights, weights
from app.verification.faces.shrinkage import Matrix, believed, covariance, living, mean, power

LEAST_PEOPLE: Final = 50
"""Measured on drawn populations (tests/verification/faces_population.py, seeds 2100 to 2102, 600 people, one picture each): at FMR 1e-3
distances refuse 25.7 %; a fit on 75 people, counted as about 52, 16.8 %, on 100 15.7 %, on 200 12.3 %, on 400 10.6 %, on 1,000
10.0 %. On 20 people of real photographs a fit gains nothing, 1.0 % where cosines refuse 0.8 %: so few say more of themselves."""
WHITENING: Final = 0.25
"""The power of the inverse covariance: 0.5 whitens fully, 0 not at all. In the middle, for where people differ and where one person's
pictures differ are in part the same directions. On people of real photographs never seen (ORL, learned on 30 of 40, ten pictures each, 20
draws) FNMR at FMR 1e-4 is 1.3 % by 0, 0.89 by 0.125, 0.79 by this, 0.85 by 0.3125; of 400 drawn people with one picture (seeds 320 to 322) at
1e-3 11.9, 11.1, 9.7 and 9.7 %."""
ROUNDS: Final = 4
"""Measured on 500 drawn people and one more with 200 pictures, nine times: that one counts 5 to 114 times after one round, once or
twice after four; 20 and 45 times where his pictures are less alike than strangers."""


class TooFewPeople(ValueError):
    """So few faces, or so few people among them, that a fit would say more of them than of their population."""

    def __init__(self, people: int, least: int) -> None:
        super().__init__(f"about {people} people, a fit needs {least}")
        self.people = people


def learned(
    descriptors: Sequence[Raw], *, model: str, population: str, made_on: date, least: int = LEAST_PEOPLE
) -> Fit:
    """The fit of descriptors that one model made; raises TooFewPeople. Their order does not matter, nor who comes often."""
    rows = _rows(descriptors, least)
    counted = _counted(rows)
    apart = differences(rows, units(rows - mean(rows, counted)))
    return _fit(rows, counted, apart, _Named(model, population, made_on), least)


def learned_of_persons(
    persons: Sequence[Sequence[Raw]], *, model: str, population: str, made_on: date, least: int = LEAST_PEOPLE
) -> Fit:
    """The same of the descriptors of each person, where it is known who is who: each counts once, however alike two are."""
    if len(persons) < max(least, 2):
        raise TooFewPeople(len(persons), least)
    rows = np.stack([each for pictures in persons for each in pictures]).astype(np.float64)
    whose = np.repeat(np.arange(len(persons)), [len(pictures) for pictures in persons])
    counted = 1 / np.bincount(whose)[whose]
    return _fit(rows, counted, differences_of_persons(rows, whose), _Named(model, population, made_on), least)


class _Named(NamedTuple):
    """What is known of a fit before anything is learned."""

    model: str
    population: str
    made_on: date


def _rows(descriptors: Sequence[Raw], least: int) -> Matrix:
    if len(descriptors) < max(least, 2):
        raise TooFewPeople(len(descriptors), least)
    return np.stack(descriptors).astype(np.float64)


def _fit(rows: Matrix, counted: Weights, apart: Differences, named: _Named, least: int) -> Fit:
    people = round(float(counted.sum()))
    if people < least:
        raise TooFewPeople(people, least)
    centre = mean(rows, counted)
    total = covariance(rows - centre, counted)
    inside = living(total, len(rows))
    told = apart.tell(people)
    spread, n = (apart.spread, apart.n) if told else (total, people)
    whitening = inside @ power(believed(inside.T @ spread @ inside, n), -WHITENING)
    places = units((rows - centre) @ whitening)
    cohort_mean = mean(places, counted)
    moment = believed(covariance(places - cohort_mean, counted), people)
    return Fit(
        **named._asdict(),
        pictures=len(rows),
        people=people,
        repeated=round(apart.people) if told else 0,
        centre=centre.astype(np.float32),
        whitening=(whitening @ inside.T).astype(np.float32),
        cohort_mean=(inside @ cohort_mean).astype(np.float32),
        cohort_moment=(inside @ moment @ inside.T).astype(np.float32),
    )


def _counted(rows: Matrix) -> Weights:
    """Whoever comes very often has first drawn the centre to himself, and hides there: so again about the new one."""
    found = np.ones(len(rows))
    for _ in range(ROUNDS):
        found = weights(units(rows - mean(rows, found)))
    return found

"""How sure may a calibration be? No surer than of the group it is least sure of, and of none of whom too few were seen.

Whose face comes, nobody knows beforehand: a bound over all holds of most, and hides a group whose strangers pass (R78, R79).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from app.verification.faces.calibration import Point
from app.verification.faces.evaluation import Evaluation

PEOPLE_LEAST: Final = 30.0
"""On either side of the stranger pairs, by Kish's count: of 40 people each beside each, listed once. Bounds were tried with 40 to
100 people; of one person beside thousands no bootstrap sees that it might have been another."""
NOTHING: Final = 1.0


def claimed(found: Sequence[Evaluation], cohorts: Collection[str], *, named: bool) -> tuple[Point, ...]:
    """The points of all, each with the highest bound that holds of any cohort; `found`: all, then by cohort.

    `cohorts`: as listed, whether or not they could be evaluated. `named`: the people are known, so that a bound over them can be.
    """
    if not named or unsure(found, cohorts):
        return tuple(replace(each, upper=NOTHING) for each in found[0].points)
    of_each = [each.beside_all for each in found]
    return tuple(
        replace(each, upper=max(one.upper for one in there), fnmr_high=max(one.fnmr_high for one in there))
        for each, *there in zip(found[0].points, *of_each, strict=True)
    )


def unsure(found: Sequence[Evaluation], cohorts: Collection[str]) -> tuple[str, ...]:
    """Of which groups, all of them the first, nothing is claimed."""
    few = [each.cohort for each in found if each.people < PEOPLE_LEAST]
    return (*few, *sorted(set(cohorts) - {each.cohort for each in found}))

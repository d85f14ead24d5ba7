"""How well are people told apart? FNMR at FMR, with how far each figure can be trusted; by cohort, as curves, as histograms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from app.verification.documents.accuracy import Share
from app.verification.faces.bounds import CONFIDENCE, upper_bound
from app.verification.faces.calibration import Point
from app.verification.faces.resampling import Replicates, resampled
from app.verification.faces.trials import NoTrials, Places, Trial, Trials, Vector, trials

TARGETS: Final = (1e-2, 1e-3, 1e-4, 1e-5)
SEED: Final = 2382
"""Of the bootstrap; any would do, and the same one says the same again."""
BINS: Final = 48
CURVE_POINTS: Final = 64
ALL: Final = "all"
_TAILS: Final = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many pairs have which score; `edges` has one more than the counts."""

    edges: tuple[float, ...]
    genuine: tuple[int, ...]
    impostor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One cohort, or all."""

    cohort: str
    persons: int
    people: float
    """As how many they count on the side of the stranger pairs where they are fewer (Kish): one person beside everybody is one."""
    genuine: int
    impostor: int
    design_effect: float
    points: tuple[Point, ...]
    """For each of TARGETS, from the lowest threshold to the highest."""
    beside_all: tuple[Point, ...]
    """At the thresholds that were chosen for all: those that would be gone by for this cohort's faces, too."""
    roc: tuple[tuple[float, float], ...]
    """FMR, FNMR."""
    histogram: Histogram


def evaluations(given: Sequence[Trial], *, seed: int = SEED) -> tuple[Evaluation, ...]:
    """All, then each cohort that has pairs of both kinds; raises NoTrials."""
    whole = evaluated(given, ALL, seed=seed)
    found, thresholds = [whole], [each.threshold for each in whole.points]
    for cohort in dict.fromkeys(each.cohort for each in given if each.cohort):
        try:
            own = [each for each in given if each.cohort == cohort]
            found.append(evaluated(own, cohort, beside=thresholds, seed=seed))
        except NoTrials:
            continue
    return tuple(found)


def evaluated(
    given: Sequence[Trial], cohort: str = ALL, *, beside: Sequence[float] | None = None, seed: int = SEED
) -> Evaluation:
    """One evaluation, also at thresholds chosen for others; raises NoTrials."""
    columns = trials(given)
    thresholds = [_threshold(columns, target) for target in TARGETS]
    replicates = resampled(columns, [*thresholds, *(beside or thresholds)], TARGETS, seed=seed)
    points, others = (
        _points(columns, chosen, replicates, at)
        for at, chosen in ((0, thresholds), (len(TARGETS), beside or thresholds))
    )
    return Evaluation(
        cohort=cohort,
        persons=columns.persons,
        people=min(_effective(columns.impostor_of[:, side]) for side in (0, 1)),
        genuine=len(columns.genuine),
        impostor=len(columns.impostor),
        design_effect=replicates.design_effect,
        points=points,
        beside_all=others,
        roc=_roc(columns),
        histogram=_histogram(columns),
    )


def _effective(of: Places) -> float:
    """As how many people these count, who stand in some pairs more often than in others (Kish, 1965)."""
    counts = np.unique(of, return_counts=True)[1].astype(np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def _threshold(given: Trials, target: float) -> float:
    """The lowest score that lets so many strangers in at most: just above the next one."""
    let_in = int(target * len(given.impostor) * (1 + 1e-12))
    return float(np.nextafter(given.impostor[let_in], np.inf))


def _points(given: Trials, thresholds: Sequence[float], replicates: Replicates, first: int) -> tuple[Point, ...]:
    """`first`: which of the replicates' thresholds are these."""
    counts = [int((given.impostor >= threshold).sum()) for threshold in thresholds]
    bounds = [bound(given, count, replicates, first + at) for at, count in enumerate(counts)]
    # What holds at a high threshold holds at a lower one the more: bounds never fall as thresholds fall.
    uppers = [*accumulate(reversed(bounds), max)][::-1]
    missed = [float((given.genuine < threshold).mean()) for threshold in thresholds]
    return tuple(
        Point(
            target, threshold, count / len(given.impostor), upper, fnmr, *_around(given, fnmr, replicates.fnmr[:, at])
        )
        for at, (target, threshold, count, upper, fnmr) in enumerate(
            zip(TARGETS, thresholds, counts, uppers, missed, strict=True)
        )
    )


def bound(given: Trials, count: int, replicates: Replicates, at: int) -> float:
    """Upper 95 % bound of the FMR at the threshold that so many strangers reach.

    The percentile of the bootstrap alone held the truth in 82 to 93 of 100 draws of 40 to 100 people, the counts' bound at
    the design effect seen right there in 93 to 98: the higher of the two, and where nobody gets in the effect seen lower down.
    """
    pairs, replicated = len(given.impostor), replicates.fmr[:, at]
    share = count / pairs
    here = float(np.var(replicated)) / (share * (1 - share) / pairs) if 0 < share < 1 else 1.0
    counted = upper_bound(count, pairs, design_effect=max(here, replicates.design_effect))
    return max(float(np.quantile(replicated, CONFIDENCE)), counted)


def _around(given: Trials, fnmr: float, replicated: Vector) -> tuple[float, float]:
    """The wider of the bootstrap's interval and Wilson's as if each person counted once: no bootstrap sees what never happened.

    Nor what hardly did: one failure of 350 people left the bootstrap's upper bound below that of none.
    """
    low, high = (float(each) for each in np.quantile(replicated, _TAILS))
    people = len(np.unique(given.genuine_of))
    least, most = Share(round(fnmr * people), people).interval
    return min(low, least, fnmr), max(high, most, fnmr)


def _roc(given: Trials) -> tuple[tuple[float, float], ...]:
    """From one stranger let in to all of them, evenly by logarithm."""
    counts = np.unique(np.geomspace(1, len(given.impostor), CURVE_POINTS).astype(np.int64))
    curve = [(0.0, float((given.genuine <= given.impostor[0]).mean()))]
    for count in counts:
        missed = float((given.genuine < given.impostor[count - 1]).mean())
        curve.append((float(count) / len(given.impostor), missed))
    return tuple(curve)


def _histogram(given: Trials) -> Histogram:
    scores = np.concatenate((given.genuine, given.impostor))
    low, high = float(scores.min()), float(scores.max())
    edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    genuine, impostor = (np.histogram(each, edges)[0] for each in (given.genuine, given.impostor))
    return Histogram(tuple(map(float, edges)), tuple(map(int, genuine)), tuple(map(int, impostor)))

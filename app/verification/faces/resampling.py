"""How far would the figures move with other people? Bootstrap by person, since pairs share people.

Each replicate draws as many people as there were, with return. A pair of one person counts as often as the person
was drawn, a pair of two the product (the vertex bootstrap: Snijders and Borgatti, Connections 22, 1999; for biometrics
Bolle, Ratha and Pankanti, 2004). It errs to the safe side: of pairs that share nothing it finds up to three times the
variance (Owen, Ann. Appl. Stat. 1, 2007). Chance comes from a seed, so one evaluation always says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.verification.faces.trials import Trials, Vector

REPLICATES: Final = 1_000
SEEN_LEAST: Final = 20
"""Strangers above a threshold, for a design effect that is more than chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """What each replicate says, one row each."""

    fmr: Vector
    """(replicates, thresholds): at the thresholds of the whole."""
    fnmr: Vector
    """(replicates, targets): at the replicate's own thresholds for the targets."""
    design_effect: float
    """By how much more FMR varies than it would among as many pairs of people who share nobody."""


def resampled(given: Trials, thresholds: Sequence[float], targets: Sequence[float], *, seed: int) -> Replicates:
    """Replicates of FMR at thresholds and of FNMR at FMR targets."""
    chance = np.random.Generator(np.random.PCG64(seed))
    even = np.full(given.persons, 1 / given.persons)
    reached = _reached(given, thresholds)
    often = max(1, min(len(given.impostor) // 2, max(SEEN_LEAST, len(given.impostor) // 1_000)))
    fmr: list[Vector] = []
    fnmr: list[list[float]] = []
    frequent: list[float] = []
    while len(fmr) < REPLICATES:
        drawn = chance.multinomial(given.persons, even)
        strangers = np.cumsum(drawn[given.impostor_of[:, 0]] * drawn[given.impostor_of[:, 1]])
        own = np.cumsum(drawn[given.genuine_of])
        if strangers[-1] == 0 or own[-1] == 0:
            # So few people that a draw holds no pair at all: it says nothing, and what says nothing rules nothing out.
            fmr.append(np.ones(len(thresholds)))
            frequent.append(1.0)
            fnmr.append([1.0] * len(targets))
            continue
        shares = np.concatenate(([0.0], strangers / strangers[-1]))
        fmr.append(shares[reached])
        frequent.append(shares[often])
        fnmr.append(_missed(given, shares, own / own[-1], targets))
    share = often / len(given.impostor)
    alone = share * (1 - share) / len(given.impostor)
    effect = float(np.var(frequent)) / alone if alone else 1.0
    return Replicates(np.array(fmr), np.array(fnmr), max(1.0, effect))


def _reached(given: Trials, thresholds: Sequence[float]) -> list[int]:
    """How many strangers reach each threshold."""
    return [int(np.searchsorted(-given.impostor, -threshold, side="right")) for threshold in thresholds]


def _missed(given: Trials, strangers: Vector, own: Vector, targets: Sequence[float]) -> list[float]:
    """FNMR where so many strangers at most get in; `strangers` and `own` are cumulated shares from the highest score."""
    shares = np.concatenate(([0.0], own))
    found = []
    for target in targets:
        let_in = int(np.searchsorted(strangers, target, side="right")) - 1
        if let_in >= len(given.impostor):
            found.append(0.0)
            continue
        # Above the next stranger, who is not let in.
        over = int(np.searchsorted(-given.genuine, -given.impostor[let_in], side="left"))
        found.append(1.0 - float(shares[over]))
    return found

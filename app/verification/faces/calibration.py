"""How often do strangers score as high as this? What was measured once, for one model, fit, kind and population.

A threshold is nothing by itself: on one population the same distance lets 0.9 % of strangers in, on another 37 %.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Final

from app.verification.faces.score import UNCALIBRATED, UNWEIGHED, FmrClaim, Score, Uncalibrated

ACCEPTS_AT_MOST: Final = 1e-4
"""R75: FMR of a face that accepts by itself; here of the bound, not of what happened to be seen."""


class Profile(StrEnum):
    """How seldom strangers may match, of the upper bound; the names of R93."""

    GBT_BASIC = "gbt-basic"  # GB/T 38671-2020, basic level: matches, and never decides by itself
    NIST = "nist"  # SP 800-63A
    STRICT = "strict"

    @property
    def fmr(self) -> float:
        """At most."""
        return _PROFILES[self]


_PROFILES: Final = {Profile.GBT_BASIC: 1e-3, Profile.NIST: ACCEPTS_AT_MOST, Profile.STRICT: 1e-5}


class CalibrationBroken(ValueError):
    """What was given is no calibration; the message says why."""


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold: a score that reaches it matches."""

    target: float
    """The FMR it was chosen for."""
    threshold: float
    fmr: float
    """As counted; 0 where no stranger reached it."""
    upper: float
    """95 % bound of the FMR, one-sided: the higher of the bootstrap by person and the bound of the counts."""
    fnmr: float
    fnmr_low: float
    fnmr_high: float


@dataclass(frozen=True, slots=True)
class Usage:
    """What a calibration holds for; for anything else it says nothing."""

    model: str
    """`name@version`."""
    fit: str | None
    """Its id."""
    kind: str
    """What was compared: `selfie_selfie`, `doc_selfie`."""
    references: int
    """Pictures of the person that one probe is compared with."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The FMR of scores as measured on one population; `points` from the lowest threshold to the highest."""

    usage: Usage
    population: str
    persons: int
    genuine: int
    impostor: int
    made_on: date
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise CalibrationBroken("no points")
        for lower, higher in zip(self.points, self.points[1:], strict=False):
            if not (lower.threshold <= higher.threshold and lower.fmr >= higher.fmr and lower.upper >= higher.upper):
                raise CalibrationBroken("a higher threshold claims a higher rate")
        if not all(isfinite(each.threshold) and 0 <= each.fmr <= each.upper <= 1 for each in self.points):
            raise CalibrationBroken("a rate above its bound, or none at all")

    @property
    def id(self) -> str:
        """`cal-` and the first 16 hexadecimal digits of the SHA-256 of all it says."""
        return f"cal-{hashlib.sha256(repr(self).encode('utf-8')).hexdigest()[:16]}"

    def claim(self, value: float) -> FmrClaim | Uncalibrated:
        """What the highest threshold reached says; never falls as the score rises."""
        reached = [point for point in self.points if value >= point.threshold]
        if not reached:
            return Uncalibrated("the score lies below every threshold that was measured")
        return FmrClaim(reached[-1].fmr, reached[-1].upper)


def may_accept(calibration: Calibration, threshold: float) -> bool:
    """Whether a face may accept by itself at this threshold: the bound of the FMR over people is low enough there (R75).

    Whatever else rests on a face alone asks this too, whatever policy is in force: to count as `amr` `face`, to carry a recovery.
    """
    claim = calibration.claim(threshold)
    return isinstance(claim, FmrClaim) and claim.upper <= ACCEPTS_AT_MOST


def fitting(calibrations: Sequence[Calibration], usage: Usage) -> Calibration | Uncalibrated:
    """The newest calibration for exactly this, or why there is none."""
    if not calibrations:
        return UNWEIGHED
    for word, asked in (
        ("model", usage.model),
        ("fit", usage.fit),
        ("kind", usage.kind),
        ("references", usage.references),
    ):
        calibrations = [each for each in calibrations if getattr(each.usage, word) == asked]
        if not calibrations:
            return Uncalibrated(f"no calibration for {word} {asked if asked is not None else 'none'}")
    return max(calibrations, key=lambda each: (each.made_on, each.id))


def stated(value: float, usage: Usage, found: Calibration | Uncalibrated, *, threshold: float | None = None) -> Score:
    """A score with all that belongs to it; `threshold` is the one that is gone by."""
    name, _, version = usage.model.partition("@")
    claim = found if isinstance(found, Uncalibrated) else found.claim(value)
    named = UNCALIBRATED if isinstance(found, Uncalibrated) or isinstance(claim, Uncalibrated) else found.id
    return Score(value, name, version, usage.fit, usage.references, threshold, named, claim)

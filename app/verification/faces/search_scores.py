"""Whom does a face resemble among many, by what was measured of this population? The same score as beside one person (R92).

A distance finds nobody reliably where all faces lie in one corner: at one that refuses half of a person's own pictures a
seventh of a percent of East Asian strangers come nearer, which among thousands are some for everybody. So where a fit and a
calibration are loaded, they decide who is a candidate, and how strict they are grows with how many are searched (R94).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from app.verification.faces.calibration import Calibration, Usage, fitting
from app.verification.faces.comparison import from_octets
from app.verification.faces.fit import Fit, units
from app.verification.faces.normalisation import strangers
from app.verification.faces.person_score import MOST_REFERENCES, person
from app.verification.faces.search import MOST_CANDIDATES, Block, Candidate, Places
from app.verification.faces.weighing import SELFIE_SELFIE, Judged


@dataclass(frozen=True, slots=True)
class Ruler:
    """What scores of one model are worth here."""

    fit: Fit | None
    calibrations: Mapping[int, Calibration]
    """By how many photographs of a person; of one there is always one."""

    def covered(self, references: int) -> int:
        """Of so many photographs, how many are compared: those that a calibration covers."""
        return max(many for many in self.calibrations if many <= references)

    def limit(self, references: int, among: int, strangers: float) -> float:
        """The lowest score measured at which so few of so many strangers are found (R94: N × FMR); the highest where none is."""
        points = self.calibrations[references].points
        return next((each.threshold for each in points if each.fmr * among <= strangers), points[-1].threshold)


def ruler_of(by: Judged, model: str) -> Ruler | None:
    """None: nothing loaded says what a score of this model is worth for one photograph beside one."""
    named = None if by.fit is None else by.fit.id
    usages = {many: Usage(model, named, SELFIE_SELFIE, many) for many in range(1, MOST_REFERENCES + 1)}
    found = {many: fitting(by.calibrations, usage) for many, usage in usages.items()}
    covering = {many: each for many, each in found.items() if isinstance(each, Calibration)}
    return Ruler(by.fit, covering) if 1 in covering else None


def places(searched: Block, ruler: Ruler) -> Places:
    """Each person by the mean of their first photographs, as `person_score.person` places one."""
    counts = np.diff(np.append(searched.starts, len(searched.faces)))
    references = np.array([ruler.covered(int(count)) for count in counts], np.int64)
    within = np.arange(len(searched.faces)) - np.repeat(searched.starts, counts)
    rows = searched.descriptors[within < np.repeat(references, counts)].astype(np.float64)
    fit = ruler.fit
    alone = units(rows if fit is None else (rows - fit.centre) @ fit.whitening.astype(np.float64))
    starts = np.cumsum(references) - references
    at = units(np.add.reduceat(alone, starts, axis=0)) if len(starts) else alone
    means, spreads = (np.zeros(len(at)), np.ones(len(at))) if fit is None else strangers(fit, at)
    persons = tuple(searched.persons[start] for start in searched.starts)
    place, mean, spread = (np.asarray(each, np.float32) for each in (at, means, spreads))
    return Places(persons, place, mean, spread, references)


def resembling(probe: bytes, blocks: Sequence[Block], ruler: Ruler, *, most: float) -> tuple[Candidate, ...]:
    """Who reaches the limit, the farthest beyond it first; of blocks that were placed by this ruler. `most`: strangers. Raises NotADescriptor."""
    stood = [each.places for each in blocks if each.places is not None]
    among = sum(len(each.persons) for each in stood)
    limits = np.array(
        [ruler.limit(many, among, most) if many in ruler.calibrations else inf for many in range(MOST_REFERENCES + 1)]
    )
    given = person(ruler.fit, [from_octets(probe)])
    found: list[tuple[float, Candidate]] = []
    for each in stood:
        # In this thread alone, as `search` says.
        raw = np.einsum("ij,j->i", each.at, given.at.astype(np.float32))
        theirs = (raw - each.strangers_mean) / each.strangers_spread
        scores = (theirs + (raw - given.strangers_mean) / given.strangers_spread) / 2
        beyond = scores - limits[each.references]
        found += [(beyond[at], Candidate(each.persons[at], float(scores[at]))) for at in np.flatnonzero(beyond >= 0)]
    return tuple(candidate for _, candidate in sorted(found, key=lambda pair: -pair[0])[:MOST_CANDIDATES])

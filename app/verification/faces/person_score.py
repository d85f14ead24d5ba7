"""How near is a probe to a person of whom there are several references? One score from all of them.

Never that of the nearest alone: with every further picture a stranger gets one more try, so the same threshold lets more
of them in. The mean of the references is one place that no single odd picture moves far.

Measured on drawn populations (tests/verification/faces_population.py, seeds 2100 to 2102, 600 people, fits on 1,000 others): FNMR at
FMR 1e-3 is 4.3 % by the mean of three, 4.2 % by the two nearest, 4.3 % by the nearest alone, 10.0 % with one reference.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.verification.faces.comparison import NotADescriptor
from app.verification.faces.fit import Fit, Raw, unit
from app.verification.faces.normalisation import Place, placed, s_norm

MOST_REFERENCES: Final = 5
"""As many as a subscriber enrols."""


def person_score(fit: Fit | None, references: Sequence[Raw], probe: Raw) -> float:
    """Higher is nearer; of descriptors that one model made. Without a fit the cosine. Raises NotADescriptor."""
    return compared(person(fit, references), person(fit, [probe]))


def person(fit: Fit | None, pictures: Sequence[Raw]) -> Place:
    """Where the mean of a person's pictures lies; raises NotADescriptor."""
    places = [unit(each.astype(np.float64)) if fit is None else fit.transform(each) for each in pictures]
    if len({place.shape for place in places}) != 1:
        raise NotADescriptor
    return placed(fit, unit(np.mean(np.stack(places), axis=0)))


def compared(one: Place, other: Place) -> float:
    """The score of two people placed by one fit, or both by none; raises NotADescriptor."""
    if one.at.shape != other.at.shape:
        raise NotADescriptor
    return s_norm(one, other)


def best_two(fit: Fit | None, references: Sequence[Raw], probe: Raw) -> float:
    """The mean of the two highest scores, each of one reference: what the choice was measured against."""
    nearest = sorted((person_score(fit, [each], probe) for each in references), reverse=True)[:2]
    return sum(nearest) / len(nearest)

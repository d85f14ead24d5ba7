"""How high may an error rate be, that was seen so seldom? Upper 95 % bounds, one-sided, from counts.

Of no error in n independent trials the bound is 3/n, the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983;
ISO/IEC 19795-1, annex B); of k errors that of Garwood (Biometrika 28, 1936). Pairs that share people are not independent:
their design effect, by how much more they vary than as many independent ones, makes the trials fewer (Kish, 1965).
"""

from math import ceil, exp, lgamma, log, sqrt
from typing import Final

CONFIDENCE: Final = 0.95
_HALVINGS: Final = 60
_SPAN: Final = 40
"""Standard deviations below which a Poisson term adds nothing a double holds."""


def rule_of_three(trials: float) -> float:
    """The bound where no error was seen: 1 where there were no trials."""
    return min(1.0, -log(1 - CONFIDENCE) / trials) if trials > 0 else 1.0


def upper_bound(errors: int, trials: int, *, design_effect: float = 1.0) -> float:
    """The bound of the rate of which `errors` in `trials` were seen."""
    alike = max(1.0, design_effect)
    if trials <= 0:
        return 1.0
    return min(1.0, most_expected(ceil(errors / alike)) * alike / trials)


def most_expected(errors: int) -> float:
    """The Poisson mean under which so few errors are seen but once in twenty times (Garwood)."""
    low, high = float(errors), errors + 10.0 + 4 * sqrt(errors)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(errors, middle) > 1 - CONFIDENCE else (low, middle)
    return high


def _at_most(errors: int, mean: float) -> float:
    """Poisson probability of that many or fewer; by logarithms, for e to the power of minus 1,000 is zero."""
    if mean <= 0:
        return 1.0
    least = max(0, errors - int(_SPAN * (sqrt(mean) + 1)))
    return sum(exp(each * log(mean) - mean - lgamma(each + 1)) for each in range(least, errors + 1))

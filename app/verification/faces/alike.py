"""How do one person's pictures differ? Told of unlabelled faces by the pairs that are surely one person's, or by labels.

What tells people apart is best seen where one person's pictures do not differ: pose, light, age and glasses move
a descriptor in directions of their own. So these directions are weighed down, not those in which people differ, as far as anybody's
pictures come more than once. A pair is sure where one picture in a hundred meets a stranger as near: two who look alike
are seldom taken for one, and what they add is how strangers differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from app.verification.faces.people import alike, likeness_limit
from app.verification.faces.shrinkage import Matrix

Rows = npt.NDArray[np.intp]
"""Numbers of rows."""

SURE: Final = 0.01
"""Strangers among all, whom a picture meets beyond the limit. On people of real photographs never seen (ORL, learned on 30 of 40, 20 draws)
FNMR at FMR 1e-4 is 0.77 % by this limit, 0.81 % by a third of it, 0.99 % by ten times it, 1.2 % without any pairs."""
LEAST_PEOPLE: Final = 20
"""With pictures alike: the differences of fewer say more of them than of people."""
LEAST_SHARE: Final = 0.05
"""Of all people: where so few have another picture, strangers that look alike may be most of the pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """How pictures of one person differ, each person counting about once."""

    spread: Matrix
    """(d, d): covariance of one picture about its person."""
    people: float
    """About: of whom several pictures were found."""
    n: float
    """Differences that are independent, as if so many people had two pictures each; one person's thousand add to it what one's few do."""

    def tell(self, all_people: float) -> bool:
        """Whether they are to be believed, of so many people in all."""
        return self.people >= max(LEAST_PEOPLE, LEAST_SHARE * all_people)

    @classmethod
    def of_pairs(cls, rows: Matrix, near: Callable[[], Iterable[Rows]]) -> Self:
        """Of rows (n, d) and, for each, the rows that are its person's, itself among them: asked for twice, for they are many.

        In a person's m pictures each pair weighs 1 / (m - 1)², so the person about one; of m pictures m / 2 pairs share none.
        """
        size = rows.shape[1]
        spread, weight = np.zeros((size, size)), 0.0
        others = np.array([len(each) - 1 for each in near()], np.float64)
        for at, each in enumerate(near()):
            if len(each) > 1:
                apart = rows[each] - rows[at]
                shares = 1 / (others[at] * np.maximum(others[each], 1))
                spread += (apart * shares[:, None]).T @ apart
                weight += float(shares.sum() - 1 / others[at] ** 2)  # without the picture itself, whose difference is 0
        repeated = others[others > 0] + 1
        people = float(np.sum(1 / repeated))
        n = people**2 / float(np.sum(2 / repeated**2)) if people else 0.0
        return cls(spread / (2 * weight) if weight else spread, people, n)


def differences(rows: Matrix, units: Matrix) -> Differences:
    """Of unlabelled descriptors (n, d), and where they lie about the centre of their people, at length 1."""
    limit = likeness_limit(units, SURE)
    return Differences.of_pairs(rows, lambda: alike(units, limit))


def differences_of_persons(rows: Matrix, persons: Rows) -> Differences:
    """The same where it is known whose each row is: (n,), a number for each person."""
    return Differences.of_pairs(rows, lambda: (np.flatnonzero(persons == each) for each in persons))

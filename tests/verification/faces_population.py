"""Descriptors drawn, not described: people of a population that its network saw little of. Synthetic; no accuracy is claimed.

Each descriptor is the shared corner of the space, what is this person's, and what is this picture's. How much and in how many
directions is set so that plain distances have the error rates published for dlib's network on East Asian pairs:
FMR 37 % and FNMR 0.1 % at 0.6, 7.1 % and 3.8 % at 0.5, 0.15 % and 47 % at 0.4.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.verification.faces.fit import Fit, Raw
from app.verification.faces.person_score import compared, person

SIZE = 128
CORNER = 1.32
"""Length of the mean descriptor, as of real ones."""
OF_PEOPLE, OF_PICTURES = 0.118, 0.0816
"""Variances in all."""
PEOPLE_FALL, PICTURES_FALL = 9.5, 20.0
"""In so many directions the variance falls by e; as of ORL's 40 people."""
UNEVEN = 0.3
"""Some people's pictures differ more than others': the standard deviation of the logarithm."""


@dataclass(frozen=True, eq=False)
class Population:
    """Draws people; whom it draws it never draws again."""

    chance: np.random.Generator
    corner: npt.NDArray[np.float64]
    people: npt.NDArray[np.float64]
    pictures: npt.NDArray[np.float64]

    def drawn(self, people: int, pictures: int) -> npt.NDArray[np.float32]:
        """(people, pictures, 128) float32."""
        whose = self.corner + self.chance.normal(size=(people, 1, SIZE)) @ self.people.T
        uneven = np.exp(UNEVEN * self.chance.normal(size=(people, 1, 1)) - UNEVEN**2)
        return (whose + uneven * (self.chance.normal(size=(people, pictures, SIZE)) @ self.pictures.T)).astype(
            np.float32
        )


def population(seed: int) -> Population:
    chance = np.random.default_rng(seed)
    basis = np.linalg.qr(chance.normal(size=(SIZE, SIZE)))[0]
    turned = basis @ np.linalg.qr(2 * np.eye(SIZE) + chance.normal(size=(SIZE, SIZE)))[0]
    corner = chance.normal(size=SIZE)
    return Population(
        chance,
        CORNER * corner / np.linalg.norm(corner),
        basis * np.sqrt(_falling(OF_PEOPLE, PEOPLE_FALL)),
        turned * np.sqrt(_falling(OF_PICTURES, PICTURES_FALL)),
    )


def fnmr(genuine: npt.NDArray[np.float64], impostor: npt.NDArray[np.float64], fmr: float) -> float:
    """FNMR where so many strangers at most get in."""
    let_in = int(fmr * len(impostor))
    return float((genuine <= np.sort(impostor)[::-1][let_in]).mean())


def scores(fit: Fit | None, faces: npt.NDArray[np.float32], references: int) -> npt.NDArray[np.float64]:
    """(people, people): the first pictures of each beside the last one of each."""
    enrolled, probes = (
        [person(fit, list(each[part])) for each in faces] for part in (slice(references), slice(-1, None))
    )
    return np.array([[compared(one, other) for other in probes] for one in enrolled])


def split(found: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Genuine and impostor scores of a square."""
    return found.diagonal(), found[~np.eye(len(found), dtype=bool)]


def _falling(total: float, directions: float) -> npt.NDArray[np.float64]:
    spectrum = np.exp(-np.arange(SIZE) / directions)
    return np.asarray(total * spectrum / spectrum.sum(), np.float64)


def flat(faces: npt.NDArray[np.float32]) -> list[Raw]:
    """All pictures, whoever's."""
    return list(faces.reshape(-1, SIZE))

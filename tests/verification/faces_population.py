"""Descriptors drawn, not described: people of a population that its network saw little of. Synthetic; no accuracy is claimed.

Each descriptor is the shared corner of the space, what is this person's, and what is this picture's. How much, in how many
directions, and how far both share them was searched for (seeds 20 to 22, then 200 to 205) until the ten figures known of dlib's network on East Asian
pairs come out together (`test_faces_population.py` holds them). Known, and beside it the mean of drawn worlds of seeds 200 to 205, 400 people:
at distance 0.4, 0.5, 0.6 FMR 0.15, 7.1, 37 % (0.12, 7.5, 46) and FNMR 47, 3.8, 0.1 % (38, 4.8, 0.1); FNMR at FMR 1e-3 of distances 48 %
(39), centred 27 % (30), fully whitened with four crops 14.5 % (14), of three enrolled pictures 3 to 7 % (5.3).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.verification.faces.fit import Fit, Raw
from app.verification.faces.person_score import compared, person

SIZE = 128
LIVING = 77
"""Directions of those in which the network tells anything: its last layer has no more."""
CORNER = 1.32
"""Length of the mean descriptor, as of real ones."""
OF_PEOPLE, OF_PICTURES = 0.115, 0.077
"""Variances in all, of one crop."""
PEOPLE_FALL, PICTURES_FALL = 8.0, 11.2
"""In so many directions the variance falls by e."""
SHARED = 0.58
"""Of the directions of people and of pictures: 0 nothing, without end all."""
UNEVEN = 0.075
"""Some people's pictures differ more than others': the standard deviation of the logarithm."""
CROPS = 0.77
"""What the mean over four crops leaves of a picture's variance: 0.0396 of 0.0517 on ORL's 40 people."""
SAME_DAY = 0.24
"""Of a picture's variance, what all of a person's pictures but the last have in common."""


@dataclass(frozen=True, eq=False)
class Population:
    """Draws people; whom it draws it never draws again."""

    chance: np.random.Generator
    corner: npt.NDArray[np.float64]
    people: npt.NDArray[np.float64]
    pictures: npt.NDArray[np.float64]

    def drawn(self, people: int, pictures: int, *, crops: float = CROPS) -> npt.NDArray[np.float32]:
        """(people, pictures, 128) float32; the last picture of several is of another day."""
        whose = self.corner + self.chance.normal(size=(people, 1, LIVING)) @ self.people.T
        uneven = np.exp(UNEVEN * self.chance.normal(size=(people, 1, 1)) - UNEVEN**2)
        own = self.chance.normal(size=(people, pictures, LIVING))
        own[:, 1:-1] = np.sqrt(SAME_DAY) * own[:, :1] + np.sqrt(1 - SAME_DAY) * own[:, 1:-1]
        found = whose + np.sqrt(crops) * uneven * (own @ self.pictures.T)
        return np.asarray(found, np.float32)


def population(seed: int) -> Population:
    chance = np.random.default_rng(seed)
    basis = np.linalg.qr(chance.normal(size=(SIZE, LIVING)))[0]
    turned = basis @ np.linalg.qr(SHARED * np.eye(LIVING) + chance.normal(size=(LIVING, LIVING)))[0]
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
    spectrum = np.exp(-np.arange(LIVING) / directions)
    return np.asarray(total * spectrum / spectrum.sum(), np.float64)


def flat(faces: npt.NDArray[np.float32]) -> list[Raw]:
    """All pictures, whoever's."""
    return list(faces.reshape(-1, SIZE))

"""Do drawn people lie as those of whom figures are known? What is chosen and stated by them rests on it."""

import numpy as np
import pytest

from app.verification.faces.fit import units
from tests.verification.faces_population import flat, fnmr, population, split

DRAWN = population(1400)
FACES = DRAWN.drawn(400, 2, crops=1.0).astype(np.float64)
APART = np.linalg.norm(FACES[:, 0][:, None] - FACES[:, 1], axis=2)
GENUINE, IMPOSTOR = split(-APART)


@pytest.mark.parametrize(
    ("distance", "fmr", "missed"),
    [(0.4, (0.0005, 0.004), (0.3, 0.55)), (0.5, (0.05, 0.1), (0.02, 0.09)), (0.6, (0.3, 0.55), (0, 0.02))],
)
def test_as_many_strangers_match_and_as_many_honest_do_not_as_was_published(
    distance: float, fmr: tuple[float, float], missed: tuple[float, float]
) -> None:
    assert fmr[0] < (-distance < IMPOSTOR).mean() < fmr[1]
    assert missed[0] <= (-distance >= GENUINE).mean() < missed[1]


def test_distances_refuse_two_in_five_and_centring_helps_as_much_as_was_seen() -> None:
    centre = np.mean(flat(DRAWN.drawn(1_000, 1, crops=1.0)), axis=0)
    one, other = (units(FACES[:, at] - centre) for at in (0, 1))
    assert 0.3 < fnmr(GENUINE, IMPOSTOR, 1e-3) < 0.55
    assert 0.2 < fnmr(*split(one @ other.T), 1e-3) < 0.38

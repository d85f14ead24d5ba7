"""Does a fit learned from unlabelled faces help people it never saw, whoever is in it how often?"""

from datetime import date

import numpy as np
import pytest

from app.verification.faces.comparison import NotADescriptor
from app.verification.faces.fit import Fit, FitBroken, Raw, units
from app.verification.faces.learning import LEAST_PEOPLE, TooFewPeople, learned, learned_of_persons
from app.verification.faces.people import weights
from app.verification.faces.shrinkage import covariance, mean, power, shrinkage, shrunk
from tests.verification.faces_population import flat, fnmr, population, scores, split

MODEL, DAY = "net@1", date(2026, 11, 26)


def fitted(descriptors: list[Raw], **other: int) -> Fit:
    return learned(descriptors, model=MODEL, population="drawn", made_on=DAY, **other)


@pytest.fixture(scope="module")
def fit() -> Fit:
    return fitted(flat(population(1000).drawn(LEAST_PEOPLE + 300, 1)))


def test_a_fit_halves_what_is_refused_of_people_it_never_saw() -> None:
    drawn = population(1001)
    fit, seen = fitted(flat(drawn.drawn(500, 1))), drawn.drawn(100, 4)
    plain = fnmr(*split(scores(None, seen, 1)), 1e-3)
    assert fnmr(*split(scores(fit, seen, 1)), 1e-3) < plain / 2
    assert fnmr(*split(scores(fit, seen, 3)), 1e-3) < plain / 4


def test_the_order_of_the_faces_makes_no_other_fit() -> None:
    faces = flat(population(1002).drawn(LEAST_PEOPLE + 300, 1))
    one, other = fitted(faces), fitted(faces[::-1])
    assert np.allclose(one.whitening, other.whitening, atol=1e-4)
    assert np.allclose(one.centre, other.centre, atol=1e-6)


def test_one_who_is_there_two_hundred_times_moves_little() -> None:
    drawn = population(1002)
    faces, often = flat(drawn.drawn(400, 1)), flat(drawn.drawn(1, 150))
    plain, crowded = fitted(faces), fitted([*faces, *often])
    drawn_to_him = np.linalg.norm(np.mean(faces + often, axis=0) - plain.centre)
    assert crowded.people - plain.people < 50
    assert np.linalg.norm(crowded.centre - plain.centre) < drawn_to_him / 2


def test_each_of_one_persons_many_pictures_counts_less() -> None:
    drawn = population(1004)
    rows = np.concatenate([drawn.drawn(500, 1)[:, 0], drawn.drawn(1, 50)[0]]).astype(np.float64)
    found = weights(units(rows - rows[:500].mean(axis=0)))
    assert found[:500].mean() > 0.8
    assert found[500:].sum() < 5


def test_too_few_faces_and_too_few_people_are_refused() -> None:
    drawn = population(1005)
    with pytest.raises(TooFewPeople):
        fitted(flat(drawn.drawn(LEAST_PEOPLE - 1, 1)))
    with pytest.raises(TooFewPeople):
        fitted(flat(drawn.drawn(10, 40)))
    with pytest.raises(TooFewPeople):
        fitted([])


def test_where_it_is_known_who_is_who_two_who_look_alike_are_two() -> None:
    faces = flat(population(1010).drawn(LEAST_PEOPLE // 2, 1))
    twins = [*faces, *faces]
    with pytest.raises(TooFewPeople):
        fitted(twins)
    fit = learned_of_persons([[each] for each in twins], model=MODEL, population="drawn", made_on=DAY)
    assert fit.people == LEAST_PEOPLE
    with pytest.raises(TooFewPeople):
        learned_of_persons([[each] for each in twins[1:]], model=MODEL, population="drawn", made_on=DAY)


def test_its_id_is_of_all_it_holds(fit: Fit) -> None:
    again = Fit(**{name: getattr(fit, name) for name in Fit.__slots__})
    moved = Fit(**{name: getattr(fit, name) for name in Fit.__slots__} | {"centre": fit.centre + np.float32(1e-6)})
    other = Fit(**{name: getattr(fit, name) for name in Fit.__slots__} | {"model": "net@2"})
    assert again.id == fit.id
    assert len({fit.id, moved.id, other.id}) == 3


def test_a_face_lies_at_length_one_and_damaged_ones_nowhere(fit: Fit) -> None:
    face = population(1006).drawn(1, 1)[0, 0]
    assert np.linalg.norm(fit.transform(face)) == pytest.approx(1.0)
    for damaged in (face[:64], np.full(128, np.nan, np.float32), fit.centre):
        with pytest.raises(NotADescriptor):
            fit.transform(damaged)


def test_what_is_no_fit_is_none(fit: Fit) -> None:
    held = {name: getattr(fit, name) for name in Fit.__slots__}
    for broken in ({"centre": fit.centre[:64]}, {"whitening": fit.whitening * np.float32(np.nan)}):
        with pytest.raises(FitBroken):
            Fit(**held | broken)


def test_shrinkage_is_the_papers_on_a_matrix_by_hand() -> None:
    # d = 2, n = 10, S = diag(3, 1): tr S² = 10, tr² S = 16; (0·10 + 16) / ((10 + 1 - 1) · (10 - 8)) = 0.8.
    sample = np.diag([3.0, 1.0])
    assert shrinkage(sample, 10) == pytest.approx(0.8)
    assert np.allclose(shrunk(sample, 0.8), np.diag([2.2, 1.8]))
    assert shrinkage(np.eye(3), 10) == 1.0


def test_more_people_are_believed_more() -> None:
    rows = population(1007).drawn(2_000, 1)[:, 0].astype(np.float64)
    shares = [shrinkage(covariance(rows[:n] - rows[:n].mean(axis=0), np.ones(n)), n) for n in (50, 200, 2_000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.05


def test_fully_whitened_rows_have_no_direction() -> None:
    rows = population(1008).drawn(2_000, 1)[:, 0].astype(np.float64)
    even = np.ones(len(rows))
    spread = covariance(rows - mean(rows, even), even) + 1e-6 * np.eye(128)
    assert np.allclose(power(spread, -0.5) @ spread @ power(spread, -0.5), np.eye(128), atol=1e-6)

"""Is it told from unlabelled faces how one person's pictures differ, and only where it can be?"""

from datetime import date

import numpy as np
import pytest

from app.verification.faces.alike import LEAST_PEOPLE, differences, differences_of_persons
from app.verification.faces.fit import Fit, units
from app.verification.faces.learning import learned, learned_of_persons
from app.verification.faces.shrinkage import by_the_spectrum, living, shrunk
from tests.verification.faces_population import LIVING, flat, fnmr, population, scores, split

Rows = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def fit_of(faces: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Fit:
    return learned(flat(faces), model="net@1", population="drawn", made_on=date(2026, 11, 26))


def test_the_spread_of_labelled_pictures_is_that_about_their_people() -> None:
    rows = np.array([[0.0, 0.0], [2.0, 0.0], [10.0, 0.0], [10.0, 4.0], [50.0, 50.0]])
    found = differences_of_persons(rows, np.array([0, 0, 1, 1, 2]))
    assert np.allclose(found.spread, np.diag([1.0, 4.0]))  # each pair's variance 2 and 8, the mean of both people
    assert [found.people, found.n] == pytest.approx([2, 2])


def test_one_persons_thousand_pictures_tell_no_more_than_anothers_two() -> None:
    chance = np.random.default_rng(7)
    often, twice = chance.normal(size=(300, 2)) * (5, 0), np.array([[100.0, 0.0], [100.0, 2.0]])
    found = differences_of_persons(np.concatenate([often, twice]), np.repeat([0, 1], [300, 2]))
    assert found.people == pytest.approx(2)
    assert found.n < 4.1
    assert found.spread[0, 0] == pytest.approx(
        25 / 3, rel=0.2
    )  # 300 pairs' weights come to half of what one pair's two do


def test_pairs_of_unlabelled_pictures_are_one_persons_and_not_two() -> None:
    rows = population(1410).drawn(100, 3).reshape(-1, 128).astype(np.float64)
    found = differences(rows, units(rows - rows.mean(axis=0)))
    known = differences_of_persons(rows, np.repeat(np.arange(100), 3))
    assert found.people == pytest.approx(100, rel=0.25)
    alike = np.sum(found.spread * known.spread) / np.linalg.norm(found.spread) / np.linalg.norm(known.spread)
    assert alike > 0.8  # the sure ones are those that differ least


def test_people_with_one_picture_each_tell_nothing_of_how_one_differs() -> None:
    faces = population(1411).drawn(400, 1)
    rows = faces[:, 0].astype(np.float64)
    assert not differences(rows, units(rows - rows.mean(axis=0))).tell(400)
    assert fit_of(faces).repeated == 0


def test_a_fit_of_several_pictures_refuses_fewer_than_one_of_as_many_people() -> None:
    drawn = population(1412)
    once, several, seen = fit_of(drawn.drawn(150, 1)), fit_of(drawn.drawn(150, 3)), drawn.drawn(200, 2)
    assert several.repeated > LEAST_PEOPLE
    assert fnmr(*split(scores(several, seen, 1)), 1e-3) < fnmr(*split(scores(once, seen, 1)), 1e-3) / 2


def test_whoever_is_known_needs_no_likeness() -> None:
    faces = population(1413).drawn(80, 3)
    fit = learned_of_persons([[*each] for each in faces], model="net@1", population="drawn", made_on=date(2026, 11, 26))
    assert (fit.pictures, fit.people, fit.repeated) == (240, 80, 80)


def test_directions_in_which_nobody_differs_count_for_none() -> None:
    rows = population(1414).drawn(400, 1)[:, 0].astype(np.float64)
    sample = np.cov(rows.T)
    assert living(sample, 400).shape == (128, LIVING)
    assert living(np.cov(rows[:100].T), 100).shape == (128, 128)
    assert np.linalg.matrix_rank(fit_of(rows[:, None].astype(np.float32)).whitening, tol=1e-3) == LIVING


def test_a_spread_spectrum_of_a_sphere_is_drawn_together() -> None:
    rows = np.random.default_rng(8).normal(size=(400, 100))
    told = np.linalg.eigvalsh(by_the_spectrum(np.cov(rows.T), 400))
    assert np.linalg.eigvalsh(np.cov(rows.T)).max() > 2
    assert 0.8 < told.min() < told.max() < 1.25


def test_the_spectrum_is_told_better_than_by_any_sphere_where_it_falls() -> None:
    true = np.diag(np.exp(-np.arange(100) / 12.0) + 1e-3)
    sample = np.cov(np.random.default_rng(9).multivariate_normal(np.zeros(100), true, 300).T)
    told = np.linalg.norm(by_the_spectrum(sample, 300) - true)
    assert told < min(np.linalg.norm(shrunk(sample, share) - true) for share in np.linspace(0, 1, 21))


def test_it_does_not_matter_in_which_unit_or_how_turned() -> None:
    sample = np.cov(np.random.default_rng(10).normal(size=(90, 20)).T) * np.arange(1, 21)[:, None] * np.arange(1, 21)
    turn = np.linalg.qr(np.random.default_rng(11).normal(size=(20, 20)))[0]
    told = by_the_spectrum(sample, 90)
    assert np.allclose(by_the_spectrum(7 * sample, 90), 7 * told)
    assert np.allclose(by_the_spectrum(turn @ sample @ turn.T, 90), turn @ told @ turn.T)

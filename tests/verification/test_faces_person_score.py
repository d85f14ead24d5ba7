"""Is one score made of several references, that no further picture makes easier for strangers?"""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.comparison import NotADescriptor
from app.verification.faces.fit import Fit, units
from app.verification.faces.learning import learned
from app.verification.faces.normalisation import adaptive_s_norm, placed, s_norm
from app.verification.faces.person_score import best_two, person_score
from tests.verification.faces_population import flat, fnmr, population, scores, split

DRAWN = population(1100)
FIT = learned(flat(DRAWN.drawn(400, 1)), model="net@1", population="drawn", made_on=date(2026, 11, 26))
FACES = DRAWN.drawn(60, 4)


def test_s_norm_by_moments_is_s_norm_over_all_the_cohort() -> None:
    cohort = units(np.random.default_rng(5).normal(size=(40, 6)) + 0.3)
    mean, moment = cohort.mean(axis=0), np.cov(cohort.T, bias=True)
    centre, whitening, *cohorts = (each.astype(np.float32) for each in (np.zeros(6), np.eye(6), mean, moment))
    fit = Fit("net@1", "", date(2026, 1, 1), 40, 40, 0, centre, whitening, *cohorts)
    one, other = units(np.random.default_rng(6).normal(size=(2, 6)))
    assert s_norm(placed(fit, one), placed(fit, other)) == pytest.approx(
        adaptive_s_norm(cohort, one, other, nearest=40), abs=1e-6
    )


def test_adaptive_s_norm_is_what_is_counted_by_hand() -> None:
    # Nearest two of the cohort to (1, 0): 1 and 0.6, mean 0.8, spread 0.2; to (0, 1): 0.8 and 0, mean 0.4, spread 0.4.
    cohort = np.array([(1.0, 0.0), (0.6, 0.8), (-1.0, 0.0)])
    found = adaptive_s_norm(cohort, np.array((1.0, 0.0)), np.array((0.0, 1.0)), nearest=2)
    assert found == pytest.approx(((0 - 0.8) / 0.2 + (0 - 0.4) / 0.4) / 2)


@given(st.integers(0, 59), st.integers(0, 59))
def test_a_score_is_the_same_both_ways(one: int, other: int) -> None:
    first, second = FACES[one, 0], FACES[other, 1]
    assert person_score(FIT, [first], second) == pytest.approx(person_score(FIT, [second], first))


@given(st.permutations(range(3)), st.integers(0, 59))
def test_the_order_of_references_does_not_matter(order: list[int], probe: int) -> None:
    given_references = [FACES[0, at] for at in order]
    expected = person_score(FIT, list(FACES[0, :3]), FACES[probe, 3])
    assert person_score(FIT, given_references, FACES[probe, 3]) == pytest.approx(expected)


def test_a_reference_enrolled_twice_is_no_further_try() -> None:
    once, probe = person_score(FIT, [FACES[0, 0]], FACES[1, 3]), FACES[1, 3]
    assert person_score(FIT, [FACES[0, 0], FACES[0, 0]], probe) == pytest.approx(once)


def test_three_references_refuse_fewer_than_one_by_their_mean_as_by_the_best_two() -> None:
    drawn = population(1101)
    fit = learned(flat(drawn.drawn(400, 1)), model="net@1", population="drawn", made_on=date(2026, 11, 26))
    faces = drawn.drawn(200, 4)
    singly = np.stack([scores(fit, np.stack((faces[:, at], faces[:, -1]), axis=1), 1) for at in range(3)])
    twos = np.sort(singly, axis=0)[1:].mean(axis=0)
    assert twos[0, 1] == pytest.approx(best_two(fit, list(faces[0, :3]), faces[1, -1]))
    alone = fnmr(*split(singly[0]), 1e-3)
    assert fnmr(*split(scores(fit, faces, 3)), 1e-3) < alone / 1.5
    assert fnmr(*split(twos), 1e-3) < alone / 1.5


def test_without_a_fit_it_is_the_cosine() -> None:
    one, other = np.array([3.0, 4.0], np.float32), np.array([4.0, 3.0], np.float32)
    assert person_score(None, [one], other) == pytest.approx(0.96)


def test_nothing_to_compare_with_and_descriptors_of_two_sizes_are_refused() -> None:
    for references in ([], [FACES[0, 0][:64]], [FACES[0, 0], FACES[0, 0][:64]]):
        with pytest.raises(NotADescriptor):
            person_score(None, references, FACES[0, 1])

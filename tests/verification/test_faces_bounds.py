"""Are rates that were seen seldom bounded as the tables say, and never from below?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.bounds import most_expected, rule_of_three, upper_bound

GARWOOD = {0: 2.9957, 1: 4.7439, 2: 6.2958, 3: 7.7537, 5: 10.5130, 10: 16.9622, 20: 29.0620, 50: 63.2871}
"""One-sided 95 % bounds of a Poisson mean, half the 95 % quantile of χ² with 2(k + 1) degrees of freedom (Garwood, 1936)."""


@pytest.mark.parametrize(("errors", "bound"), GARWOOD.items())
def test_few_errors_are_bounded_as_garwood_tabled(errors: int, bound: float) -> None:
    assert most_expected(errors) == pytest.approx(bound, abs=2e-4)


def test_no_error_in_n_is_three_in_n() -> None:
    assert rule_of_three(300) == pytest.approx(0.00998, abs=1e-5)
    assert rule_of_three(30_000) == pytest.approx(1e-4, rel=2e-3)
    assert upper_bound(0, 300) == pytest.approx(rule_of_three(300))


def test_without_trials_anything_may_be() -> None:
    assert rule_of_three(0) == upper_bound(0, 0) == 1.0


@given(st.integers(0, 5_000), st.integers(1, 10**7), st.floats(1, 100))
def test_a_bound_lies_above_what_was_seen(errors: int, more: int, alike: float) -> None:
    trials = errors + more
    assert min(1.0, errors / trials) <= upper_bound(errors, trials, design_effect=alike) <= 1.0


@given(st.integers(0, 200), st.floats(1, 50), st.floats(0, 50))
def test_pairs_that_share_people_are_worth_fewer(errors: int, alike: float, more: float) -> None:
    plain, shared = (upper_bound(errors, 10**6, design_effect=each) for each in (alike, alike + more))
    # Errors are rounded up to whole ones, at most from one to two: bounds of 4.74 and 6.30 (Garwood, 95 %).
    assert shared >= plain * 0.75
    assert upper_bound(0, 10**6, design_effect=alike + more) >= upper_bound(0, 10**6, design_effect=alike)

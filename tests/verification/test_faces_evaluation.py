"""Are errors counted as they are, and is said how far the counts can be trusted?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verification.documents.accuracy import Share
from app.verification.faces.bounds import rule_of_three
from app.verification.faces.claims import claimed, unsure
from app.verification.faces.evaluation import TARGETS, Evaluation, bound, evaluated, evaluations
from app.verification.faces.resampling import resampled
from app.verification.faces.trials import NoTrials, Trial, named_by_pairs, trials


def drawn(seed: int, people: int, apart: float = 3.0, shift: float = 1.0) -> list[Trial]:
    """Everybody with everybody; some people are nearer to all others than most."""
    chance = np.random.default_rng(seed)
    near = chance.normal(size=people) * shift
    return [
        Trial(float((apart if one == other else 0.0) + near[one] + near[other] + chance.normal()), one == other, f"p{one}", f"p{other}")
        for one in range(people)
        for other in range(one, people)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> Evaluation:
    return evaluated(drawn(1, 60))


def test_errors_by_hand() -> None:
    genuine = [Trial(score, True, f"p{at}", f"p{at}") for at, score in enumerate((9.0, 8.0, 3.0, 1.0))]
    strangers = [Trial(at / 25, False, "p0", f"q{at}") for at in range(100)]
    found = evaluated([*genuine, *strangers])
    first = found.points[0]
    assert (first.target, first.fmr, first.fnmr) == (1e-2, 0.01, 0.5)
    assert 98 / 25 < first.threshold < 99 / 25
    assert found.points[-1].fmr == 0
    assert (found.persons, found.genuine, found.impostor) == (104, 4, 100)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 400), st.integers(4, 25))
def test_every_point_lies_in_its_interval(seed: int, people: int) -> None:
    found = evaluated(drawn(seed, people))
    for point in found.points:
        assert point.fmr <= point.upper
        assert point.fnmr_low <= point.fnmr <= point.fnmr_high
        assert point.fmr <= point.target
    assert [point.threshold for point in found.points] == sorted(point.threshold for point in found.points)


def test_where_no_stranger_gets_in_the_bound_is_three_in_as_many_pairs_as_they_are_worth(seen: Evaluation) -> None:
    last = seen.points[-1]
    assert last.fmr == 0
    assert last.upper >= rule_of_three(seen.impostor) * seen.design_effect * 0.999
    assert seen.design_effect > 2  # some are near to everybody, so pairs say less than they seem to


def test_pairs_that_share_nothing_are_worth_at_least_a_third_of_what_they_are() -> None:
    assert evaluated(drawn(2, 60, shift=0.0)).design_effect < 3.3


def test_the_same_evaluation_says_the_same_again(seen: Evaluation) -> None:
    assert evaluated(drawn(1, 60)) == seen
    assert evaluated(drawn(1, 60)[::-1]) == seen


def test_a_shifted_and_stretched_score_has_the_same_errors(seen: Evaluation) -> None:
    moved = evaluated([Trial(8 * each.score + 4, each.same, each.enrolled, each.probe) for each in drawn(1, 60)])
    assert [(each.fmr, each.upper, each.fnmr) for each in moved.points] == [
        (each.fmr, each.upper, each.fnmr) for each in seen.points
    ]


def test_more_people_leave_less_doubt() -> None:
    few, many = (evaluated(drawn(3, people)).points[0] for people in (20, 80))
    assert many.fnmr_high - many.fnmr_low < few.fnmr_high - few.fnmr_low


def test_bounds_hold_what_is_true_in_about_nineteen_of_twenty_draws() -> None:
    # Strangers' scores are normal with variance 3 and the threshold is given, so the truth is known: 1 - Φ(3.4641/√3).
    held = 0
    for seed in range(1000, 1040):
        given_trials = trials(drawn(seed, 30))
        found = resampled(given_trials, [3.4641], TARGETS[:1], seed=1)
        held += bound(given_trials, int((given_trials.impostor >= 3.4641).sum()), found, 0) >= 0.02275
    assert held >= 35


def test_cohorts_are_counted_apart_and_those_of_one_kind_not_at_all() -> None:
    pairs = [Trial(each.score, each.same, each.enrolled, each.probe, "ab"[each.same]) for each in drawn(4, 8)]
    whole = [Trial(each.score, each.same, "x" + each.enrolled, "x" + each.probe, "c") for each in drawn(5, 8)]
    assert [each.cohort for each in evaluations([*pairs, *whole])] == ["all", "c"]


def test_curves_and_histograms_hold_every_pair(seen: Evaluation) -> None:
    assert sum(seen.histogram.genuine) == seen.genuine
    assert sum(seen.histogram.impostor) == seen.impostor
    rates = np.array(seen.roc)
    assert (np.diff(rates[:, 0]) > 0).all()
    assert (np.diff(rates[:, 1]) <= 0).all()


@pytest.mark.parametrize(
    ("given_trials", "why"),
    [
        ([], "both needed"),
        ([Trial(1.0, True, "a", "a")], "both needed"),
        ([Trial(1.0, True, "a", "b")], "said to be one"),
        ([Trial(1.0, False, "a", "a")], "said to be two"),
        ([Trial(float("nan"), True, "a", "a"), Trial(1.0, False, "a", "b")], "no number"),
    ],
)
def test_what_cannot_be_counted_is_refused(given_trials: list[Trial], why: str) -> None:
    with pytest.raises(NoTrials, match=why):
        evaluated(given_trials)


def test_where_nobody_gave_ids_pairs_of_one_person_tell_who_is_who() -> None:
    found = named_by_pairs([(("a", "b"), True), (("b", "c", "x"), False), (("y", "z"), False)])
    assert found["a"] == found["b"] == found["c"]
    assert len({found[each] for each in "axyz"}) == 4


@pytest.mark.rule("R75")
@pytest.mark.parametrize("failures", [0, 1, 2, 5])
def test_the_bound_of_honest_people_refused_is_never_below_what_their_count_says(failures: int) -> None:
    missed = [Trial(0.0 if at < failures else 9.0, True, f"p{at}", f"p{at}") for at in range(350)]
    strangers = [Trial(at / 1e6, False, f"p{at}", f"p{at + 1}") for at in range(349)]
    found = evaluated([*missed, *strangers]).points[0]
    assert found.fnmr_high >= Share(failures, 350).interval[1]


def between(enrolled: int, probes: int, pictures: int) -> list[Trial]:
    """Strangers who never get in: as many people beside as many others, and somebody of each who does."""
    own = [
        Trial(9.0, True, f"{side}{at}", f"{side}{at}")
        for side, many in (("e", enrolled), ("p", probes))
        for at in range(many)
    ]
    return own + [
        Trial(0.0, False, f"e{one}", f"p{other}")
        for one in range(enrolled)
        for other in range(probes)
        for _ in range(pictures)
    ]  # fmt: skip


@pytest.mark.rule("R75")
def test_of_two_people_nothing_is_claimed_however_many_their_pictures() -> None:
    assert evaluated(between(1, 1, 40_000)).points[-1].upper == 1.0


@pytest.mark.rule("R75")
@pytest.mark.parametrize(
    ("enrolled", "probes", "few"), [(1, 300, True), (300, 1, True), (20, 60, True), (40, 40, False)]
)
def test_one_person_beside_everybody_is_one_person(enrolled: int, probes: int, *, few: bool) -> None:
    found = evaluated(between(enrolled, probes, 3))
    assert found.people == pytest.approx(min(enrolled, probes))
    assert unsure([found], ()) == (("all",) if few else ())
    assert (claimed([found], (), named=True)[-1].upper == 1.0) is few


@pytest.mark.rule("R78", "R79")
def test_a_group_whose_strangers_pass_bounds_what_is_claimed_of_all() -> None:
    chance = np.random.default_rng(7)
    given_trials = [Trial(30.0, True, f"{group}{at}", f"{group}{at}", group) for group in "ab" for at in range(60)]
    for group, higher in (("a", 0.0), ("b", 1.5)):
        given_trials += [
            Trial(float(chance.normal() + higher), False, f"{group}{one}", f"{group}{other}", group)
            for one in range(60)
            for other in range(one)
        ]
    whole, first, second = evaluations(given_trials)
    assert [point.threshold for point in second.beside_all] == [point.threshold for point in whole.points]
    assert second.beside_all[0].fmr > 1.5 * whole.points[0].fmr > first.beside_all[0].fmr
    told = claimed([whole, first, second], ("a", "b"), named=True)
    assert [each.upper for each in told] == [
        max(point.upper for point in points) for points in zip(*(each.beside_all for each in (whole, first, second)), strict=True)
    ]  # fmt: skip
    assert told[0].upper >= second.beside_all[0].fmr
    assert {each.upper for each in claimed([whole, first], ("a", "b"), named=True)} == {1.0}

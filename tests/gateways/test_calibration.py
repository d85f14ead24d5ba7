"""Is the dearest cost proposed that the machine has time for, and none that is unsafe?"""

from app.gateways.calibration import proposed, seconds_of
from app.gateways.passwords import Cost


def linear(cost: Cost) -> float:
    """A machine that fills a MiB in a millisecond."""
    return cost.memory_kib / 1024 * cost.passes / 1000


def test_memory_comes_before_passes() -> None:
    assert proposed(linear, at_most_seconds=0.3) == Cost(131072, 2)


def test_time_that_is_left_goes_into_passes() -> None:
    assert proposed(linear, at_most_seconds=0.4) == Cost(131072, 3)


def test_a_machine_too_slow_for_the_least_safe_cost_is_told_so() -> None:
    assert proposed(linear, at_most_seconds=0.03) is None


def test_what_is_proposed_is_enough() -> None:
    for milliseconds in range(40, 2000, 20):
        cost = proposed(linear, at_most_seconds=milliseconds / 1000)
        assert cost is not None
        assert cost.is_enough()


def test_a_hash_is_measured_here() -> None:
    assert seconds_of(Cost()) > 0

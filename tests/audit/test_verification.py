"""Does a verification find every way of tampering, and say which event or batch; and nothing where nothing was done?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.findings import Kind
from app.audit.tree import Hashing
from app.audit.verification import CLOCK_MAY_STEP, cut, stray
from tests.audit.logs import Log, batch, entry, honest, signed, stored

pytestmark = pytest.mark.rule("A121")
SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(SIZES, st.sampled_from(Hashing))
def test_an_honest_log_has_no_findings(sizes: list[int], hashing: Hashing) -> None:
    assert honest(*sizes, hashing=hashing).findings() == []


@given(SIZES, st.data())
def test_an_altered_event_is_named_and_no_other(sizes: list[int], data: st.DataObject) -> None:
    log = honest(*sizes)
    number = data.draw(st.integers(1, len(sizes)))
    at = data.draw(st.integers(0, sizes[number - 1] - 1))
    leaf = log.batches[number - 1].leaves[at]
    assert leaf.entry is not None
    log.bend_leaf(number, at, entry=replace(leaf.entry, detail={"n": 0}))
    (finding,) = log.findings()
    assert (finding.kind, finding.batch, finding.event) == (Kind.ALTERED, number, leaf.event)


@given(SIZES, st.data())
def test_a_missing_event_is_named_and_no_other(sizes: list[int], data: st.DataObject) -> None:
    log = honest(*sizes)
    number = data.draw(st.integers(1, len(sizes)))
    at = data.draw(st.integers(0, sizes[number - 1] - 1))
    log.bend_leaf(number, at, entry=None)
    assert log.found() == [(Kind.MISSING, number, log.batches[number - 1].leaves[at].sequence)]


def test_an_event_altered_together_with_its_leaf_is_found_in_its_batch() -> None:
    log = honest(3, 3, 3)
    forged = entry(5, detail={"n": 0})
    log.bend_leaf(2, 1, entry=forged, leaf_hash=forged.leaf(Hashing.SHA_256))
    assert log.found() == [(Kind.ALTERED, 2, None)]


def test_an_event_deleted_together_with_its_leaf_is_found_by_the_gap() -> None:
    log = honest(3, 3)
    leaves = log.batches[1].leaves
    log.bend(2, leaves=(leaves[0], leaves[2]))
    (finding,) = log.findings()
    assert (finding.kind, finding.batch) == (Kind.MISSING, 2)
    assert "leaf 4 is gone, after sequence 4" in finding.words


def test_all_leaves_of_a_batch_gone_are_one_finding() -> None:
    log = honest(3, 3, 3)
    log.bend(2, leaves=())
    assert log.found() == [(Kind.MISSING, 2, None)]


def test_two_events_that_changed_places_are_both_named() -> None:
    log = honest(2, 2)
    one, other = (log.batches[number].leaves[0] for number in (0, 1))
    for number, leaf, found in ((1, one, other), (2, other, one)):
        assert found.entry is not None
        log.bend_leaf(number, 0, entry=replace(found.entry, sequence=leaf.sequence), home=found.home)
    assert log.found() == [(Kind.REORDERED, 1, 1), (Kind.REORDERED, 2, 3)]


def test_leaves_that_changed_places_with_their_events_are_named() -> None:
    log = honest(4)
    first, second, *rest = log.batches[0].leaves
    log.bend(1, leaves=(replace(second, index=0), replace(first, index=1), *rest))
    assert log.found() == [(Kind.REORDERED, 1, 1)]


def test_a_late_commit_is_no_finding() -> None:
    log = Log()
    log.append(entry(1, unit=10), entry(3, unit=12), ceiling=13, horizon=11)
    log.append(entry(4, unit=14), ceiling=15, horizon=11)
    log.append(entry(5, unit=15), ceiling=16, horizon=11)
    log.append(entry(2, unit=11), ceiling=17, horizon=16)
    assert log.findings() == []


def test_an_event_slipped_into_an_old_place_is_found_although_it_was_appended() -> None:
    log = honest(3, 3, 3, 3)
    log.append(entry(-5, unit=40))
    assert log.found() == [(Kind.INSERTED, 5, -5)]


@pytest.mark.parametrize(("back", "found"), [(timedelta(), []), (timedelta(minutes=1), [(Kind.INSERTED, 5, 13)])])
def test_a_back_dated_event_is_found_unless_a_clock_may_have_stepped(back: timedelta, found: list[object]) -> None:
    log = honest(3, 3, 3, 3)
    log.append(entry(13, unit=40, at=stored(log, 3).head.at - CLOCK_MAY_STEP - back))
    assert log.found() == found


def test_a_restored_cluster_numbers_its_work_anew_and_nothing_is_found() -> None:
    log = honest(3, 3, 3)
    log.append(entry(10, unit=2), ceiling=3, horizon=3)
    log.append(entry(11, unit=3), ceiling=4, horizon=4)
    log.append(entry(12, unit=4), ceiling=5, horizon=5)
    assert log.findings() == []


def test_a_head_signed_by_a_stranger_is_forged() -> None:
    log = honest(2, 2, 2)
    good = stored(log, 2)
    log.bend(2, stored=signed(good.head, good.peaks, word=b"theirs"))
    assert log.found() == [(Kind.FORGED_HEAD, 2, None)]


def test_a_head_that_is_gone_is_named_and_its_leaves_are_judged_by_the_witness() -> None:
    log = honest(2, 2, 2)
    log.bend(2, stored=None)
    log.bend_leaf(2, 0, entry=None)
    assert log.found() == [(Kind.MISSING, 2, None), (Kind.MISSING, 2, 3)]


def test_a_head_that_nobody_knows_leaves_its_leaves_to_the_next() -> None:
    log = honest(2, 2, 2)
    gone = log.batches[1]
    log.bend(2, stored=None, witnessed=None, leaves=())
    log.bend(3, leaves=(*gone.leaves, *log.batches[2].leaves))
    assert log.found() == [(Kind.MISSING, 2, None)]


def rewritten(witnessed: Log) -> Log:
    """The same log with another past, signed anew with the right key; the witness keeps what it saw."""
    log = Log()
    log.append(entry(1), entry(2, detail={"n": 0}))
    log.append(entry(3), entry(4))
    for number, seen in enumerate(witnessed.batches, start=1):
        log.bend(number, witnessed=seen.witnessed)
    return log


def test_a_history_rewritten_and_signed_anew_is_told_by_the_witness_alone() -> None:
    log = rewritten(honest(2, 2))
    assert log.found() == [(Kind.FORGED_HEAD, 1, None), (Kind.ALTERED, 1, None), (Kind.FORGED_HEAD, 2, None)]
    for number in (1, 2):
        log.bend(number, witnessed=None)
    assert log.findings() == []


def test_an_edge_that_was_bent_is_named_and_blames_no_later_batch() -> None:
    log = honest(3, 3, 3)
    log.bend(2, stored=replace(stored(log, 2), peaks=stored(log, 2).peaks[::-1]))
    assert log.found() == [(Kind.FORGED_HEAD, 2, None)]


@pytest.mark.parametrize("change", [{"log": "log_2"}, {"number": 7}, {"size": 2}])
def test_a_good_head_of_another_place_is_forged(change: dict[str, object]) -> None:
    log = honest(2)
    log.batches.append(batch(2, log.edge, [entry(3)], **change))
    assert (Kind.FORGED_HEAD, 2, None) in log.found()


def test_a_cut_tail_is_told_by_what_the_witness_saw() -> None:
    head = stored(honest(2, 2, 2), 3).head
    (finding,) = cut(1, head, 2)
    assert (finding.kind, finding.batch) == (Kind.CUT_TAIL, 2)
    assert "batches 2 to 3 are gone" in finding.words
    assert cut(3, head, 6) == cut(3, None, 6) == []


@pytest.mark.parametrize(("unit", "found"), [(6, True), (7, False), (9, False), (10, True)])
def test_what_was_never_appended_is_inserted_unless_it_waits(unit: int, *, found: bool) -> None:
    log = Log()
    log.append(entry(6))
    assert (stray(entry(99, unit=unit), stored(log, 1).head, ceiling=10) is not None) is found

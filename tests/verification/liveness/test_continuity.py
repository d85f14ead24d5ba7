"""Is it told when a film of one face is none?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.verification.faces.liveness import continuity
from app.verification.faces.liveness.frame import Frame
from tests.verification.liveness.acting import LIMITS, acted

FILM = acted(4).frames
ALL = range(len(FILM))
ALIKE, MOST = LIMITS.liveness_difference_least.value, LIMITS.liveness_stalled_most.value


def without(frames: tuple[Frame, ...], *numbers: int) -> tuple[Frame, ...]:
    return tuple(
        replace(each, view=replace(each.view, faces=0, face=None)) if each.sequence in numbers else each
        for each in frames
    )


def moved(frame: Frame, *, aside: float = 0, larger: float = 1) -> Frame:
    face = frame.view.face
    assert face is not None
    left, top, right, bottom = face.box
    box = (left + aside, top, left + aside + (right - left) * larger, top + (bottom - top) * larger)
    return replace(frame, view=replace(frame.view, face=replace(face, box=box)))


def runs(frames: Sequence[Frame]) -> continuity.Runs:
    return continuity.runs(frames, alike=ALIKE, most=MOST)


def again(frames: tuple[Frame, ...], number: int, *, times: int, sketched: float = 0.0) -> tuple[Frame, ...]:
    """A camera that has nothing new after this frame, so many times; `sketched`: packed anew, so far apart in grey levels."""
    view = frames[number].view
    if sketched:
        sketch = tuple(each + sketched for each in view.sketch)
        view = replace(view, sha256="packed anew", sketch=sketch)
    late = range(number + 1, number + 1 + times)
    return tuple(replace(each, view=view) if each.sequence in late else each for each in frames)


def test_an_unbroken_film_has_nothing_to_tell() -> None:
    assert continuity.faceless_ms(FILM) == continuity.other_faces(FILM) == 0
    assert continuity.repeated(runs(FILM)) == continuity.stalled(runs(FILM)) == 0
    assert continuity.gap_ms(FILM) < 300
    assert continuity.overlap(FILM, within_ms=300) > 0.6
    assert continuity.growth(FILM, ALL) < 1.15
    assert continuity.least_difference(runs(FILM)) > 1.2
    assert continuity.descriptors_apart(FILM) < 0.2


@pytest.mark.parametrize("numbers", [(10, 11, 12), (0, 1, 2)])
def test_a_face_that_is_gone_is_missed_until_it_is_back(numbers: tuple[int, ...]) -> None:
    gone = continuity.faceless_ms(without(FILM, *numbers))
    assert gone == FILM[numbers[-1] + 1].client_ms - FILM[max(numbers[0] - 1, 0)].client_ms


def test_a_face_that_never_comes_back_is_missed_to_the_end() -> None:
    last = len(FILM) - 1
    gone = continuity.faceless_ms(without(FILM, last - 1, last))
    assert gone == FILM[last].client_ms - FILM[last - 2].client_ms


def test_somebody_else_in_the_picture_is_counted() -> None:
    assert continuity.other_faces([replace(FILM[0], view=replace(FILM[0].view, faces=2)), *FILM[1:]]) == 1


def test_a_gap_is_the_longest_time_between_two_frames() -> None:
    assert continuity.gap_ms([FILM[0], FILM[5]]) == FILM[5].client_ms - FILM[0].client_ms
    assert continuity.gap_ms(FILM[:1]) == 0


def test_a_page_whose_clock_runs_slow_is_found_out() -> None:
    slow = [replace(each, client_ms=each.client_ms // 2) for each in FILM]
    assert continuity.clocks_apart_ms(slow) > 2_000 > continuity.clocks_apart_ms(FILM)


def test_a_face_that_jumps_overlaps_with_nothing() -> None:
    assert continuity.overlap([FILM[0], moved(FILM[1], aside=400)], within_ms=300) == 0


@pytest.mark.parametrize(("apart_ms", "overlap"), [(50, 0.25), (100, 0.25), (200, 0.5), (300, 0.5)])
def test_a_head_goes_further_between_frames_that_are_further_apart(apart_ms: int, overlap: float) -> None:
    later = replace(moved(FILM[0], larger=2), client_ms=FILM[0].client_ms + apart_ms)
    assert continuity.overlap([FILM[0], later], within_ms=300) == pytest.approx(overlap)


def test_a_pause_before_a_cut_brings_the_heads_of_two_films_no_nearer() -> None:
    """Four fifths of a box aside: of a head that moved on it would be a third of a second's way."""
    face = FILM[0].view.face
    assert face is not None
    aside = 0.79 * (face.box[2] - face.box[0])
    later = replace(moved(FILM[0], aside=aside), client_ms=FILM[0].client_ms + 295)
    assert continuity.overlap([FILM[0], later], within_ms=300) < LIMITS.liveness_overlap_least.value


@pytest.mark.rule("R89")
@pytest.mark.parametrize(("apart_ms", "overlap"), [(300, 0.0), (301, 1.0)])
def test_where_a_face_went_while_no_frame_came_is_a_gap_and_no_jump(apart_ms: int, overlap: float) -> None:
    later = replace(moved(FILM[1], aside=400), client_ms=FILM[0].client_ms + apart_ms)
    assert continuity.overlap([FILM[0], later], within_ms=300) == overlap


def test_a_face_that_grows_at_once_is_told() -> None:
    assert continuity.growth([FILM[0], moved(FILM[1], larger=1.4)], {1}) > 1.15
    assert continuity.growth([FILM[0], moved(FILM[1], larger=1.4)], {0}) == 1


@pytest.mark.parametrize("later", [5, 9])
def test_the_very_bytes_again_are_a_repetition(later: int) -> None:
    repeat = replace(FILM[later], view=replace(FILM[later].view, sha256=FILM[3].view.sha256))
    assert continuity.repeated(runs([*FILM[:later], repeat])) == 1


@pytest.mark.parametrize("later", [5, 30])
def test_a_frozen_picture_packed_anew_differs_by_next_to_nothing(later: int) -> None:
    sketch = tuple(number + 0.2 for number in FILM[3].view.sketch)
    repeat = replace(FILM[later], view=replace(FILM[later].view, sketch=sketch))
    assert continuity.least_difference(runs([*FILM[:later], repeat])) == pytest.approx(0.2, abs=0.01)


@pytest.mark.rule("R89")
@pytest.mark.parametrize("sketched", [0.0, ALIKE / 2])
@pytest.mark.parametrize("times", [1, 2])
def test_a_camera_without_a_new_picture_yet_repeats_nothing(times: int, sketched: float) -> None:
    slow = runs(again(FILM, 9, times=times, sketched=sketched))
    assert (continuity.stalled(slow), continuity.repeated(slow)) == (times, 0)
    assert continuity.least_difference(slow) > 1.2


@pytest.mark.parametrize("sketched", [0.0, ALIKE / 2])
def test_a_camera_that_stands_still_for_longer_is_frozen(sketched: float) -> None:
    still = runs(again(FILM, 9, times=3, sketched=sketched))
    assert continuity.stalled(still) == 0
    assert continuity.least_difference(still) == pytest.approx(0.0, abs=ALIKE / 2)
    assert continuity.repeated(still) == (2 if sketched else 3)


def test_a_picture_of_one_stall_in_another_is_a_repetition() -> None:
    looped = again(again(FILM, 9, times=2), 20, times=1)
    looped = tuple(replace(each, view=FILM[9].view) if each.sequence == 22 else each for each in looped)
    assert (continuity.stalled(runs(looped)), continuity.repeated(runs(looped))) == (3, 1)


def test_of_views_without_a_sketch_only_the_bytes_are_compared() -> None:
    bare = [replace(each, view=replace(each.view, sketch=())) for each in again(FILM, 3, times=1)]
    assert continuity.stalled(runs(bare)) == 1
    assert continuity.least_difference(runs(bare)) == continuity.NOTHING_ALIKE


def test_another_person_lies_apart() -> None:
    first, second = continuity.described(FILM)[:2]
    assert first.view.face is not None
    assert first.view.face.descriptor is not None
    other = tuple(-number for number in first.view.face.descriptor)
    swapped = replace(second, view=replace(second.view, face=replace(first.view.face, descriptor=other)))
    assert continuity.descriptors_apart([first, swapped]) > 1


def test_a_face_in_motion_is_held_against_the_mean_of_those_at_rest() -> None:
    first, second, third = continuity.described(FILM)[:3]
    assert third.view.face is not None
    assert third.view.face.descriptor is not None
    turned = tuple(number + 0.05 for number in third.view.face.descriptor)
    moved = replace(third, view=replace(third.view, face=replace(third.view.face, descriptor=turned)))
    assert continuity.moving_apart([first, second], [third]) < 0.2
    assert continuity.moving_apart([first, second], [third, moved]) == pytest.approx(0.05 * 128**0.5, abs=0.1)


def test_who_was_never_seen_at_rest_is_likened_to_nobody() -> None:
    moving = continuity.described(FILM)[:2]
    assert math.isnan(continuity.moving_apart([], moving))
    assert continuity.moving_apart(moving, []) == continuity.moving_apart([], []) == 0


def test_of_no_frame_nothing_is_too_much_and_nothing_enough() -> None:
    assert continuity.descriptors_apart([]) == continuity.gap_ms([]) == continuity.faceless_ms([]) == 0
    assert continuity.described([]) == ()

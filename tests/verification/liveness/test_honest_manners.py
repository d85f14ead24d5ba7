"""Is nobody taken for an attack by a slow camera or a quick head, and does nobody who attacks gain by it?"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.specimens.performing import Brisk, Person
from app.verification.decision import Outcome
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.judgement import Count, Verdict
from app.verification.faces.liveness.judging import NEARING
from app.verification.reasons import ReasonCode
from benchmarks.liveness_sessions import Line, batched, session, windowed
from tests.verification.liveness.acting import LIMITS, Actor, acted, read
from tests.verification.liveness.test_judging import HONEST, codes, judged

HONEST_VERDICTS = {Verdict.BONA_FIDE, Verdict.NON_RESPONSE}


def stalling(challenge: Challenge, *numbers: int) -> Challenge:
    """The same through a camera that has no new picture at these frames."""
    frames = list(challenge.frames)
    for at in numbers:
        frames[at] = replace(frames[at], view=frames[at - 1].view)
    return replace(challenge, frames=tuple(frames))


@pytest.mark.rule("R89", "R91")
@pytest.mark.parametrize("numbers", [(20,), (20, 21), tuple(range(3, 80, 4))])
@pytest.mark.parametrize("seed", range(4, 12))
def test_a_camera_slower_than_the_page_is_no_attack_and_not_accepted(seed: int, numbers: tuple[int, ...]) -> None:
    judgement = judged(stalling(acted(seed), *numbers))
    assert (judgement.verdict, judgement.count) == (Verdict.NON_RESPONSE, Count.FAILURE_TO_CAPTURE)
    assert ReasonCode.LIVENESS_STALLED in codes(judgement)


@pytest.mark.parametrize("seed", range(4, 12))
def test_a_camera_that_stalls_while_a_face_comes_nearer_makes_it_no_cut(seed: int) -> None:
    performer = Actor(seed, Brisk)
    challenge = acted(seed, performer)
    for at in range(1, len(challenge.frames) - 1, 5):
        assert judged(stalling(challenge, at, at + 1)).verdict is not Verdict.ATTACK


@pytest.mark.rule("R82")
def test_a_picture_that_stands_still_for_longer_than_a_camera_stalls_is_an_attack() -> None:
    judgement = judged(stalling(HONEST, 20, 21, 22))
    assert judgement.verdict is Verdict.ATTACK
    assert {ReasonCode.LIVENESS_REPEATED, ReasonCode.LIVENESS_FROZEN} <= codes(judgement)


@pytest.mark.rule("R82")
def test_single_pictures_shown_again_later_are_an_attack_however_shortly_each() -> None:
    slides = stalling(HONEST, *(at for at in range(1, 60) if at % 3))
    frames = [replace(each, view=slides.frames[each.sequence % 30].view) for each in slides.frames]
    assert judged(replace(slides, frames=tuple(frames))).verdict is Verdict.ATTACK


@pytest.mark.rule("R82")
@pytest.mark.parametrize("seed", range(700, 730))
def test_brisk_people_are_no_attack_and_what_they_did_soon_is_for_people_to_see(seed: int) -> None:
    judgement = judged(acted(seed, Actor(seed, Brisk)))
    assert judgement.verdict is Verdict.BONA_FIDE
    assert codes(judgement) <= {ReasonCode.LIVENESS_TOO_SOON}
    assert {reason.outcome for reason in judgement.reasons} <= {Outcome.REFER}


@pytest.mark.rule("R82", "R89")
@pytest.mark.parametrize("every_ms", [133, 200, 250])
@pytest.mark.parametrize("person", [Person, Brisk])
def test_before_a_slow_camera_nobody_is_an_attack(person: type[Person], every_ms: int) -> None:
    for seed in range(700, 720):
        film = session(Actor(seed, person), read, LIMITS, seed=seed, every_ms=every_ms)
        assert judged(film).verdict in ({Verdict.BONA_FIDE} if person is Person else HONEST_VERDICTS)


@pytest.mark.rule("R82", "R89")
@pytest.mark.parametrize("carry", [windowed, batched])
@pytest.mark.parametrize("round_of", [300, 600, 900])
def test_on_a_slow_line_nobody_brisk_is_an_attack(carry: Callable[..., Challenge], round_of: int) -> None:
    for seed in range(700, 720):
        film = carry(Actor(seed, Brisk), read, LIMITS, seed=seed, line=Line.of_round(round_of))
        assert judged(film).verdict in HONEST_VERDICTS


def test_somebody_among_them_was_quicker_than_a_step_usually_takes() -> None:
    assert any(codes(judged(acted(seed, Actor(seed, Brisk)))) for seed in range(700, 730))


def nearer_at(challenge: Challenge, number: int, factor: float) -> Challenge:
    """Cut to a face so much nearer for one frame."""
    frame = challenge.frames[number]
    assert frame.view.face is not None
    left, top, right, bottom = frame.view.face.box
    box = (left, top, left + (right - left) * factor, top + (bottom - top) * factor)
    cut = replace(frame, view=replace(frame.view, face=replace(frame.view.face, box=box)))
    return replace(challenge, frames=(*challenge.frames[:number], cut, *challenge.frames[number + 1 :]))


def asked_nearer() -> Challenge:
    return next(each for each in map(acted, range(4, 40)) if each.prompts[1].ask in NEARING)


@pytest.mark.rule("R82")
@pytest.mark.parametrize(("factor", "found"), [(1.1, set()), (1.3, {ReasonCode.LIVENESS_SCALE})])
def test_a_face_that_changes_its_size_at_once_is_a_cut(factor: float, found: set[ReasonCode]) -> None:
    assert codes(judged(nearer_at(asked_nearer(), 1, factor))) == found


@pytest.mark.rule("R82")
@pytest.mark.parametrize(("factor", "found"), [(1.3, set()), (1.5, {ReasonCode.LIVENESS_SCALE})])
def test_of_whoever_was_asked_nearer_only_what_nobody_does_is_a_cut(factor: float, found: set[ReasonCode]) -> None:
    film = asked_nearer()
    assert codes(judged(nearer_at(film, film.prompts[1].first + 1, factor))) == found

"""Is every species of attack refused through the real reader, and somebody honest not? Drawn films: plumbing, not accuracy."""

from functools import cache
from typing import Final

import pytest

from app.gateways.vision.face_choice import OURS
from app.gateways.vision.face_engines import filming
from app.gateways.vision.frame_reading import FrameEngine, read_frame
from app.specimens.impostures import IMPOSTURES
from app.specimens.performing import Person
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import Challenge, ChallengeState
from app.verification.faces.liveness.frame import FrameView
from app.verification.faces.liveness.judgement import Judgement, Verdict
from app.verification.faces.liveness.judging import judge
from app.verification.reasons import ReasonCode
from benchmarks.liveness_sessions import session
from tests.verification.liveness.acting import LIMITS

SEED: Final = 1020
"""Thresholds were set on seeds below 500."""


@cache
def engine() -> FrameEngine:
    return filming(OURS)


def read(jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as a session asks
    return read_frame(engine(), jpeg, near=near, wants_descriptor=wants_descriptor)


def performed(species: str) -> tuple[Challenge, Judgement]:
    performer = (IMPOSTURES.get(species) or Person)(0, SEED)
    challenge = session(performer, read, LIMITS, seed=SEED)
    return challenge, judge(challenge, LIMITS, calibration="uncalibrated")


def codes(judgement: Judgement) -> set[ReasonCode]:
    return {finding.code for finding in judgement.findings}


def test_somebody_who_does_what_is_asked_is_taken_for_somebody() -> None:
    challenge, judgement = performed("honest")
    assert challenge.state is ChallengeState.DONE
    assert judgement.verdict is Verdict.BONA_FIDE
    assert judgement.still is not None


def test_a_photograph_held_before_the_camera_does_not_pass() -> None:
    _, judgement = performed("still_photo")
    assert judgement.verdict is not Verdict.BONA_FIDE
    assert codes(judgement) & {ReasonCode.LIVENESS_UNDONE, ReasonCode.LIVENESS_COLOUR}


def test_an_earlier_session_shown_again_does_not_pass() -> None:
    _, judgement = performed("replay")
    assert judgement.verdict is not Verdict.BONA_FIDE
    assert codes(judgement) & {ReasonCode.LIVENESS_UNDONE, ReasonCode.LIVENESS_COLOUR}


def test_steps_in_another_order_do_not_pass() -> None:
    challenge, judgement = performed("wrong_steps")
    assert challenge.state is ChallengeState.FAILED
    assert judgement.verdict is not Verdict.BONA_FIDE
    assert ReasonCode.LIVENESS_UNDONE in codes(judgement)


@pytest.mark.parametrize("species", ["swapped_face", "alternating_face"])
def test_another_face_for_part_of_it_is_an_attack(species: str) -> None:
    _, judgement = performed(species)
    assert judgement.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_OTHER_PERSON in codes(judgement)


def test_a_picture_that_stands_still_is_an_attack() -> None:
    _, judgement = performed("frozen")
    assert judgement.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_FROZEN in codes(judgement)


def test_a_loop_is_an_attack() -> None:
    _, judgement = performed("loop")
    assert judgement.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_REPEATED in codes(judgement)


@pytest.mark.rule("R82")
@pytest.mark.parametrize("species", ["puppet", "tinted_puppet"])
def test_a_film_that_does_every_step_and_sees_no_screen_is_an_attack(species: str) -> None:
    _, judgement = performed(species)
    assert judgement.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_COLOUR in codes(judgement)

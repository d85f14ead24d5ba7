"""Is somebody taken for somebody, and nobody else?"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.specimens.heads import Attitude
from app.specimens.impostures import Alternating, Disobedient, Puppet, Swapped
from app.specimens.performing import Light, Person
from app.verification.decision import Outcome
from app.verification.faces.liveness.challenge import Challenge, ChallengeState, open_challenge
from app.verification.faces.liveness.flashes import NO_ANSWER, answer
from app.verification.faces.liveness.frame import Frame, SeenFace
from app.verification.faces.liveness.judgement import Count, Judgement, Verdict
from app.verification.faces.liveness.judging import judge, walks
from app.verification.findings.liveness import liveness_findings, liveness_passed
from app.verification.reasons import ReasonCode
from app.verification.thresholds import Threshold
from app.verification.words import UNDER_REVIEW, told
from benchmarks.liveness_sessions import BEGINNING
from tests.verification.liveness.acting import LIMITS, Actor, acted

HONEST = acted(4)


def judged(challenge: Challenge) -> Judgement:
    return judge(challenge, LIMITS, calibration="uncalibrated")


def codes(judgement: Judgement) -> set[ReasonCode]:
    return {finding.code for finding in judgement.findings}


def changed(challenge: Challenge, change: Callable[[SeenFace], SeenFace]) -> Challenge:
    def other(frame: Frame) -> Frame:
        assert frame.view.face is not None
        return replace(frame, view=replace(frame.view, face=change(frame.view.face)))

    return replace(challenge, frames=tuple(other(frame) for frame in challenge.frames))


def rated(pad: float) -> Challenge:
    return changed(HONEST, lambda face: replace(face, pad=pad))


@pytest.mark.parametrize("seed", range(4, 12))
def test_whoever_does_what_is_asked_is_taken_for_somebody(seed: int) -> None:
    judgement = judged(acted(seed))
    assert judgement.verdict is Verdict.BONA_FIDE
    assert judgement.findings == ()
    assert judgement.count is None


def test_the_picture_that_is_compared_is_one_the_server_saw_from_the_front() -> None:
    still = judged(HONEST).still
    assert still is not None
    face = HONEST.frames[still].view.face
    assert isinstance(face, SeenFace)
    assert face.descriptor is not None
    shown = [at for at in range(0, len(HONEST.prompts), 2) if HONEST.frames[still] in HONEST.during(at)]
    assert len(shown) == 1


@pytest.mark.rule("R82")
def test_a_moving_picture_that_sees_no_screen_is_an_attack() -> None:
    judgement = judged(acted(4, Actor(4, Puppet)))
    assert judgement.verdict is Verdict.ATTACK
    assert codes(judgement) == {ReasonCode.LIVENESS_COLOUR}


@pytest.mark.parametrize("species", [Swapped, Alternating])
@pytest.mark.parametrize("seed", range(4, 12))
def test_another_person_for_part_of_it_is_an_attack(species: type[Person], seed: int) -> None:
    assert ReasonCode.LIVENESS_OTHER_PERSON in codes(judged(acted(seed, Actor(seed, species))))


@pytest.mark.rule("R89")
@pytest.mark.parametrize("seed", range(4, 8))
def test_whoever_sits_down_late_is_accused_of_nothing(seed: int) -> None:
    """The first colour is over with nobody there; whoever then moves cannot be likened to anybody at rest."""
    film = acted(seed)
    shown = film.prompts[:2]
    late = film.frames[: film.prompts[2].first]
    faceless = [
        replace(each, view=replace(each.view, faces=0, face=None)) if each.sequence < shown[1].first else each
        for each in late
    ]
    judgement = judged(replace(film, state=ChallengeState.FAILED, prompts=shown, frames=tuple(faceless)))
    assert ReasonCode.LIVENESS_OTHER_PERSON not in codes(judgement)
    assert (judgement.verdict, judgement.count) == (Verdict.NON_RESPONSE, Count.FAILURE_TO_CAPTURE)
    assert not [each for each in judgement.findings if math.isnan(each.score)]


def test_a_step_in_which_nobody_was_described_where_it_was_done_shows_nobody() -> None:
    far = [walk for walk in walks(HONEST, LIMITS) if walk.seen]
    undescribed = changed(HONEST, lambda face: replace(face, descriptor=None))
    assert (len(far), [walk.seen for walk in walks(undescribed, LIMITS)]) == (4, [False] * 4)
    assert judged(undescribed).verdict is Verdict.NON_RESPONSE


def test_another_person_only_while_a_step_is_done_lies_apart_in_motion() -> None:
    found = judged(acted(4, Actor(4, Alternating))).findings
    assert [each.threshold for each in found] == [LIMITS.liveness_moving_apart_most.value]


@pytest.mark.parametrize("seed", range(4, 10))
def test_other_steps_than_those_asked_are_not_accepted(seed: int) -> None:
    judgement = judged(acted(seed, Actor(seed, Disobedient)))
    assert judgement.verdict is not Verdict.BONA_FIDE
    assert ReasonCode.LIVENESS_UNDONE in codes(judgement)


@pytest.mark.rule("R89", "R91")
def test_who_does_nothing_is_no_attack_but_a_failure_to_capture() -> None:
    class Idle(Person):
        def attitude(self, at_ms: int, step: str | None) -> Attitude:
            del step
            return super().attitude(at_ms, None)

    judgement = judged(acted(4, Actor(4, Idle)))
    assert judgement.verdict is Verdict.NON_RESPONSE
    assert judgement.count is Count.FAILURE_TO_CAPTURE


@pytest.mark.rule("R91")
def test_a_face_that_is_never_sharp_is_a_question_of_quality() -> None:
    judgement = judged(changed(HONEST, lambda face: replace(face, sharpness=3.0)))
    assert judgement.verdict is Verdict.NON_RESPONSE
    assert judgement.count is Count.QUALITY_REJECT


@pytest.mark.rule("R91")
def test_an_attack_is_counted_apart() -> None:
    assert judged(acted(4, Actor(4, Puppet))).count is Count.PAD_REJECT


def test_what_was_not_answered_through_us_counts_against_nobody() -> None:
    nothing = judged(replace(HONEST, state=ChallengeState.FAILED, frames=HONEST.frames[:1], prompts=HONEST.prompts[:1]))
    assert (nothing.count, nothing.spoilt().count) == (Count.FAILURE_TO_CAPTURE, None)
    assert nothing.spoilt().verdict is Verdict.UNAVAILABLE


@pytest.mark.rule("R82")
def test_an_attack_that_was_seen_is_one_however_slow_we_were() -> None:
    assert judged(acted(4, Actor(4, Puppet))).spoilt().verdict is Verdict.ATTACK


def test_who_showed_themselves_has_however_slow_we_were() -> None:
    assert judged(HONEST).spoilt() == judged(HONEST)


def test_a_banks_model_that_says_attack_is_believed() -> None:
    assert codes(judged(rated(0.1))) == {ReasonCode.LIVENESS_PAD}
    assert judged(rated(0.1)).verdict is Verdict.ATTACK
    assert judged(rated(0.9)).verdict is Verdict.BONA_FIDE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda face: replace(face, texture=0.2), ReasonCode.LIVENESS_TEXTURE),
        (lambda face: replace(face, spectrum=9.0), ReasonCode.LIVENESS_SPECTRUM),
        (lambda face: replace(face, edges=1.0), ReasonCode.LIVENESS_EDGES),
        (lambda face: replace(face, texture=float("nan")), ReasonCode.LIVENESS_TEXTURE),
    ],
)
def test_a_passive_sign_is_for_people_to_look_at(change: Callable[[SeenFace], SeenFace], code: ReasonCode) -> None:
    judgement = judged(changed(HONEST, change))
    assert judgement.verdict is Verdict.BONA_FIDE
    assert codes(judgement) == {code}
    assert [reason.outcome for reason in judgement.reasons] == [Outcome.REFER]


@pytest.mark.rule("R92")
def test_a_judgement_says_what_its_thresholds_rest_on() -> None:
    assert judged(HONEST).calibration == "uncalibrated"
    reason = judged(acted(4, Actor(4, Puppet))).reasons[0]
    assert reason.facts["threshold"] == LIMITS.liveness_colour_least.value


@pytest.mark.parametrize("code", [code for code in ReasonCode if code.startswith("liveness_")])
def test_the_applicant_never_learns_which_check_failed(code: ReasonCode) -> None:
    reason = replace(judged(acted(4, Actor(4, Puppet))).reasons[0], code=code)
    assert told(Outcome.REFER, [reason]) == (UNDER_REVIEW,)


def test_a_challenge_nobody_performed_is_no_response() -> None:
    opened = open_challenge("lvn_1", nonce=bytes(32), now=BEGINNING)
    expired = opened.seen(BEGINNING + timedelta(minutes=3))
    assert expired.state is ChallengeState.EXPIRED
    assert judged(expired).verdict is Verdict.NON_RESPONSE


def test_a_picture_tinted_as_a_whole_answers_nothing() -> None:
    whole = changed(HONEST, lambda face: replace(face, background=face.skin))
    assert answer(whole).likeness < 0.1
    assert answer(HONEST).likeness > 0.9


def test_an_answer_too_faint_to_be_skins_is_not_accepted_and_nobody_is_accused() -> None:
    strict = replace(LIMITS, liveness_colour_strength_least=Threshold(9.0, "beyond any"))
    judgement = judge(HONEST, strict, calibration="uncalibrated")
    assert judgement.verdict is Verdict.NON_RESPONSE
    assert codes(judgement) == {ReasonCode.LIVENESS_COLOUR_FAINT}


def test_the_lag_of_the_answer_is_told() -> None:
    class Slow(Person):
        def seen_light(self, at_ms: int, light: Light) -> Light:
            self.manners = replace(self.manners, lag=400)
            return super().seen_light(at_ms, light)

    assert answer(acted(4, Actor(4, Slow))).lag_ms == pytest.approx(450, abs=80)


def test_of_too_few_frames_there_is_no_answer() -> None:
    assert answer(replace(HONEST, frames=HONEST.frames[:3])) == NO_ANSWER


@pytest.mark.rule("R77")
def test_without_a_try_a_policy_that_asks_for_one_refers() -> None:
    assert [reason.code for reason in liveness_findings(None, required=True)] == [ReasonCode.LIVENESS_MISSING]
    assert [*liveness_findings(None, required=False)] == []
    assert [*liveness_findings(judged(HONEST), required=True)] == []


@pytest.mark.rule("R77")
def test_an_attack_leaves_the_evidence_missing_and_says_why_to_staff() -> None:
    found = [*liveness_findings(judged(acted(4, Actor(4, Puppet))), required=True)]
    assert [reason.code for reason in found] == [ReasonCode.LIVENESS_COLOUR, ReasonCode.LIVENESS_MISSING]
    assert {reason.outcome for reason in found} == {Outcome.REFER}


@pytest.mark.rule("R77", "R92")
def test_the_control_is_passed_only_under_measured_error_rates() -> None:
    assert not liveness_passed(judged(HONEST))
    assert liveness_passed(judge(HONEST, LIMITS, calibration="pad-lab-1"))
    assert not liveness_passed(judge(acted(4, Actor(4, Puppet)), LIMITS, calibration="pad-lab-1"))
    assert not liveness_passed(None)

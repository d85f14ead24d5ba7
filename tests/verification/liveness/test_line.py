"""Is somebody on a slow line never taken for an attack, and does nobody gain by a line that is made slow?"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.specimens.impostures import Disobedient, Puppet, Swapped
from app.specimens.performing import Light, Person
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.flashes import foreign
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import Count, Judgement, LivenessNotShown, Verdict
from app.verification.faces.liveness.judging import judge
from app.verification.faces.liveness.line import FOLLOWING, LivenessLineSlow, is_slow, not_shown, round_ms
from app.verification.faces.liveness.steps import LIGHTS
from app.verification.reasons import ReasonCode
from benchmarks.liveness_sessions import Line, batched, windowed
from tests.verification.liveness.acting import LIMITS, Actor, read
from tests.verification.liveness.test_challenge import begun, frame, given

Carry = Callable[..., Challenge]
PALETTE = tuple(LIGHTS.values())
CARRIERS = pytest.mark.parametrize("carry", [windowed, batched])
SLOW_MS = (600, 750, 900, 1200)


class OtherScreen(Person):
    """Sees the colours of another session."""

    def seen_light(self, at_ms: int, light: Light) -> Light:
        other = PALETTE[(PALETTE.index(light) + 3) % len(PALETTE)] if light in PALETTE else light
        return super().seen_light(at_ms, other)


def performed(carry: Carry, round_of: int, seed: int, person: type[Person] = Person) -> Challenge:
    return carry(Actor(seed, person), read, LIMITS, seed=seed, line=Line.of_round(round_of))


def judged(challenge: Challenge) -> Judgement:
    return judge(challenge, LIMITS, calibration="uncalibrated")


def codes(judgement: Judgement) -> set[ReasonCode]:
    return {finding.code for finding in judgement.findings}


def coming(*moments: int) -> Challenge:
    return given(begun(), *(frame(at, moment) for at, moment in enumerate(moments)), at_ms=max(moments))


@pytest.mark.rule("R89")
@CARRIERS
@pytest.mark.parametrize("round_of", [0, 300])
@pytest.mark.parametrize("seed", range(1_500, 1_504))
def test_who_is_honest_passes_while_the_line_is_quick_enough(carry: Carry, round_of: int, seed: int) -> None:
    assert judged(performed(carry, round_of, seed)).verdict is Verdict.BONA_FIDE


@pytest.mark.rule("R88", "R89")
@CARRIERS
@pytest.mark.parametrize("round_of", SLOW_MS)
@pytest.mark.parametrize("seed", range(1_500, 1_508))
def test_nobody_honest_is_taken_for_an_attack_on_a_slow_line(carry: Carry, round_of: int, seed: int) -> None:
    assert judged(performed(carry, round_of, seed)).verdict is not Verdict.ATTACK


@pytest.mark.rule("R89", "R91")
def test_what_a_slow_line_hid_is_no_response_and_a_failure_to_capture() -> None:
    judgement = judged(performed(windowed, 900, 1_501))
    assert (judgement.verdict, judgement.count) == (Verdict.NON_RESPONSE, Count.FAILURE_TO_CAPTURE)
    assert ReasonCode.LIVENESS_LINE_SLOW in codes(judgement)
    assert judgement.still is None


@pytest.mark.rule("R87")
@CARRIERS
@pytest.mark.parametrize("person", [Puppet, OtherScreen, Swapped, Disobedient])
@pytest.mark.parametrize("round_of", [0, *SLOW_MS])
def test_no_attack_passes_on_any_line(carry: Carry, person: type[Person], round_of: int) -> None:
    verdicts = {judged(performed(carry, round_of, seed, person)).verdict for seed in range(1_500, 1_503)}
    assert Verdict.BONA_FIDE not in verdicts


@pytest.mark.rule("R87", "R89")
@pytest.mark.parametrize("round_of", [0, 300, *SLOW_MS])
@pytest.mark.parametrize("seed", range(1_500, 1_503))
def test_who_answers_too_late_passes_on_no_line(round_of: int, seed: int) -> None:
    late = batched(Actor(seed), read, LIMITS, seed=seed, line=Line.of_round(round_of), lag_ms=800)
    assert judged(late).verdict is not Verdict.BONA_FIDE


@pytest.mark.rule("R89")
def test_across_a_gap_no_face_jumps_and_nobody_passes() -> None:
    whole = performed(windowed, 0, 1_502)
    at = len(whole.frames) // 2
    apart = replace(whole, frames=whole.frames[:at] + tuple(later(each) for each in whole.frames[at:]))
    assert judged(whole).verdict is Verdict.BONA_FIDE
    assert ReasonCode.LIVENESS_JUMP not in codes(judged(apart))
    assert judged(apart).verdict is Verdict.NON_RESPONSE


def later(frame: Frame) -> Frame:
    """The same a while later, somewhere else in the picture."""
    face = frame.view.face
    assert face is not None
    left, top, right, bottom = face.box
    moved = replace(face, box=(left + 300, top, right + 300, bottom))
    view = replace(frame.view, face=moved)
    return replace(frame, client_ms=frame.client_ms + 400, server_ms=frame.server_ms + 400, view=view)


@pytest.mark.rule("R82")
@pytest.mark.parametrize("seed", range(1_500, 1_504))
def test_who_is_lit_by_another_screen_is_an_attack_however_slow_the_line(seed: int) -> None:
    challenge = performed(windowed, 750, seed, OtherScreen)
    assert is_slow(challenge, LIMITS)
    assert judged(challenge).verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_COLOUR in codes(judged(challenge))


@pytest.mark.rule("R82")
@pytest.mark.parametrize("seed", range(1_500, 1_504))
def test_another_person_is_an_attack_however_slow_the_line(seed: int) -> None:
    challenge = performed(windowed, 750, seed, Swapped)
    assert is_slow(challenge, LIMITS)
    assert ReasonCode.LIVENESS_OTHER_PERSON in codes(judged(challenge))
    assert judged(challenge).verdict is Verdict.ATTACK


@CARRIERS
@pytest.mark.parametrize("round_of", [0, 300, *SLOW_MS])
def test_no_honest_face_shows_a_colour_before_it_was_shown_one(carry: Carry, round_of: int) -> None:
    assert foreign(performed(carry, round_of, 1_502)) == 0


def test_without_a_face_there_is_no_colour_on_it() -> None:
    challenge = performed(windowed, 0, 1_502)
    blind = tuple(replace(each, view=replace(each.view, face=None)) for each in challenge.frames)
    assert foreign(replace(challenge, frames=blind)) == 0


def test_a_round_is_as_long_as_four_further_frames_take() -> None:
    assert FOLLOWING == 4
    assert round_ms(coming(100, 200, 300, 400, 480)) == 380
    assert round_ms(coming(100, 200, 300, 400, 480, 1_400)) == 1_200


def test_of_few_frames_it_is_as_long_as_those_took_and_of_none_nobody_knows() -> None:
    assert round_ms(coming(900)) == 900
    assert round_ms(begun()) == 0


@pytest.mark.parametrize(("last", "slow"), [(800, False), (801, True)])
def test_a_line_is_slow_from_where_no_answer_can_be_in_time(last: int, slow: bool) -> None:  # noqa: FBT001  a case
    assert LIMITS.liveness_colour_lag_most_ms.value == 700
    assert is_slow(coming(100, 200, 300, 400, last), LIMITS) is slow


def test_what_is_said_of_a_try_depends_on_the_line_alone() -> None:
    slow = [performed(windowed, 750, 1_501, person) for person in (Person, Swapped)]
    assert [judged(each).verdict for each in slow] == [Verdict.NON_RESPONSE, Verdict.ATTACK]
    assert {type(not_shown(each, LIMITS)) for each in slow} == {LivenessLineSlow}
    assert type(not_shown(performed(windowed, 0, 1_501, Swapped), LIMITS)) is LivenessNotShown

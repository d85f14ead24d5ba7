"""Is a frame that waited in a batch placed where it was filmed, and nowhere that only its device could know?"""

from dataclasses import replace

import pytest

from app.specimens.impostures import Disobedient, Swapped
from app.verification.faces.liveness.batch import placed
from app.verification.faces.liveness.challenge import Challenge, ChallengeState, FrameOutOfOrder, open_challenge
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import Verdict
from app.verification.faces.liveness.judging import judge
from app.verification.faces.liveness.steps import Colour
from app.verification.reasons import ReasonCode
from benchmarks.liveness_sessions import BEGINNING, Line, batched
from tests.verification.liveness.acting import LIMITS, Actor, read
from tests.verification.liveness.test_challenge import after, frame, given

BEGUN_MS = round(BEGINNING.timestamp() * 1000)
BELIEVED_MS = round(LIMITS.liveness_batch_most_ms.value)
LINES = [Line(up=30, down=20, look=25), Line(up=200, down=100, look=40), Line(up=300, down=150, look=60)]


def begun() -> Challenge:
    opened = open_challenge("lvn_1", nonce=bytes(range(32)), now=BEGINNING)
    return opened.begin(source="page", mirrored=False, now=BEGINNING)


def places(*times_ms: int, arrived: int, challenge: Challenge | None = None) -> list[int]:
    """Milliseconds since the beginning."""
    found = placed(times_ms, challenge or begun(), LIMITS, arrived_ms=BEGUN_MS + arrived)
    return [each - BEGUN_MS for each in found]


def test_frames_lie_as_far_apart_as_their_device_says_and_the_last_comes_with_the_batch() -> None:
    assert places(7_000, 7_100, 7_250, arrived=900) == [650, 750, 900]


def test_a_frame_alone_came_when_it_came() -> None:
    assert places(123, arrived=900) == [900]


def test_nothing_was_filmed_before_the_beginning() -> None:
    assert places(0, 100, 250, arrived=120) == [0, 0, 120]


def test_nothing_was_filmed_before_the_batch_that_was_taken_last() -> None:
    taken = given(begun(), frame(0, 400))
    assert places(500, 600, 700, arrived=500, challenge=taken) == [400, 400, 500]


@pytest.mark.parametrize(("age", "shown"), [(BELIEVED_MS, BELIEVED_MS), (BELIEVED_MS + 1, BELIEVED_MS)])
def test_a_device_is_believed_so_long_and_no_longer(age: int, shown: int) -> None:
    assert places(5_000, 5_000 + age, arrived=2_000) == [2_000 - shown, 2_000]


@pytest.mark.parametrize("times", [(200, 100), (100, 100), (4_294_967_295, 0)])
def test_times_that_go_back_are_placed_nowhere_and_refused(times: tuple[int, int]) -> None:
    found = places(*times, arrived=500)
    frames = [replace(frame(at, time), client_ms=time) for at, time in enumerate(times)]
    sent = [replace(each, server_ms=BEGUN_MS + at) for each, at in zip(frames, found, strict=True)]
    with pytest.raises(FrameOutOfOrder):
        given(begun(), *sent)


def test_what_a_batch_completes_reveals_one_prompt_and_after_all_of_it() -> None:
    challenge = given(begun(), *(frame(at, 100 + 80 * at) for at in range(8)), at_ms=700)
    assert (len(challenge.prompts), challenge.prompts[-1].first) == (2, 8)


def test_a_colour_is_not_over_by_frames_from_before_it_was_shown() -> None:
    early = [replace(frame(at, 100 + at), server_ms=BEGUN_MS - 1) for at in range(2)]
    assert len(given(begun(), *early, frame(2, 700), at_ms=700).prompts) == 1


def test_the_frames_of_a_batch_are_described_as_those_of_a_page_are() -> None:
    challenge = replace(begun(), delays_ms=(150, 250))
    assert not challenge.wants_descriptor(BEGUN_MS + 149, LIMITS)
    assert challenge.wants_descriptor(BEGUN_MS + 150, LIMITS)
    described = read(Actor(1).frame(100, step=None, light=(235, 235, 235)), None, wants_descriptor=True)
    looked = [Frame(0, 100, BEGUN_MS + 100, described)]
    assert not challenge.wants_descriptor(BEGUN_MS + 349, LIMITS, looked)
    assert challenge.wants_descriptor(BEGUN_MS + 350, LIMITS, looked)


def test_frames_that_come_faster_than_anybodys_are_counted_instead() -> None:
    challenge, looked = replace(begun(), delays_ms=(250,)), list[Frame]()
    for at in range(2):
        assert not challenge.wants_descriptor(BEGUN_MS + at, LIMITS, looked)
        looked.append(frame(at, at))
    assert challenge.wants_descriptor(BEGUN_MS + 2, LIMITS, looked)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("seed", range(1_000, 1_004))
def test_whoever_does_what_is_asked_passes_by_batches_too(seed: int, line: Line) -> None:
    challenge = batched(Actor(seed), read, LIMITS, seed=seed, line=line)
    assert challenge.state is ChallengeState.DONE
    assert judge(challenge, LIMITS, calibration="x").verdict is Verdict.BONA_FIDE


@pytest.mark.parametrize("person", [Disobedient, Swapped])
@pytest.mark.parametrize("seed", range(1_000, 1_004))
def test_other_steps_and_another_face_pass_by_no_carrier(seed: int, person: type) -> None:
    challenge = batched(Actor(seed, person), read, LIMITS, seed=seed, line=LINES[0])
    assert judge(challenge, LIMITS, calibration="x").verdict is not Verdict.BONA_FIDE


@pytest.mark.parametrize("seed", range(1_000, 1_004))
def test_who_computes_what_a_camera_would_have_seen_is_late_however_it_is_claimed(seed: int) -> None:
    challenge = batched(Actor(seed), read, LIMITS, seed=seed, line=LINES[0], lag_ms=800)
    found = judge(challenge, LIMITS, calibration="x")
    assert found.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_COLOUR_LATE in {each.code for each in found.findings}


@pytest.mark.rule("R83")
@pytest.mark.parametrize("seed", range(1_000, 1_004))
def test_who_films_before_and_claims_it_was_after_is_seen(seed: int) -> None:
    """A batch that comes at once with a whole step in it: nothing of it can lie before the last one."""
    whole = batched(Actor(seed), read, LIMITS, seed=seed, line=LINES[0])
    at = next(at for at, prompt in enumerate(whole.prompts) if not isinstance(prompt.ask, Colour))
    step, until = whole.prompts[at], whole.prompts[at].first
    challenge = replace(
        whole, frames=whole.frames[:until], prompts=whole.prompts[: at + 1], state=ChallengeState.RUNNING
    )
    filmed = whole.during(at)
    times = placed([each.client_ms for each in filmed], challenge, LIMITS, arrived_ms=step.revealed_ms + 50)
    sent = [replace(each, server_ms=time) for each, time in zip(filmed, times, strict=True)]
    now = after(step.revealed_ms + 60 - BEGUN_MS)
    found = judge(challenge.with_frames(sent, source="kiosk", limits=LIMITS, now=now), LIMITS, calibration="x")
    assert found.verdict is Verdict.ATTACK
    assert ReasonCode.LIVENESS_TOO_SOON in {each.code for each in found.findings}

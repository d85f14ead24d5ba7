"""Is a challenge asked once, one thing at a time, of one connection, in its time?"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from pydantic import ConfigDict, TypeAdapter

from app.core.refusal import Refusal
from app.verification.faces.liveness.challenge import (
    DELAYS,
    DESCRIBED_AGAIN_MS,
    LIFE,
    MOST_FRAMES,
    WHOSE_MOVE,
    Challenge,
    ChallengeBegun,
    ChallengeElsewhere,
    ChallengeExpired,
    ChallengeNotBegun,
    ChallengeOver,
    ChallengeState,
    FrameDoubled,
    FrameMissing,
    FrameOutOfOrder,
    FramesTooMany,
    Mover,
    open_challenge,
)
from app.verification.faces.liveness.continuity import described
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.steps import Colour, Step
from benchmarks.liveness_sessions import BEGINNING
from tests.verification.liveness.acting import LIMITS, Actor, acted, read

NONCE = bytes(range(32))


def opened() -> Challenge:
    return open_challenge("lvn_1", nonce=NONCE, now=BEGINNING)


def begun() -> Challenge:
    return opened().begin(source="page", mirrored=False, now=BEGINNING)


def after(milliseconds: int) -> datetime:
    return BEGINNING + timedelta(milliseconds=milliseconds)


def frame(sequence: int, at_ms: int) -> Frame:
    view = read(Actor(1).frame(at_ms, step=None, light=(235, 235, 235)), None, wants_descriptor=False)
    return Frame(sequence, at_ms, round(after(at_ms).timestamp() * 1000), view)


def given(challenge: Challenge, *frames: Frame, at_ms: int = 500, source: str = "page") -> Challenge:
    return challenge.with_frames(frames, source=source, limits=LIMITS, now=after(at_ms))


@pytest.mark.parametrize("later", [timedelta(0), LIFE, 10 * LIFE])
def test_one_that_nobody_began_can_have_its_time_anew(later: timedelta) -> None:
    now = BEGINNING + later
    renewed = opened().renewed(now)
    assert renewed == replace(opened(), opened_at=now)
    assert renewed.begin(source="page", mirrored=False, now=now + LIFE - timedelta(seconds=1)).asked is not None
    with pytest.raises(ChallengeExpired):
        renewed.begin(source="page", mirrored=False, now=now + LIFE)


@pytest.mark.rule("R83")
@pytest.mark.parametrize("state", [state for state in ChallengeState if state is not ChallengeState.OPEN])
def test_one_that_was_begun_never_can(state: ChallengeState) -> None:
    with pytest.raises(ChallengeBegun):
        replace(begun(), state=state).renewed(BEGINNING)


@pytest.mark.rule("R83")
def test_one_thing_is_revealed_at_a_time_and_a_colour_first() -> None:
    challenge = begun()
    assert [prompt.ask for prompt in challenge.prompts] == [challenge.colours[0]]
    assert challenge.asked == challenge.prompts[0]


def test_a_colour_that_was_seen_long_enough_reveals_the_first_step() -> None:
    challenge = given(begun(), *(frame(at, 100 + 120 * at) for at in range(5)), at_ms=600)
    assert [prompt.ask for prompt in challenge.prompts] == [challenge.colours[0], challenge.steps[0]]


def test_a_colour_is_not_over_sooner() -> None:
    assert len(given(begun(), *(frame(at, 100 + 120 * at) for at in range(4)), at_ms=599).prompts) == 1


def test_a_colour_of_which_hardly_a_frame_came_is_not_over() -> None:
    assert len(given(begun(), frame(0, 100), frame(1, 200), at_ms=900).prompts) == 1


def test_whoever_does_all_of_it_is_asked_for_all_of_it_in_order() -> None:
    challenge = acted(3)
    asked = [prompt.ask for prompt in challenge.prompts]
    assert challenge.state is ChallengeState.DONE
    assert tuple(asked[::2]) == challenge.colours
    assert tuple(asked[1::2]) == challenge.steps
    assert challenge.asked is None


REFUSED: list[tuple[type[Refusal], list[Frame]]] = [
    (FrameMissing, [frame(1, 100)]),
    (FrameDoubled, [frame(0, 100), frame(0, 200)]),
    (FrameOutOfOrder, [frame(0, 100), frame(1, 200), frame(0, 300)]),
    (FrameOutOfOrder, [frame(-2, 100)]),
    (FrameOutOfOrder, [frame(0, 200), frame(1, 200)]),
    (FrameOutOfOrder, [frame(0, 100), replace(frame(1, 300), server_ms=frame(0, 99).server_ms)]),
]


@pytest.mark.parametrize(("refusal", "frames"), REFUSED)
def test_frames_that_are_not_the_very_next_ones_are_refused(refusal: type[Refusal], frames: list[Frame]) -> None:
    with pytest.raises(refusal):
        given(begun(), *frames)


def test_more_frames_than_a_challenge_takes_are_refused() -> None:
    one, begin = frame(0, 1), begun()
    full = replace(begin, frames=tuple(replace(one, sequence=at, client_ms=at) for at in range(MOST_FRAMES)))
    with pytest.raises(FramesTooMany):
        given(full, replace(one, sequence=MOST_FRAMES, client_ms=MOST_FRAMES), at_ms=800)


def test_a_second_connection_is_refused() -> None:
    with pytest.raises(ChallengeElsewhere):
        given(begun(), frame(0, 100), source="another")


def test_frames_before_the_beginning_are_refused() -> None:
    with pytest.raises(ChallengeNotBegun):
        given(opened(), frame(0, 100))


def test_a_challenge_is_begun_once() -> None:
    with pytest.raises(ChallengeBegun):
        begun().begin(source="another", mirrored=False, now=BEGINNING)


@pytest.mark.parametrize("challenge", [acted(3), begun().broken_off()])
def test_a_challenge_that_is_over_takes_nothing_more(challenge: Challenge) -> None:
    with pytest.raises(ChallengeOver):
        given(challenge, frame(len(challenge.frames), 60_000), at_ms=60_000)
    with pytest.raises(ChallengeOver):
        challenge.begin(source="page", mirrored=False, now=BEGINNING)


def test_three_minutes_are_its_whole_life() -> None:
    last = BEGINNING + LIFE - timedelta(milliseconds=1)
    assert opened().begin(source="page", mirrored=False, now=last).state is ChallengeState.RUNNING
    with pytest.raises(ChallengeExpired):
        opened().begin(source="page", mirrored=False, now=BEGINNING + LIFE)
    with pytest.raises(ChallengeExpired):
        begun().with_frames([], source="page", limits=LIMITS, now=BEGINNING + LIFE)
    assert begun().seen(BEGINNING + LIFE).state is ChallengeState.EXPIRED


@pytest.mark.rule("R89")
def test_a_page_that_stalls_is_not_waited_for() -> None:
    assert begun().seen(after(3_000), LIMITS).state is ChallengeState.RUNNING
    assert begun().seen(after(3_001), LIMITS).state is ChallengeState.FAILED


@pytest.mark.rule("R89")
def test_a_step_that_is_not_done_within_five_seconds_ends_it() -> None:
    stepped = given(begun(), *(frame(at, 100 + 120 * at) for at in range(5)), at_ms=600)
    assert stepped.seen(after(5_600), LIMITS).state is ChallengeState.RUNNING
    assert stepped.seen(after(5_601), LIMITS).state is ChallengeState.FAILED


@pytest.mark.parametrize("seed", range(3, 7))
def test_no_face_goes_undescribed_for_long_at_rest_or_moving(seed: int) -> None:
    challenge = acted(seed)
    times = [challenge.prompts[0].revealed_ms, *(each.server_ms for each in described(challenge.frames))]
    longest_frame_ms = 300
    assert all(after - before < DESCRIBED_AGAIN_MS + longest_frame_ms for before, after in pairwise(times))
    assert times[-1] > challenge.frames[-1].server_ms - DESCRIBED_AGAIN_MS - longest_frame_ms


def test_when_a_face_is_described_follows_from_the_secret_alone() -> None:
    first, other = (open_challenge("lvn_1", nonce=bytes(31) + last, now=BEGINNING).delays_ms for last in (b"0", b"1"))
    assert len(first) == len(other) == DELAYS
    assert sum(each == another for each, another in zip(first, other, strict=True)) < DELAYS / 8
    assert all(0 <= each < DESCRIBED_AGAIN_MS for each in first)
    assert max(first) > DESCRIBED_AGAIN_MS * 7 / 8
    assert min(first) < DESCRIBED_AGAIN_MS / 8


def test_another_process_goes_on_where_one_stopped() -> None:
    adapter = TypeAdapter(tuple[Challenge], config=ConfigDict(strict=True, extra="forbid"))
    stopped = given(begun(), *(frame(at, 100 + 120 * at) for at in range(5)), at_ms=600)
    (again,) = adapter.validate_json(json.dumps(json.loads(adapter.dump_json((stopped,)))))
    assert again == stopped
    assert isinstance(again.prompts[0].ask, Colour)
    assert isinstance(again.prompts[1].ask, Step)
    assert given(again, frame(5, 700), at_ms=720) == given(stopped, frame(5, 700), at_ms=720)


def test_every_state_says_whose_move_it_is() -> None:
    assert set(WHOSE_MOVE) == set(ChallengeState)
    assert {state for state, mover in WHOSE_MOVE.items() if mover is Mover.APPLICANT} == {
        ChallengeState.OPEN,
        ChallengeState.RUNNING,
    }


def test_less_chance_than_a_challenge_needs_is_none() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_challenge("lvn_1", nonce=bytes(31), now=BEGINNING)

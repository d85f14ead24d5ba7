"""Does another's face pass that is shown for no more frames than prove a step, with the own one right before and after?"""

import json
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from app.specimens.heads import Attitude
from app.specimens.performing import ATTITUDES
from app.verification.faces.liveness.challenge import Challenge, ChallengeState, open_challenge
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import Verdict
from app.verification.faces.liveness.judging import judge, walks
from app.verification.faces.liveness.steps import LIGHTS, NEUTRAL, Colour
from benchmarks.liveness_sessions import BEGINNING
from tests.verification.liveness.acting import LIMITS, acted, projected, read

OWN, OTHER = 0, 1
USUAL_MS = 110
Shown = tuple[int, int, float]
"""Milliseconds since the frame before, whose face, share of the step."""
Script = Callable[[int], list[Shown]]
"""Milliseconds between the frames of a burst → what is shown."""


def by_a_burst(apart_ms: int) -> list[Shown]:
    """The own face for a second, then three frames of another's that has done it."""
    return [*[(USUAL_MS, OWN, 0.0)] * 10, (apart_ms, OWN, 0.0), *[(apart_ms, OTHER, 1.5)] * 3, (apart_ms, OWN, 0.0)]


def in_turns(apart_ms: int) -> list[Shown]:
    """One frame of each: the one before is always the own face, at rest."""
    return [*[(USUAL_MS, OWN, 0.0)] * 10, *[(apart_ms, OTHER, 1.5), (apart_ms, OWN, 0.0)] * 3]


def by_itself(_apart_ms: int) -> list[Shown]:
    """Of the own picture, made larger or aslant."""
    shares = [0, 0.2, 0.4, 0.6, 0.8, 1.1, 1.5, 1.5, 1.5, 1.1, 0.8, 0.6, 0.4, 0.2]
    return [*[(USUAL_MS, OWN, 0.0)] * 4, *[(USUAL_MS, OWN, share) for share in shares]]


def pictured(at_ms: int, which: int, share: float, attitude: Attitude, light: tuple[int, int, int]) -> bytes:
    yaw, pitch, roll = (share * angle for angle in (attitude.yaw, attitude.pitch, attitude.roll))
    near = attitude.near**share
    nose, rest = (projected(*angles, millimetres=500 / near).nose for angles in ((yaw, pitch, roll), (0, 0, 0)))
    aside = rest[0] - nose[0], rest[1] - nose[1]  # held in its place, so that no box jumps
    return json.dumps([at_ms, yaw, pitch, roll, near, *aside, *light, which]).encode()


def forged(seed: int, script: Script, apart_ms: int) -> Challenge:
    nonce = np.random.default_rng((seed, 0xB0257)).bytes(32)
    current = open_challenge(f"lvn_{seed}", nonce=nonce, now=BEGINNING)
    current = current.begin(source="page", mirrored=False, now=BEGINNING)
    clock, prompts, waiting = 0, 0, list[Shown]()
    while current.state is ChallengeState.RUNNING and (prompt := current.asked) is not None:
        ask, attitude = prompt.ask, Attitude()
        if not isinstance(ask, Colour):
            attitude = ATTITUDES[ask.value]
        if len(current.prompts) > prompts:
            prompts, flat = len(current.prompts), not (attitude.yaw or attitude.pitch)
            waiting = [] if isinstance(ask, Colour) else by_itself(0) if flat else script(apart_ms)
        after_ms, which, share = waiting.pop(0) if waiting else (USUAL_MS, OWN, 0.0)
        clock += after_ms
        arrival = BEGINNING + timedelta(milliseconds=clock + 40)
        server_ms = round(arrival.timestamp() * 1000)
        light = LIGHTS[ask] if isinstance(ask, Colour) else NEUTRAL
        jpeg = pictured(clock, which, share, attitude, light)
        view = read(jpeg, None, current.wants_descriptor(server_ms, LIMITS))
        frame, now = Frame(len(current.frames), clock, server_ms, view), arrival + timedelta(milliseconds=12)
        current = current.with_frames([frame], source="page", limits=LIMITS, now=now)
    return current


@pytest.mark.rule("R83")
@pytest.mark.parametrize("script", [by_a_burst, in_turns])
@pytest.mark.parametrize("apart_ms", [3, 15, 30, 110])
def test_no_other_face_passes_for_the_frames_that_prove_a_step(script: Script, apart_ms: int) -> None:
    verdicts = [judge(forged(seed, script, apart_ms), LIMITS, calibration="x").verdict for seed in range(12)]
    assert Verdict.BONA_FIDE not in verdicts


@pytest.mark.parametrize("seed", range(4, 12))
def test_whoever_does_a_step_is_described_where_it_is_done(seed: int) -> None:
    assert all(walk.seen for walk in walks(acted(seed), LIMITS))

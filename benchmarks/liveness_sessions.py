"""How does a drawn session run? The page, the line and the vision process in one loop, on a clock of its own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from app.specimens.performing import Performer
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import Challenge, ChallengeState, open_challenge
from app.verification.faces.liveness.frame import Frame, FrameView
from app.verification.faces.liveness.steps import LIGHTS, NEUTRAL, Colour
from app.verification.policy import Thresholds

Read = Callable[[bytes, Box | None, bool], FrameView]
"""JPEG, where the face was, whether it is to be described."""
BEGINNING: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
FRAME_MS: Final = 120
"""About eight a second."""


def session(performer: Performer, read: Read, limits: Thresholds, *, seed: int, mirrored: bool = False) -> Challenge:
    """The challenge after somebody has tried; its sequence and the line's delays follow from the seed."""
    chance = np.random.default_rng((seed, 0xC4A11E))
    current = open_challenge(f"lvn_{seed}", nonce=chance.bytes(32), now=BEGINNING)
    current = current.begin(source="page", mirrored=mirrored, now=BEGINNING)
    clock, near = 0, None
    while current.state is ChallengeState.RUNNING and (prompt := current.asked) is not None:
        clock += FRAME_MS + int(chance.integers(-15, 16))
        colour = isinstance(prompt.ask, Colour)
        light = LIGHTS[prompt.ask] if isinstance(prompt.ask, Colour) else NEUTRAL
        jpeg = performer.frame(clock, step=None if colour else prompt.ask.value, light=light)
        arrival = BEGINNING + timedelta(milliseconds=clock + int(chance.integers(25, 70)))
        server_ms = round(arrival.timestamp() * 1000)
        view = read(jpeg, near, current.wants_descriptor(server_ms))
        near = near if view.face is None else view.face.box
        frame = Frame(len(current.frames), clock, server_ms, view)
        current = current.with_frames([frame], source="page", limits=limits, now=arrival + timedelta(milliseconds=20))
    return current

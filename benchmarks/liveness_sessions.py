"""How does a drawn session run? The page, the line and the vision process in one loop, on a clock of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from app.specimens.performing import Performer
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.batch import MOST_TOGETHER, placed
from app.verification.faces.liveness.challenge import Challenge, ChallengeState, open_challenge
from app.verification.faces.liveness.frame import Frame, FrameView
from app.verification.faces.liveness.steps import LIGHTS, NEUTRAL, Colour, Step
from app.verification.thresholds import Thresholds

Read = Callable[[bytes, Box | None, bool], FrameView]
"""JPEG, where the face was, whether it is to be described."""
BEGINNING: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
FRAME_MS: Final = 120
"""About eight a second."""
UNSEEN_MOST: Final = 4
"""As the capture page keeps it."""


def session(
    performer: Performer, read: Read, limits: Thresholds, *, seed: int, mirrored: bool = False, every_ms: int = FRAME_MS
) -> Challenge:
    """The challenge after somebody has tried; its sequence and the line's delays follow from the seed.

    `every_ms`: from one of the camera's pictures to the next.
    """
    chance = np.random.default_rng((seed, 0xC4A11E))
    current = open_challenge(f"lvn_{seed}", nonce=chance.bytes(32), now=BEGINNING)
    current = current.begin(source="page", mirrored=mirrored, now=BEGINNING)
    clock, near = 0, None
    while current.state is ChallengeState.RUNNING and (prompt := current.asked) is not None:
        clock += every_ms + int(chance.integers(-15, 16))
        colour = isinstance(prompt.ask, Colour)
        light = LIGHTS[prompt.ask] if isinstance(prompt.ask, Colour) else NEUTRAL
        jpeg = performer.frame(clock, step=None if colour else prompt.ask.value, light=light)
        arrival = BEGINNING + timedelta(milliseconds=clock + int(chance.integers(25, 70)))
        server_ms = round(arrival.timestamp() * 1000)
        view = read(jpeg, near, current.wants_descriptor(server_ms, limits))
        near = near if view.face is None else view.face.box
        frame = Frame(len(current.frames), clock, server_ms, view)
        current = current.with_frames([frame], source="page", limits=limits, now=arrival + timedelta(milliseconds=20))
    return current


@dataclass(frozen=True, slots=True)
class Line:
    """How what is filmed comes to us, in milliseconds."""

    up: int
    """Its way to us."""
    down: int
    look: int
    """At one frame."""
    least: int = 3
    """Frames that are waited for before a batch is sent."""

    @classmethod
    def of_round(cls, ms: int) -> "Line":
        """A line of such a round, of which pictures take two thirds."""
        return cls(up=ms * 2 // 3, down=ms // 3, look=25)


def windowed(performer: Performer, read: Read, limits: Thresholds, *, seed: int, line: Line) -> Challenge:
    """A page's session over a line of its own: no more frames are on their way unseen than a page keeps there."""
    chance = np.random.default_rng((seed, 0x50C7E7))
    current = open_challenge(f"lvn_{seed}", nonce=chance.bytes(32), now=BEGINNING)
    current = current.begin(source="page", mirrored=False, now=BEGINNING)
    clock, came, near, told = 0, 0, None, [0] * UNSEEN_MOST
    shown: list[tuple[int, Step | Colour]] = [(line.down, current.prompts[0].ask)]
    while current.state is ChallengeState.RUNNING:
        clock = max(clock + FRAME_MS + int(chance.integers(-15, 16)), told[-UNSEEN_MOST])
        ask, asked = next((ask for since, ask in reversed(shown) if since <= clock), None), len(current.prompts)
        light = LIGHTS[ask] if isinstance(ask, Colour) else NEUTRAL
        jpeg = performer.frame(clock, step=ask.value if isinstance(ask, Step) else None, light=light)
        came = max(came, clock + line.up + int(chance.integers(0, 40)))
        server_ms = round(BEGINNING.timestamp() * 1000) + came
        view = read(jpeg, near, current.wants_descriptor(server_ms, limits))
        near = near if view.face is None else view.face.box
        now = BEGINNING + timedelta(milliseconds=came + line.look)
        frame = Frame(len(current.frames), clock, server_ms, view)
        current = current.with_frames([frame], source="page", limits=limits, now=now)
        told.append(came + line.look + line.down)
        shown += [(told[-1], prompt.ask) for prompt in current.prompts[asked:]]
    return current


def batched(
    performer: Performer, read: Read, limits: Thresholds, *, seed: int, line: Line, lag_ms: int = 0
) -> Challenge:
    """The same in batches: the camera films on while one is on its way, and its screen changes when the answer is there.

    `lag_ms`: whoever computes what a camera would have seen, so much too late, and says that it was filmed in time.
    """
    chance = np.random.default_rng((seed, 0xBA7C4))
    current = open_challenge(f"lvn_{seed}", nonce=chance.bytes(32), now=BEGINNING)
    current = current.begin(source="kiosk", mirrored=False, now=BEGINNING)
    clock, waiting, free_at = 0, [], line.down
    shown: list[tuple[int, Step | Colour]] = [(line.down, current.prompts[0].ask)]
    while current.state is ChallengeState.RUNNING:
        clock += FRAME_MS + int(chance.integers(-15, 16))
        ask = next((ask for since, ask in reversed(shown) if since <= clock - lag_ms), None)
        light = LIGHTS[ask] if isinstance(ask, Colour) else NEUTRAL
        waiting.append((clock, performer.frame(clock, step=ask.value if isinstance(ask, Step) else None, light=light)))
        if clock < free_at or len(waiting) < line.least:
            continue
        batch, waiting = waiting[:MOST_TOGETHER], waiting[MOST_TOGETHER:]
        arrived, asked = clock + line.up + int(chance.integers(0, 40)), len(current.prompts)
        done = arrived + line.look * len(batch)
        frames = _looked_at(batch, current, read, limits, arrived)
        now = BEGINNING + timedelta(milliseconds=done)
        current = current.with_frames(frames, source="kiosk", limits=limits, now=now)
        free_at = done + line.down
        shown += [(free_at, prompt.ask) for prompt in current.prompts[asked:]]
    return current


def _looked_at(
    batch: Sequence[tuple[int, bytes]], current: Challenge, read: Read, limits: Thresholds, arrived: int
) -> list[Frame]:
    arrived_ms = round(BEGINNING.timestamp() * 1000) + arrived
    times = placed([at for at, _ in batch], current, limits, arrived_ms=arrived_ms)
    looked: list[Frame] = []
    for (at, jpeg), server_ms in zip(batch, times, strict=True):
        last = (*current.frames, *looked)[-1:]
        near = last[0].view.face.box if last and last[0].view.face else None
        view = read(jpeg, near, current.wants_descriptor(server_ms, limits, looked))
        looked.append(Frame(len(current.frames) + len(looked), at, server_ms, view))
    return looked

"""What is somebody asked, one thing at a time, and whose move is it? A challenge of its own for each try (R83).

Colours and steps alternate, a colour first and last. The next is revealed when the present one has been done, so that
nobody who watches a session learns what comes; who replays an earlier one answers what was asked then.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.core.refusal import Refusal
from app.verification.faces.liveness.continuity import described
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.path import is_unseen_on_its_way, walked
from app.verification.faces.liveness.steps import COLOUR_MS, Colour, Step, drawn_sequence
from app.verification.thresholds import Thresholds

LIFE: Final = timedelta(minutes=3)  # R-section 6.5: single use, three minutes
COLOUR_FRAMES: Final = 3
"""At least, or nobody could tell what the face answered, nor how it is held at rest."""
COLOUR_MOST_MS: Final = 3_000
"""After which a page that sends no frames is not waited for."""
MOST_FRAMES: Final = 750
"""25 seconds at 30 a second."""
CHANCE_BYTES: Final = 32
DESCRIBED_AGAIN_MS: Final = 512
"""From one frame that is described to the next, a delay below this, drawn by chance: a face that is swapped for some of the
time, and back again, does not know when it is looked at."""
USUAL_FRAME_MS: Final = 120
"""Eight frames a second, as the capture page sends them."""
DELAYS: Final = 128
"""Half a minute of them on average: a session is over before they begin anew."""


class ChallengeNotBegun(Refusal, code="challenge_not_begun"):
    """Frames before the challenge was begun."""


class ChallengeBegun(Refusal, code="challenge_begun"):
    """It was begun before; one challenge is for one try."""


class ChallengeElsewhere(Refusal, code="challenge_elsewhere"):
    """Another connection performs it: two at once are two cameras."""


class ChallengeOver(Refusal, code="challenge_over"):
    """It has ended; nothing more is taken."""


class ChallengeExpired(Refusal, code="challenge_expired"):
    """Its three minutes are over."""


class FrameOutOfOrder(Refusal, code="frame_out_of_order"):
    """Its number, or its time, lies before another's that was taken."""


class FrameDoubled(Refusal, code="frame_doubled"):
    """The frame of that number was taken."""


class FrameMissing(Refusal, code="frame_missing"):
    """One before it has not come. Facts: expected."""


class FramesTooMany(Refusal, code="frames_too_many"):
    """More than a challenge takes. Facts: most."""


class TriesOver(Refusal, code="liveness_tries_over"):
    """No further challenge for what is being submitted; people go on (R115). Facts: most."""


class ChallengeState(StrEnum):
    """States, named for who moves next."""

    OPEN = "open"  # applicant: begin
    RUNNING = "running"  # applicant: do what is shown
    DONE = "done"  # us: everything was answered; judge it
    FAILED = "failed"  # us: something was not answered in time; judge what there is
    EXPIRED = "expired"  # nobody: its time ran out


class Mover(StrEnum):
    """Whose move it is."""

    APPLICANT = "applicant"
    US = "us"
    NOBODY = "nobody"


WHOSE_MOVE: Mapping[ChallengeState, Mover] = {
    ChallengeState.OPEN: Mover.APPLICANT,
    ChallengeState.RUNNING: Mover.APPLICANT,
    ChallengeState.DONE: Mover.US,
    ChallengeState.FAILED: Mover.US,
    ChallengeState.EXPIRED: Mover.NOBODY,
}

TURNED_AWAY: Mapping[ChallengeState, type[Refusal]] = {
    ChallengeState.OPEN: ChallengeNotBegun,
    ChallengeState.RUNNING: ChallengeElsewhere,
    ChallengeState.DONE: ChallengeOver,
    ChallengeState.FAILED: ChallengeOver,
    ChallengeState.EXPIRED: ChallengeExpired,
}
"""What is said to frames of any but the connection that performs it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is shown: a step to do before a neutral page, or a colour to look at."""

    ask: Step | Colour
    revealed_ms: int
    """By the server's clock, milliseconds since 1970."""
    first: int
    """Number of the first frame that came since: two that fall into one millisecond are told apart by it."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One try. Everything in it can be kept and taken up by another process; what was not yet revealed is secret."""

    id: str
    steps: tuple[Step, ...]
    colours: tuple[Colour, ...]
    delays_ms: tuple[int, ...]
    """After which the next frame is described; secret, as what is not yet revealed."""
    opened_at: datetime
    state: ChallengeState = ChallengeState.OPEN
    mirrored: bool = False
    """Whether the page sends mirror images; said before anything is revealed."""
    source: str | None = None
    """The connection that performs it."""
    prompts: tuple[Prompt, ...] = ()
    frames: tuple[Frame, ...] = ()

    @property
    def expires_at(self) -> datetime:
        """The first moment at which it is over."""
        return self.opened_at + LIFE

    @property
    def asked(self) -> Prompt | None:
        """What is to be shown now."""
        return self.prompts[-1] if self.state is ChallengeState.RUNNING else None

    def renewed(self, now: datetime) -> "Challenge":
        """Its three minutes anew, also once they are over: of what nobody began nothing was revealed. Raises ChallengeBegun."""
        if self.state is not ChallengeState.OPEN:
            raise ChallengeBegun
        return replace(self, opened_at=now)

    def begin(self, *, source: str, mirrored: bool, now: datetime) -> "Challenge":
        """Reveal the first prompt to one connection. Raises ChallengeBegun, ChallengeOver, ChallengeExpired."""
        current = self.seen(now)
        if current.state is ChallengeState.EXPIRED:
            raise ChallengeExpired
        if current.state is ChallengeState.RUNNING:
            raise ChallengeBegun
        if current.state is not ChallengeState.OPEN:
            raise ChallengeOver
        return _revealed(replace(self, state=ChallengeState.RUNNING, source=source, mirrored=mirrored), now)

    def with_frames(self, frames: Sequence[Frame], *, source: str, limits: Thresholds, now: datetime) -> "Challenge":
        """The challenge after these frames, the next prompt revealed where the present one is done.

        Raises a refusal and changes nothing where they are not the very next ones of the connection that began it.
        """
        self._taking(source, now)
        for at, frame in enumerate(frames, start=len(self.frames)):
            _next_one(frame, at, (self.frames + tuple(frames))[at - 1] if at else None)
        taken = replace(self, frames=self.frames + tuple(frames))
        if _done(taken, limits, _ms(now)):
            return _revealed(taken, now)
        return taken.seen(now, limits)

    def seen(self, now: datetime, limits: Thresholds | None = None) -> "Challenge":
        """As it stands at this moment: expired, or failed where `limits` say that the present prompt was not answered in time.

        A page that stalls sends nothing; whoever holds its connection asks this from time to time.
        """
        if self.state in {ChallengeState.OPEN, ChallengeState.RUNNING} and now >= self.expires_at:
            return replace(self, state=ChallengeState.EXPIRED)
        if self.state is ChallengeState.RUNNING and limits is not None and _late(self, limits, _ms(now)):
            return replace(self, state=ChallengeState.FAILED)
        return self

    def broken_off(self) -> "Challenge":
        """After the connection was lost: what was revealed to it is not revealed again."""
        return replace(self, state=ChallengeState.FAILED) if self.state is ChallengeState.RUNNING else self

    def wants_descriptor(self, server_ms: int, limits: Thresholds, looked: Sequence[Frame] = ()) -> bool:
        """Whether a frame that arrives at this moment is to be described; `looked`: those before it in its batch."""
        if self.asked is None:
            return False
        if self._is_unseen(looked, limits):
            return True
        before = described((*self.frames, *looked))
        delay_ms = self.delays_ms[len(before) % len(self.delays_ms)]
        last_ms, last = (before[-1].server_ms, before[-1].sequence) if before else (self.prompts[0].revealed_ms, -1)
        # By number as by time: however fast frames are sent, no more of them than of anybody's go by undescribed.
        passed = len(self.frames) + len(looked) - last - 1
        return server_ms >= last_ms + delay_ms or passed >= delay_ms // USUAL_FRAME_MS

    def _is_unseen(self, looked: Sequence[Frame], limits: Thresholds) -> bool:
        at = len(self.prompts) - 1
        step = self.prompts[at].ask
        if not isinstance(step, Step):
            return False
        during = (*self.during(at), *looked)
        return is_unseen_on_its_way(step, self.during(at - 1), during, limits, mirrored=self.mirrored)

    def during(self, prompt: int) -> tuple[Frame, ...]:
        """The frames that came while a prompt was shown."""
        end = self.prompts[prompt + 1].first if prompt + 1 < len(self.prompts) else None
        return self.frames[self.prompts[prompt].first : end]

    def _taking(self, source: str, now: datetime) -> None:
        state = self.seen(now).state
        if state is not ChallengeState.RUNNING or source != self.source:
            raise TURNED_AWAY[state]


def open_challenge(challenge_id: str, *, nonce: bytes, now: datetime) -> Challenge:
    """A new challenge whose sequence is the nonce's: 32 bytes from a cryptographic source."""
    if len(nonce) != CHANCE_BYTES:
        raise ValueError(f"a challenge takes {CHANCE_BYTES} bytes of chance")
    steps, colours = drawn_sequence(nonce[:16])
    chance = hashlib.shake_256(nonce[16:]).digest(DELAYS)
    delays_ms = tuple(byte * DESCRIBED_AGAIN_MS // 256 for byte in chance)
    return Challenge(challenge_id, steps, colours, delays_ms, opened_at=now)


def _revealed(challenge: Challenge, now: datetime) -> Challenge:
    order = _alternating(challenge.colours, challenge.steps)
    if len(challenge.prompts) == len(order):
        return replace(challenge, state=ChallengeState.DONE)
    return replace(
        challenge, prompts=(*challenge.prompts, Prompt(order[len(challenge.prompts)], _ms(now), len(challenge.frames)))
    )


def _done(challenge: Challenge, limits: Thresholds, now_ms: int) -> bool:
    at = len(challenge.prompts) - 1
    prompt, during = challenge.prompts[at], challenge.during(at)
    if isinstance(prompt.ask, Colour):
        lit = sum(
            frame.server_ms >= prompt.revealed_ms for frame in during
        )  # a batch begins with what was filmed before
        return now_ms - prompt.revealed_ms >= COLOUR_MS and lit >= COLOUR_FRAMES
    before, shown = challenge.during(at - 1), prompt.revealed_ms
    walk = walked(prompt.ask, before, during, limits, revealed_ms=shown, mirrored=challenge.mirrored)
    return walk.took_ms is not None and walk.took_ms <= limits.liveness_step_most_ms.value


def _late(challenge: Challenge, limits: Thresholds, now_ms: int) -> bool:
    prompt = challenge.prompts[-1]
    most = COLOUR_MOST_MS if isinstance(prompt.ask, Colour) else limits.liveness_step_most_ms.value
    whole = limits.liveness_total_most_ms.value
    return now_ms - prompt.revealed_ms > most or now_ms - challenge.prompts[0].revealed_ms > whole


def _alternating(colours: Sequence[Colour], steps: Sequence[Step]) -> list[Step | Colour]:
    order: list[Step | Colour] = []
    for colour, step in zip(colours, steps, strict=False):
        order += [colour, step]
    return [*order, colours[-1]]


def _next_one(frame: Frame, expected: int, last: Frame | None) -> None:
    if frame.sequence < 0 or (frame.sequence < expected - 1):
        raise FrameOutOfOrder
    if frame.sequence == expected - 1:
        raise FrameDoubled
    if frame.sequence > expected:
        raise FrameMissing(expected=expected)
    if last is not None and (frame.client_ms <= last.client_ms or frame.server_ms < last.server_ms):
        raise FrameOutOfOrder
    if expected >= MOST_FRAMES:
        raise FramesTooMany(most=MOST_FRAMES)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)

"""Whatever is sent, in whatever order: a challenge never goes back, never shows what is not yet asked, and counts no frame twice."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.core.refusal import Refusal
from app.verification.faces.liveness.challenge import LIFE, Challenge, ChallengeState, open_challenge
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.steps import LIGHTS, NEUTRAL, Colour
from benchmarks.liveness_sessions import BEGINNING
from tests.verification.liveness.acting import LIMITS, Actor, read

AHEAD = {
    ChallengeState.OPEN: set(ChallengeState) - {ChallengeState.DONE},
    ChallengeState.RUNNING: set(ChallengeState) - {ChallengeState.OPEN},
    ChallengeState.DONE: {ChallengeState.DONE},
    ChallengeState.FAILED: {ChallengeState.FAILED},
    ChallengeState.EXPIRED: {ChallengeState.EXPIRED},
}


class AnyPage(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.challenge: Challenge = open_challenge("lvn_1", nonce=bytes(range(32)), now=BEGINNING)
        self.actor = Actor(5)
        self.seen = [self.challenge]

    @rule(source=st.sampled_from(["page", "another"]), mirrored=st.booleans())
    def begin(self, source: str, mirrored: bool) -> None:  # noqa: FBT001  hypothesis calls by name
        try:
            self.keep(self.challenge.begin(source=source, mirrored=mirrored, now=self.now))
        except Refusal:
            assert self.challenge.seen(self.now).state is not ChallengeState.OPEN

    @rule(
        off=st.sampled_from([0, 0, 0, 0, 0, -1, 1, -3]),
        source=st.sampled_from(["page", "page", "page", "another"]),
        count=st.integers(1, 4),
    )
    def send(self, off: int, source: str, count: int) -> None:
        frames = [self.frame(off) for _ in range(count)]
        frames = [
            Frame(each.sequence + at, *(each.client_ms, each.server_ms, each.view)) for at, each in enumerate(frames)
        ]
        try:
            after = self.challenge.with_frames(frames, source=source, limits=LIMITS, now=self.now)
        except Refusal:
            return
        assert off == 0
        assert source == self.challenge.source
        assert len(after.frames) == len(self.challenge.frames) + count
        self.keep(after)

    @rule(milliseconds=st.sampled_from([200, 700, 2_000, 6_000, 60_000]))
    def wait(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)
        self.keep(self.challenge.seen(self.now, LIMITS))

    @rule()
    def lose_the_line(self) -> None:
        self.keep(self.challenge.broken_off())

    @invariant()
    def nothing_is_revealed_before_its_time(self) -> None:
        asks = [prompt.ask for prompt in self.challenge.prompts]
        assert all(isinstance(ask, Colour) is (at % 2 == 0) for at, ask in enumerate(asks))
        assert (self.challenge.asked is None) is (self.challenge.state is not ChallengeState.RUNNING)

    @invariant()
    def frames_are_counted_without_a_gap(self) -> None:
        assert [frame.sequence for frame in self.challenge.frames] == list(range(len(self.challenge.frames)))

    @invariant()
    def nothing_runs_beyond_its_life(self) -> None:
        if self.now >= BEGINNING + LIFE:
            assert self.challenge.seen(self.now).state is not ChallengeState.RUNNING

    def frame(self, off: int) -> Frame:
        self.now += timedelta(milliseconds=110)
        at_ms = round((self.now - BEGINNING).total_seconds() * 1000)
        prompt = self.challenge.asked
        ask = None if prompt is None else prompt.ask
        light = LIGHTS[ask] if isinstance(ask, Colour) else NEUTRAL
        step = None if ask is None or isinstance(ask, Colour) else ask.value
        view = read(self.actor.frame(at_ms, step=step, light=light), None, wants_descriptor=False)
        server_ms = round(self.now.timestamp() * 1000)
        return Frame(len(self.challenge.frames) + off, at_ms, server_ms, view)

    def keep(self, after: Challenge) -> None:
        assert after.state in AHEAD[self.challenge.state]
        assert after.prompts[: len(self.challenge.prompts)] == self.challenge.prompts
        assert len(after.prompts) <= len(self.challenge.prompts) + 1
        self.challenge = after


TestAnyPage = AnyPage.TestCase
TestAnyPage.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)

"""Was somebody there? All figures of one try against their thresholds, and what follows (ISO/IEC 30107-3, R87 to R91).

What is found is for staff. The applicant is told that it did not succeed, and of nothing by which a forger would learn.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.verification.faces.liveness import continuity, passive
from app.verification.faces.liveness.challenge import Challenge, ChallengeState
from app.verification.faces.liveness.flashes import answer, foreign
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.judgement import SIGNALS, UNANSWERED, Finding, Judgement, Verdict
from app.verification.faces.liveness.line import is_slow, round_ms
from app.verification.faces.liveness.path import Walk, walked
from app.verification.faces.liveness.steps import Colour, Step
from app.verification.faces.liveness.still import chosen
from app.verification.reasons import ReasonCode
from app.verification.thresholds import Threshold, Thresholds

COLOURS_TO_TELL: Final = 3
NEARING: Final = frozenset({Step.COME_CLOSER, Step.MOVE_BACK})
RESTING_LEAST: Final = 2
"""Frames described at rest, or nobody can say whose face moves: of whoever sat down too late it is not held against them."""


def judge(challenge: Challenge, limits: Thresholds, *, calibration: str) -> Judgement:
    """The judgement of a challenge that is over. A measure that is no number is beyond any threshold."""
    still = chosen(challenge, limits)
    found = tuple(_findings(challenge, limits))
    if still is None:
        least = limits.liveness_still_blur_least.value
        found = (*found, Finding(ReasonCode.LIVENESS_UNCLEAR, 0.0, least))
    verdict = _verdict(challenge, found)
    return Judgement(
        verdict=verdict,
        findings=found,
        still=still.sequence if still is not None and verdict is Verdict.BONA_FIDE else None,
        frames=len(challenge.frames),
        calibration=calibration,
    )


def _verdict(challenge: Challenge, found: tuple[Finding, ...]) -> Verdict:
    codes = {finding.code for finding in found}
    if codes - UNANSWERED - SIGNALS:
        return Verdict.ATTACK
    done = challenge.state is ChallengeState.DONE and not codes & UNANSWERED
    return Verdict.BONA_FIDE if done else Verdict.NON_RESPONSE


def _findings(challenge: Challenge, limits: Thresholds) -> Iterator[Finding]:
    for walk in walks(challenge, limits):
        yield from _of_walk(walk, limits)
    if len(challenge.prompts) < len(challenge.steps) + len(challenge.colours):
        yield Finding(ReasonCode.LIVENESS_UNDONE, len(challenge.prompts), len(challenge.steps) + len(challenge.colours))
    yield from _of_colours(challenge, limits)
    yield from _of_person(challenge, limits)
    alike, most = limits.liveness_difference_least.value, limits.liveness_stalled_most.value
    runs = continuity.runs(challenge.frames, alike=alike, most=most)
    yield from _of_size(challenge, _pictures(runs), limits)
    yield from _beyond(_most(challenge.frames, runs, limits), above=True)
    yield from _beyond(_least(challenge.frames, runs, limits), above=False)


def walks(challenge: Challenge, limits: Thresholds) -> tuple[Walk, ...]:
    """How each step that was revealed was performed."""
    return tuple(
        walked(
            prompt.ask,
            challenge.during(at - 1),
            challenge.during(at),
            limits,
            revealed_ms=prompt.revealed_ms,
            mirrored=challenge.mirrored,
        )
        for at, prompt in enumerate(challenge.prompts)
        if isinstance(prompt.ask, Step)
    )


def _of_walk(walk: Walk, limits: Thresholds) -> Iterator[Finding]:
    if not walk.astray <= limits.liveness_astray_most.value:
        yield Finding(ReasonCode.LIVENESS_ASTRAY, walk.astray, limits.liveness_astray_most.value, walk.step)
    if walk.reaction_ms is not None and not walk.reaction_ms >= limits.liveness_reaction_least_ms.value:
        yield Finding(
            ReasonCode.LIVENESS_TOO_SOON, walk.reaction_ms, limits.liveness_reaction_least_ms.value, walk.step
        )
    if walk.took_ms is None or walk.reach < 1:
        yield Finding(ReasonCode.LIVENESS_UNDONE, walk.reach, 1.0, walk.step)
        return
    if not walk.took_ms >= limits.liveness_step_least_ms.value:
        yield Finding(ReasonCode.LIVENESS_TOO_SOON, walk.took_ms, limits.liveness_step_least_ms.value, walk.step)
    if not walk.took_ms >= limits.liveness_step_possible_ms.value:
        yield Finding(ReasonCode.LIVENESS_AT_ONCE, walk.took_ms, limits.liveness_step_possible_ms.value, walk.step)
    if not walk.straightness >= limits.liveness_straightness_least.value:
        least = limits.liveness_straightness_least.value
        yield Finding(ReasonCode.LIVENESS_UNSTEADY, walk.straightness, least, walk.step)
    if not walk.seen:
        yield Finding(ReasonCode.LIVENESS_UNDESCRIBED, 0.0, 1.0, walk.step)


def _of_colours(challenge: Challenge, limits: Thresholds) -> Iterator[Finding]:
    """Of too few colours nobody can say what they were answered by."""
    if sum(isinstance(prompt.ask, Colour) for prompt in challenge.prompts) < COLOURS_TO_TELL:
        return
    least, faint = limits.liveness_colour_least.value, limits.liveness_colour_strength_least.value
    most, line_ms = limits.liveness_colour_lag_most_ms.value, round_ms(challenge)
    found, slow = answer(challenge), Finding(ReasonCode.LIVENESS_LINE_SLOW, line_ms, most)
    if not found.likeness >= least:
        was_seen = not is_slow(challenge, limits) or foreign(challenge) > limits.liveness_colours_foreign_most.value
        yield Finding(ReasonCode.LIVENESS_COLOUR, found.likeness, least) if was_seen else slow
    elif not found.strength >= faint:
        yield Finding(ReasonCode.LIVENESS_COLOUR_FAINT, found.strength, faint)
    elif not found.lag_ms <= most:
        is_the_lines = found.lag_ms <= line_ms + limits.liveness_colour_own_lag_most_ms.value
        yield slow if is_the_lines else Finding(ReasonCode.LIVENESS_COLOUR_LATE, found.lag_ms, most)


def _of_person(challenge: Challenge, limits: Thresholds) -> Iterator[Finding]:
    """At rest while a colour is shown, moving while a step is done: a head turned aside looks less like itself."""
    resting, moving = (
        [
            frame
            for at, prompt in enumerate(challenge.prompts)
            if isinstance(prompt.ask, kind)
            for frame in challenge.during(at)
        ]
        for kind in (Colour, Step)
    )
    if (known := len(continuity.described(resting))) < RESTING_LEAST:
        yield Finding(ReasonCode.LIVENESS_UNDESCRIBED, known, RESTING_LEAST)
        return
    at_rest, in_motion = limits.liveness_descriptors_apart_most.value, limits.liveness_moving_apart_most.value
    if not (apart := continuity.descriptors_apart(resting)) <= at_rest:
        yield Finding(ReasonCode.LIVENESS_OTHER_PERSON, apart, at_rest)
    elif not (apart := continuity.moving_apart(resting, moving)) <= in_motion:
        yield Finding(ReasonCode.LIVENESS_OTHER_PERSON, apart, in_motion)


def _of_size(challenge: Challenge, frames: Sequence[Frame], limits: Thresholds) -> Iterator[Finding]:
    """Whoever is asked nearer goes there and back as briskly as they like, until the colour after it is over."""
    nearing = {
        frame.sequence
        for at in range(len(challenge.prompts))
        if any(prompt.ask in NEARING for prompt in challenge.prompts[max(at - 1, 0) : at + 1])
        for frame in challenge.during(at)
    }
    others = {frame.sequence for frame in frames} - nearing
    for held, limit in ((nearing, limits.liveness_growth_nearing_most), (others, limits.liveness_growth_most)):
        if not (grown := continuity.growth(frames, held)) <= limit.value:
            yield Finding(ReasonCode.LIVENESS_SCALE, grown, limit.value)


def _pictures(runs: continuity.Runs) -> tuple[Frame, ...]:
    """Where a camera stalled a face went on: how far is a question of the time since its last picture."""
    return tuple(run[0] for run in runs)


Figures = Mapping[ReasonCode, tuple[float, Threshold]]


def _beyond(figures: Figures, *, above: bool) -> Iterator[Finding]:
    for code, (score, threshold) in figures.items():
        kept = score <= threshold.value if above else score >= threshold.value
        if not kept:
            yield Finding(code, score, threshold.value)


def _most(frames: Sequence[Frame], runs: continuity.Runs, limits: Thresholds) -> Figures:
    return {
        ReasonCode.LIVENESS_FACE_LOST: (continuity.faceless_ms(frames), limits.liveness_faceless_most_ms),
        ReasonCode.LIVENESS_OTHER_FACE: (continuity.other_faces(frames), limits.liveness_other_faces_most),
        ReasonCode.LIVENESS_GAP: (continuity.gap_ms(frames), limits.liveness_gap_most_ms),
        ReasonCode.LIVENESS_CLOCKS: (continuity.clocks_apart_ms(frames), limits.liveness_clocks_apart_most_ms),
        ReasonCode.LIVENESS_STALLED: (continuity.stalled(runs), limits.liveness_repeated_most),
        ReasonCode.LIVENESS_REPEATED: (continuity.repeated(runs), limits.liveness_repeated_most),
        ReasonCode.LIVENESS_SPECTRUM: (passive.spectrum(frames), limits.liveness_spectrum_most),
        ReasonCode.LIVENESS_EDGES: (passive.edges(frames), limits.liveness_edges_most),
    }


def _least(frames: Sequence[Frame], runs: continuity.Runs, limits: Thresholds) -> Figures:
    # Longer apart they are a gap, or a face that was lost: neither is accepted, and where the face went nobody saw.
    soon_ms = max(limits.liveness_gap_most_ms.value, limits.liveness_faceless_most_ms.value)
    figures = {
        ReasonCode.LIVENESS_JUMP: (
            continuity.overlap(_pictures(runs), within_ms=soon_ms),
            limits.liveness_overlap_least,
        ),
        ReasonCode.LIVENESS_FROZEN: (continuity.least_difference(runs), limits.liveness_difference_least),
        ReasonCode.LIVENESS_UNDESCRIBED: (len(continuity.described(frames)), limits.liveness_described_least),
        ReasonCode.LIVENESS_TEXTURE: (passive.texture(frames), limits.liveness_texture_least),
    }
    rated = passive.rated(frames)
    return figures if rated is None else {**figures, ReasonCode.LIVENESS_PAD: (rated, limits.liveness_pad_least)}

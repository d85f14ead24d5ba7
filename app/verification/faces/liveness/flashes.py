"""Does the face answer the light of the screen? Skin near it takes its colour, and the room behind does not.

What a film or a drawn face shows was lit by another screen, at another time. A picture tinted as a whole answers nothing
here: skin is measured against its own background. What the answer is worth where the sun is stronger than a screen, no
figure of ours says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.frame import Frame, Mean
from app.verification.faces.liveness.steps import LIGHTS, NEUTRAL, Colour, Light

Levels = npt.NDArray[np.float64]
LAGS_MS: Final = range(0, 1001, 50)
"""Between revealing a colour and the first frame that shows it: network, screen, exposure."""
PLAIN: Final = 0.06
"""Log units of tint from which a frame shows a colour, and not how a head turns in a room's light. Synthetic: in 34 drawn
honest sessions, seeds below 500, no frame above it shows another colour than was shown; a faint answer is 0.08."""
UNLIKE: Final = 0.5
"""Cosine below which a tint is none of those shown: of eight colours around a circle the neighbours are at 0.50 to 0.80."""
FLOOR: Final = 8.0
"""Grey levels added before a logarithm: what is nearly black has no colour."""
BEFORE_MS, AFTER_MS = 300, 600
"""Of the frames around a colour, in which the page is neutral: without them no lag could be told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How skin answered the colours."""

    likeness: float
    """Correlation with the colours that were shown, at the lag that fits best: -1 to 1."""
    lag_ms: int
    strength: float
    """Log units of skin over background for a screen that changes from grey to a pure colour."""


NO_ANSWER: Final = Answer(0.0, 0, 0.0)


def answer(challenge: Challenge) -> Answer:
    """The answer to all colours shown so far."""
    frames = [frame for frame in _near_colours(challenge) if frame.view.face is not None]
    if len(frames) < 2 * len(LIGHTS):
        return NO_ANSWER
    given = _tints(frames)
    return max((_at(challenge, frames, given, lag) for lag in LAGS_MS), key=lambda found: found.likeness)


def foreign(challenge: Challenge) -> int:
    """In how many frames the skin plainly has a colour that nobody had shown it by then.

    No line is so slow that an answer comes before its question: such a face is lit by another screen.
    """
    frames = [frame for frame in challenge.frames if frame.view.face is not None]
    shown = [(each.revealed_ms, _tint(LIGHTS[each.ask])) for each in challenge.prompts if isinstance(each.ask, Colour)]
    tints = _tints(frames) if frames else ()
    return sum(
        _is_foreign(tint, [light for since, light in shown if since <= frame.server_ms])
        for frame, tint in zip(frames, tints, strict=True)
    )


def _is_foreign(tint: Levels, shown: Sequence[Levels]) -> bool:
    strength = float(np.linalg.norm(tint))
    nearest = max((float(tint @ light) / float(np.linalg.norm(light)) for light in shown), default=0.0)
    return strength >= PLAIN and nearest < UNLIKE * strength


def _tints(frames: Sequence[Frame]) -> Levels:
    """How each frame's skin is tinted, beside how it mostly is."""
    given = np.array([_against(frame) for frame in frames])
    return np.asarray(given - np.median(given, axis=0), np.float64)


def _at(challenge: Challenge, frames: Sequence[Frame], given: Levels, lag_ms: int) -> Answer:
    shown = np.array([_tint(_light(challenge, frame.server_ms - lag_ms)) for frame in frames])
    shown, given = shown - shown.mean(axis=0), given - given.mean(axis=0)
    both = float(np.sqrt((shown**2).sum() * (given**2).sum()))
    if both == 0:
        return Answer(0.0, lag_ms, 0.0)
    product = float((shown * given).sum())
    return Answer(product / both, lag_ms, product / float((shown**2).sum()))


def _near_colours(challenge: Challenge) -> list[Frame]:
    spans = [
        (prompt.revealed_ms - BEFORE_MS, _end_ms(challenge, at) + AFTER_MS)
        for at, prompt in enumerate(challenge.prompts)
        if isinstance(prompt.ask, Colour)
    ]
    return [frame for frame in challenge.frames if any(begin <= frame.server_ms < end for begin, end in spans)]


def _end_ms(challenge: Challenge, prompt: int) -> int:
    if prompt + 1 < len(challenge.prompts):
        return challenge.prompts[prompt + 1].revealed_ms
    return challenge.frames[-1].server_ms + 1 if challenge.frames else 0


def _light(challenge: Challenge, at_ms: int) -> Light:
    shown = [prompt for prompt in challenge.prompts if prompt.revealed_ms <= at_ms]
    ask = shown[-1].ask if shown else None
    return LIGHTS[ask] if isinstance(ask, Colour) else NEUTRAL


def _tint(light: Light) -> Levels:
    """What is left of a light without its brightness."""
    return _colour_of(np.array(light, dtype=np.float64) / 255)


def _against(frame: Frame) -> Levels:
    face = frame.view.face
    if face is None:
        return np.zeros(3)
    return _colour_of(_logs(face.skin) - _logs(face.background))


def _colour_of(levels: Levels) -> Levels:
    return np.asarray(levels - levels.mean(), np.float64)


def _logs(mean: Mean) -> Levels:
    return np.asarray(np.log(np.array(mean, dtype=np.float64) + FLOOR), np.float64)

"""Who sits before the camera that is a canvas? A drawn sitter in all attitudes of the steps, to be moved and lit in the browser.

A turned head is rendered here, as the specimens render it, in stages from straight ahead to past the end of its step; the
browser only chooses the stage, tilts and scales it, lights it by the colour its page shines in, and adds a sensor's noise.
"""

import base64
import json
from dataclasses import asdict
from functools import cache
from typing import Any

import cv2
import numpy as np

from app.specimens.canvas import Picture
from app.specimens.heads import HALF_HIGH, MIDDLE, Attitude, Levels, posed
from app.specimens.impostures import PALETTE
from app.specimens.performing import ATTITUDES, manners, room

STAGES = 10
FARTHEST = 1.1
"""Of a step as it is usually done: as far as the liveliest of the specimens goes."""
TURNED = [step for step, attitude in ATTITUDES.items() if attitude.yaw or attitude.pitch]
ASTRONAUT, HOPPER = 1, 0


@cache
def sitter(which: int) -> dict[str, list[list[str]]]:
    """Of each turning step its stages, the first of them straight ahead: picture and mask."""
    rest = _stage(which, Attitude())
    shares = [FARTHEST * at / STAGES for at in range(1, STAGES + 1)]
    return {step: [rest, *(_stage(which, _part(ATTITUDES[step], share)) for share in shares)] for step in TURNED}


def scene(seed: int) -> dict[str, Any]:
    """How somebody moves in this session, the room, and what an earlier session of theirs had asked."""
    chance = np.random.default_rng(seed)
    moves, wall = asdict(manners(chance)), room(chance)
    steps = [str(step) for step in chance.permutation(list(ATTITUDES))[:4]]
    lights = [PALETTE[at] for at in chance.permutation(len(PALETTE))[:5]]
    return {
        "manners": moves,
        "room": _packed(np.clip(wall, 0, 255).astype(np.uint8), ".jpg"),
        "earlier": {"steps": steps, "lights": lights},
        "attitudes": {step: asdict(attitude) for step, attitude in ATTITUDES.items()},
        "middle": MIDDLE,
        "neck": (MIDDLE[0], MIDDLE[1] + 0.8 * HALF_HIGH),
        "farthest": FARTHEST,
    }


def told(seed: int, manner: str) -> str:
    """A script that puts the astronaut before the camera; where faces are swapped, somebody else besides."""
    others = {"other": sitter(HOPPER)} if manner in {"alternating", "swapped"} else {}
    return json.dumps({"manner": manner, "sitter": sitter(ASTRONAUT)} | others | scene(seed))


def _part(whole: Attitude, share: float) -> Attitude:
    return Attitude(yaw=whole.yaw * share, pitch=whole.pitch * share)


def _stage(which: int, attitude: Attitude) -> list[str]:
    picture, person = posed(which, attitude)
    return [_packed(np.clip(picture, 0, 255).astype(np.uint8), ".jpg"), _packed(_alpha(person), ".png")]


def _alpha(person: Levels) -> Picture:
    white = np.full((*person.shape, 4), 255, np.uint8)
    white[..., 3] = np.round(person * 255)
    return white


def _packed(picture: Picture, kind: str) -> str:
    finest = (cv2.IMWRITE_JPEG_QUALITY, 94) if kind == ".jpg" else (cv2.IMWRITE_PNG_COMPRESSION, 1)
    return base64.b64encode(cv2.imencode(kind, picture, finest)[1].tobytes()).decode()

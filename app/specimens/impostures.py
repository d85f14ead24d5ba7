"""How does somebody pretend to stand before the camera? One film for each species of attack, drawn by seed.

They are the simplest of their kind: no mask, no trained forgery. What is refused of them shows that the checks are wired.
"""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from app.specimens.heads import FRAME, MIDDLE, Attitude, Levels, photographed, posed
from app.specimens.performing import ATTITUDES, GREY, Light, Performer, Person, lit

PALETTE: Final[tuple[Light, ...]] = (
    (255, 120, 120), (255, 190, 60), (180, 255, 60), (60, 230, 90), (60, 220, 255), (80, 110, 255), (160, 80, 255), (255, 110, 220),
)  # fmt: skip
"""Any colours would do: those of an earlier session."""
COLOUR_MS, STEP_MS = 700, 2_200
"""Of the earlier session."""


class Photo(Person):
    """A printed photograph, held before the camera: tilted, brought nearer, turned. Paper is flat, and no nose moves on it."""

    def scene(self, at_ms: int, *, step: str | None, light: Light) -> Levels:
        """Paper and what is printed on it are lit alike."""
        held = self.attitude(at_ms, step)
        picture, person = posed(self.which, Attitude())
        print_ = picture * person[..., None] + self.room * (1 - person[..., None])
        return lit(_held(print_, held), self.seen_light(at_ms, light), self.manners.on_skin)


def _held(print_: Levels, held: Attitude) -> Levels:
    place = np.vstack([cv2.getRotationMatrix2D(MIDDLE, -held.roll, held.near), [0, 0, 1]])
    narrow, low = np.cos(np.radians(held.yaw)), np.cos(np.radians(held.pitch))
    flat = np.array([[narrow, 0, MIDDLE[0] * (1 - narrow)], [0, low, MIDDLE[1] * (1 - low)], [0, 0, 1]])
    whole = (place @ flat)[:2]
    whole[:, 2] += held.aside
    return np.asarray(cv2.warpAffine(print_, whole, FRAME, borderMode=cv2.BORDER_REPLICATE), np.float32)


class Replay(Person):
    """An earlier session of the same person, shown again: it did other steps, under other colours."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        steps = [str(step) for step in self.chance.permutation(list(ATTITUDES))[:4]]
        lights = [PALETTE[at] for at in self.chance.permutation(len(PALETTE))[:5]]
        self._script: list[tuple[str | None, Light, int]] = []
        for at, colour in enumerate(lights):
            self._script.append((None, colour, COLOUR_MS))
            if at < len(steps):
                self._script.append((steps[at], GREY, STEP_MS))
        self._since: int | None = None

    def scene(self, at_ms: int, *, step: str | None, light: Light) -> Levels:
        """What was done then, whatever is asked now."""
        del step, light
        self._since = at_ms if self._since is None else self._since
        gone = (at_ms - self._since) % sum(length for _, _, length in self._script)
        for done, colour, length in self._script:
            if gone < length:
                return super().scene(at_ms, step=done, light=colour)
            gone -= length
        raise AssertionError


class Disobedient(Person):
    """Does one of the other steps each time, and sees the colours as they are."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        order = list(self.chance.permutation(list(ATTITUDES)))
        self._instead = {str(step): str(order[(at + 1) % len(order)]) for at, step in enumerate(order)}

    def attitude(self, at_ms: int, step: str | None) -> Attitude:
        """Of another step."""
        return super().attitude(at_ms, None if step is None else self._instead[step])


class Swapped(Person):
    """Another face takes over while the third step is asked for."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        self._steps: list[str] = []

    def attitude(self, at_ms: int, step: str | None) -> Attitude:
        """As asked, by whoever does it."""
        if step is not None and (not self._steps or self._steps[-1] != step):
            self._steps.append(step)
            if len(self._steps) == 3:
                self.which = 1 - self.which
        return super().attitude(at_ms, step)


class Alternating(Person):
    """Another's face whenever a step is done, the sitter's own at rest and for as long as nobody reads a prompt faster."""

    REST_MS = 400

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        self._own = which
        self._prompt: str | None = None
        self._since = 0

    def attitude(self, at_ms: int, step: str | None) -> Attitude:
        """As asked, by whoever does it."""
        if step != self._prompt:
            self._prompt, self._since = step, at_ms
        is_own = step is None or at_ms - self._since < self.REST_MS
        self.which = self._own if is_own else 1 - self._own
        return super().attitude(at_ms, step)


class Frozen(Person):
    """The camera's picture stands still from the second step on; each copy is packed anew, so that its bytes differ."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        self._steps: set[str] = set()
        self._stands: Levels | None = None

    def frame(self, at_ms: int, *, step: str | None, light: Light) -> bytes:
        """The same picture, in another packing."""
        self._steps |= {step} if step is not None else set()
        if self._stands is None:
            jpeg = super().frame(at_ms, step=step, light=light)
            if len(self._steps) < 2:
                return jpeg
            self._stands = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.float32)
        quality = (cv2.IMWRITE_JPEG_QUALITY, int(self.chance.integers(84, 96)))
        return cv2.imencode(".jpg", self._stands.astype(np.uint8), quality)[1].tobytes()


class Puppet(Person):
    """A moving picture fed into the page in place of a camera: it does every step, and sees no screen."""

    def seen_light(self, at_ms: int, light: Light) -> Light:
        """Nothing of it."""
        del at_ms, light
        return GREY


class TintedPuppet(Person):
    """The same, with each frame coloured as a whole as the page is coloured."""

    def scene(self, at_ms: int, *, step: str | None, light: Light) -> Levels:
        """Wall and face alike."""
        picture, person = posed(self.which, self.attitude(at_ms, step))
        whole = picture * person[..., None] + self.room * (1 - person[..., None])
        return lit(whole, self.seen_light(at_ms, light), self.manners.on_skin)


class Looped(Puppet):
    """Two seconds of somebody looking straight ahead, over and over, byte for byte."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed)
        self._loop: list[bytes] = []
        self._at = 0

    def frame(self, at_ms: int, *, step: str | None, light: Light) -> bytes:
        """Of the loop."""
        del step
        if len(self._loop) < 16:
            self._loop.append(photographed(self.scene(at_ms, step=None, light=light), self.chance))
            return self._loop[-1]
        self._at += 1
        return self._loop[self._at % len(self._loop)]


IMPOSTURES: Final[Mapping[str, Callable[[int, int], Performer]]] = {
    "still_photo": Photo,
    "replay": Replay,
    "wrong_steps": Disobedient,
    "swapped_face": Swapped,
    "alternating_face": Alternating,
    "frozen": Frozen,
    "loop": Looped,
    "puppet": Puppet,
    "tinted_puppet": TintedPuppet,
}
"""Species → who performs it, of which sitter (0 or 1) and seed."""

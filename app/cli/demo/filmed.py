"""How is a challenge performed as the page performs it? Frames of somebody drawn go up a socket, prompts come down, in real time."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from app.routers.liveness import HEAD
from app.specimens.performing import GREY, Light, Performer

FRAME_SECONDS: Final = 0.12
"""Eight a second: a page sends twelve, but nobody has to draw its."""
LONGEST_SECONDS: Final = 60
"""The service ends it after 25 seconds (R-section 6.5); one that does not is found by this."""


@dataclass(slots=True)
class Film:
    """One try: what the screen shows now, and what there was of it."""

    performer: Performer
    frames: int = 0
    seconds: float = 0.0
    last: Mapping[str, Any] = field(default_factory=dict)
    """What was said last."""
    answered_seconds: list[float] = field(default_factory=list)
    """Of each prompt, since the frame before it was sent: there, looked at, judged, and back."""
    _step: str | None = None
    _light: Light = GREY

    @property
    def a_second(self) -> float:
        """Frames."""
        return self.frames / self.seconds if self.seconds else 0.0

    @property
    def answered_ms(self) -> int:
        """Of the slowest prompt but one in ten."""
        ordered = sorted(self.answered_seconds) or [0.0]
        return round(1000 * ordered[len(ordered) * 9 // 10])

    def hear(self, said: Mapping[str, Any], since_seconds: float) -> None:
        """Do what is asked from now on."""
        self.last = said
        match said["say"]:
            case "step":
                self._step, self._light = str(said["step"]), GREY
            case "colour":
                octets = bytes.fromhex(str(said["colour"]).removeprefix("#"))
                self._step, self._light = None, (octets[0], octets[1], octets[2])
            case _:
                return
        if self.frames:
            self.answered_seconds.append(since_seconds)

    def frame(self, at_ms: int) -> bytes:
        """The next one, as the page packs it."""
        jpeg = self.performer.frame(at_ms, step=self._step, light=self._light)
        self.frames += 1
        return HEAD.pack(self.frames - 1, at_ms) + jpeg


def filmed(address: str, token: str, performer: Performer) -> Film:
    """A whole try before the socket at that address; returns when the service has spoken its last word."""
    film, headers = Film(performer), {"authorization": f"Bearer {token}", "accept-language": "en"}
    with connect(address, additional_headers=headers, compression=None, proxy=None) as socket:
        begun = sent = time.monotonic()
        with suppress(ConnectionClosed):
            for number in count():
                for said in _heard(socket, until=begun + number * FRAME_SECONDS):
                    film.hear(said, time.monotonic() - sent)
                film.seconds = (sent := time.monotonic()) - begun
                if film.seconds > LONGEST_SECONDS:
                    break
                socket.send(film.frame(round(film.seconds * 1000)))
        with suppress(ConnectionClosed):  # what lay there when it closed
            for said in _heard(socket, until=time.monotonic() + LONGEST_SECONDS):
                film.hear(said, time.monotonic() - sent)
    return film


def _heard(socket: ClientConnection, *, until: float) -> Iterator[Mapping[str, Any]]:
    """What comes until then, and at least what has come."""
    while True:
        try:
            yield json.loads(socket.recv(timeout=max(0.0, until - time.monotonic())))
        except TimeoutError:
            return

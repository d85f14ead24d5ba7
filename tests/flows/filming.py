"""How does somebody perform a challenge? The server's side of a WebSocket in this process or a kiosk's requests, and an actor."""

import asyncio
import json
import struct
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

import httpx

from app.routers.liveness import HEAD
from app.specimens.performing import Light
from tests.flows.house import Bank
from tests.flows.people import Applicant, bearer
from tests.verification.liveness.acting import Actor, read

FRAME = timedelta(milliseconds=120)
GREY: Light = (235, 235, 235)
SECONDS = 20


@dataclass
class Socket:
    """One request for a socket, as uvicorn would hand it over."""

    bank: Bank
    path: str
    headers: dict[str, str]
    heard: list[dict[str, Any]] = field(default_factory=list)
    closed: int | None = None
    denied: tuple[int, dict[str, Any]] | None = None
    accepted: bool = False

    def __post_init__(self) -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._listening = asyncio.Event()
        self._status = 0

    async def __aenter__(self) -> Self:
        assert self.bank.envelope is not None
        path, _, query = self.path.partition("?")
        scope = {
            "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "scheme": "ws", "client": ("203.0.113.7", 4711), "server": ("hufu.example", 80), "subprotocols": [], "state": {},
            "http_version": "1.1", "extensions": {"websocket.http.response": {}},
            "headers": [(name.encode(), value.encode()) for name, value in self.headers.items()],
        }  # fmt: skip
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(self.bank.envelope(scope, self._receive, self._send))
        await self._settled()
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._task.done():
            self._in.put_nowait({"type": "websocket.disconnect", "code": 1006})
        async with asyncio.timeout(SECONDS):
            await self._task

    async def tell(self, octets: bytes | str) -> None:
        """One message; returns when the server waits for the next, or has ended."""
        kind = "text" if isinstance(octets, str) else "bytes"
        self._listening.clear()
        self._in.put_nowait({"type": "websocket.receive", kind: octets})
        await self._settled()

    @property
    def over(self) -> bool:
        """Whether the server said its last word."""
        return self.closed is not None or self.denied is not None

    async def last(self) -> dict[str, Any]:
        """What was said last, when it is over."""
        async with asyncio.timeout(SECONDS):
            await asyncio.shield(self._task)
        return self.heard[-1]

    async def _settled(self) -> None:
        listening = asyncio.ensure_future(self._listening.wait())
        async with asyncio.timeout(SECONDS):
            await asyncio.wait({listening, self._task}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()

    async def _receive(self) -> dict[str, Any]:
        if self._in.empty():
            self._listening.set()
        return await self._in.get()

    async def _send(self, message: Any) -> None:
        match message["type"]:
            case "websocket.accept":
                self.accepted = True
            case "websocket.send":
                self.heard.append(json.loads(message["text"]))
            case "websocket.close":
                self.closed = message.get("code", 1000)
            case "websocket.http.response.start":
                self._status = message["status"]
            case "websocket.http.response.body":
                self.denied = self._status, json.loads(message["body"])


def frame(sequence: int, client_ms: int, jpeg: bytes) -> bytes:
    """As the page packs it."""
    return struct.pack(HEAD.format, sequence, client_ms) + jpeg


async def challenge(applicant: Applicant) -> str:
    """Where the socket of a new challenge is."""
    answer = await applicant.post("/liveness")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["frames"])


async def left(applicant: Applicant) -> None:
    """A whole try: begun, and left before a frame of it."""
    async with socket(applicant, await challenge(applicant)) as stage:
        assert stage.accepted


def socket(applicant: Applicant, path: str, **headers: str) -> Socket:
    """A request for it by the applicant."""
    return Socket(applicant.bank, path, bearer(applicant.token) | headers)


@dataclass
class Kiosk:
    """One performance by requests."""

    applicant: Applicant
    path: str = ""
    """Of its frames, behind the proofing's."""
    told: list[dict[str, Any]] = field(default_factory=list)
    batches: int = 0

    async def begin(self, frames: str, **body: Any) -> httpx.Response:
        """Begin the challenge whose socket would be there."""
        own = f"/v1/proofings/{self.applicant.id}"
        answer = await self.applicant.post(
            frames.removeprefix(own).removesuffix("/frames") + "/performances", json=body
        )
        if answer.status_code == 201:
            self.path = answer.json()["frames"].removeprefix(own)
            self.told += answer.json()["told"]
        return answer

    async def send(self, *frames: tuple[int, bytes], number: int | None = None, **more: Any) -> httpx.Response:
        """The next batch, or that of this number."""
        at = self.batches + 1 if number is None else number
        times = ",".join(str(ms) for ms, _ in frames)
        files = {str(place): jpeg for place, (_, jpeg) in enumerate(frames, start=1)}
        parts = {"batch": (None, str(at)), "times": (None, times), **files} | more
        answer = await self.applicant.put(self.path, files=parts)
        if answer.status_code == 200 and number is None:
            self.batches = at
            self.told += answer.json()["told"]
        return answer


async def kiosk(applicant: Applicant, **body: Any) -> Kiosk:
    """A performance just begun."""
    made = Kiosk(applicant)
    answer = await made.begin(await challenge(applicant), **body)
    assert answer.status_code == 201, answer.text
    applicant.bank.eyes.film = read
    return made


async def filmed(stage: Kiosk, actor: Actor, *, together: int = 3, batches: int = 200) -> httpx.Response:
    """Do what is asked, batch after batch, until it is over; the last answer."""
    step: str | None = None
    light, shown = GREY, 0
    answer = httpx.Response(100)
    for at in range(stage.batches, stage.batches + batches):
        for said in stage.told[shown:]:
            step = said.get("step") if said["say"] in {"step", "colour"} else step
            light = _light(said["colour"]) if said["say"] == "colour" else GREY if said["say"] == "step" else light
        shown = len(stage.told)
        frames = []
        for place in range(together):
            stage.applicant.bank.clock.move(FRAME)
            at_ms = round(FRAME.total_seconds() * 1000) * (at * together + place + 1)
            frames.append((at_ms, actor.frame(at_ms, step=step, light=light)))
        answer = await stage.send(*frames)
        if answer.status_code != 200 or {"say": "finished"} in answer.json()["told"]:
            return answer
    return answer


async def performed(
    stage: Socket, actor: Actor, *, frames: int = 400, every: timedelta = FRAME, first: int = 0
) -> None:
    """Do what is asked, frame after frame, until it is over."""
    stage.bank.eyes.film = read
    step: str | None = None
    light, shown = GREY, 0
    for sequence in range(first, first + frames):
        for said in stage.heard[shown:]:
            step = said.get("step") if said["say"] in {"step", "colour"} else step
            light = _light(said["colour"]) if said["say"] == "colour" else GREY if said["say"] == "step" else light
        shown = len(stage.heard)
        if stage.over:
            return
        stage.bank.clock.move(every)
        at_ms = round(every.total_seconds() * 1000) * (sequence + 1)
        await stage.tell(frame(sequence, at_ms, actor.frame(at_ms, step=step, light=light)))


def _light(colour: str) -> Light:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def still(at_ms: int) -> tuple[int, bytes]:
    """A frame of somebody who does nothing."""
    return at_ms, Actor(1).frame(at_ms, step=None, light=GREY)


def verdicts(bank: Bank) -> list[str | None]:
    """What was made of every try; None: nothing yet."""
    found = bank.sql("SELECT verdict FROM liveness_challenges ORDER BY opened_at, id")
    return [verdict for (verdict,) in found]


async def stalled(bank: Bank) -> None:
    """Nothing comes for longer than anything is waited for."""
    bank.clock.move(timedelta(seconds=10))
    async with asyncio.timeout(SECONDS):
        while verdicts(bank)[-1] is None:  # noqa: ASYNC110  a row of the database's, which tells nobody
            await asyncio.sleep(0.05)


async def consenting(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    opened = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await opened.answer(purpose)).status_code == 201
    return opened

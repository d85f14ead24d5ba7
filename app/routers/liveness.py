"""`/v1/proofings/{id}/liveness`: a challenge is opened, and performed over a socket, one prompt at a time.

How it is performed without one stands in `performances`.
"""

import asyncio
import struct
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, WebSocket
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse
from starlette.websockets import WebSocketDisconnect

from app.core import ids
from app.core.refusal import NotFound, Refusal
from app.routers.callers import Presenting, bearer_of, presenting
from app.routers.capture_cookie import token_of
from app.routers.envelope import STOPPING
from app.routers.language import preferred
from app.routers.problem_documents import described, headers
from app.routers.repeatable import RepeatableRouter
from app.routers.told import Told, ToldFinished, told
from app.routers.wiring import House, Served, house_of, origin_of
from app.services.callers import PresentingCaller
from app.services.performance import LOOKS_EVERY_SECONDS, Performance, Sent
from app.verification.faces.liveness.challenge import ChallengeState
from app.verification.faces.liveness.frame import FrameMalformed
from app.verification.faces.liveness.steps import STEPS_ASKED

router = RepeatableRouter(prefix="/v1/proofings", tags=["proofings"])
sockets = APIRouter(prefix="/v1/proofings")
"""Apart: what a socket is refused is said before it is one, and not as answers of typed routes are."""
HEAD: Final = struct.Struct(">II")
"""Number of a frame from 0, and milliseconds since the first by the page's clock; the JPEG follows."""
CLOSE_DONE, CLOSE_REFUSED = 1000, 4001
GONE: Final = 1006
"""Nobody sends it: the line ended without a word (RFC 6455 §7.4.1)."""


class OpenedChallenge(BaseModel):
    """A challenge, good for one try."""

    id: str
    expires_at: datetime = Field(description="until when it can be performed")
    steps: int = Field(description="how many steps will be asked for, one at a time")
    frames: str = Field(description="where the socket is that takes its frames")
    performances: str = Field(description="where it is begun without one")


class ShownChallenge(BaseModel):
    """Where a challenge stands."""

    id: str
    state: ChallengeState = Field(description="`open`, `running`, or how it ended; not how it was judged")
    expires_at: datetime = Field(description="until when it can be performed")


@router.post("/{proofing_id}/liveness", status_code=201)
async def open_challenge(proofing_id: str, caller: Presenting, house: Served) -> OpenedChallenge:
    """Draw a challenge of four steps, or hand back the one not begun yet: what went wrong before, as a place that was taken, costs no try.

    One under way comes to nothing. Needs the consent to look at the face.
    """
    challenge = await house.liveness.open(caller, proofing_id)
    address = f"/v1/proofings/{proofing_id}/liveness/{challenge.id}"
    return OpenedChallenge(
        id=challenge.id,
        expires_at=challenge.expires_at,
        steps=STEPS_ASKED,
        frames=f"{address}/frames",
        performances=f"{address}/performances",
    )


@router.get("/{proofing_id}/liveness/{challenge_id}")
async def read_challenge(proofing_id: str, challenge_id: str, caller: Presenting, house: Served) -> ShownChallenge:
    """Where a challenge stands."""
    state, expires_at = await house.liveness.state(caller, proofing_id, challenge_id)
    return ShownChallenge(id=challenge_id, state=state, expires_at=expires_at)


@sockets.websocket("/{proofing_id}/liveness/{challenge_id}/frames")
async def perform_liveness(
    socket: WebSocket,
    proofing_id: str,
    challenge_id: str,
    language: Annotated[Literal["zh-CN", "en"] | None, Query()] = None,
    *,
    mirrored: bool = False,
) -> None:
    """Frames in, prompts out, and one word at the end; in `language`, since no page can set a header of its socket."""
    house, spoken = house_of(socket), language or preferred(socket.headers.get("accept-language"))
    try:
        if not (ids.possible(proofing_id) and ids.possible(challenge_id)):
            raise NotFound
        caller = await presenting(house, bearer_of(socket), token_of(socket), origin_of(socket))
        with await house.liveness.room(caller, proofing_id, challenge_id):
            performance = await house.liveness.begin(caller, proofing_id, challenge_id, mirrored=mirrored)
            with suppress(WebSocketDisconnect):
                await _Stage(socket, house, caller, performance, spoken).played()
    except Refusal as refusal:
        await _denied(socket, house, refusal, spoken)


class _Stage:
    """One performance over one socket."""

    def __init__(
        self, socket: WebSocket, house: House, caller: PresentingCaller, performance: Performance, language: str
    ) -> None:
        self._socket, self._house, self._caller, self._performance = socket, house, caller, performance
        self._language = language

    async def played(self) -> None:
        """Until it is over, whoever ends it; then what came of it, which is judged even where nobody listens any more."""
        refusal: Refusal | None = None
        try:
            await self._opened()
            while not self._performance.is_over():
                await self._prompted()
                if not await self._heard():
                    break
        except Refusal as spoken:
            refusal = spoken
        except WebSocketDisconnect:
            pass
        # Their own code tells nothing: whoever was prompted would close with ours, and draw until it suits them.
        if self._is_stopped_by_us():
            self._performance.spoilt = True
        refusal = await self._house.liveness.outcome(self._caller, self._performance, refusal)
        if refusal is None:
            await self._say(ToldFinished())
            await self._socket.close(CLOSE_DONE)
            return
        _, problem = described(refusal, language=self._language, issuer=self._house.issuer)
        await self._socket.send_json({"say": "refused", "problem": problem})
        await self._socket.close(CLOSE_REFUSED)

    async def _opened(self) -> None:
        """The prompt is drawn by now: raises WebSocketDisconnect also where it ended before it was a socket."""
        try:
            await self._socket.accept()
        except OSError:
            raise WebSocketDisconnect(GONE) from None

    def _is_stopped_by_us(self) -> bool:
        stopping = self._socket.scope["state"].get(STOPPING)
        return stopping is not None and stopping.is_set()

    async def _heard(self) -> bool:
        """Take what comes next, if anything does; False: they want no more."""
        try:
            async with asyncio.timeout(LOOKS_EVERY_SECONDS):
                message = await self._socket.receive()
        except TimeoutError:
            self._house.liveness.passed(self._performance)
            return True
        if message["type"] == "websocket.disconnect" or message.get("text") is not None:
            return False
        frame = _frame(message.get("bytes") or b"")
        await self._house.liveness.take(self._caller, self._performance, [frame])
        # A page that sends on regardless of how fast we look fills the line, and its colours seem to come late (R89).
        await self._socket.send_json({"say": "seen", "sequence": frame.sequence})
        return True

    async def _prompted(self) -> None:
        """Tell what there is to tell since."""
        for news in self._performance.news():
            await self._say(told(news))

    async def _say(self, words: Told) -> None:
        await self._socket.send_json(words.model_dump(mode="json"))


def _frame(octets: bytes) -> Sent:
    if len(octets) <= HEAD.size:
        raise FrameMalformed
    sequence, client_ms = HEAD.unpack_from(octets)
    return Sent(sequence, client_ms, octets[HEAD.size :])


async def _denied(socket: WebSocket, house: House, refusal: Refusal, language: str) -> None:
    """Said as to any request: it never became a socket."""
    status, document = described(refusal, language=language, issuer=house.issuer)
    await socket.send_denial_response(JSONResponse(document, status, headers=headers(refusal, language=language)))

"""What goes around every answer? Request id, security headers, bounds, metrics and one log line; plain ASGI.

A class on Starlette's `BaseHTTPMiddleware` costs 0.42 ms a request, as much as a whole token grant.
"""

import re
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from time import perf_counter
from typing import Final, TypedDict

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.entropy import Entropy
from app.routers.answered import Answered
from app.routers.documents import READS, Document
from app.verification.proofing import ImageKind

FRAME_OCTETS: Final = 256 * 1024
"""Of a JPEG of a frame of 640 x 480, by either carrier."""


class SocketSettings(TypedDict):
    """As uvicorn names them."""

    ws: str
    ws_max_size: int
    ws_per_message_deflate: bool


REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
PROTOCOL: Final = ("/oauth2/", "/.well-known/", "/problems/", "/livez", "/readyz", "/metrics")
"""What plain routes serve, ahead of FastAPI's router, which would try every typed route before them."""

SECURITY_HEADERS: Final = (
    (b"cache-control", b"no-store"),  # A107: tokens, codes and personal data never rest in a cache
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)

SMALL_BODY = 64 * 1024
PICTURE_BODY = 16_000_000
"""A picture of 15 MB, and one byte more to see that it is too large."""
PICTURE_ADDRESSES = (
    "/documents/readings",
    "/faces",
    "/face-comparisons",
    "/frames",
    *sorted({f"/{kind.rpartition('/')[2]}" for kind in ImageKind}),
)
SOCKET_ADDRESSES = (b"/frames",)
"""Where a GET may become a WebSocket (RFC 6455)."""
BEGINS: Final = frozenset({"http.response.start", "websocket.http.response.start", "websocket.accept"})
"""What an answer begins with: to a request, to one that would have become a socket, to one that does."""
SWITCHING_PROTOCOLS = 101
SOCKETS: Final[SocketSettings] = {
    "ws": "app.routers.sockets:Socket",  # websockets-sansio, with bounds
    "ws_max_size": FRAME_OCTETS + 8,  # of one message: a frame and its two numbers
    "ws_per_message_deflate": False,  # a picture is packed already, and whoever unpacks can be made to unpack a gigabyte
}
"""What the server is told of sockets."""
STOPPING: Final = "stopping"
"""In a socket's state: an event, set once the server itself ends it. A close frame may say so too, whoever sends it."""


class Envelope:
    """The outermost application."""

    def __init__(self, inner: ASGIApp, protocol: ASGIApp, entropy: Entropy, answered: Answered) -> None:
        self.inner = inner
        self.documents: Mapping[str, Document] = {}
        """Answered ahead of both, once the keys are known."""
        self._protocol = protocol
        self._entropy = entropy
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in it."""
        if scope["type"] == "lifespan":
            await self.inner(scope, receive, send)
            return
        scope.setdefault("method", "GET")  # which every socket begins as
        sealed = _Sealed(scope, send, self._request_id(scope), self._answered)
        document = self.documents.get(scope["path"])
        if document is not None and scope["method"] in READS:
            await document.answer(scope, sealed)
            return
        if scope["path"].startswith(PROTOCOL):
            await self._protocol(
                scope, receive, sealed
            )  # whose endpoints read no body but a form, within its own bound
            return
        socket = scope["type"] == "websocket"  # the server bounds its messages
        await self.inner(scope, receive if socket else _bounded(scope, receive), sealed)

    def _request_id(self, scope: Scope) -> str:
        """The caller's own where it is one of ours in form, so that two systems' logs can be read side by side."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
                found = value.decode()
                break
        else:
            found = self._entropy.draw(12).hex()
        scope.setdefault("state", {})["request_id"] = found
        return str(found)


class _Sealed:
    """Sends one answer in the envelope."""

    __slots__ = ("_answered", "_request_id", "_scope", "_send", "_started")

    def __init__(self, scope: Scope, send: Send, request_id: str, answered: Answered) -> None:
        self._started = perf_counter()
        self._scope = scope
        self._send = send
        self._request_id = request_id
        self._answered = answered

    def __call__(self, message: Message) -> Awaitable[None]:
        if message["type"] in BEGINS:
            headers = message.get("headers", ())
            missing = _missing(tuple([name for name, _ in headers]))
            message["headers"] = [*headers, *missing, (b"x-request-id", self._request_id.encode())]
            status = message.get("status", SWITCHING_PROTOCOLS)
            self._answered.note(self._scope, status, perf_counter() - self._started, self._request_id)
        return self._send(message)


@lru_cache(maxsize=256)
def _missing(given: tuple[bytes, ...]) -> tuple[tuple[bytes, bytes], ...]:
    """The security headers that an answer with these does not set itself."""
    return tuple(pair for pair in SECURITY_HEADERS if pair[0] not in given)


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """The body in pieces, up to what its address takes."""
    takes_picture = scope["method"] in {"PUT", "POST"} and scope["path"].endswith(PICTURE_ADDRESSES)
    limit = PICTURE_BODY if takes_picture else SMALL_BODY
    received = 0

    async def bounded_receive() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413)
        return message

    return bounded_receive

"""What goes around every answer? Request id, security headers, metrics and one log line; plain ASGI.

A class on Starlette's `BaseHTTPMiddleware` costs 0.42 ms a request, as much as a whole token grant.
"""

import re
from functools import lru_cache
from time import perf_counter
from typing import Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.entropy import Entropy, text

LOG = structlog.get_logger("http")
REQUESTS = Counter("hufu_http_requests_total", "Requests answered", ("method", "route", "status"))
SECONDS = Histogram("hufu_http_seconds", "Time to the answer's first byte", ("route",))
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
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
PICTURE_ADDRESSES = ("/portrait", "/emblem", "/face")


class Envelope:
    """The outermost application."""

    def __init__(self, inner: ASGIApp, protocol: ASGIApp, entropy: Entropy) -> None:
        self.inner = inner
        self._protocol = protocol
        self._entropy = entropy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in it."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        started = perf_counter()
        asked = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        request_id = asked.decode() if REQUEST_ID.fullmatch(asked) else text(self._entropy.draw(12))
        scope.setdefault("state", {})["request_id"] = request_id

        takes_picture = scope["method"] == "PUT" and scope["path"].endswith(PICTURE_ADDRESSES)
        limit = PICTURE_BODY if takes_picture else SMALL_BODY
        received = 0

        async def bounded_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        async def sealed_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = list(message.get("headers", ()))
                given = {name for name, _ in headers}
                headers += [pair for pair in SECURITY_HEADERS if pair[0] not in given]
                headers.append((b"x-request-id", request_id.encode()))
                _count(scope, message["status"], perf_counter() - started, request_id)
            await send(message)

        served = self._protocol if scope["path"].startswith(PROTOCOL) else self.inner
        await served(scope, bounded_receive, sealed_send)


@lru_cache(maxsize=1024)
def _metrics(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Found once for each kind of answer: looking them up costs more than counting."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(route)


def _count(scope: Scope, status: int, seconds: float, request_id: str) -> None:
    """One metric and one line; the route's template, never the address itself: addresses hold ids."""
    route = getattr(scope.get("route"), "path", "unmatched")
    method = scope["method"] if scope["method"] in METHODS else "other"  # callers do not make our metrics grow
    counted, timed = _metrics(method, route, status)
    counted.inc()
    timed.observe(seconds)
    LOG.info(
        "answered",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        request_id=request_id,
    )

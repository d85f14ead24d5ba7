"""What is a protocol endpoint? A plain route: found by its path at once, answered without FastAPI's parsing.

Between the server and such an endpoint stand the envelope and nothing else: each layer of a router costs as much as
reading the form.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.refusal import Refusal

Endpoint = Callable[[Request], Awaitable[ASGIApp]]
NO_STORE: Final = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))  # RFC 6749 §5.1
JSON: Final = (b"content-type", b"application/json")


class PlainRoute(Route):
    """A route without FastAPI's parsing; FastAPI's own routes note themselves in the scope, Starlette's do not."""

    def __init__(self, path: str, endpoint: Endpoint, *, methods: list[str] | None = None) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.plain = endpoint

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Starlette's match, with the route noted."""
        match, child = super().matches(scope)
        return match, {**child, "route": self}


class Found(Headers):
    """The headers of a request, found by name at once: Starlette walks through all of them for each that is asked for."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        # The first of several, as Starlette has it; of those that could mislead there is one (`connection.SINGLE`).
        self._found = dict(reversed(raw))

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a header named in small letters."""
        value = self._found.get(key.encode("latin-1"))
        return default if value is None else value.decode("latin-1")


class PlainRequest(Request):
    """A request of a plain endpoint."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope, receive)
        self._found = Found(scope["headers"])

    @property
    def headers(self) -> Headers:
        """All of them."""
        return self._found


class JsonAnswer:
    """A document that is kept by nobody; half as dear as Starlette's response."""

    __slots__ = ("_body",)

    def __init__(self, document: object) -> None:
        self._body = orjson.dumps(document)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        headers = [(b"content-length", b"%d" % len(self._body)), JSON, *NO_STORE]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


class PlainRoutes:
    """Serves the routes of a fixed path; whatever is none of them, and every other method, is the router's."""

    def __init__(
        self,
        routes: Iterable[PlainRoute],
        router: Starlette,
        spoken: Callable[[Request, Exception], Awaitable[Response]],
    ) -> None:
        """`spoken` says what went wrong, as the router's own handlers do."""
        self._routes = {route.path: route for route in routes}
        self._router = router
        self._spoken = spoken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        route = self._routes.get(scope["path"])
        if route is None or scope["method"] not in (route.methods or ()):
            await self._router(scope, receive, send)
            return
        scope["app"], scope["route"] = self._router, route
        request = PlainRequest(scope, receive)
        try:
            answer = await route.plain(request)
        except (Refusal, HTTPException) as refusal:
            answer = await self._spoken(request, refusal)
        except Exception as fault:
            await (await self._spoken(request, fault))(scope, receive, send)
            raise  # for the server to write down, as the router lets it
        await answer(scope, receive, send)

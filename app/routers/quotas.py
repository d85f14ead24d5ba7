"""Who is turned away before anything is asked? Networks that ask too much, and everybody while the clock is wrong.

Plain ASGI; it stands inside the envelope, so that what is refused here is counted and sealed like any other answer.
"""

from typing import Final

from starlette.datastructures import State
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.refusal import Refusal
from app.core.share import SHARE, Share
from app.routers.language import preferred
from app.routers.problem_documents import described, headers
from app.routers.wiring import House

ALWAYS: Final = frozenset(
    {
        "/livez",
        "/readyz",
        "/metrics",
        "/oauth2/jwks",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    }
)
"""Read by machines all the time, made once, and needed most when something is wrong."""
WAITS: Final = ("/v1/proofings", "/v1/documents", "/v1/subscribers", "/v1/face-comparisons")
"""Pictures, submissions and those who follow them: before a log-in waits, these do."""


class Threshold:
    """Around everything that is asked of the services."""

    def __init__(self, app: ASGIApp, *, issuer: str, state: State) -> None:
        """`state`: where the services are, once they are built."""
        self._inner, self._issuer, self._state = app, issuer, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say why not."""
        path = scope.get("path", "")
        if scope["type"] == "lifespan" or path in ALWAYS:
            await self._inner(scope, receive, send)
            return
        house: House = self._state.house
        try:
            house.standing.refuse_by_a_wrong_clock()
            if scope["client"] is not None:
                house.quotas.network(scope["client"][0])
        except Refusal as refusal:
            await self._refused(refusal, scope)(scope, receive, send)
            return
        if not path.startswith(WAITS):
            await self._inner(scope, receive, send)
            return
        before = SHARE.set(Share.LESSER)
        try:
            await self._inner(scope, receive, send)
        finally:
            SHARE.reset(before)

    def _refused(self, refusal: Refusal, scope: Scope) -> JSONResponse:
        given = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        language = preferred(given.decode("latin-1"))
        status, document = described(refusal, language=language, issuer=self._issuer)
        return JSONResponse(document, status, headers=headers(refusal, language=language))

"""What does everybody ask for, and gets the same? Discovery and keys: written once, answered ahead of any router."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope, Send

from app.assertion import metadata
from app.assertion.key_ring import JWKS_MAX_AGE, AsOf, KeyRing, jwks
from app.core.clock import Clock

READS: Final = frozenset({"GET", "HEAD"})
PUBLIC: Final = f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}".encode()


@dataclass(frozen=True, slots=True)
class Written:
    """A body and the headers that tell of it."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document under its address; `path` is what logs and metrics name it by."""

    path: str
    written: Callable[[], Written]
    """The document of this moment."""

    async def read(self, _: Request) -> Response:
        """The same as a route's endpoint, which is what other methods are refused by."""
        body = self.written().body
        return Response(body, headers={"cache-control": PUBLIC.decode()}, media_type="application/json")

    async def answer(self, scope: Scope, send: Send) -> None:
        """Send it."""
        written = self.written()
        scope["route"] = self
        await send({"type": "http.response.start", "status": 200, "headers": written.headers})
        sent: Message = {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else written.body}
        await send(sent)


def documents(*, issuer: str, ring: Callable[[], KeyRing], clock: Clock) -> dict[str, Document]:
    """The documents by path."""
    discovery = rendered(metadata.document(issuer))
    # Written once for each set of keys there is: everybody who checks a token asks for it.
    keys = AsOf(lambda ring, now: rendered(jwks(ring, now)))
    return {
        each.path: each
        for each in (
            Document("/.well-known/openid-configuration", lambda: discovery),
            Document("/.well-known/oauth-authorization-server", lambda: discovery),
            Document("/oauth2/jwks", lambda: keys.answer(ring(), clock.now())),
        )
    }


def rendered(document: object) -> Written:
    """JSON without a needless blank."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = (b"content-length", b"%d" % len(body)), (b"cache-control", PUBLIC), (b"content-type", b"application/json")
    return Written(body, headers)

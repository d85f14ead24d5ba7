"""What does everybody ask for, and gets the same? Discovery and keys: written once, answered ahead of any router."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope, Send

from app.assertion import metadata
from app.assertion.key_ring import JWKS_MAX_AGE, KeyRing, jwks, published
from app.core.clock import Clock

READS: Final = frozenset({"GET", "HEAD"})
PUBLIC: Final = f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}".encode()


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document under its address; `path` is what logs and metrics name it by."""

    path: str
    body: Callable[[], bytes]

    async def read(self, _: Request) -> Response:
        """The same as a route's endpoint, which is what other methods are refused by."""
        return Response(self.body(), headers={"cache-control": PUBLIC.decode()}, media_type="application/json")

    async def answer(self, scope: Scope, send: Send) -> None:
        """The document of this moment."""
        body = self.body()
        scope["route"] = self
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-length", str(len(body)).encode()),
                    (b"cache-control", PUBLIC),
                    (b"content-type", b"application/json"),
                ],
            }
        )
        sent: Message = {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body}
        await send(sent)


def documents(*, issuer: str, ring: Callable[[], KeyRing], clock: Clock) -> dict[str, Document]:
    """The documents by path."""
    discovery = rendered(metadata.document(issuer))
    keys = PublishedKeys(ring, clock)
    return {
        each.path: each
        for each in (
            Document("/.well-known/openid-configuration", lambda: discovery),
            Document("/.well-known/oauth-authorization-server", lambda: discovery),
            Document("/oauth2/jwks", keys.body),
        )
    }


class PublishedKeys:
    """The key set, written once for each set of keys there is: everybody who checks a token asks for it."""

    def __init__(self, ring: Callable[[], KeyRing], clock: Clock) -> None:
        self._ring = ring
        self._clock = clock
        self._written: dict[tuple[str, ...], bytes] = {}

    def body(self) -> bytes:
        """The keys that are good now, or soon will be."""
        return self._body(self._clock.now())

    def _body(self, now: datetime) -> bytes:
        ring = published(self._ring(), now)
        kids = tuple(key.kid for key in ring)
        if kids not in self._written:
            self._written = {kids: rendered(jwks(ring, now))}
        return self._written[kids]


def rendered(document: object) -> bytes:
    """JSON without a needless blank."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

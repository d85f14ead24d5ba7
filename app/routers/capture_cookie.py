"""How does the capture page say who it is? By a cookie of this host alone, and only from a page of ours."""

from typing import Annotated, Final

from fastapi import Depends
from fastapi.openapi.models import APIKey, APIKeyIn
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.core.secret import Secret

COOKIE: Final = "__Host-hufu-capture"
"""The prefix binds it: only this host over TLS may set it, for all its paths and no other host (RFC 6265bis §4.1.3.2)."""
LONGEST_TOKEN: Final = 128
READS: Final = frozenset({"GET", "HEAD"})


def from_our_page(connection: HTTPConnection, issuer: str) -> bool:
    """Whether a page of ours asks: no form or script elsewhere acts in an applicant's name (CSRF, ASVS 3.5.1).

    `Sec-Fetch-Site` is the browser's word and no script's. One that does not say it names its origin with whatever
    changes anything and with every WebSocket, where SameSite alone would let a sibling host through.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = connection.headers.get("origin")
    if origin is not None:
        return origin == issuer
    return connection.scope["type"] == "http" and connection.scope["method"] in READS


class CookieScheme(SecurityBase):
    """The cookie as the interface's description tells of it."""

    def __init__(self) -> None:
        self.scheme_name = "capture"
        self.model = APIKey(
            **{"in": APIKeyIn.cookie},
            name=COOKIE,
            description="Of the capture page: swapped for a one-time code, good for its one proofing; only from a page of ours.",
        )

    async def __call__(self, connection: HTTPConnection) -> Secret[str] | None:
        """The token that was brought; one that comes from another page counts as none."""
        return token_of(connection)


def token_of(connection: HTTPConnection) -> Secret[str] | None:
    """The cookie's token, where a page of ours brings it."""
    found = connection.cookies.get(COOKIE, "")
    if not 0 < len(found) <= LONGEST_TOKEN or not from_our_page(connection, connection.app.state.house.issuer):
        return None
    return Secret(found)


def give(answer: Response, token: Secret[str]) -> None:
    """Put it into the browser until that closes; how long it is good for is decided here, not there."""
    answer.set_cookie(COOKIE, token.reveal(), path="/", secure=True, httponly=True, samesite="strict")


def take(answer: Response) -> None:
    """Out of the browser again."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")


CAPTURE: Final = CookieScheme()
CaptureToken = Annotated[Secret[str] | None, Depends(CAPTURE)]

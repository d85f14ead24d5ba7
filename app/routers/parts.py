"""How is a body of several pictures read? RFC 7578 in memory alone: what a library spools to a disk, a disk may keep."""

import re
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.requests import Request

from app.routers.bodies import PICTURE_SECONDS, picture_in
from app.routers.malformed import malformed
from app.routers.refusals import Malformed
from app.routers.wiring import language_of
from app.verification.picture import MAX_OCTETS

BOUNDARY: Final = re.compile(
    r"multipart/form-data\s*;\s*boundary=\"?([0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-])\"?", re.IGNORECASE
)
"""RFC 2046 §5.1.1: up to seventy characters, no space at the end."""
NAME: Final = re.compile(rb'^content-disposition: *form-data *; *name="([^"\r\n]{0,40})"', re.IGNORECASE | re.MULTILINE)
LONGEST_HEAD: Final = 1024


def parts_in(
    request: Request,
    *,
    allowed: Collection[str],
    required: Collection[str] = (),
    limit: int = MAX_OCTETS,
    seconds: float = PICTURE_SECONDS,
) -> Callable[[], Awaitable[dict[str, bytes]]]:
    """Reads the parts, once it is known that their sender may: all of these names, each once, `limit` octets together.

    Raises Malformed, BodyTooLarge, BodyTooSlow.
    """

    async def read() -> dict[str, bytes]:
        language = language_of(request)
        form = BOUNDARY.fullmatch(request.headers.get("content-type", ""))
        body = await picture_in(request, limit=limit, seconds=seconds)()
        found: dict[str, bytes] = {}
        for name, octets in _parts(body, form[1] if form else "", language, most=len(allowed)):
            if name not in allowed:
                raise malformed("extra_forbidden", ["body", name], language=language)
            if name in found:
                raise malformed("repeated", ["body", name], language=language)
            found[name] = octets
        missing = [name for name in required if name not in found]
        if missing or not found:
            raise malformed("missing", ["body", *missing[:1]], language=language)
        return found

    return read


def _parts(body: bytes, boundary: str, language: str, *, most: int) -> list[tuple[str, bytes]]:
    """Name and octets of each; nothing may stand before the first or after the last but a line's end."""
    unreadable = malformed("unreadable", ["body"], language=language)
    if not boundary:
        raise unreadable
    before, *pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("ascii"), most + 2)
    if before or not pieces or pieces[-1] not in {b"--", b"--\r\n"}:
        raise unreadable
    return [_part(piece, unreadable) for piece in pieces[:-1]]


def _part(piece: bytes, unreadable: Malformed) -> tuple[str, bytes]:
    head, empty_line, octets = piece.partition(b"\r\n\r\n")
    named = NAME.search(head)
    if not head.startswith(b"\r\n") or not empty_line or named is None or len(head) > LONGEST_HEAD:
        raise unreadable
    return named[1].decode("latin-1"), octets

"""How is a body read without letting it grow? In chunks against a limit, as octets or as a form."""

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import AfterValidator, SecretStr
from pydantic_core import PydanticCustomError
from starlette.requests import ClientDisconnect, Request

from app.assertion.oauth import InvalidRequest
from app.routers.malformed import malformed
from app.routers.refusals import BodyTooLarge, BodyTooSlow
from app.routers.wiring import language_of
from app.verification.picture import MAX_OCTETS

FORM_LIMIT = 64 * 1024
FORM_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 50
PICTURE_SECONDS = 120.0
"""For 15 MB at 1 Mbit/s: whoever is slower holds one of few places for nothing."""


def unicode_only(secret: SecretStr) -> SecretStr:
    """Refuse a lone surrogate, which no text can hold: Pydantic looks for one in `str` and not in `SecretStr`."""
    try:
        secret.get_secret_value().encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError("string_unicode", "not Unicode") from None
    return secret


SecretText = Annotated[SecretStr, AfterValidator(unicode_only)]
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
LAYOUT = frozenset("\n\r\t")


def one_line(text: str) -> str:
    """Refuse what is not seen: a NUL the database cannot hold, a mark that turns the words' direction before an approver."""
    return _seen(text, but=frozenset())


def lines(text: str) -> str:
    """The same for words that may run over several lines."""
    return _seen(text, but=LAYOUT)


def _seen(text: str, *, but: frozenset[str]) -> str:
    if any(unicodedata.category(letter) in UNSEEN for letter in text if letter not in but):
        raise PydanticCustomError("string_pattern_mismatch", "an unseen character")
    return text


ONE_LINE, LINES = AfterValidator(one_line), AfterValidator(lines)


def in_clear(request: Request) -> None:
    """Raises Malformed for a packed body: we unpack none, and whoever stands before us may have looked into it."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise malformed("packed", ["header", "content-encoding"], language=language_of(request))


async def octets_of(request: Request, *, limit: int) -> bytes:
    """The whole body; raises BodyTooLarge by the declared length at once, or by what really comes; Malformed if cut short."""
    in_clear(request)
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge
    body, more = bytearray(), True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise malformed("unreadable", ["body"], language=language_of(request))
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise BodyTooLarge
    return bytes(body)


def picture_in(
    request: Request, *, limit: int = MAX_OCTETS, seconds: float = PICTURE_SECONDS
) -> Callable[[], Awaitable[bytes]]:
    """Reads the picture that is the body, once it is known that its sender may; raises BodyTooSlow."""

    async def read() -> bytes:
        try:
            async with asyncio.timeout(seconds):
                return await _picture_octets(request, limit)
        except TimeoutError:
            raise BodyTooSlow from None

    return read


async def _picture_octets(request: Request, limit: int) -> bytes:
    """As `octets_of`; also what was read already, to see whether it was sent before."""
    if request.method == "PUT":
        return await octets_of(request, limit=limit)
    in_clear(request)
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise BodyTooLarge
    except ClientDisconnect:
        raise malformed("unreadable", ["body"], language=language_of(request)) from None
    return bytes(body)


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form; a repeated one keeps all its values. Raises InvalidRequest for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise InvalidRequest(parameter="content-type")
    body = await octets_of(request, limit=FORM_LIMIT)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=False,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except (ValueError, UnicodeDecodeError):
        raise InvalidRequest from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def single(form: dict[str, list[str]], name: str) -> str | None:
    """The one value of a field; RFC 6749 §3.2: a parameter sent twice makes the request invalid."""
    values = form.get(name, [])
    if len(values) > 1:
        raise InvalidRequest(parameter=name)
    return values[0] if values else None

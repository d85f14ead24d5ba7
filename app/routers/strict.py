"""Can a request be read in two ways? One that can is refused: whoever stands before us may have read it the other way."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.routers.bodies import in_clear
from app.routers.malformed import malformed
from app.routers.wiring import language_of

MOST_PARAMETERS = 50
"""In an address; more is a way to make us compare names."""


def parsed(body: bytes) -> Any:
    """The value of a JSON text in UTF-8 (RFC 8259 §8.1); raises JSONDecodeError also for a member named twice."""
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(type(error).__name__, "", 0) from None


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8259 §4: what becomes of a name given twice is unpredictable; a filter before us may have taken the other one."""
    found = dict(members)
    if len(found) < len(members):
        raise json.JSONDecodeError("a member twice", "", 0)
    return found


def _no_number(_: str) -> NoReturn:
    """NaN and Infinity are Python's own, RFC 8259 §6 has none."""
    raise json.JSONDecodeError("not a number", "", 0)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


class StrictRequest(Request):
    """A request whose JSON says everything once."""

    async def json(self) -> Any:
        """The body's value; raises JSONDecodeError."""
        if not hasattr(self, "_json"):
            self._json = parsed(await self.body())
        return self._json


class StrictRoute(APIRoute):
    """A typed route that takes no parameter twice and none it does not know, no member twice and no packed body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, asked only what can be read in one way."""
        handler = super().get_route_handler()
        given = get_flat_params(self.dependant)
        known = frozenset(each.alias for each in given if isinstance(each.field_info, params.Query))

        async def strict(request: Request) -> Response:
            in_clear(request)
            if request.scope["query_string"]:
                _parameters_known_and_once(request, known)
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def _parameters_known_and_once(request: Request, known: frozenset[str]) -> None:
    """Raises Malformed. RFC 6749 §3.1 says "once" of authorization requests, and we of all.

    One that is not known is refused as a body's is: `?limt=5` answered with twenty would be believed to be all there are.
    """
    query = request.scope["query_string"].decode("latin-1")
    try:
        names = Counter(name for name, _ in parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        raise malformed("too_long", ["query"], language=language_of(request)) from None
    for name, times in names.items():
        if name not in known:
            raise malformed("extra_forbidden", ["query", name], language=language_of(request))
        if times > 1:
            raise malformed("repeated", ["query", name], language=language_of(request))

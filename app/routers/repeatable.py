"""How may a caller repeat a POST whose answer was lost? With the header `Idempotency-Key`: done once, answered again.

Every router of `/v1` is one of these, so that no POST is forgotten. What is done once is decided in services/idempotency.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel

from app.assertion.oauth import InvalidClient
from app.core.audit import Actor, ActorKind
from app.core.refusal import OutcomeUnknown, Refusal, Unavailable
from app.routers.problem_documents import described, headers
from app.routers.problems import PROBLEMS
from app.routers.strict import StrictRoute
from app.routers.wiring import Came, Served, house_of, language_of, origin_of
from app.services.callers import ApplicantCaller, CaptureCaller, ClientCaller, StaffCaller, SubscriberCaller
from app.services.idempotency import Answer, Claim, KeyedRequest

LOG = structlog.get_logger("http")
Endpoint = Callable[..., Awaitable[Any]]
Caller = ApplicantCaller | CaptureCaller | ClientCaller | StaffCaller | SubscriberCaller
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9._:-]+$",
        description="repeat this request with the same key, and it is done once; kept for 24 hours",
    ),
]
CAME_TO_NOTHING: Final = frozenset({404, 429, 503})
"""Statuses that say nothing was done and a later try may fare better."""
REPEATED: Final = {"idempotency-replayed": "true"}
FOUND: Final[tuple[tuple[Any, Callable[[Request], Any]], ...]] = ((Served, house_of), (Came, origin_of))
REQUEST: Final = "request"
RESOURCE_PARTS = 3
"""`/v1/proofings/prf_…`: the part of an address that names a thing."""


@dataclass(frozen=True, slots=True)
class ShownOnce:
    """Marks a field of an answer that is shown once: an answer with such a field is never told again."""


class RepeatableRouter(APIRouter):
    """A router whose every POST takes an `Idempotency-Key`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(route_class=StrictRoute, **more)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        """Add a route; a POST is made repeatable."""
        endpoint = filled(endpoint)
        if "POST" in (more.get("methods") or ()):
            endpoint = repeatable(endpoint, status=more.get("status_code") or 200)
        super().add_api_route(path, endpoint, **more)


def repeatable(endpoint: Endpoint, *, status: int) -> Endpoint:
    """The endpoint, done once for each key of a caller; without a key it is as it was."""

    @wraps(endpoint)
    async def answered(*, idempotency_key: str | None, **given: Any) -> Any:
        if idempotency_key is None:
            return await endpoint(**given)
        return await _once(endpoint, given, given[REQUEST], idempotency_key, status)

    own = inspect.signature(endpoint)
    key = inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=Key, default=None)
    answered.__signature__ = own.replace(parameters=[*own.parameters.values(), key])  # type: ignore[attr-defined]
    return answered


def filled(endpoint: Endpoint) -> Endpoint:
    """The endpoint with what needs no parsing found here: as FastAPI's dependencies each costs a tenth of a request."""
    signature = inspect.signature(endpoint, eval_str=True)
    own = signature.parameters
    found = {name: find for name, each in own.items() for kind, find in FOUND if each.annotation == kind}
    asks = REQUEST in own

    @wraps(endpoint)
    async def answered(**given: Any) -> Any:
        request = given[REQUEST] if asks else given.pop(REQUEST)
        return await endpoint(**given, **{name: find(request) for name, find in found.items()})

    by_name = inspect.Parameter.KEYWORD_ONLY
    kept = {name: each.replace(kind=by_name) for name, each in own.items() if name not in found}
    kept[REQUEST] = inspect.Parameter(REQUEST, by_name, annotation=Request)
    answered.__signature__ = signature.replace(parameters=list(kept.values()))  # type: ignore[attr-defined]
    return answered


async def _once(endpoint: Endpoint, given: Mapping[str, Any], request: Request, key: str, status: int) -> Response:
    """Do it, or tell again what was answered."""
    idempotency = house_of(request).idempotency
    caller = next((value for value in given.values() if isinstance(value, Caller)), None)
    actor = Actor(ActorKind.ANYONE, network=origin_of(request).network) if caller is None else caller.actor()
    keyed = KeyedRequest(
        caller=_identity(caller, request),
        key=key,
        target=f"{request.method} {request.url.path}?{request.url.query}",
        body=await request.body(),
        resource="/".join(request.url.path.split("/")[: RESOURCE_PARTS + 1]),
    )
    begun = await idempotency.begin(keyed, actor)
    if isinstance(begun, Answer):
        return Response(begun.body, begun.status, begun.headers | REPEATED)
    try:
        made = await endpoint(**given)
    except OutcomeUnknown:
        # Released, a repetition could do it twice. Where this cannot be written either, the claim stands and says the same.
        with suppress(Unavailable):
            await idempotency.keep_silent(begun, begun.resource)
        raise
    except Refusal as refusal:
        await _keep_refused(request, begun, refusal)
        raise
    except Exception:
        await idempotency.keep_silent(begun, begun.resource)
        raise
    return await _kept(request, begun, made, status)


async def _kept(request: Request, claim: Claim, made: object, status: int) -> Response:
    """The answer as it leaves, remembered if it may be."""
    idempotency = house_of(request).idempotency
    if not isinstance(made, BaseModel):
        raise TypeError(f"{request.url.path} answers with no model, and cannot be told again")
    answer = Answer(status, {"content-type": "application/json"}, made.model_dump_json())
    try:
        if carries_secret(type(made)):
            made_id = getattr(made, "id", None)
            await idempotency.keep_silent(claim, f"{request.url.path}/{made_id}" if made_id else claim.resource)
        else:
            await idempotency.keep(claim, answer)
    except Unavailable:
        # It is done, and its caller shall know; a repetition finds it in doubt and is sent to look.
        LOG.warning("answer_not_kept", request_id=request.state.request_id)
    return Response(answer.body, answer.status, answer.headers)


async def _keep_refused(request: Request, claim: Claim, refusal: Refusal) -> None:
    idempotency = house_of(request).idempotency
    status = PROBLEMS[type(refusal)].status if type(refusal) in PROBLEMS else 0
    if isinstance(refusal, InvalidClient) or status in CAME_TO_NOTHING:
        await idempotency.release(claim)
        return
    language = language_of(request)
    status, document = described(refusal, language=language, issuer=house_of(request).issuer)
    await idempotency.keep(
        claim,
        Answer(
            status, headers(refusal, language=language), json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        ),
    )


def carries_secret(model: type[BaseModel]) -> bool:
    """Whether an answer of this shape shows something once."""
    return any(isinstance(mark, ShownOnce) for field in model.model_fields.values() for mark in field.metadata)


def _identity(caller: Caller | None, request: Request) -> str:
    """Who may have the answer again: the caller, whichever token proves it; for a log-in, whoever brings the same."""
    match caller:
        case ClientCaller():
            return f"client {caller.client_id}"
        case SubscriberCaller():
            return f"subscriber {caller.subscriber_id} {caller.client_id}"
        case StaffCaller():
            return f"staff {caller.staff_id}"
        case ApplicantCaller():
            return f"applicant {caller.token.reveal()}"
        case CaptureCaller():
            return f"capture {caller.capture_id}"
        case None:
            return f"anyone {request.headers.get('authorization', '')}"

"""`/oauth2/*`: token, introspection, revocation. Plain routes: FastAPI's typed form costs four times as much."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from app.assertion.oauth import InvalidClient, InvalidRequest, OAuthRefusal
from app.core.secret import Secret
from app.routers.bodies import form_of, single
from app.routers.callers import basic_of
from app.routers.plain import Endpoint, JsonAnswer, PlainRoute
from app.routers.problem_documents import headers
from app.routers.problems import PROBLEMS
from app.routers.wiring import house_of, language_of, origin_of
from app.services import tokens
from app.services.clients import Credentials

Form = dict[str, list[str]]
PRAGMA = {"cache-control": "no-store", "pragma": "no-cache"}  # RFC 6749 §5.1


def oauth_errors(endpoint: Endpoint) -> Endpoint:
    """Answers OAuth's refusals in OAuth's own form, RFC 6749 §5.2; everything else as the rest of the house."""

    async def answered(request: Request) -> ASGIApp:
        try:
            return await endpoint(request)
        except OAuthRefusal as refusal:
            sent = headers(refusal, language=language_of(request))
            sent = {name: value for name, value in sent.items() if name != "content-type"}
            description = PROBLEMS[type(refusal)].detail_en
            body = {"error": refusal.code, "error_description": description}
            return JSONResponse(body, PROBLEMS[type(refusal)].status, headers=sent | PRAGMA)

    return answered


@oauth_errors
async def token(request: Request) -> ASGIApp:
    """The token endpoint, RFC 6749 §3.2: one door for every grant."""
    form = await form_of(request)
    issued = await house_of(request).tokens.issue(
        tokens.Request(
            grant_type=required(form, "grant_type"),
            credentials=lately_or_now(request, form),
            network=origin_of(request).network,
            scope=single(form, "scope"),
            resources=tuple(form.get("resource", ())),
            code=single(form, "code"),
            code_verifier=single(form, "code_verifier"),
            redirect_uri=single(form, "redirect_uri"),
            refresh_token=single(form, "refresh_token"),
        )
    )
    body: dict[str, object] = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in_seconds,
        "scope": " ".join(sorted(issued.scopes)),
    }
    if issued.refresh_token is not None:
        body["refresh_token"] = issued.refresh_token
    return JsonAnswer(body)


@oauth_errors
async def introspect(request: Request) -> ASGIApp:
    """Introspection, RFC 7662: what a resource may know of a token it was shown."""
    form = await form_of(request)
    found = await house_of(request).presented_tokens.introspect(
        lately_or_now(request, form), required(form, "token"), origin_of(request).network
    )
    return JsonAnswer(found)


@oauth_errors
async def revoke(request: Request) -> Response:
    """Revocation, RFC 7009: 200 also for what was never a token."""
    form = await form_of(request)
    await house_of(request).presented_tokens.revoke(
        credentials_of(request, form), required(form, "token"), origin_of(request).network
    )
    return Response(headers=PRAGMA)


def required(form: Form, name: str) -> str:
    """A field that must be there; raises InvalidRequest."""
    value = single(form, name)
    if value is None:
        raise InvalidRequest(parameter=name)
    return value


def lately_or_now(request: Request, form: Form) -> Credentials:
    """The same; of a header that proved its client a moment ago, that client."""
    header = request.headers.get("authorization")
    if header is not None and "client_id" not in form and "client_secret" not in form:
        lately = house_of(request).clients.lately(header)
        if lately is not None:
            return lately
    return credentials_of(request, form)


def credentials_of(request: Request, form: Form) -> Credentials:
    """The client by Basic or in the form, never both, RFC 6749 §2.3; raises InvalidClient."""
    basic, name, secret = basic_of(request), single(form, "client_id"), single(form, "client_secret")
    if basic is not None:
        if secret is not None or name not in {None, basic.client_id}:
            raise InvalidClient
        return basic
    if name is None:
        raise InvalidClient
    return Credentials(name, None if secret is None else Secret(secret))


routes = [
    PlainRoute("/oauth2/token", token, methods=["POST"]),
    PlainRoute("/oauth2/introspect", introspect, methods=["POST"]),
    PlainRoute("/oauth2/revoke", revoke, methods=["POST"]),
]

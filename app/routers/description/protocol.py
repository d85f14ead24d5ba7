"""How are the plain routes described? As what they are: forms and documents of published standards."""

from typing import Any, Final

from app.assertion.client import Grant
from app.assertion.key_ring import JWKS_MAX_AGE

Described = dict[str, Any]
CLIENT: Final[list[dict[str, list[str]]]] = [{"basic": []}, {}]
"""By HTTP Basic, or in the form, or, where a client keeps no secret, by its name alone."""
CREDENTIALS: Final[Described] = {
    "client_id": {"type": "string", "description": "The client, where it does not come by HTTP Basic."},
    "client_secret": {"type": "string", "description": "Its secret, where it does not come by HTTP Basic."},
}
CACHED = {
    "Cache-Control": {
        "description": f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}",
        "schema": {"type": "string"},
    }
}


def _text(description: str) -> Described:
    return {"type": "string", "description": description}


def _form(required: tuple[str, ...], **fields: Described) -> Described:
    """A request form: each field once, RFC 6749 §3.2."""
    schema = {"type": "object", "required": list(required), "properties": fields | CREDENTIALS}
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def _json(description: str, schema: Described, **more: Described) -> Described:
    return {"description": description, "content": {"application/json": {"schema": schema}}, **more}


def _named(schema: str) -> Described:
    return {"$ref": f"#/components/schemas/{schema}"}


def _post(name: str, summary: str, form: Described, answer: Described) -> Described:
    return {
        "post": {
            "operationId": name,
            "tags": ["protocol"],
            "summary": summary,
            "security": CLIENT,
            "requestBody": form,
            "responses": {"200": answer},
        }
    }


def _get(name: str, tag: str, summary: str, **responses: Described) -> Described:
    answers = {status.removeprefix("_"): answer for status, answer in responses.items()}
    return {"get": {"operationId": name, "tags": [tag], "summary": summary, "responses": answers}}


TOKEN_FORM = _form(
    ("grant_type",),
    grant_type={"type": "string", "enum": [grant.value for grant in Grant], "description": "RFC 6749 §1.3."},
    scope=_text("Scopes asked for, separated by spaces; all that are granted where it is left out."),
    resource=_text("The one audience of the token, RFC 8707."),
    code=_text("For `authorization_code`: the code of a completed log-in."),
    code_verifier=_text("For `authorization_code`: what the code challenge was made from, RFC 7636."),
    redirect_uri=_text("For `authorization_code`: the redirect of its request, where it had one."),
    refresh_token=_text("For `refresh_token`: the newest of its family."),
)
ONE_TOKEN = _form(("token",), token=_text("The token."), token_type_hint=_text("Read by nobody; any kind is found."))

SCHEMAS: Final[dict[str, Described]] = {
    "TokenAnswer": {
        "type": "object",
        "description": "RFC 6749 §5.1.",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
            "access_token": _text("An ES256 JWT of RFC 9068, to be checked against the published keys."),
            "token_type": {"type": "string", "const": "Bearer", "description": "How it is brought."},
            "expires_in": {"type": "integer", "description": "Seconds it is good for."},
            "scope": _text("What was granted, separated by spaces."),
            "refresh_token": _text("Good once; its successor comes with the next answer."),
        },
    },
    "Introspection": {
        "type": "object",
        "description": "RFC 7662 §2.2. Expired, revoked, unknown and another audience's token are one answer.",
        "required": ["active"],
        "properties": {
            "active": {"type": "boolean", "description": "Good here and now."},
            "sub": _text("The subscriber, or the client where it acts for itself."),
            "client_id": _text("Whom it was issued to."),
            "scope": _text("What it grants."),
            "aud": _text("The resource it is for."),
            "acr": _text("How strongly its subscriber logged in."),
            "amr": {"type": "array", "items": {"type": "string"}, "description": "By which methods, RFC 8176."},
            "auth_time": {"type": "integer", "description": "When, in seconds since 1970."},
            "exp": {"type": "integer", "description": "When it ends, in seconds since 1970."},
        },
    },
    "ProblemType": {
        "type": "object",
        "description": "What a problem's `type` means.",
        "required": ["code", "status", "zh-CN", "en"],
        "properties": {
            "code": _text("As in the problem."),
            "status": {"type": "integer", "description": "The status it comes with."},
            "zh-CN": {"type": "object", "description": "Title, detail and advice in Chinese."},
            "en": {"type": "object", "description": "Title, detail and advice in English."},
        },
    },
}

DISCOVERY = {"type": "object", "description": "RFC 8414 §2.", "required": ["issuer", "token_endpoint", "jwks_uri"]}
KEYS = {"type": "object", "required": ["keys"], "properties": {"keys": {"type": "array", "items": {"type": "object"}, "description": "RFC 7517 §5."}}}  # fmt: skip
READINESS = {"type": "object", "description": "Each check by its name.", "required": ["ready", "checks"]}
PROBLEM_TYPE = {
    "description": "What happened and what to do: a page, or JSON where it is asked for",
    "content": {"text/html": {"schema": {"type": "string"}}, "application/json": {"schema": _named("ProblemType")}},
}
CODE = {
    "name": "code",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "A problem's code.",
}

PATHS: Final[dict[str, Described]] = {
    "/oauth2/token": _post("token", "One door for every token", TOKEN_FORM, _json("A token", _named("TokenAnswer"))),
    "/oauth2/introspect": _post(
        "introspect", "What a resource may know of a token", ONE_TOKEN, _json("Active or not", _named("Introspection"))
    ),
    "/oauth2/revoke": _post(
        "revoke", "Forget a token", ONE_TOKEN, {"description": "It is good no longer, if ever it was."}
    ),
    "/.well-known/openid-configuration": _get(
        "read_discovery", "protocol", "Discovery", _200=_json("Metadata", DISCOVERY, headers=CACHED)
    ),
    "/.well-known/oauth-authorization-server": _get(
        "read_server_metadata", "protocol", "The same, where RFC 8414 looks", _200=_json("Metadata", DISCOVERY, headers=CACHED)
    ),
    "/oauth2/jwks": _get("read_keys", "protocol", "The keys tokens are signed with", _200=_json("Keys", KEYS, headers=CACHED)),
    "/problems/{code}": _get("show_problem_type", "pages", "A kind of problem", _200=PROBLEM_TYPE),
    "/livez": _get("read_liveness", "operation", "Does the process run?", _200=_json("It does", {"type": "object"})),
    "/readyz": _get(
        "read_readiness", "operation", "May it be sent requests?",
        _200=_json("It may", READINESS), _503=_json("Not now", READINESS),
    ),
    "/metrics": _get(
        "read_metrics", "operation", "Figures for Prometheus",
        _200={"description": "Text format", "content": {"text/plain": {"schema": {"type": "string"}}}},
    ),
}  # fmt: skip
PATHS["/problems/{code}"]["get"]["parameters"] = [CODE]

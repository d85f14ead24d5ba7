"""How does every error leave? As a problem document in the caller's language; nothing half-said, never a trace."""

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.refusal import Refusal
from app.routers.problems import (
    BodyTooLarge,
    InternalError,
    Malformed,
    MethodNotAllowed,
    NoSuchRoute,
    described,
    headers,
)
from app.routers.wiring import language_of

LOG = structlog.get_logger("http")


def install(application: FastAPI, *, issuer: str) -> None:
    """Every way an error can leave the application."""

    def spoken(request: Request, refusal: Refusal) -> Response:
        language = language_of(request)
        status, document = described(refusal, language=language, issuer=issuer)
        return JSONResponse(document, status, headers=headers(refusal, language=language))

    async def refused(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101  registered for this class alone
        return spoken(request, refusal)

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        # Never the input itself: it may be a password or a code.
        where = ".".join(str(part) for part in first["loc"])
        return spoken(request, Malformed(where=where, what=str(first["msg"])))

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        known: dict[int, Refusal] = {404: NoSuchRoute(), 405: MethodNotAllowed(), 413: BodyTooLarge()}
        answer = spoken(request, known.get(error.status_code, Malformed(where="body", what="unreadable")))
        answer.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
        return answer

    async def broken(request: Request, error: Exception) -> Response:
        LOG.error("internal_error", kind=type(error).__name__, request_id=request.state.request_id)
        return spoken(request, InternalError())

    application.add_exception_handler(Refusal, refused)
    application.add_exception_handler(RequestValidationError, malformed)
    application.add_exception_handler(HTTPException, framework)
    application.add_exception_handler(Exception, broken)

"""How does every error leave? As a problem document in the caller's language; nothing half-said, never a trace."""

from collections.abc import Awaitable, Callable

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.core.refusal import Refusal
from app.routers.malformed import malformed
from app.routers.problem_documents import described, headers
from app.routers.refusals import BodyTooLarge, InternalError, MethodNotAllowed, NoSuchRoute
from app.routers.wiring import language_of

LOG = structlog.get_logger("http")


def install(application: Starlette, *, issuer: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Every way an error can leave the application; and the same for what is served beside its router."""

    def spoken(request: Request, refusal: Refusal) -> Response:
        language = language_of(request)
        status, document = described(refusal, language=language, issuer=issuer)
        return JSONResponse(document, status, headers=headers(refusal, language=language))

    async def refused(request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101  registered for this class alone
        return spoken(request, refusal)

    async def misshapen(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        return spoken(request, malformed(first["type"], first["loc"], language=language_of(request)))

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        known: dict[int, Refusal] = {404: NoSuchRoute(), 405: MethodNotAllowed(), 413: BodyTooLarge()}
        unreadable = malformed("unreadable", ["body"], language=language_of(request))
        answer = spoken(request, known.get(error.status_code, unreadable))
        answer.headers.update({name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"})
        return answer

    async def broken(request: Request, error: Exception) -> Response:
        LOG.error("internal_error", kind=type(error).__name__, request_id=request.state.request_id)
        return spoken(request, InternalError())

    async def any_of_them(request: Request, error: Exception) -> Response:
        if isinstance(error, Refusal):
            return await refused(request, error)
        return await (framework if isinstance(error, HTTPException) else broken)(request, error)

    application.add_exception_handler(Refusal, refused)
    application.add_exception_handler(RequestValidationError, misshapen)
    application.add_exception_handler(HTTPException, framework)
    application.add_exception_handler(Exception, broken)
    return any_of_them

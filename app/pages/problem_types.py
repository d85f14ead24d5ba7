"""What does a problem's `type` lead to? A page that says what happened and what to do; the same as JSON for programs."""

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.assertion.key_ring import JWKS_MAX_AGE
from app.core.refusal import NotFound
from app.pages.rendering import STRINGS, page
from app.routers.accepted import wants_json
from app.routers.language import CHINESE, ENGLISH
from app.routers.plain import PlainRoute
from app.routers.problem import Problem
from app.routers.problems import PROBLEMS
from app.routers.wiring import language_of

BY_CODE: Final[Mapping[str, Problem]] = {refusal.code: problem for refusal, problem in PROBLEMS.items()}
HEADERS: Final = {
    "cache-control": f"public, max-age={int(JWKS_MAX_AGE.total_seconds())}",
    "vary": "accept, accept-language",
}


def advice(code: str, language: str) -> str:
    """What to do about it: its own words where it has some, otherwise those of its status."""
    words = STRINGS[language]["advice"]
    return words.get(code) or words[str(BY_CODE[code].status)]


def pieces(detail: str) -> Iterator[tuple[str, str]]:
    """A detail as words, each run followed by the fact of the one refusal that stands there, if any."""
    yield from ((words, fact or "") for words, fact, _, _ in Formatter().parse(detail))


async def show_problem_type(request: Request) -> Response:
    """A kind of problem, as the caller reads it."""
    code = request.path_params["code"]
    problem = BY_CODE.get(code)
    if problem is None:
        raise NotFound
    answer = JSONResponse(_document(code)) if wants_json(request.headers.get("accept")) else _page(request, code)
    answer.headers.update(HEADERS)
    return answer


def _document(code: str) -> dict[str, object]:
    problem = BY_CODE[code]
    return {
        "code": code,
        "status": problem.status,
        CHINESE: {"title": problem.title_zh, "detail": problem.detail_zh, "advice": advice(code, CHINESE)},
        ENGLISH: {"title": problem.title_en, "detail": problem.detail_en, "advice": advice(code, ENGLISH)},
    }


def _page(request: Request, code: str) -> Response:
    language, problem = language_of(request), BY_CODE[code]
    chinese = language == CHINESE
    return page(
        "problem",
        language=language,
        code=code,
        status=problem.status,
        heading=problem.title_zh if chinese else problem.title_en,
        detail=list(pieces(problem.detail_zh if chinese else problem.detail_en)),
        advice=advice(code, language),
    )


routes: Final = [PlainRoute("/problems/{code}", show_problem_type)]

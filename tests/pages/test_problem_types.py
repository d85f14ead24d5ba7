"""Does every kind of problem have a page that says what happened and what to do, in both languages?"""

import httpx
import pytest
from starlette.applications import Starlette

from app.pages.problem_types import BY_CODE, advice, pieces, routes
from app.pages.rendering import STRINGS
from app.routers import answers
from app.routers.accepted import wants_json, weighed
from app.routers.language import CHINESE, ENGLISH


async def asked(code: str, **headers: str) -> httpx.Response:
    application = Starlette(routes=routes)
    answers.install(application, issuer="https://hufu.example")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="https://hufu.example") as http:
        return await http.get(f"/problems/{code}", headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
@pytest.mark.parametrize("code", BY_CODE)
async def test_every_problem_says_what_happened_and_what_to_do(code: str, language: str) -> None:
    html = (await asked(code, accept_language=language)).text
    problem = BY_CODE[code]
    assert (problem.title_zh if language == CHINESE else problem.title_en) in html
    assert STRINGS[language]["problem"]["todo"] in html
    assert advice(code, language).partition("'")[0] in html


async def test_a_browser_gets_a_page_in_its_language() -> None:
    answer = await asked("wrong_proof", accept="text/html,application/xhtml+xml,*/*;q=0.8", accept_language="en-GB")
    assert (answer.headers["content-type"], answer.headers["content-language"]) == ("text/html; charset=utf-8", "en")
    assert answer.headers["vary"] == "accept, accept-language"


async def test_a_program_that_asks_for_json_gets_both_languages() -> None:
    told = (await asked("wrong_proof", accept="application/json")).json()
    assert (told["code"], told["status"]) == ("wrong_proof", 401)
    assert told[ENGLISH]["advice"] == advice("wrong_proof", ENGLISH) != told[CHINESE]["advice"]


async def test_a_kind_that_does_not_exist_is_not_found() -> None:
    answer = await asked("nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_what_one_refusal_fills_in_is_shown_by_its_name() -> None:
    assert "<var>min_length</var>" in (await asked("password_too_short")).text
    assert list(pieces("At least {n} of {m}.")) == [("At least ", "n"), (" of ", "m"), (".", "")]


def test_no_advice_is_for_a_problem_that_is_not() -> None:
    statuses = {str(problem.status) for problem in BY_CODE.values()}
    assert STRINGS[ENGLISH]["advice"].keys() - statuses <= BY_CODE.keys()


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, False), ("*/*", False), ("text/html", False), ("application/json", True), ("application/json, */*", True),
        ("text/html, application/json", False), ("text/html;q=0.5, application/json", True), ("application/json;q=0", False),
    ],
)  # fmt: skip
def test_json_is_for_those_who_name_it(accept: str | None, *, wanted: bool) -> None:
    assert wants_json(accept) is wanted


def test_a_quality_is_found_behind_other_parameters_and_nonsense_weighs_nothing() -> None:
    assert list(weighed("text/html;level=1;Q=0.4, a;q=x, b")) == [("text/html", 0.4), ("a", 0.0), ("b", 1.0)]

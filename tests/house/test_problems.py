"""Has every refusal of the house a row in the table, in both languages, saying no more than it may?"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from string import Formatter

import pytest

import app
from app.assertion.token import Flaw, InvalidToken
from app.core.refusal import NotAllowed, NotFound, Refusal
from app.routers.language import CHINESE, ENGLISH
from app.routers.problem import Problem
from app.routers.problem_documents import described, headers
from app.routers.problems import PROBLEMS, SILENT

ISSUER = "https://hufu.example"
HEAVY = ("app.verification.documents.outlines", "app.cli")


def every_refusal() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.startswith(HEAVY) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted(set(descendants(Refusal)), key=lambda kind: kind.__qualname__)


def descendants(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        if "code" in vars(child):
            yield child
        yield from descendants(child)


REFUSALS = [kind for kind in every_refusal() if kind.__module__.startswith("app.")]


def facts_of(kind: type[Refusal]) -> list[str]:
    told = (kind.__doc__ or "").partition("Facts:")[2].partition(".")[0]
    return re.findall(r"\w+", re.sub(r"\(.*?\)", "", told))


def named(kind: type[Refusal]) -> str:
    return kind.__name__


@pytest.mark.parametrize("kind", REFUSALS, ids=named)
def test_every_refusal_has_a_row(kind: type[Refusal]) -> None:
    assert kind in PROBLEMS


def test_the_walk_finds_refusals_of_every_floor() -> None:
    floors = {kind.__module__.split(".")[1] for kind in REFUSALS}
    assert floors >= {"core", "assertion", "mfa", "verification", "storage", "services", "routers"}


def test_no_two_refusals_share_a_code() -> None:
    codes = [kind.code for kind in REFUSALS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("kind", PROBLEMS, ids=named)
def test_a_code_can_stand_in_an_address(kind: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z0-9_]+", kind.code)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=lambda problem: problem.title_en)
def test_both_languages_say_something_and_not_the_same(problem: Problem) -> None:
    assert all(words.strip() for words in problem[1:])
    assert problem.title_zh != problem.title_en
    assert re.search(r"[\u4e00-\u9fff]", problem.title_zh)
    assert not re.search(r"[\u4e00-\u9fff]", problem.title_en + problem.detail_en)


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=lambda problem: problem.title_en)
def test_the_status_is_an_error_of_http(problem: Problem) -> None:
    assert problem.status in {400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 500, 503}


@pytest.mark.parametrize("kind", PROBLEMS, ids=named)
def test_details_need_only_facts_the_refusal_names(kind: type[Refusal]) -> None:
    problem = PROBLEMS[kind]
    for detail in (problem.detail_zh, problem.detail_en):
        assert {name for _, name, _, _ in Formatter().parse(detail) if name} <= set(facts_of(kind))


@pytest.mark.parametrize("kind", [kind for kind in REFUSALS if kind is not InvalidToken], ids=named)
def test_a_refusal_with_its_facts_is_a_whole_document(kind: type[Refusal]) -> None:
    status, document = described(kind(**dict.fromkeys(facts_of(kind), "x")), language=ENGLISH, issuer=ISSUER)
    assert (document["type"], document["code"]) == (f"{ISSUER}/problems/{kind.code}", kind.code)
    assert document["status"] == status


def test_equal_refusals_are_equal_documents() -> None:
    assert described(NotFound(), language=CHINESE, issuer=ISSUER) == described(
        NotFound(), language=CHINESE, issuer=ISSUER
    )


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_of_a_token_is_one_answer(flaw: Flaw) -> None:
    spoken = described(InvalidToken(flaw), language=ENGLISH, issuer=ISSUER)
    assert spoken == described(InvalidToken(), language=ENGLISH, issuer=ISSUER)
    assert headers(InvalidToken(flaw), language=ENGLISH) == headers(InvalidToken(), language=ENGLISH)


class Forgotten(Refusal, code="forgotten"):
    """A refusal nobody gave a row. Facts: hint."""


def test_a_refusal_without_a_row_says_nothing_of_itself() -> None:
    status, document = described(Forgotten(hint="the seed was 12345"), language=ENGLISH, issuer=ISSUER)
    assert status == SILENT.status
    assert document["code"] == NotAllowed.code
    assert "12345" not in str(document)


def test_a_refusal_without_a_row_says_nothing_in_headers_either() -> None:
    assert headers(Forgotten(retry_after_seconds=5), language=ENGLISH).keys() == {"content-language", "content-type"}

"""Does the document tell of everything there is? Every route, every refusal, every property."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Route

from app.core.clock import SystemClock
from app.core.environment import Environment
from app.main import create_app
from app.pages import problem_types
from app.routers import oauth, wellknown
from app.routers.description import METHODS, operations_of
from app.routers.description.refused import MET
from app.routers.documents import documents
from app.routers.gauges import Gauges
from app.services.standing import Figures, Health
from app.settings import Settings
from app.verification.faces.weighing import UNJUDGED

SAYS_IT_ITSELF = frozenset({
    "id", "name", "version", "language", "client_id", "password", "created_at", "changed_at", "decided_at", "bound_at",
    "refreshed_at", "expires_at", "contacts", "authenticators",
})  # fmt: skip
"""Properties whose name is enough."""


@pytest.fixture(scope="module")
def application() -> FastAPI:
    """Of the environment that has the most routes."""
    inner = create_app(Settings(environment=Environment.SANDBOX)).inner
    assert isinstance(inner, FastAPI)
    return inner


@pytest.fixture(scope="module")
def document(application: FastAPI) -> dict[str, Any]:
    return application.openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for operation in operations_of(document)}


async def healthy() -> Health:
    return Health({}, {})


def routes(application: FastAPI) -> Iterator[tuple[str, str]]:
    """Path and method of every route, those that are added at start too."""
    shown = documents(issuer="https://hufu.example", ring=tuple, clock=SystemClock()).values()
    told = wellknown.Self(
        documents=shown, health=healthy, gauges=Gauges(tuple, {}, standing=Figures(), refused=dict, judged=UNJUDGED)
    )
    plain = [
        route for route in [*oauth.routes, *problem_types.routes, *wellknown.routes(told)] if isinstance(route, Route)
    ]
    found = [(route.path, route.methods) for route in plain]
    found += [(route.path or "", route.methods) for route in iter_route_contexts(application.router.routes)]
    for path, methods in found:
        if path not in {"", "/openapi.json"}:
            yield from ((path, method.lower()) for method in methods or () if method.lower() in METHODS)


def test_every_route_is_described_and_nothing_else(application: FastAPI, document: dict[str, Any]) -> None:
    described = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert set(routes(application)) == described


def test_every_operation_has_a_readable_name_of_its_own(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for operation in operations_of(document))
    assert all(name.isidentifier() and "__" not in name for name in names)
    assert set(names.values()) == {1}


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    assert not [name for name, each in operations(document).items() if not (each.get("summary") and each["tags"])]


def test_no_operation_answers_in_the_frameworks_own_form(document: dict[str, Any]) -> None:
    assert "ValidationError" not in str(document)


def test_refusals_are_told_of_operations_that_exist(document: dict[str, Any]) -> None:
    assert set(MET) <= set(operations(document))


def test_whoever_needs_a_token_is_told_what_comes_without_one(document: dict[str, Any]) -> None:
    guarded = [each for each in operations_of(document) if {} not in each.get("security", [{}])]
    assert guarded
    assert all("401" in each["responses"] for each in guarded)


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for operation in operations_of(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and operation["operationId"] != "read_readiness":
                forms = set(answer["content"])
                assert forms <= {"application/problem+json", "application/json"}, (operation["operationId"], status)


def test_pictures_are_described_as_octets(document: dict[str, Any]) -> None:
    for name in ("present_document", "present_face", "read_document", "compare_face"):
        content = operations(document)[name]["requestBody"]["content"]
        assert set(content) == {"image/jpeg", "image/png", "image/webp", "image/heic", "application/octet-stream"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    wanted = {value.rpartition("/")[2] for value in references(document)}
    assert wanted <= set(document["components"]["schemas"])


def test_every_property_is_described_where_its_name_is_not_enough(document: dict[str, Any]) -> None:
    bare = {
        f"{schema}.{name}"
        for schema, described in document["components"]["schemas"].items()
        for name, found in described.get("properties", {}).items()
        if "description" not in found and name not in SAYS_IT_ITSELF
    }
    assert not bare


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from [value] if name == "$ref" else references(value)
    if isinstance(node, list):
        for value in node:
            yield from references(value)

"""Does every operation show what a call looks like, and would the call be taken as shown?"""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema_rs import validator_for

from app.main import create_app
from app.routers.description import operations_of
from app.routers.description.examples import EXAMPLES
from app.settings import Settings

Place = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    inner = create_app(Settings()).inner
    assert isinstance(inner, FastAPI)
    return inner.openapi()


def media_of(operation: dict[str, Any]) -> Iterator[Place]:
    """Everything with a body, in and out, that words can show."""
    places = [operation.get("requestBody", {})]
    places += [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    for place in places:
        for form, media in place.get("content", {}).items():
            if media.get("schema", {}).get("format") != "binary":
                yield operation["operationId"], form, media


def media_in(document: dict[str, Any]) -> list[Place]:
    return [place for operation in operations_of(document) for place in media_of(operation)]


def test_every_operation_shows_what_goes_in_and_out(document: dict[str, Any]) -> None:
    assert not [(name, form) for name, form, media in media_in(document) if "example" not in media]


def test_every_part_of_an_address_is_shown(document: dict[str, Any]) -> None:
    parameters = [each for operation in operations_of(document) for each in operation.get("parameters", ())]
    assert not [each["name"] for each in parameters if each["in"] == "path" and "example" not in each]


def test_every_example_is_of_the_form_it_stands_for(document: dict[str, Any]) -> None:
    for name, form, media in media_in(document):
        whole = {**media["schema"], "components": document["components"]} if "schema" in media else {}
        faults = [str(each) for each in validator_for(whole).iter_errors(media["example"])]
        assert not faults, (name, form, faults)


def test_an_example_of_another_form_would_be_seen(document: dict[str, Any]) -> None:
    _, _, media = next(place for place in media_in(document) if place[0] == "prove_totp")
    whole = {**media["schema"], "components": document["components"]}
    assert not validator_for(whole).is_valid({"code": 1})


def test_no_example_is_of_an_operation_that_is_gone(document: dict[str, Any]) -> None:
    assert EXAMPLES.keys() <= {operation["operationId"] for operation in operations_of(document)}

"""Does every POST take an Idempotency-Key, and is every field shown once marked so?"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from app.main import create_app
from app.routers.repeatable import carries_secret
from app.settings import Settings

SECRET = re.compile(r"token|seed|secret|codes?$|otpauth|qr|password")
PERSONAL = {"ShownReading", "PictureComparisonResult"}
"""What holds somebody's document and is kept by nobody, though it could be read again."""
NO_SECRETS = {("ToldReason", "code"), ("StaffReason", "code")}
"""Codes a program decides by."""


def posts() -> Iterator[tuple[str, dict[str, Any]]]:
    application = create_app(Settings()).inner
    assert isinstance(application, FastAPI)
    document = application.openapi()
    for path, operations in document["paths"].items():
        if path.startswith("/v1/") and "post" in operations:
            yield path, operations["post"]


def test_every_post_takes_a_key() -> None:
    without = [
        path for path, post in posts() if "Idempotency-Key" not in {p["name"] for p in post.get("parameters", ())}
    ]
    assert not without


def test_every_answer_that_names_a_secret_is_never_told_again() -> None:
    shapes = [model for model in models(BaseModel) if model.__module__.startswith("app.routers")]
    named = {
        model.__name__
        for model in shapes
        for field in model.model_fields
        if SECRET.search(field) and (model.__name__, field) not in NO_SECRETS and model.__name__ in answered()
    }
    assert named
    assert named | PERSONAL == {
        model.__name__ for model in shapes if model.__name__ in answered() and carries_secret(model)
    }


@cache  # asked for every field of every shape
def answered() -> frozenset[str]:
    """The names of what POSTs answer with."""
    found = set()
    for _, post in posts():
        for answer in post["responses"].values():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            found.add(schema.get("$ref", "").rpartition("/")[2])
    return frozenset(found)


def models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in root.__subclasses__():
        yield model
        yield from models(model)

"""What does `/openapi.json` say? FastAPI's document of the typed routes, made whole: plain routes, every refusal, pictures."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.routers.description import examples, protocol, refused
from app.verification.faces.liveness.batch import MOST_TOGETHER
from app.verification.faces.reference import SLOTS
from app.verification.picture import MAX_OCTETS

Document = dict[str, Any]
METHODS = frozenset({"get", "put", "post", "delete"})
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/heic")
PICTURE = {"type": "string", "format": "binary", "maxLength": MAX_OCTETS}
PICTURE_BODY = {
    "required": True,
    "description": "The picture itself, up to 15 MB and 40 megapixels; told by its content, not by this header.",
    "content": {name: {"schema": PICTURE} for name in (*PICTURES, "application/octet-stream")},
}
TAKES_PICTURE = frozenset({"present_document", "present_face", "read_document", "compare_face"})
PART = {"type": "string", "format": "binary"}
PARTS = {
    "enrol_faces": {
        "type": "object",
        "properties": {str(slot): PART | {"description": f"photograph for slot {slot}"} for slot in SLOTS},
        "minProperties": 1,
        "additionalProperties": False,
    },
    "send_frames": {
        "type": "object",
        "properties": {
            "batch": {"type": "string", "pattern": "^[1-9][0-9]{0,2}$", "description": "number of the batch, from 1"},
            "times": {
                "type": "string",
                "pattern": "^[0-9]{1,9}(,[0-9]{1,9}){0,7}$",
                "description": "when each frame was filmed: milliseconds by the device's own clock, commas between them",
            },
        }
        | {str(at): PART | {"description": f"frame {at}, a JPEG"} for at in range(1, MOST_TOGETHER + 1)},
        "required": ["batch", "times", "1"],
        "additionalProperties": False,
    },
    "compare_pictures": {
        "type": "object",
        "properties": {
            "first": PART | {"description": "a photograph"},
            "second": PART | {"description": "another"},
            "consent": {"type": "string", "description": "hash of the notice on face comparison that was agreed to"},
        },
        "required": ["first", "second", "consent"],
        "additionalProperties": False,
    },
}
"""Bodies of several pictures, RFC 7578; 15 MB together."""
TAGS = {
    "protocol": "OAuth 2.0 as a client or relying party speaks it.",
    "proofings": "Who is this? From opening to the decision.",
    "documents": "What does one document say? Read, judged and forgotten.",
    "faces": "Is it the same face? Enrolled with consent, compared, erased on a word.",
    "bindings": "What an accepted applicant binds.",
    "logins": "Is it still them? One log-in of one claimant, for the bank's own front ends.",
    "account": "What subscribers see and end of their own.",
    "reviews": "What people decide: referred cases, appeals, comparisons at the counter.",
    "staff": "Those who work at the bank: their own sign-in, and what takes two of them.",
    "audit": "What happened, for auditors alone.",
    "operation": "For those who run the service.",
    "pages": "What the screens are made of.",
    "sandbox": "Not there in production.",
}


def install(application: FastAPI, *, issuer: str) -> None:
    """Let the application's `openapi()` tell everything."""
    generated = application.openapi

    @cache
    def openapi() -> Document:
        return whole(generated(), issuer=issuer)

    application.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def whole(document: Document, *, issuer: str) -> Document:
    """FastAPI's document with what it cannot know."""
    for path, operations in protocol.PATHS.items():
        document["paths"].setdefault(path, {}).update(operations)
    for operation in operations_of(document):
        name = operation["operationId"]
        if "requestBody" not in operation and name in TAKES_PICTURE:
            operation["requestBody"] = PICTURE_BODY
        if "requestBody" not in operation and name in PARTS:
            content = {"multipart/form-data": {"schema": PARTS[name]}}
            operation["requestBody"] = {"required": True, "content": content}
        refused.describe(operation)
        examples.show(operation)
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"] |= refused.SCHEMAS | protocol.SCHEMAS
    components["securitySchemes"]["basic"] = {
        "type": "http",
        "scheme": "basic",
        "description": "A client's id and secret, form-encoded within (RFC 6749 §2.3.1).",
    }
    document["servers"] = [{"url": issuer}]
    document["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    return document


def operations_of(document: Document) -> Iterator[Document]:
    """Every operation there is."""
    for operations in document["paths"].values():
        yield from (operation for method, operation in operations.items() if method in METHODS)


def operation_id(route: APIRoute) -> str:
    """A route is called what its function is called."""
    return route.name

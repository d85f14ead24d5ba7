"""Has what the caller holds changed? An `ETag` names each representation; `If-None-Match` asks for another one (RFC 9110 §13)."""

import hashlib
from typing import Annotated, Any, Final

from fastapi import Header
from pydantic import BaseModel
from starlette.responses import Response

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=400, description="the `ETag` held: 304 where it is still the one"),
]
TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"description": "Names this answer.", "schema": {"type": "string"}}}},
    304: {"description": "It is as the caller holds it."},
}


def answered(shown: BaseModel, held: str | None) -> Response:
    """The answer, or that the caller holds it already."""
    body = shown.model_dump_json()
    # Over the answer itself: two languages, and what applicant and client see, are different ones.
    tag = f'"{hashlib.sha256(body.encode("utf-8")).hexdigest()[:32]}"'
    if held is not None and tag in {each.strip().removeprefix("W/") for each in held.split(",")}:
        return Response(status_code=304, headers={"etag": tag})
    return Response(body, media_type="application/json", headers={"etag": tag})

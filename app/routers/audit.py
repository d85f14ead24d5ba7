"""`/v1/audit/events`: what happened, for auditors alone."""

import re
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.routers.callers import Auditor
from app.routers.paging import Listed, Paging, listed
from app.routers.strict import StrictRoute
from app.routers.wiring import Served
from app.services.audit_reading import Found

router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=StrictRoute)
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
"""RFC 3339 §5.6, as the description says it; Pydantic would take a number too, and read it as seconds or as milliseconds."""


def written(given: object) -> object:
    """Refuse a moment that is written in any other way."""
    if isinstance(given, str) and WRITTEN.fullmatch(given) is None:
        raise PydanticCustomError("string_pattern_mismatch", "not RFC 3339")
    return given


Moment = Annotated[AwareDatetime, BeforeValidator(written)]
Asked = Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class ShownEvent(BaseModel):
    """One event: who did what to whom, from where, when, and whether it was allowed."""

    sequence: int = Field(description="its place in the record")
    id: str
    at: AwareDatetime = Field(description="when")
    action: str = Field(description="`noun.verb`")
    outcome: str = Field(description="`allowed` or `refused`")
    actor_kind: str = Field(description="who acted: `client`, `staff`, `system` …")
    actor_id: str | None = Field(description="which of them")
    client_id: str | None
    network: str | None = Field(description="the caller's address")
    factors: list[str] = Field(description="what the actor had proven")
    subject: str | None = Field(description="pseudonym of the person concerned")
    object_id: str | None = Field(description="the thing concerned")
    reason: str | None = Field(description="why it was refused, or what data were read for")
    detail: dict[str, str | int | float | bool | None] = Field(description="codes, counts, scores and versions")


@router.get("/events")
async def read_events(
    caller: Auditor,
    wanted: Paging,
    house: Served,
    since: Annotated[Moment | None, Query(alias="from", description="from this moment on")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="before this moment")] = None,
    action: Annotated[Asked, Query(description="this action alone")] = None,
    subject: Annotated[Asked, Query(description="this person alone")] = None,
) -> Listed[ShownEvent]:
    """Events, the newest first (role auditor); each reading is an event itself."""
    found = await house.audit_reading.read(caller, wanted, since=since, until=until, action=action, subject=subject)
    return listed(found, _event)


def _event(each: Found) -> ShownEvent:
    return ShownEvent(**each.facts)

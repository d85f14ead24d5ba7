"""`/v1/proofings/{id}/events`: a proofing's states as server-sent events (WHATWG HTML §9.2)."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Final

from fastapi import Header, Response
from starlette.responses import StreamingResponse

from app.routers.callers import ProofingReader
from app.routers.repeatable import RepeatableRouter
from app.routers.wiring import House, Served
from app.services.progress import Following
from app.verification.proofing import WHOSE_MOVE, Mover, State

router = RepeatableRouter(prefix="/v1/proofings", tags=["proofings"])
EVENTS = "text/event-stream"
RECONNECT = "retry: 2000\n\n"
HEARTBEAT = ": still here\n\n"
UNBUFFERED = {"x-accel-buffering": "no"}
"""What tells nginx to pass each event on as it comes."""
MOST = 2**63 - 1
EVENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "One event, its fields as they stand in the stream.",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "description": "To be brought back as `Last-Event-ID`."},
        "event": {"type": "string", "const": "state", "description": "What sort of event it is."},
        "data": {
            "type": "string",
            "description": "A JSON object.",
            "contentMediaType": "application/json",
            "contentSchema": {
                "type": "object",
                "required": ["state", "whose_move", "at"],
                "properties": {
                    "state": {"enum": [each.value for each in State], "description": "Where it stands."},
                    "whose_move": {"enum": [each.value for each in Mover], "description": "Who acts next."},
                    "at": {"type": "string", "format": "date-time", "description": "Since when."},
                },
            },
        },
    },
}
"""OpenAPI 3.1 has no word for a stream of events; those who read it take the schema for each of them."""
TOLD: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The states as server-sent events; ends with the last one",
        "content": {EVENTS: {"schema": EVENT}},
    },
    204: {"description": "All was told; nothing more will come, and no client need come again."},
}


@router.get("/{proofing_id}/events", response_class=StreamingResponse, responses=TOLD)
async def follow_proofing(
    proofing_id: str,
    caller: ProofingReader,
    house: Served,
    last_event_id: Annotated[
        int, Header(alias="Last-Event-ID", ge=0, le=MOST, description="the last event seen; those after it are told")
    ] = 0,
) -> Response:
    """Follow a proofing: every state since the last event seen, then each as it is reached."""
    following = await house.progress.begin(caller, proofing_id, after=last_event_id)
    if following is None:
        return Response(status_code=204)
    return StreamingResponse(_events(house, following), media_type=EVENTS, headers=UNBUFFERED)


async def _events(house: House, following: Following) -> AsyncIterator[str]:
    yield RECONNECT
    # Closed here, not when the collector comes: a caller that leaves gives its place back at once.
    async with aclosing(house.progress.states(following)) as states:
        async for each in states:
            if each is None:
                yield HEARTBEAT
                continue
            data = {"state": each.state, "whose_move": WHOSE_MOVE[each.state], "at": each.at.isoformat()}
            yield f"id: {each.sequence}\nevent: state\ndata: {json.dumps(data)}\n\n"

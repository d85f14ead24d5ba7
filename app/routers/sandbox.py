"""`/sandbox/messages.json`: what would have been sent; mounted in development and sandbox alone."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.core.audit import Actor, ActorKind
from app.routers.strict import StrictRoute
from app.routers.wiring import Came, Served

router = APIRouter(prefix="/sandbox", tags=["sandbox"], route_class=StrictRoute)


class ShownMessage(BaseModel):
    """A message that a gateway would have carried."""

    channel: str = Field(description="`phone` or `email`")
    recipient: str = Field(description="the address in full")
    body: str = Field(description="its words")
    created_at: str


@router.get("/messages.json")
async def read_messages(house: Served, origin: Came) -> list[ShownMessage]:
    """The newest messages, newest first, once the worker has taken them out."""
    shown = await house.deliveries.shown(Actor(ActorKind.ANYONE, network=origin.network))
    return [
        ShownMessage(channel=m.channel, recipient=m.recipient, body=m.body, created_at=m.created_at.isoformat())
        for m in shown
        if m.delivered
    ]

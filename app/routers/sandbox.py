"""`/sandbox/messages`: what would have been sent; mounted in development and sandbox alone."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from app.core.audit import Actor, ActorKind
from app.routers.wiring import Came, Served
from app.services.deliveries import Shown

router = APIRouter(prefix="/sandbox", tags=["sandbox"])


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


@router.get("/messages", response_class=HTMLResponse)
async def show_messages(house: Served, origin: Came) -> HTMLResponse:
    """The same as a page."""
    shown = await house.deliveries.shown(Actor(ActorKind.ANYONE, network=origin.network))
    rows = "".join(_row(message) for message in shown if message.delivered)
    page = f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>消息 Messages</title><h1>消息 Messages</h1><ul>{rows}</ul></html>"
    return HTMLResponse(page)


def _row(message: Shown) -> str:
    return f"<li><time>{message.created_at:%Y-%m-%d %H:%M:%S}</time> {escape(message.recipient)}<p>{escape(message.body)}</p></li>"

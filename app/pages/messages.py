"""`/sandbox/messages`: what would have been sent, to look at; mounted in development and sandbox alone."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.core.audit import Actor, ActorKind
from app.pages.rendering import page
from app.routers.wiring import Came, Language, Served

router = APIRouter(prefix="/sandbox", tags=["sandbox"])


@router.get("/messages", response_class=HTMLResponse)
async def show_messages(house: Served, origin: Came, language: Language) -> HTMLResponse:
    """The newest messages as a page."""
    shown = await house.deliveries.shown(Actor(ActorKind.ANYONE, network=origin.network))
    return page("messages", language=language, messages=[message for message in shown if message.delivered])

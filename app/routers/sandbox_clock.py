"""`/sandbox/clock`: lets time pass in the sandbox, and there alone."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.audit import Actor, ActorKind
from app.core.refusal import Unavailable
from app.routers.strict import StrictRoute
from app.routers.wiring import Came, Served
from app.services.sandbox_time import MOST_AHEAD, Told

router = APIRouter(prefix="/sandbox", tags=["sandbox"], route_class=StrictRoute)
TIMELESS: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""What must be answered at once when the database is gone."""


class Advance(BaseModel):
    """How much time passes."""

    model_config = ConfigDict(extra="forbid")
    advance_seconds: int = Field(
        strict=True,
        ge=1,
        le=int(MOST_AHEAD.total_seconds()),
        description="let so many seconds pass at once, for every caller",
    )


class Shown(BaseModel):
    """What the clock shows; codes of an authenticator app are made for this time."""

    now: datetime = Field(description="the present moment of the sandbox")
    ahead_seconds: int = Field(description="how far that is ahead of the machine's clock")


@router.get("/clock")
async def read_sandbox_clock(house: Served) -> Shown:
    """What time the sandbox has."""
    return _shown(await house.sandbox_time.read())


@router.post("/clock")
async def move_sandbox_clock(body: Advance, house: Served, origin: Came) -> Shown:
    """Let time pass, for everybody who uses this sandbox; there is no way back."""
    actor = Actor(ActorKind.ANYONE, network=origin.network)
    return _shown(await house.sandbox_time.advance(timedelta(seconds=body.advance_seconds), actor))


def _shown(told: Told) -> Shown:
    return Shown(now=told.now, ahead_seconds=int(told.ahead.total_seconds()))


class InSandboxTime:
    """Reads the clock before each request: what ran out at another process's word has run out here."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request by the time it came at."""
        if scope["type"] == "http" and scope["path"] not in TIMELESS:
            with suppress(Unavailable):  # the route itself says so where it needs the database
                await scope["app"].state.house.sandbox_time.read()
        await self._inner(scope, receive, send)

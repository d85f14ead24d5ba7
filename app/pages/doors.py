"""`/doors`: which door for whom? Web, native, kiosk, service, staff: flow, kind of client, life of what they get."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.assertion import authorization_code, claims, refresh
from app.pages.rendering import STRINGS, page
from app.routers.wiring import Language
from app.staff import signin

router = APIRouter(tags=["pages"])
DOORS: Final = ("web", "native", "kiosk", "service", "resource", "staff")
ASPECTS: Final = ("flow", "client", "life")


def _minutes(life: timedelta) -> int:
    return int(life / timedelta(minutes=1))


LIVES: Final = {
    "access_minutes": _minutes(claims.LIFETIME),
    "code_seconds": int(authorization_code.LIFETIME.total_seconds()),
    "refresh_hours": _minutes(refresh.ABSOLUTE_END) // 60,
    "idle_minutes": _minutes(signin.IDLE),
    "session_hours": _minutes(signin.LONGEST) // 60,
}
"""What the words name in braces, from where it is decided."""


@router.get("/doors", response_class=HTMLResponse)
async def show_doors(language: Language) -> HTMLResponse:
    """Which door for whom."""
    words = STRINGS[language]["doors"]
    doors = [
        (words[door], [(words[aspect], words[f"{door}_{aspect}"].format_map(LIVES)) for aspect in ASPECTS])
        for door in DOORS
    ]
    return page("doors", language=language, doors=doors)

"""What do our screens look like? One stylesheet for all of them."""

from importlib import resources
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter(tags=["pages"])
SHEET: Final = (resources.files("app.pages") / "static" / "hufu.css").read_bytes()


@router.get("/static/hufu.css", response_class=Response)
async def read_stylesheet() -> Response:
    """The stylesheet of the pages."""
    return Response(SHEET, media_type="text/css", headers={"cache-control": "public, max-age=300"})

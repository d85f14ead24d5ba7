"""`/capture`: where applicants show document and face. Entered by a one-time code; a cookie of this host carries the rest."""

from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.assertion.oauth import InvalidRequest
from app.core.refusal import NotFound
from app.core.secret import Secret
from app.pages.rendering import POLICY, STRINGS, page
from app.routers import capture_cookie
from app.routers.bodies import FORM_TYPE, form_of, single
from app.routers.callers import on_the_page
from app.routers.language import CHINESE
from app.routers.wiring import Came, House, Language, Served
from app.services.callers import CaptureCaller, Origin
from app.services.captures import Offered
from app.services.doors import Unauthenticated
from app.verification.capture import KIOSK_IDLE, CaptureCodeInvalid
from app.verification.evidence import SIDES
from app.verification.examination import Kind
from app.verification.field_names import FIELD_NAMES
from app.verification.proofing import ImageKind

router = APIRouter(tags=["pages"])
Chosen = Annotated[
    Literal["zh-CN", "en"] | None, Query(description="the page's language; without it the browser's own")
]
Code = Annotated[
    str | None, Query(max_length=128, pattern=r"^[A-Za-z0-9_-]+$", description="a one-time code; only a POST spends it")
]
FOLDER: Final = resources.files("app.pages") / "static" / "capture"
TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
FILES: Final[Mapping[str, tuple[bytes, str]]] = {
    each.name: (each.read_bytes(), TYPES[each.name[each.name.rindex(".") :]]) for each in FOLDER.iterdir()
}
"""Hand-written modules, served as they are."""
SCRIPTED: Final = {
    "content-security-policy": POLICY.replace("img-src 'self'", "img-src 'self' blob:")
    + "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    # Of this host alone: without one the browser sends `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
}
SHAPES: Final = {
    Kind.PASSPORT: "td3",
    Kind.IDENTITY_CARD: "td2",
    Kind.TEMPORARY_CARD: "td2",
    Kind.DRIVING_LICENCE: "licence",
}
"""Outlines that are not a bank card's (ID-1, ISO/IEC 7810)."""
FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["code"],
                    "properties": {"code": {"type": "string"}, "language": {"enum": ["zh-CN", "en"]}},
                }
            }
        },
    }
}
SWAPPED: Final[dict[int | str, dict[str, Any]]] = {
    303: {"description": "To the page, with its cookie; or without one, where the code is unknown, too old or used"},
}


@router.get("/capture", response_class=HTMLResponse)
async def show_capture(
    request: Request,
    house: Served,
    origin: Came,
    spoken: Language,
    code: Code = None,
    language: Chosen = None,
    refused: Annotated[bool, Query(description="a code was brought that is not valid")] = False,  # noqa: FBT002  a query's own
) -> HTMLResponse:
    """The page: its entrance where a code is brought, else what is next for whoever is on it."""
    chosen = language or spoken
    if code is not None:
        return _entrance(chosen, code, kiosk=await house.captures.is_for_kiosk(Secret(code)))
    caller = await _caller(request, house, origin)
    if caller is None and refused:
        return _entrance(chosen, "", failed=True)
    if caller is None:
        return _scripted(page("capture_over", language=chosen, ended=False))
    return _scripted(_capture(caller, await house.captures.offered(), chosen))


@router.post("/capture", response_class=RedirectResponse, status_code=303, responses=SWAPPED, openapi_extra=FORM)
async def enter_capture(request: Request, house: Served, origin: Came, spoken: Language) -> Response:
    """Swap a one-time code for the page's cookie."""
    form = await form_of(request)
    code, language = single(form, "code"), single(form, "language") or spoken
    if code is None:
        raise InvalidRequest(parameter="code")
    if language not in STRINGS:
        raise InvalidRequest(parameter="language")
    # Another's page would make its visitor present to another's proofing: what it sends is no code.
    ours = capture_cookie.from_our_page(request, house.issuer)
    try:
        entered = await house.captures.enter(Secret(code if ours else ""), origin)
    except CaptureCodeInvalid:
        return RedirectResponse(f"/capture?language={language}&refused=true", status_code=303)
    swapped = RedirectResponse(f"/capture?language={language}", status_code=303)
    capture_cookie.give(swapped, entered.token)
    return swapped


@router.post("/capture/end", response_class=HTMLResponse)
async def end_capture(request: Request, house: Served, origin: Came, language: Language) -> HTMLResponse:
    """Leave the page: its cookie opens nothing any more."""
    caller = await _caller(request, house, origin)
    if caller is not None:
        await house.captures.end(caller)
    answer = _scripted(page("capture_over", language=language, ended=True))
    if capture_cookie.from_our_page(request, house.issuer):
        capture_cookie.take(answer)
    return answer


@router.get("/static/capture/{name}", response_class=Response)
async def read_capture_file(name: str) -> Response:
    """A module or stylesheet of the page."""
    if name not in FILES:
        raise NotFound
    content, media_type = FILES[name]
    return Response(content, media_type=media_type, headers={"cache-control": "public, max-age=300"})


async def _caller(request: Request, house: House, origin: Origin) -> CaptureCaller | None:
    """Whoever is on the page; one who asks from elsewhere is not, though the browser sent the cookie."""
    token = capture_cookie.token_of(request)
    if token is None:
        return None
    try:
        return await on_the_page(house, token, origin)
    except Unauthenticated:
        return None


def _entrance(language: str, code: str, *, failed: bool = False, kiosk: bool = False) -> HTMLResponse:
    """With a code, or with the word that it is none. A kiosk's asks after a while whether somebody is there."""
    return _scripted(
        page(
            "capture_entry",
            language=language,
            code=code,
            failed=failed,
            kiosk=kiosk,
            over=f"/capture?language={language}",
            idle=STRINGS[language]["capture_idle"],
            idle_seconds=KIOSK_IDLE.seconds,
        )
    )


def _capture(caller: CaptureCaller, offered: Offered, language: str) -> HTMLResponse:
    chinese, kinds = language == CHINESE, offered.kinds
    return page(
        "capture",
        language=language,
        proofing=caller.proofing_id,
        kiosk=caller.kiosk,
        idle=STRINGS[language]["capture_idle"],
        optional=" ".join(offered.optional),
        kinds=[(kind, ImageKind.showing(kind, SIDES[kind][0]).value) for kind in kinds],
        sides=[(ImageKind.showing(kind, side), SHAPES.get(kind, "id1")) for kind in kinds for side in SIDES[kind]],
        fields={name: words.zh if chinese else words.en for name, words in FIELD_NAMES.items()},
    )


def _scripted(answer: HTMLResponse) -> HTMLResponse:
    answer.headers.update(SCRIPTED)
    return answer

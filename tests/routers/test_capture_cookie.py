"""Does the capture page's cookie count only where a page of ours brings it?"""

from typing import Any

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response

from app.core.secret import Secret
from app.routers.capture_cookie import COOKIE, from_our_page, give, take

OURS = "https://hufu.example"


def asked(method: str = "POST", kind: str = "http", **headers: str) -> HTTPConnection:
    scope: dict[str, Any] = {
        "type": kind,
        "method": method,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    if kind == "websocket":
        del scope["method"]
    return HTTPConnection(scope)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_request_of_our_own_page_counts(method: str) -> None:
    assert from_our_page(asked(method, sec_fetch_site="same-origin"), OURS)
    assert from_our_page(asked(method, origin=OURS), OURS)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_browser_says_comes_from_elsewhere_does_not(site: str, method: str) -> None:
    assert not from_our_page(asked(method, sec_fetch_site=site, origin=OURS), OURS)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://hufu.example.evil", "http://hufu.example", ""]
)
def test_another_origin_does_not(origin: str) -> None:
    assert not from_our_page(asked(origin=origin), OURS)


def test_a_browser_that_says_neither_may_read_and_change_nothing() -> None:
    assert from_our_page(asked("GET"), OURS)
    assert not from_our_page(asked("PUT"), OURS)


def test_a_websocket_names_its_origin_or_counts_for_nothing() -> None:
    assert from_our_page(asked(kind="websocket", origin=OURS), OURS)
    assert not from_our_page(asked(kind="websocket", origin="https://evil.example"), OURS)
    assert not from_our_page(asked(kind="websocket"), OURS)


def test_the_cookie_is_of_this_host_alone_and_no_scripts() -> None:
    given, taken = Response(), Response()
    give(given, Secret("hct_x"))
    take(taken)
    said = given.headers["set-cookie"]
    assert said == f"{COOKIE}=hct_x; HttpOnly; Path=/; SameSite=strict; Secure"
    assert COOKIE.startswith("__Host-")
    assert "Max-Age=0" in taken.headers["set-cookie"]

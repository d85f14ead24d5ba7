"""Is a body of several pictures read in one way, and one that could be read in two refused?"""

import asyncio

import pytest
from starlette.requests import Request

from app.routers.parts import parts_in
from app.routers.refusals import BodyTooLarge, BodyTooSlow, Malformed

FORM = "multipart/form-data; boundary=b"
ONE = b'--b\r\nContent-Disposition: form-data; name="1"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
TWO = b'\r\n--b\r\ncontent-disposition: form-data; name="2"\r\n\r\n'
END = b"\r\n--b--\r\n"


async def read(body: bytes, form: str = FORM, required: tuple[str, ...] = ()) -> dict[str, bytes]:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", form.encode()), (b"accept-language", b"en")]
    scope = {"type": "http", "method": "PUT", "headers": headers, "path": "/", "query_string": b""}
    return await parts_in(Request(scope, receive), allowed=["1", "2"], required=required)()


@pytest.mark.parametrize("octets", [b"", b"\r\n", b"x--b", b"\r\n--", b"\xff\xd8\r\n\r\n\0", b"x" * 200_000])
async def test_a_part_comes_back_to_the_octet(octets: bytes) -> None:
    assert await read(ONE + octets + TWO + b"y" + END) == {"1": octets, "2": b"y"}


@pytest.mark.parametrize("form", ['multipart/form-data; boundary="b"', "Multipart/Form-Data;boundary=b"])
async def test_a_boundary_may_be_quoted(form: str) -> None:
    assert await read(ONE + b"x" + END, form) == {"1": b"x"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"--b--\r\n", b"before\r\n" + ONE + b"x" + END, ONE + b"x", ONE + b"x" + END + b"after",
        b"--b\r\n\r\nnameless" + END, b'--b\r\nContent-Disposition: attachment; name="1"\r\n\r\nx' + END,
        ONE + b"x" + b"\r\n--bb\r\n\r\ny" + END, b"--b\r\n" + b"X: " + b"y" * 2000 + b"\r\n" + ONE[5:] + b"x" + END,
    ],
)  # fmt: skip
async def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        await read(body)


@pytest.mark.parametrize(
    "form", ["", "image/jpeg", "multipart/form-data", "multipart/mixed; boundary=b", f"{FORM}; x=y"]
)
async def test_another_kind_of_body_is_refused(form: str) -> None:
    with pytest.raises(Malformed):
        await read(ONE + b"x" + END, form)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (ONE + b"x" + TWO.replace(b'"2"', b'"1"') + b"y" + END, "body.1: sent more than once"),
        (ONE.replace(b'"1"', b'"3"') + b"x" + END, "body.3: not a field of this request"),
        (TWO[2:] + b"x" + END, "body.1: missing"),
    ],
)
async def test_a_name_comes_once_and_is_one_of_those_asked_for(body: bytes, detail: str) -> None:
    with pytest.raises(Malformed) as refused:
        await read(body, required=("1",))
    assert "{where}: {what}".format(**refused.value.facts) == detail


async def test_more_parts_than_there_are_names_are_not_looked_at() -> None:
    with pytest.raises(Malformed):
        await read(ONE + b"x" + (TWO + b"y") * 1000 + END)


def coming(body: bytes, *, after_seconds: float = 0.0) -> Request:
    """A request whose body takes a while."""

    async def receive() -> dict[str, object]:
        await asyncio.sleep(after_seconds)
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", FORM.encode())]
    return Request({"type": "http", "method": "PUT", "headers": headers, "path": "/", "query_string": b""}, receive)


async def test_a_form_of_an_address_that_takes_less_is_bounded_by_that() -> None:
    body = ONE + b"x" + END
    assert await parts_in(coming(body), allowed=["1"], limit=len(body))() == {"1": b"x"}
    with pytest.raises(BodyTooLarge):
        await parts_in(coming(body), allowed=["1"], limit=len(body) - 1)()


async def test_a_form_that_crawls_is_not_waited_for() -> None:
    with pytest.raises(BodyTooSlow):
        await parts_in(coming(ONE + b"x" + END, after_seconds=5), allowed=["1"], seconds=0.01)()

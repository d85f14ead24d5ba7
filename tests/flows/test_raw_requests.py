"""Does the process answer everything with one answer and a typed problem, whatever the octets that reach its socket?"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import EmbeddedPostgres
from tests.flows.raw import Process, serving

JSON = b"content-type: application/json"
FORM = b"content-type: application/x-www-form-urlencoded"
CHUNKED = b"transfer-encoding: chunked"
K64 = 64 * 1024


def to(path: bytes, *headers: bytes, body: bytes = b"", method: bytes = b"POST") -> bytes:
    """A request that is right but for what the test puts into it."""
    lines = [method + b" " + path + b" HTTP/1.1", b"host: hufu.example", b"connection: close", *headers]
    if not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in headers):
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def login(body: bytes, *headers: bytes) -> bytes:
    return to(b"/v1/logins", *(headers or (JSON,)), body=body)


def framed(body: bytes, *headers: bytes) -> bytes:
    return to(b"/v1/logins", JSON, *headers, body=body)


def token(body: bytes, *headers: bytes) -> bytes:
    return to(b"/oauth2/token", *(headers or (FORM,)), body=body)


def get(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return to(path, *headers, method=method)


BODIES = {
    "a deep list": (422, login(b"[" * 60_000)), "a deep object": (422, login(b'{"a":' * 12_000)),
    "a list 100,000 deep": (413, login(b"[" * 100_000)), "60,000 digits": (422, login(b'{"client_id":' + b"9" * 60_000 + b"}")),
    "a million digits": (413, login(b"9" * 1_000_000)), "64 KB and one octet": (413, login(b'"' + b"a" * (K64 - 1) + b'"')),
    "5,000 members": (422, login(b"{" + b",".join(b'"k%d":1' % n for n in range(5_000)) + b"}")),
    "a member twice": (422, login(b'{"client_id":"a","identifier":"a","code_challenge":"x","client_id":"b"}')),
    "a number that is none": (422, login(b'{"client_id":NaN}')), "UTF-16": (422, login('{"client_id":"a"}'.encode("utf-16"))),
    "a byte order mark": (422, login(b'\xef\xbb\xbf{"client_id":"a"}')), "no UTF-8": (422, login(b'{"client_id":"\xff"}')),
    "a NUL": (422, login(b'{"client_id":"\\u0000"}')), "half a surrogate": (422, login(b'{"client_id":"\\ud800"}')),
    "packed": (422, login(b"\x1f\x8b\x08", JSON, b"content-encoding: gzip")), "packed, it says": (422, login(b"{}", JSON, b"content-encoding: br")),
    "no type": (422, login(b"{}", b"x: y")), "text": (422, login(b"{}", b"content-type: text/plain")),
    "two types": (400, login(b"{}", JSON, FORM)), "a list of types": (422, login(b"{}", b"content-type: application/json, text/plain")),
    "a field twice": (400, token(b"grant_type=client_credentials&grant_type=refresh_token")),
    "a client twice": (400, token(b"grant_type=client_credentials&client_id=a&client_id=b&client_secret=c")),
    "a thousand fields": (400, token(b"&".join(b"a%d=1" % n for n in range(1_000)))), "a form in parts": (400, token(b"--x--", b"content-type: multipart/form-data; boundary=x")),
    "a packed form": (422, token(b"grant_type=client_credentials", FORM, b"content-encoding: gzip")), "a form in UTF-16": (400, token("grant_type=a".encode("utf-16"))),
    "a form of no UTF-8": (400, token(b"grant_type=%ff%fe&client_id=a")), "a form of 64 KB and more": (413, token(b"a=" + b"b" * K64)),
    "a form in the address": (400, to(b"/oauth2/token?grant_type=client_credentials", FORM)),
}  # fmt: skip
"""What stands in a body: status, and the request."""
FRAMING = {
    "two lengths": (400, framed(b"{}", b"content-length: 2", b"content-length: 3")), "one length twice": (400, framed(b"{}", b"content-length: 2", b"content-length: 2")),
    "a list of lengths": (400, framed(b"{}", b"content-length: 2, 2")), "a negative length": (400, framed(b"{}", b"content-length: -1")),
    "a length with a sign": (400, framed(b"{}", b"content-length: +2")), "a length in hexadecimal": (400, framed(b"{}", b"content-length: 0x2")),
    "a length of 40 digits": (400, framed(b"{}", b"content-length: " + b"9" * 40)), "a length of 10 GB": (413, framed(b"{}", b"content-length: 10000000000")),
    "an empty length": (400, framed(b"{}", b"content-length: ")), "a length with a space": (400, framed(b"{}", b"content-length : 2")),
    "length, then chunks": (400, framed(b"0\r\n\r\nGET /livez HTTP/1.1\r\nhost: a\r\n\r\n", b"content-length: 5", CHUNKED)),
    "chunks, then length": (400, framed(b"0\r\n\r\nGET /livez HTTP/1.1\r\nhost: a\r\n\r\n", CHUNKED, b"content-length: 5")),
    "chunked twice": (400, framed(b"0\r\n\r\n", CHUNKED, CHUNKED)), "gzip, chunked": (400, framed(b"0\r\n\r\n", b"transfer-encoding: gzip, chunked")),
    "xchunked": (400, framed(b"0\r\n\r\n", b"transfer-encoding: xchunked")), "chunked behind a tab": (400, framed(b"0\r\n\r\n", b"transfer-encoding:\x0bchunked")),
    "chunks in HTTP/1.0": (400, b"POST /v1/logins HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
    "a chunk of no size": (400, framed(b"zz\r\n{}\r\n0\r\n\r\n", CHUNKED)), "a chunk of negative size": (400, framed(b"-1\r\n{}\r\n0\r\n\r\n", CHUNKED)),
    "a chunk of 31 digits": (400, framed(b"1" + b"0" * 30 + b"\r\n{}\r\n0\r\n\r\n", CHUNKED)), "a chunk too short": (400, framed(b"1\r\n{}\r\n0\r\n\r\n", CHUNKED)),
    "chunks by line feeds": (400, framed(b"2\n{}\n0\n\n", CHUNKED)), "64 KB of chunk extension": (422, framed(b"2;" + b"a" * K64 + b"\r\n{}\r\n0\r\n\r\n", CHUNKED)),
    "a caller in the trailer": (401, to(b"/v1/proofings", JSON, CHUNKED, body=b"2\r\n{}\r\n0\r\nauthorization: Bearer a\r\n\r\n")),
    "20,000 trailers": (422, framed(b"2\r\n{}\r\n0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", CHUNKED)),
    "another request within an upgrade": (422, framed(b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\n", b"connection: upgrade", b"upgrade: x")),
}  # fmt: skip
"""Where a body ends: request smuggling, RFC 9112 §6."""
HEADS = {
    "two hosts": (400, get(b"/livez", b"host: b")), "no host": (400, b"GET /livez HTTP/1.1\r\n\r\n"), "a host of control characters": (400, get(b"/livez", b"host: a\x7f")),
    "two callers": (400, get(b"/v1/me", b"authorization: Bearer a", b"Authorization: Bearer b")), "two request ids": (400, get(b"/livez", b"x-request-id: aaaaaaaa", b"x-request-id: bbbbbbbb")),
    "two keys": (400, framed(b"{}", b"idempotency-key: aaaaaaaa", b"idempotency-key: bbbbbbbb")), "two callers in one line": (401, get(b"/v1/me", b"authorization: Bearer a, Bearer b")),
    "1,000 headers": (400, get(b"/livez", *[b"x-%d: 1" % n for n in range(1_000)])), "a header of 70 KB": (400, get(b"/livez", b"x: " + b"a" * 70_000)),
    "a folded header": (400, get(b"/v1/me", b"authorization: Bearer a\r\n b")), "a return in a header": (400, get(b"/v1/me", b"x: a\rauthorization: Bearer b")),
    "a line feed in a header": (400, get(b"/v1/me", b"x: a\nauthorization: Bearer b")), "a NUL in a header": (400, get(b"/v1/me", b"x: a\0b")),
    "a header of two words": (400, get(b"/v1/me", b"x y: a")), "a header of no name": (400, get(b"/v1/me", b": a")), "a header without a colon": (400, get(b"/v1/me", b"xyz")),
    "7,000 languages": (404, get(b"/nowhere", b"accept-language: " + b"en;q=0.1," * 7_000)), "an unknown expectation": (422, framed(b"{}", b"expect: 200-ok")),
    "an address of no host": (400, get(b"http://evil.example")), "an address of no slash": (400, get(b"livez")), "an address of two slashes": (404, get(b"//livez")),
    "an address that climbs": (404, get(b"/v1/../livez")), "an address that climbs, packed": (404, get(b"/oauth2/%2e%2e/livez")), "an address of no ASCII": (400, get("/虎".encode())),
    "an address of 60 KB": (404, get(b"/" + b"a" * 60_000)), "an address that breaks lines": (422, get(b"/v1/proofings/a%0d%0aset-cookie:x")), "a space in an address": (400, get(b"/li vez")),
    "a parameter nobody knows": (422, get(b"/v1/notices?purpos=face_comparison")), "one without a name": (422, get(b"/v1/notices?=1")),
    "a parameter twice": (422, get(b"/v1/notices?purpose=face_comparison&purpose=identity_verification")), "100 parameters": (422, get(b"/v1/notices?" + b"&".join(b"a%d=1" % n for n in range(100)))),
    "a star": (404, get(b"*", method=b"OPTIONS")), "a tunnel": (400, get(b"evil:443", method=b"CONNECT")), "an unknown method": (400, get(b"/livez", method=b"HUFU")),
    "a method of 60 KB": (400, get(b"/livez", method=b"A" * 60_000)), "a method in small letters": (400, get(b"/livez", method=b"get")), "a trace": (405, get(b"/v1/me", method=b"TRACE")),
    "HTTP/0.9": (400, b"GET /livez\r\n\r\n"), "HTTP/0.9 by name": (400, b"GET /livez HTTP/0.9\r\nhost: a\r\n\r\n"), "HTTP/1.2": (400, b"GET /livez HTTP/1.2\r\nhost: a\r\n\r\n"),
    "HTTP/2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "TLS": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200)), "noise": (400, bytes(range(256)) * 20),
}  # fmt: skip
"""What stands before a body."""


@pytest.fixture(scope="module")
def process(postgres: EmbeddedPostgres, migrated: str) -> Iterator[Process]:
    """One process for all of them: what one request did to it, the next would meet."""
    folder = Path(tempfile.mkdtemp(prefix="hufu-raw-", dir="/tmp"))
    folder.chmod(0o711)
    with serving(postgres, migrated, "raw", folder) as made:
        yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("sent", BODIES | FRAMING | HEADS)
def test_whatever_comes_is_answered_once_and_with_a_problem(process: Process, sent: str) -> None:
    status, octets = (BODIES | FRAMING | HEADS)[sent]
    (answer,) = process.tell(octets)
    assert (answer.status, answer.is_problem()) == (status, True)


def test_an_address_that_names_a_host_is_answered_as_any_other(process: Process) -> None:
    """RFC 9112 §3.2.2; whatever host it names, links are made of the issuer."""
    (answer,) = process.tell(get(b"http://evil.example/.well-known/openid-configuration"))
    assert answer.status == 200
    assert b"evil" not in answer.body


def test_requests_in_one_piece_are_answered_one_after_the_other(process: Process) -> None:
    kept = get(b"/livez").replace(b"connection: close\r\n", b"")
    assert [each.status for each in process.tell(kept + kept + get(b"/nowhere"))] == [200, 200, 404]


def test_nothing_of_it_was_a_mistake_of_ours(process: Process) -> None:
    process.tell(get(b"/livez"))
    deadline = time.monotonic() + 20
    while '"answered"' not in (log := process.log.read_text("utf-8")):  # lines are written a moment after the answer
        assert time.monotonic() < deadline, log
        time.sleep(0.05)
    assert not [word for word in ("internal_error", "Traceback", "Exception in ASGI") if word in log]

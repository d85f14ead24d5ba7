"""How much, and how long, do we listen, and to what can be heard in two ways? uvicorn itself sets no bound to a request.

What is refused here has no address yet, so its problem is of no type of ours but plainly the status itself (RFC 9457 §4.2.1).
"""

import asyncio
import http
import json
from asyncio import BaseTransport, TimerHandle
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.routers.bodies import PICTURE_SECONDS
from app.routers.envelope import PICTURE_ADDRESSES, PICTURE_BODY, SOCKET_ADDRESSES
from app.routers.wire import Wire

SINGLE: Final = frozenset({
    b"authorization", b"content-encoding", b"content-length", b"content-type", b"cookie", b"host", b"idempotency-key",
    b"last-event-id", b"origin", b"sec-fetch-site", b"transfer-encoding", b"x-forwarded-proto", b"x-request-id",
})  # fmt: skip
"""Sent once or not at all: of two, whoever stands before us may have judged the first, and we would act on the last."""
WITH_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
SOCKET_LINE: Final = 8_000
"""Octets of one header, and of the address: of 8,192 in a line (`websockets`), less what is written around them."""
CLOCK_SECONDS: Final = 0.001
"""The loop's clock goes by milliseconds; what is due within one is due."""
VERSIONS: Final = frozenset({"1.0", "1.1"})


LAST_HEADERS: Final = (
    b"content-type: application/problem+json\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
    b"connection: close\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a connection ends."""

    status: int
    why: str


LONG_HEAD: Final = Fault(400, "The head of the request is too long.")
SLOW_BODY: Final = Fault(408, "The body did not come within its time.")
CROWDED: Final = Fault(503, "Too many connections.")


class Awaited(Enum):
    """What has to come within its time."""

    HEAD = auto()
    BODY = auto()


class Ignored(list[tuple[bytes, bytes]]):
    """Where trailers go: behind the body, past whoever stands before us, anybody may call themselves anything."""

    def append(self, _: object, /) -> None:
        """Nothing is kept; uvicorn would add it to the headers the application is reading (RFC 9110 §6.5.1)."""


class Connection(HttpToolsProtocol):
    """One connection; what is too long, too slow or ambiguous ends it, or a few strangers could fill memory and descriptors."""

    longest_head_octets = 64 * 1024
    longest_head_seconds = 30.0
    most_headers = 100
    longest_body_seconds = 30.0
    """Of 64 KB, all that anything but a picture may have."""
    longest_picture_seconds = PICTURE_SECONDS + 10.0
    """A picture's own bound is said by its address, in its own words; this one stands behind it."""
    most_connections = 1_000
    """Of one process, below the 1,024 descriptors many systems give it; each may hold a head, a body and their copies."""
    _head_octets = 0
    _piece_octets = 0
    _fault: Fault | None = None
    _awaited: Awaited | None = None
    _due = 0.0
    """By when, in the loop's time, what is awaited must be there."""
    _watch: TimerHandle | None = None
    _looks_at = 0.0
    """When the watch looks again; a handle of uvloop's cannot always be asked."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for the first head, if there is room."""
        self._wire = Wire(cast("asyncio.Transport", transport))
        super().connection_made(self._wire)
        if len(self.connections) > self.most_connections:
            self._refuse(CROWDED, b"retry-after: 5\r\n")
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be hung up on."""
        self._awaited = None
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; whatever came while only a head was awaited counts as its length."""
        awaited, self._piece_octets = self._awaited is Awaited.HEAD, len(data)
        super().data_received(data)
        if self._awaited is Awaited.HEAD:
            self._head_octets += len(data) if awaited else 0
            if self._head_octets > self.longest_head_octets or len(self.headers or ()) > self.most_headers:
                self._refuse(LONG_HEAD)

    def on_message_begin(self) -> None:
        """Another request on this connection, or the first."""
        super().on_message_begin()
        if self._awaited is not Awaited.HEAD:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """The head is there, and can be read in one way; a body must follow in its time."""
        self._awaited = None
        names = [name for name, _ in self.headers]
        self._fault = self._fault_of_head(names)
        if self._fault is not None:
            raise ValueError(self._fault.why)  # the parser stops at once, and `send_400_response` tells why
        super().on_headers_complete()
        if not WITH_BODY.isdisjoint(names):  # never one that became a socket
            self.headers = Ignored()
            picture = self.scope["path"].endswith(PICTURE_ADDRESSES)
            self._expect(Awaited.BODY, self.longest_picture_seconds if picture else self.longest_body_seconds)

    def on_message_complete(self) -> None:
        """All of it came."""
        self._awaited = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Answered; what is left of a body is waited for no longer than any other, whatever it was."""
        self._wire.flush()
        if self._awaited is Awaited.BODY and self.cycle.more_body:
            self._expect(Awaited.BODY, self.longest_body_seconds)
        super().on_response_complete()

    def _should_upgrade(self) -> bool:
        """Where frames are awaited, and nowhere else; anywhere else, and in HTTP/1.0, the wish is passed over (RFC 9110 §7.8)."""
        wanted = self.parser.get_http_version() == "1.1" and self.url.partition(b"?")[0].endswith(SOCKET_ADDRESSES)
        return wanted and super()._should_upgrade()

    def send_400_response(self, msg: str) -> None:
        """What the parser refused, and what we made it refuse."""
        self._refuse(self._fault or Fault(400, msg))

    def _fault_of_head(self, names: list[bytes]) -> Fault | None:
        """What is too much in this head, or could be read in two ways."""
        version = self.parser.get_http_version()
        if version not in VERSIONS:
            return Fault(400, "HTTP/1.1 is spoken here.")
        if len(names) > self.most_headers or self._is_long():
            return LONG_HEAD
        if version == "1.1" and b"host" not in names:  # RFC 9112 §3.2
            return Fault(400, "The header host is missing.")
        if len(set(names)) < len(names):
            twice = sorted(name for name, times in Counter(names).items() if times > 1 and name in SINGLE)
            if twice:
                return Fault(400, f"The header {twice[0].decode('ascii')} may be sent once.")
        if self.parser.should_upgrade() and self._should_upgrade():
            return self._fault_of_socket(names)
        return None if WITH_BODY.isdisjoint(names) else self._fault_of_framing(version)

    def _is_long(self) -> bool:
        """Told of a head that came whole; adding up is spared where the piece it came in is short."""
        if self._piece_octets <= self.longest_head_octets:
            return False
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.longest_head_octets

    def _fault_of_socket(self, names: list[bytes]) -> Fault | None:
        """What the library that takes over from here does not read, and would not answer."""
        if self.parser.get_method() != b"GET":
            return Fault(400, "A socket begins as a GET.")
        if not WITH_BODY.isdisjoint(names):  # whose octets would they be?
            return Fault(400, "A request that becomes a socket has no body.")
        lines = (len(name) + len(value) for name, value in self.headers)
        return LONG_HEAD if max(len(self.url), *lines) > SOCKET_LINE else None

    def _fault_of_framing(self, version: str) -> Fault | None:
        """RFC 9112 §6.1: where a body ends must be as plain to us as to whoever stands before us."""
        for name, value in self.headers:
            if name == b"transfer-encoding" and (value.lower() != b"chunked" or version == "1.0"):
                return Fault(400, "The transfer coding may be chunked, and nothing else.")
            if name == b"content-length" and int(value) > PICTURE_BODY:
                return Fault(413, "The body is too large.")
        return None

    def _overdue(self) -> None:
        """A body's sender is told, unless an answer is on its way already, which these octets would end up in."""
        if self._awaited is Awaited.HEAD or self.cycle.response_started or self.pipeline:
            self.transport.close()
        else:
            self._refuse(SLOW_BODY)

    def _refuse(self, fault: Fault, more: bytes = b"") -> None:
        """The last words on this connection."""
        phrase = http.HTTPStatus(fault.status).phrase
        document = {"type": "about:blank", "title": phrase, "status": fault.status, "detail": fault.why}
        body = json.dumps(document).encode("ascii")
        status, length = (
            b"HTTP/1.1 %d %s\r\n" % (fault.status, phrase.encode("ascii")),
            b"content-length: %d\r\n" % len(body),
        )
        self.transport.write(status + length + more + LAST_HEADERS + body)
        self.transport.close()

    def _expect_head(self) -> None:
        self._head_octets = 0
        self._expect(Awaited.HEAD, self.longest_head_seconds)

    def _expect(self, what: Awaited, seconds: float) -> None:
        """One timer a connection, set anew where it runs out, not at each request: most of what is awaited comes at once."""
        self._awaited, self._due = what, self.loop.time() + seconds
        if self._watch is None or self._looks_at > self._due:
            self._look_at(self._due)

    def _look_at(self, moment: float) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch, self._looks_at = self.loop.call_at(moment, self._look), moment

    def _look(self) -> None:
        self._watch = None
        if self._awaited is None:
            return
        if self._due - self.loop.time() > CLOCK_SECONDS:
            self._look_at(self._due)
        else:
            self._overdue()

"""How much, and how long, do we listen before a request has said what it wants? uvicorn itself sets no bound to a head."""

from asyncio import BaseTransport, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """One connection; a head that is too long or too slow ends it, or a few strangers could fill memory and descriptors."""

    longest_head_octets = 64 * 1024
    longest_head_seconds = 30.0
    _head_octets = 0
    _hanging_up: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for the first head."""
        super().connection_made(cast("Any", transport))
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be hung up on."""
        self._note_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; whatever came while only a head was awaited counts as its length."""
        awaited = self._hanging_up is not None
        super().data_received(data)
        if awaited and self._hanging_up is not None:
            self._head_octets += len(data)
            if self._head_octets > self.longest_head_octets:
                self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """Another request on this connection, or the first."""
        super().on_message_begin()
        if self._hanging_up is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """The head is there; bodies have bounds of their own."""
        self._note_head()
        super().on_headers_complete()

    def _expect_head(self) -> None:
        self._head_octets = 0
        self._hanging_up = self.loop.call_later(self.longest_head_seconds, self.transport.close)

    def _note_head(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None

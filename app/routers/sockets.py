"""What may a socket cost us, and what is written of it? uvicorn itself writes the address of each into the log, people's ids in it."""

import asyncio
import logging
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from app.routers.envelope import STOPPING

MOST_PIECES: Final = 1024
"""Of one message: of empty ones, its octets are no bound."""


class Socket(WebSocketsSansIOProtocol):
    """One socket; at the level of debugging its library would write down the bearer it was asked for with."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._stopping = asyncio.Event()
        super().__init__(config, server_state, app_state | {STOPPING: self._stopping}, _loop)
        self.logger = self.conn.logger = logging.getLogger("hufu.sockets")
        self.conn.debug = False

    def shutdown(self) -> None:
        """The server stops, and nobody else asks for this."""
        self._stopping.set()
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """The head comes whole; one that its library takes for none would otherwise be answered and closed by nobody."""
        super().data_received(data)
        if not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_cont(self, event: Frame) -> None:
        """Another piece of a message."""
        if self.close_sent:
            return
        if len(self.frames) >= MOST_PIECES:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()
            return
        super().handle_cont(event)

    async def send(self, message: Any) -> None:
        """To somebody who hung up, or whom we hung up on: no fault, as it is to uvicorn until the last octet is gone."""
        if self._stopping.is_set() or (self.close_sent and self.initial_response is None):
            raise ClientDisconnected
        await super().send(message)

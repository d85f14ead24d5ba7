"""How is a bank of this process spoken to over a real socket? As `hufu serve` speaks."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from app.routers.envelope import SOCKETS
from tests.flows.conftest import Bank


class Server(uvicorn.Server):
    """One that says when it is stopping: once every connection has been told."""

    stopping: asyncio.Event | None = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Everybody is told before it waits for the first time, and what is due soon runs only then."""
        if self.stopping is not None:
            asyncio.get_running_loop().call_soon(self.stopping.set)
        await super().shutdown(sockets)


@asynccontextmanager
async def serving(bank: Bank, port: int = 0, *, stopping: asyncio.Event | None = None) -> AsyncIterator[int]:
    """The application at a port; 0: any. `stopping` is set once its end has reached every socket."""
    assert isinstance(bank.http._transport, httpx.ASGITransport)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    line.bind(("127.0.0.1", port))  # held from now on: a port that is only looked up may be another's by then
    config = uvicorn.Config(
        bank.http._transport.app, lifespan="off", http="app.routers.connection:Connection", **SOCKETS,
        log_config=None, access_log=False, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
    )  # fmt: skip
    server = Server(config)
    server.stopping = stopping
    serving = asyncio.create_task(server.serve([line]))
    while not server.started:  # noqa: ASYNC110  it offers no event
        await asyncio.sleep(0.01)
    try:
        yield line.getsockname()[1]
    finally:
        server.should_exit = True
        await serving

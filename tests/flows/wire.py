"""What is the database asked? Read off the wire: every statement that a process runs, in order, by its text."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

SOCKET = ".s.PGSQL.5432"
ENDS = b"\0"


@dataclass
class Wire:
    """Stands between the API and PostgreSQL, and passes everything on."""

    server: str
    """The folder of PostgreSQL's socket."""
    asked: list[str] = field(default_factory=list)
    """The statements run, since it was last emptied."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        back_reader, back_writer = await asyncio.open_unix_connection(f"{self.server}/{SOCKET}")
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await asyncio.gather(self._forward(reader, back_writer), _copy(back_reader, writer))
        for each in (writer, back_writer):
            each.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Frontend messages: PostgreSQL's documentation, "Message Formats"; the first one bears no kind."""
        prepared: dict[bytes, str] = {}
        writer.write(await _message(reader, await reader.readexactly(4)))
        while True:
            kind = await reader.readexactly(1)
            message = await _message(reader, await reader.readexactly(4))
            self._note(kind, message[4:], prepared)
            writer.write(kind + message)
            await writer.drain()

    def _note(self, kind: bytes, body: bytes, prepared: dict[bytes, str]) -> None:
        if kind == b"Q":
            self.asked.append(body.rstrip(ENDS).decode())
        elif kind == b"P":
            name, text, *_ = body.split(ENDS)
            prepared[name] = text.decode()
        elif kind == b"B":
            _, name, *_ = body.split(ENDS)
            self.asked.append(prepared[name])


async def _message(reader: asyncio.StreamReader, length: bytes) -> bytes:
    return length + await reader.readexactly(int.from_bytes(length, "big") - len(length))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while octets := await reader.read(65_536):
        writer.write(octets)
        await writer.drain()
    raise ConnectionError("the server hung up")


@asynccontextmanager
async def tapped(url: str, folder: Path) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the database of that address, and the address at which it listens."""
    at = parse_qs(urlsplit(url).query)["host"][0]
    wire = Wire(unquote(at))
    server = await asyncio.start_unix_server(wire.serve, str(folder / SOCKET))
    try:
        yield wire, url.replace(quote(at, safe=""), quote(str(folder), safe=""))
    finally:
        server.close()

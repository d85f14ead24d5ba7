"""How are octets sent that no client library would send? Over a socket, to a process of its own."""

import asyncio
import base64
import contextlib
import json
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from app.core.clock import SystemClock
from app.embedded import EmbeddedPostgres
from app.settings import Settings
from tests.flows.conftest import founded
from tests.flows.processes import environment, free_port, program

SECONDS = 20
"""Longer than any of these takes; a server that does not hang up is found by it."""


@dataclass(frozen=True)
class Answered:
    """One answer."""

    status: int
    head: bytes
    body: bytes

    def is_problem(self) -> bool:
        """Whether it is a problem document, or an error as OAuth writes it, RFC 6749 §5.2."""
        if b"content-type: application/problem+json" in self.head.lower():
            return bool(json.loads(self.body)["status"] == self.status)
        return "error" in json.loads(self.body)


def answers(octets: bytes) -> Iterator[Answered]:
    """One after the other, by the lengths they declare."""
    while octets:
        head, _, rest = octets.partition(b"\r\n\r\n")
        declared = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        length = int(declared[1]) if declared else 0
        yield Answered(int(head.split(b" ")[1]), head, rest[:length])
        octets = rest[length:]


@dataclass(frozen=True)
class Process:
    """A running `hufu serve`."""

    port: int
    log: Path
    settings: Settings

    def tell(self, octets: bytes) -> list[Answered]:
        """Send it all, say no more, and listen until the other side hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), SECONDS) as connection:
            received = bytearray()
            with contextlib.suppress(ConnectionError):  # it hangs up on what we are still saying
                connection.sendall(octets)
            with contextlib.suppress(ConnectionResetError):
                while block := connection.recv(65_536):
                    received += block
            return list(answers(bytes(received)))


@contextmanager
def serving(postgres: EmbeddedPostgres, template: str, name: str, folder: Path) -> Iterator[Process]:
    """A process on a database of its own."""
    database, port = postgres.create_database(name, template=template), free_port()
    settings = asyncio.run(founded(database, folder, SystemClock(), issuer=f"http://127.0.0.1:{port}"))
    with psycopg.connect(database.owner_url.reveal(), autocommit=True) as owner:
        owner.execute("UPDATE keys SET not_before = '2020-01-01', created_at = '2020-01-01'")
    with ExitStack() as stack:
        stack.callback(postgres.drop_database, name)
        stack.enter_context(program("serve", environment(settings, port), folder / "serve.log"))
        wait_for(port)
        yield Process(port, folder / "serve.log", settings)


def wait_for(port: int) -> None:
    """Until it is ready."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, transport=httpx.HTTPTransport(retries=60)
    ) as http:
        assert http.get("/readyz", timeout=120).status_code == 200


def request(method: bytes = b"POST", path: bytes = b"/v1/logins", *headers: bytes, body: bytes = b"{}") -> bytes:
    """A request that is right but for what is added."""
    lines = [method + b" " + path + b" HTTP/1.1", b"host: hufu.example", b"connection: close", *headers]
    if not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in headers):
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def basic(client: str, secret: str) -> bytes:
    """Credentials of a client."""
    return b"authorization: Basic " + base64.b64encode(f"{client}:{secret}".encode())

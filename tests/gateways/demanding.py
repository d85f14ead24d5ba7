"""A house that says only after the handshake that it wanted a certificate, and waits until that was read.

One that closed at once would have its alert overtaken by the reset of the connection, as often as not.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.gateways.authority import Authority

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Demanding:
    """A house under way."""

    port: int
    ca_file: Path


@contextmanager
def demanding(folder: Path) -> Iterator[Demanding]:
    """The house, for as many as come one after another."""
    authority = Authority(folder)
    context = authority.server_context(HERE)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    with socket.create_server((HERE, 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, context), daemon=True)
        thread.start()
        yield Demanding(server.getsockname()[1], authority.file)
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(server: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            with server.accept()[0] as connection:
                _alerted(connection, context)
                while connection.recv(65_536):
                    """Until the other side has read the alert and goes."""


def _alerted(connection: socket.socket, context: ssl.SSLContext) -> None:
    """The handshake, up to the alert that the other side sees as the first thing after its own end of it."""
    given, made = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(given, made, server_side=True)
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            connection.sendall(made.read())
            given.write(connection.recv(65_536))
        except ssl.SSLError:
            connection.sendall(made.read())
            return

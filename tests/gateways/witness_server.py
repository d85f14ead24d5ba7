"""A house that witnesses heads, over HTTPS, as each test wants it to behave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.core.secret import Secret
from app.gateways.witness.http import HttpWitness, WitnessHouse
from tests.gateways.authority import Authority
from tests.house.production import STRONG

HERE = "127.0.0.1"


@dataclass
class Witnessing:
    """A house under way: what it was posted, as path, token, kind and body."""

    port: int
    authority: Authority
    posted: list[tuple[str, str | None, str | None, bytes]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def witness(self, *, ca_file: Path | None = None, whole_seconds: float = 10.0) -> HttpWitness:
        """Who speaks to it."""
        url, ca_file = f"https://{HERE}:{self.port}/heads", ca_file or self.authority.file
        return HttpWitness(WitnessHouse(url, Secret(STRONG), ca_file, whole_seconds))


@contextmanager
def witnessing(folder: Path, status: int, *, behaviour: str = "answers", address: str = HERE) -> Iterator[Witnessing]:
    """A house that answers with this status, `hangs`, or `floods`; its certificate is for `address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = self.headers
            body = self.rfile.read(int(told["content-length"]))
            house.posted.append((self.path, told["authorization"], told["content-type"], body))
            if behaviour == "hangs":
                house.done.wait()
                return
            self.send_response(status)
            self.send_header("location", f"https://{HERE}:{house.port}/elsewhere")
            self.end_headers()
            while behaviour == "floods":
                try:
                    self.wfile.write(b"x" * 65_536)
                except OSError:
                    break

        def log_message(self, *_: object) -> None:
            """Nothing."""

    authority = Authority(folder)
    with ThreadingHTTPServer((HERE, 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a broken handshake is what tests make
        house = Witnessing(server.server_port, authority)
        server.socket = authority.server_context(address).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield house
        finally:
            house.done.set()
            server.shutdown()
            thread.join()

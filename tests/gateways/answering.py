"""A house that knows numbers and names, over HTTPS, as each test wants it to behave."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.gateways.authority.http import AuthorityHouse, HttpAuthority
from tests.gateways.authority import Authority
from tests.house.production import STRONG

HERE = "127.0.0.1"
Answer = Callable[[dict[str, Any]], bytes]


@dataclass
class Answering:
    """A house under way: what it was asked, as request line, headers and body."""

    port: int
    authority: Authority
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def gateway(self, **facts: Any) -> HttpAuthority:
        """Who speaks to it."""
        told: dict[str, Any] = {"secret": Secret(STRONG), "ca_file": self.authority.file, "whole_seconds": 10.0} | facts
        return HttpAuthority(AuthorityHouse(f"https://{HERE}:{self.port}/check", **told), SystemEntropy())


def saying(answer: object, **more: object) -> Answer:
    """A whole answer to what was asked."""
    return lambda asked: json.dumps({"id": asked["id"], "answer": answer} | more).encode()


@contextmanager
def answering(
    folder: Path, answer: Answer, *, status: int = 200, behaviour: str = "answers", address: str = HERE, **tls: Any
) -> Iterator[Answering]:
    """A house that answers so, `hangs` before or `drips` and `floods` within its answer; its certificate is for `address`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            house.asked.append((self.requestline, {k.lower(): v for k, v in self.headers.items()}, asked))
            if behaviour == "hangs":
                house.done.wait()
                return
            body = answer(asked)
            self.send_response(status)
            self.send_header("location", f"https://{HERE}:{house.port}/elsewhere")
            self.end_headers()
            with suppress(OSError):
                while behaviour == "floods":
                    self.wfile.write(b" " * 65_536)
                while behaviour == "drips" and not house.done.wait(0.05):
                    self.wfile.write(b" ")
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    authority = Authority(folder)
    with ThreadingHTTPServer((HERE, 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a broken handshake is what tests make
        house = Answering(server.server_port, authority)
        context = authority.server_context(address)
        if tls.get("asks_who"):
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(authority.file)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield house
        finally:
            house.done.set()
            server.shutdown()
            thread.join()

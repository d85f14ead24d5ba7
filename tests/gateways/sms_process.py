"""A gateway for text messages as a process of its own: notes each request on one line of a file, then behaves as it was told.

Run as `python sms_process.py FILE BEHAVIOUR`; prints its port.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOTED, BEHAVIOUR = Path(sys.argv[1]), sys.argv[2]
TAKEN = b'{"code": "OK", "id": "1"}'
LIE = b'{"code": "BUSY", "message": "not sent"}'


class Gateway(BaseHTTPRequestHandler):
    """Answers every POST in its way."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Note it, then behave."""
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        noted = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
        with NOTED.open("a", encoding="utf-8") as file:
            file.write(json.dumps(noted) + "\n")
        getattr(self, BEHAVIOUR)()

    def succeeds(self) -> None:
        """Takes it."""
        self._answer(200, TAKEN)

    def fails(self) -> None:
        """Breaks."""
        self._answer(500, b"")

    def refuses(self) -> None:
        """Will not have it."""
        self._answer(400, LIE)

    def lies(self) -> None:
        """Says 200, and that it is not."""
        self._answer(200, LIE)

    def redirects(self) -> None:
        """Sends us somewhere else."""
        self._answer(307, b"", location=f"http://127.0.0.1:{self.server.server_port}/elsewhere")  # type: ignore[attr-defined]

    def hangs(self) -> None:
        """Says nothing."""
        time.sleep(3600)

    def drips(self) -> None:
        """Says next to nothing, for ever."""
        self.send_response(200)
        self.send_header("content-length", "1000000")
        self.end_headers()
        while True:
            self.wfile.write(b" ")
            time.sleep(0.05)

    def floods(self) -> None:
        """Says too much."""
        self._answer(200, TAKEN + b" " * 1_000_000)

    def closes(self) -> None:
        """Breaks off in the middle of its answer."""
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b'{"code": "OK"')
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.daemon_threads = True
    print(server.server_port, flush=True)  # noqa: T201  whoever started it reads this
    server.serve_forever()

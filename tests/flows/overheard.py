"""What was said on a connection that no log may repeat? A proxy that writes down every octet, and what of them is secret."""

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, quote

SECRET: Final = frozenset({
    "password", "code", "seed", "uri", "identifier", "address", "recipient", "name", "number", "access_token", "refresh_token",
    "applicant_token", "session_token", "enrolment_code", "code_verifier", "client_secret", "token", "statement", "reason",
    "authority",
})  # fmt: skip
"""Members and form fields whose values belong to a person or open something."""
SHORT = re.compile(r"[\w-]{1,12}", re.ASCII)
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
REASON = re.compile(r"[a-z]+(_[a-z]+)*")
HEAD_END = b"\r\n\r\n"


@dataclass
class Overheard:
    """All that went to and fro, by connection and direction."""

    requests: list[bytearray] = field(default_factory=list)
    answers: list[bytearray] = field(default_factory=list)

    def secrets(self) -> dict[str, set[str]]:
        """Kind → every value of it that was sent or received."""
        found: dict[str, set[str]] = {}
        for stream in self.requests:
            for head, body in messages(bytes(stream)):
                _note_caller(head, found)
                if body and b"image/" in head:
                    found.setdefault("picture", set()).add(body[1_000:1_064].decode("latin-1"))
                _note_body(head, body, found)
        for stream in self.answers:
            for head, body in messages(bytes(stream)):
                if b"application/problem+json" not in head:
                    _note_body(head, body, found)
        return found


def messages(octets: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Heads and bodies, one after the other, by the lengths they declare."""
    while HEAD_END in octets:
        head, _, rest = octets.partition(HEAD_END)
        declared = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        length = int(declared[1]) if declared else 0
        yield head, rest[:length]
        octets = rest[length:]


def _note_caller(head: bytes, found: dict[str, set[str]]) -> None:
    for scheme, given in re.findall(r"(?i)\r\nauthorization: (\w+) (\S+)", head.decode("latin-1")):
        found.setdefault(f"{scheme} credentials", set()).add(given)
        if scheme.lower() == "basic":
            found.setdefault("client_secret", set()).add(base64.b64decode(given).decode().partition(":")[2])


def _note_body(head: bytes, body: bytes, found: dict[str, set[str]]) -> None:
    if re.search(rb"(?i)\r\ncontent-type: application/json", head):
        with suppress(ValueError):
            _note("", json.loads(body), found)
    elif re.search(rb"(?i)\r\ncontent-type: application/x-www-form-urlencoded", head):
        _note("", dict(parse_qsl(body.decode())), found)


def _note(name: str, value: Any, found: dict[str, set[str]]) -> None:
    """What stands under the name of a secret, however deep."""
    match value:
        case Mapping():
            for inner, each in value.items():
                _note(name if inner == "value" else inner, each, found)
        case list():
            for each in value:
                _note(name, each, found)
        case str() if name == "body":  # of a message: the code it brings
            found.setdefault("code in a message", set()).update(CODE.findall(value))
        case str() if name == "code" and REASON.fullmatch(value):
            pass  # of a refusal or a finding
        case str() if name in SECRET and "*" not in value:
            found.setdefault(name, set()).add(value)


def forms(value: str) -> set[str]:
    """How a value looks where it has been written down: plain, for addresses, for JSON, in base64 and in hexadecimal."""
    octets = value.encode()
    plain, url = base64.b64encode(octets).decode(), base64.urlsafe_b64encode(octets).decode()
    escaped = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    return {value, quote(value, safe=""), quote(value), plain.rstrip("="), url.rstrip("="), octets.hex()} | escaped


def leaks(secrets: Mapping[str, set[str]], written: str) -> list[tuple[str, str]]:
    """Which of them stand in what was written; a short one counts only as a word of its own: times are full of digits."""
    return [
        (kind, form)
        for kind, values in secrets.items()
        for value in values
        for form in forms(value)
        if _stands(form, written)
    ]


def _stands(form: str, written: str) -> bool:
    if form not in written or not SHORT.fullmatch(form):
        return form in written
    return bool(re.search(rf"(?<![\w.:-]){re.escape(form)}(?![\w-])", written))


@contextmanager
def overhearing(port: int, behind: int) -> Iterator[Overheard]:
    """Whoever speaks to `port` speaks to `behind`, and is overheard."""
    heard = Overheard()
    with socket.create_server(("127.0.0.1", port)) as server:
        threading.Thread(target=_accept, args=(server, behind, heard), daemon=True).start()
        yield heard
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, behind: int, heard: Overheard) -> None:
    with suppress(OSError):  # closed: nobody listens any more
        while True:
            client, _ = server.accept()
            try:
                api = socket.create_connection(("127.0.0.1", behind))
            except ConnectionRefusedError:
                client.close()
                continue
            streams = (bytearray(), bytearray())
            heard.requests.append(streams[0])
            heard.answers.append(streams[1])
            threading.Thread(target=_relay, args=(client, api, streams), daemon=True).start()


def _relay(client: socket.socket, api: socket.socket, streams: tuple[bytearray, bytearray]) -> None:
    with client, api:
        back = threading.Thread(target=_pass, args=(api, client, streams[1]), daemon=True)
        back.start()
        _pass(client, api, streams[0])
        back.join()


def _pass(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while block := source.recv(65_536):
            kept += block
            sink.sendall(block)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)

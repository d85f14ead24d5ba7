"""How does a key service wrap our keys? Asked over HTTPS, a server of the test's own with a certificate of its own authority."""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.building import master_key_of
from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.core.master import MasterKeyFrom
from app.core.secret import Secret
from app.gateways.keys import KeyChain
from app.gateways.kms import LONGEST_ANSWER, HttpMasterKey, KeyService
from app.gateways.master_key import MasterKeyUnfit
from app.settings import Settings
from tests.gateways.authority import Authority
from tests.gateways.forging import NOW
from tests.house.production import STRONG, secret_file

HERE, KEY, CONTEXT = "127.0.0.1", Secret(b"k" * 32), b"hufu key v1|data|1|1"
Answer = Callable[[str, dict[str, str]], tuple[int, bytes]]


def honest(verb: str, asked: dict[str, str]) -> tuple[int, bytes]:
    """A service that wraps with AES-GCM and authenticates the context."""
    given = {name: base64.b64decode(asked[name]) for name in asked.keys() - {"key"}}
    cipher = AESGCM(b"m" * 32)
    if verb == "wrap":
        nonce = SystemEntropy().draw(12)
        made = {"wrapped": nonce + cipher.encrypt(nonce, given["plaintext"], given["context"])}
    else:
        made = {"plaintext": cipher.decrypt(given["wrapped"][:12], given["wrapped"][12:], given["context"])}
    return 200, json.dumps({name: base64.b64encode(octets).decode() for name, octets in made.items()}).encode()


def careless(verb: str, asked: dict[str, str]) -> tuple[int, bytes]:
    """A service that takes any context for any other."""
    return honest(verb, asked | {"context": ""})


@contextmanager
def service(folder: Path, answer: Answer) -> Iterator[tuple[HttpMasterKey, list[dict[str, Any]]]]:
    """The master key of a service that answers so, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append({"path": self.path, "authorization": self.headers["authorization"], **body})
            status, octets = answer(self.path.rpartition("/")[2], body)
            self.send_response(status)
            self.send_header("content-length", str(len(octets)))
            self.send_header("location", "https://elsewhere.example/")
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    authority = Authority(folder)
    with HTTPServer((HERE, 0), Handler) as server:
        server.socket = authority.server_context(HERE).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"https://{HERE}:{server.server_port}/v1"
        try:
            yield (
                HttpMasterKey(
                    KeyService(url, "bank", Secret(STRONG), authority.file), environment=Environment.PRODUCTION
                ),
                asked,
            )
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.rule("A116")
def test_what_it_wraps_it_unwraps_and_the_key_never_rests_in_clear(tmp_path: Path) -> None:
    with service(tmp_path, honest) as (master, asked):
        wrapped = master.wrap(KEY, context=CONTEXT)
        assert master.unwrap(wrapped, context=CONTEXT).reveal() == KEY.reveal()
    assert KEY.reveal() not in wrapped
    assert [(each["path"], each["key"], each["authorization"]) for each in asked] == [
        ("/v1/wrap", "bank", f"Bearer {STRONG}"),
        ("/v1/unwrap", "bank", f"Bearer {STRONG}"),
    ]


@pytest.mark.parametrize("answer", [honest, careless])
def test_a_key_wrapped_for_one_purpose_is_not_unwrapped_for_another(tmp_path: Path, answer: Answer) -> None:
    with service(tmp_path, answer) as (master, _):
        wrapped = master.wrap(KEY, context=CONTEXT)
        assert master.unwrap(wrapped, context=CONTEXT).reveal() == KEY.reveal()
        with pytest.raises(MasterKeyUnfit):
            master.unwrap(wrapped, context=b"hufu key v1|index|1|3")


def test_a_whole_house_is_founded_on_it(tmp_path: Path) -> None:
    with service(tmp_path, honest) as (master, _):
        rows = KeyChain.fresh(master, SystemEntropy(), NOW)
        assert {row.master for row in rows} == {"kms:bank"}
        assert KeyChain.unwrap(master, rows, NOW).data_key().secret


@pytest.mark.parametrize(
    ("status", "octets"),
    [
        (500, b"{}"),
        (302, b"{}"),
        (401, b"{}"),
        (200, b"not json"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"plaintext": 7}'),
        (200, b'{"plaintext": "%%%"}'),
        (200, b'{"plaintext": "AAAA"}'),
        (200, b" " * (LONGEST_ANSWER + 1)),
    ],
)
@pytest.mark.rule("A123")
def test_whatever_else_it_answers_opens_nothing(tmp_path: Path, status: int, octets: bytes) -> None:
    with service(tmp_path, lambda verb, asked: (status, octets)) as (master, _):  # noqa: ARG005
        with pytest.raises(MasterKeyUnfit):
            master.unwrap(b"K\x01wrapped", context=CONTEXT)


@pytest.mark.rule("A123")
def test_a_service_that_is_not_there_or_not_itself_opens_nothing(tmp_path: Path) -> None:
    nobody = KeyService(f"https://{HERE}:1/v1", "bank", Secret(STRONG))
    with pytest.raises(MasterKeyUnfit, match="ConnectError"):
        HttpMasterKey(nobody, environment=Environment.PRODUCTION).unwrap(b"K\x01wrapped", context=CONTEXT)
    with service(tmp_path, honest) as (master, asked):
        master._tls = ssl.create_default_context()  # does not know the authority of the test
        with pytest.raises(MasterKeyUnfit, match="ConnectError"):
            master.unwrap(b"K\x01wrapped", context=CONTEXT)
    assert asked == []


def test_what_a_file_has_wrapped_is_not_asked_of_a_service(tmp_path: Path) -> None:
    with service(tmp_path, honest) as (master, asked), pytest.raises(MasterKeyUnfit):
        master.unwrap(b"M\x01\x01" + bytes(60), context=CONTEXT)
    assert asked == []


def test_the_settings_lead_to_the_service(tmp_path: Path) -> None:
    settings = Settings(
        master_key_from=MasterKeyFrom.KMS,
        kms_url="https://kms.bank.example/",
        kms_hosts="kms.bank.example",
        kms_key="bank",
        kms_secret_file=secret_file(tmp_path, "kms"),
    )
    assert master_key_of(settings, SystemEntropy()).name == "kms:bank"


class Device:
    """What a bank's module would return."""

    name = "pkcs11:bank"
    wrap = unwrap = staticmethod(lambda key, *, context: key)  # noqa: ARG005

    def __init__(self, environment: Environment) -> None:
        self.environment = environment


def half(_: Environment) -> object:
    """What is none."""
    return object()


def test_a_module_of_the_banks_own_keeps_the_master_key() -> None:
    settings = Settings(master_key_from=MasterKeyFrom.MODULE, master_key_module=f"{__name__}:Device")
    assert master_key_of(settings, SystemEntropy()).name == "pkcs11:bank"


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("pkcs11", "brings no driver of a PKCS #11 device"),
        ("no.such.module:make", "No module named"),
        (f"{__name__}:nothing", "nothing"),
        (f"{__name__}:half", "has no name, environment, wrap, unwrap"),
    ],
)
def test_a_module_that_is_none_is_refused_and_says_what_is_missing(named: str, why: str) -> None:
    with pytest.raises(MasterKeyUnfit, match=why):
        master_key_of(Settings(master_key_from=MasterKeyFrom.MODULE, master_key_module=named), SystemEntropy())

"""How does a key service wrap our keys? By two small JSON requests over verified HTTPS; the master key never comes here.

    POST {url}/wrap    {"key": "hufu", "plaintext": base64, "context": base64}  → 200 {"wrapped": base64}
    POST {url}/unwrap  {"key": "hufu", "wrapped": base64, "context": base64}    → 200 {"plaintext": base64}

`Authorization: Bearer SECRET`. `context` is to be authenticated beside the key, as GCM does with its associated data. It
is bound here as well, so that a service which ignores it opens nothing in another place.
"""

import base64
import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.core.environment import Environment
from app.core.secret import Secret
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.unanswered import UNANSWERED

FORMAT = b"K\x01"
"""Magic and format: what a master key file has written begins otherwise."""
LONGEST_ANSWER = 16 * 1024
TIMEOUT = httpx.Timeout(5.0, connect=3.0)
"""Seconds; asked at start, and where a key is new."""
_DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class KeyService:
    """Where it is and how it is spoken to."""

    url: str
    """https, at a host that the settings allow."""
    key: str
    """What the service calls the master key."""
    secret: Secret[str]
    ca_file: Path | None = None


class HttpMasterKey:
    """The master key in a key service."""

    def __init__(self, service: KeyService, *, environment: Environment) -> None:
        self._service = service
        self._environment = environment
        self._tls = ssl.create_default_context(cafile=service.ca_file)

    @property
    def name(self) -> str:
        """`kms:` and what the service calls the key."""
        return f"kms:{self._service.key}"

    @property
    def environment(self) -> Environment:
        """As MasterKey says."""
        return self._environment

    def wrap(self, key: Secret[bytes], *, context: bytes) -> bytes:
        """As MasterKey says."""
        bound = hashlib.sha256(context).digest() + key.reveal()
        return FORMAT + self._asked("wrap", context, "wrapped", plaintext=bound)

    def unwrap(self, wrapped: bytes, *, context: bytes) -> Secret[bytes]:
        """As MasterKey says; MasterKeyUnfit, too, where the service does not answer."""
        if not wrapped.startswith(FORMAT):
            raise MasterKeyUnfit("not a key that a key service has wrapped")
        bound = self._asked("unwrap", context, "plaintext", wrapped=wrapped.removeprefix(FORMAT))
        if not hmac.compare_digest(bound[:_DIGEST_BYTES], hashlib.sha256(context).digest()):
            raise MasterKeyUnfit("the key service did not wrap this key for this purpose")
        return Secret(bound[_DIGEST_BYTES:])

    def _asked(self, verb: str, context: bytes, wanted: str, **given: bytes) -> bytes:
        """One request, one answer; a connection of its own, no redirect, no proxy of the environment's."""
        body = {"key": self._service.key} | {
            name: base64.b64encode(octets).decode() for name, octets in (given | {"context": context}).items()
        }
        headers = {"authorization": f"Bearer {self._service.secret.reveal()}"}
        try:
            with httpx.Client(verify=self._tls, timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
                with client.stream("POST", f"{self._service.url}/{verb}", json=body, headers=headers) as response:
                    return _read(response, wanted)
        except (*UNANSWERED, ValueError, KeyError, TypeError, RecursionError) as failure:
            # What it answered is not shown: it may hold the key.
            raise MasterKeyUnfit(f"the key service did not {verb}: {type(failure).__name__}") from None


def _read(response: httpx.Response, wanted: str) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise MasterKeyUnfit(f"the key service answered {response.status_code}")
    answer = bytearray()
    for chunk in response.iter_bytes():
        answer += chunk
        if len(answer) > LONGEST_ANSWER:
            raise MasterKeyUnfit("the key service gave a long answer")
    return base64.b64decode(_text(bytes(answer), wanted), validate=True)


def _text(answer: bytes, wanted: str) -> str:
    found = json.loads(answer)[wanted]
    if not isinstance(found, str):
        raise TypeError(wanted)
    return found

"""What wraps all other keys? The master key, which never stands in the database (A116)."""

import base64
import hmac
import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.entropy import Entropy
from app.core.environment import Environment
from app.core.secret import Secret

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"M\x01\x01"
"""Magic, format 1, suite 1 (AES-256-GCM): what a key service would write begins otherwise."""
_LONGEST_SECRET = 4096
_MODES = frozenset({0o600, 0o400})


class MasterKeyUnfit(Exception):
    """The master key cannot be used: missing, malformed, readable by others, or not the one that wrapped this."""


class MasterKey(Protocol):
    """Wraps keys; a file here, a key service or a hardware module at a bank."""

    @property
    def name(self) -> str:
        """Which master key this is: stands beside everything it wrapped."""
        ...

    @property
    def environment(self) -> Environment:
        """Where this runs: keys made elsewhere are not unwrapped."""
        ...

    def wrap(self, key: Secret[bytes], *, context: bytes) -> bytes:
        """The key, encrypted and bound to what it is for."""
        ...

    def unwrap(self, wrapped: bytes, *, context: bytes) -> Secret[bytes]:
        """The key again; raises MasterKeyUnfit unless key and context are those that wrapped it."""
        ...


class FileMasterKey:
    """32 bytes in base64 in a file that only its owner may read."""

    def __init__(self, path: Path, *, entropy: Entropy, environment: Environment) -> None:
        self._key = _read(path)
        self._entropy = entropy
        self._environment = environment
        # A fingerprint that tells two keys apart and nothing about either.
        self._name = "file:" + hmac.digest(self._key.reveal(), b"hufu master key name v1", "sha256").hex()[:16]

    @property
    def name(self) -> str:
        """`file:` and a fingerprint of the key, which tells nothing about it."""
        return self._name

    @property
    def environment(self) -> Environment:
        """As MasterKey says."""
        return self._environment

    def wrap(self, key: Secret[bytes], *, context: bytes) -> bytes:
        """As MasterKey says; AES-256-GCM with a random nonce."""
        nonce = self._entropy.draw(_NONCE_BYTES)
        sealed = AESGCM(self._key.reveal()).encrypt(nonce, key.reveal(), _FORMAT + context)
        return _FORMAT + nonce + sealed

    def unwrap(self, wrapped: bytes, *, context: bytes) -> Secret[bytes]:
        """As MasterKey says."""
        nonce, sealed = wrapped[len(_FORMAT) :][:_NONCE_BYTES], wrapped[len(_FORMAT) + _NONCE_BYTES :]
        if not wrapped.startswith(_FORMAT) or len(nonce) != _NONCE_BYTES:
            raise MasterKeyUnfit("not a key that a master key file has wrapped")
        try:
            return Secret(AESGCM(self._key.reveal()).decrypt(nonce, sealed, _FORMAT + context))
        except InvalidTag:
            raise MasterKeyUnfit("this master key did not wrap this key, or not for this purpose") from None


def private_text(path: Path | None, name: str) -> Secret[str]:
    """The secret in a file that only its owner may read; raises MasterKeyUnfit, which names the setting."""
    if path is None:
        raise MasterKeyUnfit(f"{name} is not set")
    text = _private(path).decode("utf-8", "replace").strip()
    if not text:
        raise MasterKeyUnfit(f"{name}: {path} is empty")
    return Secret(text)


def _read(path: Path) -> Secret[bytes]:
    return _decoded(_private(path), path)


def _private(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            # Asked of the open file, not of the path: nothing can be put in its place in between.
            status, text = os.fstat(file.fileno()), file.read(_LONGEST_SECRET)
    except OSError as error:
        raise MasterKeyUnfit(f"cannot read the secret {path}: {error.strerror}") from error
    if not is_private(status, reader=os.geteuid()):
        raise MasterKeyUnfit(f"{path} must be a file of ours or root's, of mode 0600 or 0400: others could read it")
    return text


def is_private(status: os.stat_result, *, reader: int) -> bool:
    """Whether this is a regular file that only its owner may read, and the owner is the reader or root."""
    mode, owner = stat.S_IMODE(status.st_mode), status.st_uid
    return stat.S_ISREG(status.st_mode) and mode in _MODES and owner in {reader, 0}


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a named pipe would hold up the start for ever


def _decoded(text: bytes, path: Path) -> Secret[bytes]:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyUnfit(f"{path} must hold {KEY_BYTES} bytes in base64")
    return Secret(key)

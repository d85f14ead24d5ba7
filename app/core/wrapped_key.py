"""What is a key at rest? A row that names its purpose, version, algorithm and master key, and tells nothing else.

It stands here because storage keeps it and a gateway unwraps it, and neither knows the other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from app.core.environment import Environment


class Purpose(StrEnum):
    """What a key is for; no key serves two purposes."""

    DATA = "data"
    INDEX = "index"
    TOKEN_MAC = "token_mac"  # noqa: S105  the name of a purpose
    SIGNING = "signing"
    AUDIT = "audit"  # signs the heads of the audit log, and nothing a caller could ask for


class Suite(IntEnum):
    """The algorithms that keys, ciphertexts and hashes may name; a number once given is never given again."""

    AES_256_GCM = 1
    SM4_GCM = 2  # reserved: nothing seals or unseals with it yet
    HMAC_SHA_256 = 3
    ES256 = 4


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One key at rest. Its state follows from its times, so no job has to flip it."""

    purpose: Purpose
    version: int
    suite: Suite
    """The algorithm the key is used with."""
    master: str
    """The name of the master key that wrapped it."""
    environment: Environment
    """Where it was made; it is unwrapped nowhere else."""
    wrapped: bytes
    created_at: datetime
    not_before: datetime
    """From when it makes; it checks and opens from the start."""
    retired_at: datetime | None = None
    """From when it makes no more. It goes on opening and checking; a signing key until its last token is dead."""

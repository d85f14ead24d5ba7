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
    FACES = "faces"  # signs what faces are judged by: fits and calibrations


class Suite(IntEnum):
    """The algorithms that keys, ciphertexts and hashes may name; a number once given is never given again."""

    AES_256_GCM = 1
    SM4_GCM = 2
    HMAC_SHA_256 = 3
    ES256 = 4
    HMAC_SM3 = 5


class Family(StrEnum):
    """Whose algorithms newly made keys are for; what either made is opened for as long as its key is held."""

    AES = "aes"
    SM = "sm"


SEALING = {Family.AES: Suite.AES_256_GCM, Family.SM: Suite.SM4_GCM}
HASHING = {Family.AES: Suite.HMAC_SHA_256, Family.SM: Suite.HMAC_SM3}
SIGNATURE = dict.fromkeys(Family, Suite.ES256)
"""In both: JOSE has registered no name for SM2, and relying parties could not check it."""
SUITES = {
    Purpose.DATA: SEALING,
    Purpose.INDEX: HASHING,
    Purpose.TOKEN_MAC: HASHING,
    Purpose.SIGNING: SIGNATURE,
    Purpose.AUDIT: SIGNATURE,
    Purpose.FACES: SIGNATURE,
}
"""What a new key of each purpose is used with."""
SECRET_BYTES = {Suite.AES_256_GCM: 32, Suite.SM4_GCM: 16, Suite.HMAC_SHA_256: 32, Suite.HMAC_SM3: 32}
"""How long a key of each suite is: AES-256; SM4, GB/T 32907; for a MAC as long as its hash, RFC 2104 §3."""


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

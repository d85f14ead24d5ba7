"""Who keeps the master key? A file at a desk; in production a key service, or the bank's own module."""

from enum import StrEnum


class MasterKeyFrom(StrEnum):
    """The ways to it."""

    FILE = "file"
    KMS = "kms"
    MODULE = "module"

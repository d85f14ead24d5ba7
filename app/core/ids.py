"""What is a thing called? 130 random bits under a prefix that says what kind of thing it is.

Ids are names, not secrets (ASVS 11.5.1, A119), but a guessed one would still tell that it exists, hence the length.
"""

import re
from typing import NewType

ClientId = NewType("ClientId", str)
ProofingId = NewType("ProofingId", str)
PersonId = NewType("PersonId", str)
"""The pseudonym of one natural person: of the applicant, and of the subscriber the applicant becomes."""
AuthenticatorId = NewType("AuthenticatorId", str)
LoginId = NewType("LoginId", str)
SessionId = NewType("SessionId", str)
ImageId = NewType("ImageId", str)
MessageId = NewType("MessageId", str)
EventId = NewType("EventId", str)
StaffId = NewType("StaffId", str)
ProposalId = NewType("ProposalId", str)
ReviewId = NewType("ReviewId", str)
DeviceId = NewType("DeviceId", str)
FaceId = NewType("FaceId", str)
ComparisonId = NewType("ComparisonId", str)
CaptureId = NewType("CaptureId", str)

NONCE_BYTES = 26
_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8
"""For each byte its letter: base32 in lower case (RFC 4648 §6), five bits of the eight."""
_POSSIBLE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def possible(given: str) -> bool:
    """Whether anything could be called this: what could not is neither looked up nor written down."""
    return _POSSIBLE.fullmatch(given) is not None


def named(prefix: str, nonce: bytes) -> str:
    """`prefix_` and 26 lower-case letters and digits (base32: 130 of the 208 bits given)."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"an id takes {NONCE_BYTES} bytes of chance")
    return f"{prefix}_{nonce.translate(_LETTERS).decode('ascii')}"

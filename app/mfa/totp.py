"""Does the claimant hold the device that shares this seed? Time-based one-time codes, RFC 6238 over RFC 4226."""

import base64
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from app.core.ids import AuthenticatorId, PersonId
from app.core.refusal import Refusal
from app.core.secret import Secret

STEP_SECONDS = 30  # RFC 6238 §5.2 (A33)
DIGITS = 6  # RFC 4226 §5.3
SEED_BYTES = 20  # RFC 4226 §4 R6: 160 bits recommended (A35)
NEVER = -1
"""`last_step` of a seed that has not yielded an accepted code."""


class WrongCode(Refusal, code="wrong_code"):
    """Not a code of this seed, at this time, or one that was used."""


def step_at(now: datetime) -> int:
    """The number of the time step, RFC 6238 §4.2."""
    return int(now.astimezone(UTC).timestamp()) // STEP_SECONDS


def code_at(seed: bytes, step: int) -> str:
    """Six digits, RFC 4226 §5.3. SHA-1 is what every authenticator app can; HMAC does not need its collisions."""
    digest = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def verify(seed: bytes, given: str, *, now: datetime, last_step: int) -> int:
    """The step whose code was given: the present one or a neighbour, later than `last_step` (A32, A33).

    The caller stores it as `last_step`; being kept for good, it outlives the window (A34). Raises `WrongCode`.
    """
    if not (len(given) == DIGITS and given.isascii() and given.isdecimal()):
        raise WrongCode
    current = step_at(now)
    for step in (current - 1, current, current + 1):
        if step > last_step and hmac.compare_digest(code_at(seed, step), given):
            return step
    raise WrongCode


@dataclass(frozen=True, slots=True)
class TotpAuthenticator:
    """One seed bound to one person, and how far its codes are spent."""

    id: AuthenticatorId
    person_id: PersonId
    seed: Secret[bytes]
    bound_at: datetime
    confirmed_at: datetime | None = None
    """When the person showed that the device holds the seed; None: no log-in counts on it yet."""
    last_step: int = NEVER

    def confirm(self, given: str, *, now: datetime) -> "TotpAuthenticator":
        """Bind it by a first code, which is then used: it cannot also log in (A38). Raises `WrongCode`."""
        return replace(self.accept(given, now=now), confirmed_at=self.confirmed_at or now)

    def accept(self, given: str, *, now: datetime) -> "TotpAuthenticator":
        """Spend a code. Raises `WrongCode`."""
        return replace(self, last_step=verify(self.seed.reveal(), given, now=now, last_step=self.last_step))


def bind(authenticator_id: AuthenticatorId, person_id: PersonId, *, nonce: bytes, now: datetime) -> TotpAuthenticator:
    """A new authenticator whose seed is the nonce: 20 bytes from a cryptographic source (A35)."""
    if len(nonce) != SEED_BYTES:
        raise ValueError(f"a seed takes {SEED_BYTES} bytes of chance")
    return TotpAuthenticator(authenticator_id, person_id, Secret(nonce), bound_at=now)


def base32(seed: bytes) -> str:
    """The seed as a person types it where the QR code cannot be read."""
    return base64.b32encode(seed).decode("ascii").rstrip("=")


def otpauth_uri(seed: bytes, *, issuer: str, account: str) -> str:
    """What the QR code says (Google Authenticator's Key URI Format). `account` is shown: no identity number."""
    label = quote(f"{issuer}:{account}", safe=":@")
    facts = {"secret": base32(seed), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{label}?{urlencode(facts, quote_via=quote)}"

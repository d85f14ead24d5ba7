"""How well was a person authenticated, and by what? The values of `acr` and `amr`."""

from enum import StrEnum


class Acr(StrEnum):
    """Authenticator assurance level, SP 800-63B-4 §2; the value of the `acr` claim."""

    AAL1 = "aal1"
    AAL2 = "aal2"


class Amr(StrEnum):
    """Authentication method, RFC 8176 §2; the values of the `amr` claim."""

    PWD = "pwd"  # noqa: S105  the name of a method
    OTP = "otp"
    SMS = "sms"
    MFA = "mfa"


class Ial(StrEnum):
    """Identity assurance level, SP 800-63A-4 §2; the value of our `ial` claim."""

    NONE = "none"
    IAL1 = "ial1"
    IAL2 = "ial2"

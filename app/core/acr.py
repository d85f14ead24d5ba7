"""How well was a person authenticated and proofed, and by what? The values of `acr`, `amr`, `ial` and `ial_missing`."""

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
    IAL3 = "ial3"


class Control(StrEnum):
    """What an identity assurance level is made of; the values of our `ial_missing` claim. Clauses are of SP 800-63A-4."""

    EVIDENCE = "evidence"  # enough documents, strong enough: §4.1.2, §4.2.2, §4.3.2 (R84)
    CHIP = "chip"  # the issuer's signature on the document's chip was verified: §2.4.1.3 (R74)
    AUTHORITY = "authority"  # an authoritative source confirmed number and name: §4.1.5 (R45)
    DOCUMENT = "document"  # genuine by automated means whose error rates are measured: §3.13, §4.1.4 (R81)
    CAPTURE = "capture"  # taken live from the document and the person, not uploaded: §3.13, §3.14 (R81, R82)
    CONSENT = "consent"  # to the use of the face, before it was used: §3.11 (R80)
    FACE = "face"  # compared with the portrait under a calibrated threshold: §4.1.6 (R75)
    LIVENESS = "liveness"  # presentation attacks looked for: §3.11 (R77)
    REVIEWED = "reviewed"  # people compared the pictures at another time: §4.1.4, §4.1.6
    ATTENDED = "attended"  # people had the document in hand and its holder before them: §4.1.4, §4.1.6
    EACH = "each"  # from afar the holder is verified of every piece, not of the strongest alone: §4.2.6
    BIOMETRIC = "biometric"  # sampled from the applicant by whoever attends, and kept: §4.3.3
    BINDING = "binding"  # the authenticator was bound on site: §4.3.10
    POLICY = "policy"  # the bank's decision policy allows no more, whatever was reached

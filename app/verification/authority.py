"""What does the issuing source say of a number and a name? R45: no image shows that a card was lost or cancelled."""

from enum import StrEnum


class AuthorityAnswer(StrEnum):
    """What came of asking; only the first speaks for anybody."""

    CONFIRMED = "confirmed"  # there is this number, it is this name's, and the document is good
    DIFFERS = "differs"  # the number is another name's
    UNKNOWN = "unknown"  # there is no such number
    REVOKED = "revoked"  # lost, cancelled, or its holder dead
    UNASKED = "unasked"  # nobody was asked: no authority is connected, or there was nothing sure to ask about
    UNAVAILABLE = "unavailable"  # no answer in time, or none that can be understood

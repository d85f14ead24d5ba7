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


DENIES = frozenset({AuthorityAnswer.REVOKED, AuthorityAnswer.DIFFERS})
"""With these nobody is accepted, by whomever."""
SILENT = frozenset({AuthorityAnswer.UNASKED, AuthorityAnswer.UNAVAILABLE})


def standing_answer(before: AuthorityAnswer, now: AuthorityAnswer, *, as_asked: bool) -> AuthorityAnswer:
    """What the authority says of the number and the name that people found: its last word.

    `as_asked`: they are what it was asked about before; what it said of others says nothing of them.
    """
    return before if as_asked and now in SILENT else now

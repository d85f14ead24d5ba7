"""Where is a refusal of a face counted? R91's five counters, of which none is folded into another."""

from collections.abc import Collection, Iterable
from typing import Final

from app.verification.faces.liveness.judgement import SIGNALS, UNANSWERED, Count
from app.verification.reasons import Reason, ReasonCode

NO_FACE: Final = frozenset({ReasonCode.FACE_ABSENT})
POOR: Final = frozenset(
    {
        ReasonCode.FACES_MANY,
        ReasonCode.FACE_SMALL,
        ReasonCode.FACE_TURNED,
        ReasonCode.FACE_PITCHED,
        ReasonCode.FACE_BLURRED,
        ReasonCode.FACE_DARK,
        ReasonCode.FACE_BRIGHT,
        ReasonCode.FACE_CUT,
        ReasonCode.FACE_GLARE,
    }
)
DIFFERENT: Final = frozenset({ReasonCode.FACE_DIFFERS})
"""A doubtful score is no refusal: people look."""
OF_REASONS: Final = {
    Count.FAILURE_TO_CAPTURE: NO_FACE,
    Count.QUALITY_REJECT: POOR,
    Count.NO_MATCH: DIFFERENT,
}
"""A try at the challenge is counted when it is judged (`Judgement.count`), and not again at the decision."""
OF_CHALLENGES: Final = frozenset(each for each in ReasonCode if each.startswith("liveness_"))
FOUND: Final = OF_CHALLENGES - {ReasonCode.LIVENESS_MISSING}
"""What was found in a try."""
ATTACKS: Final = FOUND - UNANSWERED - SIGNALS
"""What a try was taken for an attack by."""
REFUSING: Final = NO_FACE | POOR | DIFFERENT | ATTACKS


def counts_of(reasons: Iterable[Reason]) -> tuple[Count, ...]:
    """Where these are counted, each once."""
    codes = {each.code for each in reasons}
    return tuple(count for count, of_it in OF_REASONS.items() if codes & of_it)


def overridden(reasons: Collection[Reason], *, accepted: bool) -> bool:
    """Whether people accepted a face that the house's own eyes had refused."""
    return accepted and any(each.code in REFUSING for each in reasons)

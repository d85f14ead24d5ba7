"""What follows from the authority's answer? Confirmed is no finding; silence never accepts (R45).

`firm`: number and name were surely read from a good picture. Only then does what was said of them reject: a misread
name differs from everybody's.
"""

from collections.abc import Iterator

from app.verification.authority import AuthorityAnswer
from app.verification.evidence import Measured, primary
from app.verification.findings.attributes import rule, signal
from app.verification.holder import MACHINE_READ, holder
from app.verification.reasons import Reason, ReasonCode


def authority_findings(answer: AuthorityAnswer, *, required: bool, firm: bool) -> Iterator[Reason]:
    """What the answer leads to; `required`: the policy decides nothing without one."""
    match answer:
        case AuthorityAnswer.CONFIRMED:
            return
        case AuthorityAnswer.REVOKED:
            yield rule(ReasonCode.AUTHORITY_REVOKED, firm=firm)
        case AuthorityAnswer.DIFFERS:
            yield rule(ReasonCode.AUTHORITY_DIFFERS, firm=firm)
        case AuthorityAnswer.UNKNOWN:
            # Registers lag behind births and moves: an absence is looked into, not punished.
            yield signal(ReasonCode.AUTHORITY_UNKNOWN)
        case AuthorityAnswer.UNAVAILABLE:
            yield signal(ReasonCode.AUTHORITY_UNAVAILABLE)
        case AuthorityAnswer.UNASKED:
            if required:
                yield signal(ReasonCode.AUTHORITY_UNASKED)


def askable(measured: Measured, *, sure: float) -> bool:
    """Whether number and name, and whose number it is, were read surely enough to be asked about.

    A misreading asks about a stranger, and whatever is answered is not about the applicant. Of a specimen nothing is
    asked: its number is drawn, and may be somebody's.
    """
    specimen = any(page.reading.specimen for page in measured.pages)
    issuer = ("authority",) if primary(measured.kinds) in MACHINE_READ else ()
    return not specimen and surely_read(measured, sure=sure).keys() >= {"number", "name", *issuer}


def surely_read(measured: Measured, *, sure: float) -> dict[str, str]:
    """What the document that the identity rests on says of its holder, as far as it was read surely."""
    read = holder(measured).items()
    return {name: field.value for name, field in read if field.value is not None and field.confidence >= sure}

"""Which controls did an examination pass, and which documents count? What its level is computed from.

What nothing measures yet is passed by nobody: every picture of a document may have been uploaded, and no chip is read.
"""

from collections.abc import Iterable

from app.core.acr import Control
from app.verification.authority import AuthorityAnswer
from app.verification.documents.resident_number import PERMIT_PREFIXES
from app.verification.evidence import Examination, Measured, Presented, primary
from app.verification.examination import FaceEvidence, Kind
from app.verification.findings.faces import calibrated, face_findings
from app.verification.findings.liveness import liveness_passed
from app.verification.policy import Policy
from app.verification.reasons import SAYS_NOTHING, Outcome, Reason, ReasonCode

OF_THE_FACE = frozenset(code for code in ReasonCode if code.startswith(("face_", "faces_", "liveness_")))
BESIDE_THE_DOCUMENT = OF_THE_FACE | (SAYS_NOTHING - {ReasonCode.FIELD_TYPED}) | {ReasonCode.ALREADY_ENROLLED}
"""What speaks against somebody, but not against the document they showed; of one that had to be typed no machine has read it."""
APART = frozenset({ReasonCode.DOCUMENTS_DIFFER, ReasonCode.DOCUMENTS_UNCOMPARED})
"""With either, the documents may be two persons'."""
_OF_ANY = APART | {ReasonCode.IMAGE_SEEN_BEFORE}
"""It is told of no document which of them is another's."""


def evidence_of(measured: Measured, reasons: Iterable[Reason]) -> tuple[Kind, ...]:
    """The documents that count: each side what it was presented as, and no specimens, for a specimen is evidence of nobody.

    Beside the one that the identity rests on counts only what nothing speaks against: each piece is validated on its
    own (SP 800-63A-4 §4.2.4), and what people decide is about the first.
    """
    shown = {kind: [page for page in measured.pages if page.kind is kind] for kind in measured.kinds}
    whole = tuple(
        kind for kind, pages in shown.items() if all(map(_counts, pages)) and any(page.reading.page for page in pages)
    )
    return undisputed(whole, primary(measured.kinds), reasons)


def undisputed(kinds: Iterable[Kind], rests_on: Kind | None, reasons: Iterable[Reason]) -> tuple[Kind, ...]:
    """Of these, the one that the identity rests on, and those against which no reason speaks; where two may be two
    persons', the first alone.
    """
    against = [reason for reason in reasons if reason.outcome in {Outcome.REFER, Outcome.REJECT}]
    alone = any(reason.code in _OF_ANY for reason in against)
    disputed = {reason.facts.get("kind") for reason in against}
    return tuple(kind for kind in kinds if kind is rests_on or not (alone or kind in disputed))


def _counts(page: Presented) -> bool:
    return page.reading.view.found and not page.reading.specimen and (page.silent or page.as_presented)


def kind_by(number: str, kind: Kind) -> Kind:
    """Which document people had in hand, by the number they typed from it (R16)."""
    resident = kind is Kind.RESIDENT_CARD and number[:2] in PERMIT_PREFIXES
    return Kind.RESIDENCE_PERMIT if resident else kind


def controls_of_people(before: Iterable[Control], answer: AuthorityAnswer, *, in_person: bool) -> frozenset[Control]:
    """What was passed before people looked, and by their looking; `answer`: about the number and the name they found."""
    passed = (frozenset(before) - {Control.AUTHORITY}) | {Control.ATTENDED if in_person else Control.REVIEWED}
    return passed | {Control.AUTHORITY} if answer is AuthorityAnswer.CONFIRMED else passed


def controls_of(examination: Examination, policy: Policy, reasons: Iterable[Reason]) -> frozenset[Control]:
    """The controls that were passed, whatever the decision was."""
    face = examination.measured.face
    passed = set()
    if examination.authority is AuthorityAnswer.CONFIRMED:
        passed.add(Control.AUTHORITY)
    if isinstance(face, FaceEvidence):
        passed.add(Control.CONSENT)  # without it no face is measured, or none is kept of it
        if calibrated(face) and not any(face_findings(face, policy)):
            passed.add(Control.FACE)
    if liveness_passed(examination.liveness):
        passed.add(Control.LIVENESS)
    if policy.documents_calibrated and all(reason.code in BESIDE_THE_DOCUMENT for reason in reasons):
        passed.add(Control.DOCUMENT)
    return frozenset(passed)

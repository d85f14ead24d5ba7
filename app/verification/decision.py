"""Accept, refer or reject? One examination under one policy, with every reason; the worst finding decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.core.acr import Ial
from app.verification.assurance import NOTHING, Assurance, assured
from app.verification.consistency import differing
from app.verification.controls import controls_of, evidence_of
from app.verification.evidence import Examination, Measured, primary
from app.verification.examination import FaceDeclined
from app.verification.findings.authenticity import likeness_findings, listed_findings, software_findings
from app.verification.findings.authority import askable, authority_findings
from app.verification.findings.documents import about, evidence_findings
from app.verification.findings.faces import comparison_facts, face_findings
from app.verification.findings.liveness import liveness_findings
from app.verification.findings.pictures import OF_PICTURES
from app.verification.findings.typed import typed_findings
from app.verification.holder import holder
from app.verification.policy import Policy
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode, curable, worst

__all__ = ["MOST_ATTEMPTS", "DecidedBy", "Decision", "Outcome", "decide", "findings"]

MOST_ATTEMPTS = 3
"""R115: what a third try does not cure, a person looks at."""


class DecidedBy(StrEnum):
    """Who decided."""

    POLICY = "policy"  # nobody: the examination under the policy, alone
    REVIEW = "review"  # two reviewers who agreed
    COUNTER = "counter"  # reviewers of whom at least one had the person before them


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and by what; stored whole, so that it can be explained years later (R102, R106)."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    policy: str
    """Version of the policy."""
    assurance: Assurance
    """What follows from evidence and controls, at most what the policy allows; of nobody but where it accepts."""
    decided_at: datetime
    facts: dict[str, Fact]
    """The face comparison whatever it led to: distance, thresholds, model, calibration (R92)."""
    decided_by: DecidedBy = DecidedBy.POLICY

    @property
    def ial(self) -> Ial:
        """The identity assurance level reached."""
        return self.assurance.ial

    @property
    def human_review(self) -> bool:
        """The applicant may ask for a person to decide: after every automatic rejection (PIPL Art. 24, R102)."""
        return self.outcome is Outcome.REJECT and self.decided_by is DecidedBy.POLICY


def decide(examination: Examination, policy: Policy, *, attempt: int, today: date, now: datetime) -> Decision:
    """The decision on an examination; `today` is the calendar day in Shanghai (R34), `now` the moment it is made.

    `attempt` counts submissions from 1: while there are tries left, what better pictures cure is asked for again.
    """
    reasons = tuple(findings(examination, policy, today=today))
    outcome = worst(reasons)
    if outcome is Outcome.REFER and attempt < MOST_ATTEMPTS and curable(reasons):
        outcome = Outcome.RETRY
    assurance = assured(evidence_of(examination.measured, reasons), controls_of(examination, policy, reasons))
    return Decision(
        outcome=outcome,
        reasons=reasons,
        policy=policy.version,
        assurance=assurance.capped(policy.ial_at_most) if outcome is Outcome.ACCEPT else assurance.of_nobody(),
        decided_at=now,
        facts=_comparison(examination, policy),
    )


def findings(examination: Examination, policy: Policy, *, today: date) -> Iterator[Reason]:
    """Every fact that does not speak for acceptance, judged; acceptance is when there is none."""
    measured, sure = examination.measured, policy.thresholds.field_sure.value
    read = evidence_findings(measured, policy.thresholds, today=today)
    documents = tuple(typed_findings(read, examination, today=today))
    yield from documents
    yield from face_findings(examination.measured.face, policy)
    yield from _not_accepted(measured, policy)
    yield from _circumstances(examination, policy)
    yield from differing(examination.known, holder(measured), sure=sure)
    well_seen = all(reason.code not in OF_PICTURES for reason in documents)
    yield from authority_findings(
        examination.authority, required=policy.requires_authority, firm=well_seen and askable(measured, sure=sure)
    )


def _not_accepted(measured: Measured, policy: Policy) -> Iterator[Reason]:
    """A policy made stricter binds the pictures that were presented before it was; they are given up for another's."""
    for page in measured.pages:
        if page.kind not in policy.documents:
            facts = {"kind": page.kind.value, "side": page.side.value}
            yield Reason(ReasonCode.DOCUMENT_NOT_ACCEPTED, Outcome.REFER, facts)


def _circumstances(examination: Examination, policy: Policy) -> Iterator[Reason]:
    """What no picture shows: marks, times, what we already know, and evidence this policy wants besides."""
    measured, limit = examination.measured, policy.thresholds.capture_gap_below_seconds.value
    if any(page.reading.specimen for page in measured.pages) and not policy.accepts_specimens:
        yield Reason(ReasonCode.SPECIMEN, Outcome.REJECT)
    if primary(measured.kinds) is None:
        yield Reason(ReasonCode.SECONDARY_ALONE, Outcome.REFER)
    for kind, gap in examination.capture_gaps_seconds.items():
        if not abs(gap) < limit:
            facts: dict[str, Fact] = {"kind": kind.value, "measured": round(gap, 1), "threshold": limit}
            yield Reason(ReasonCode.CAPTURE_GAP, Outcome.REFER, facts)
    yield from _others(examination)
    for (kind, side), software in examination.software.items():
        yield from (about(kind, reason) for reason in software_findings(software, side))
    yield from listed_findings(examination.numbers_listed)
    if examination.image_seen_before and not policy.accepts_seen_images:
        yield Reason(ReasonCode.IMAGE_SEEN_BEFORE, Outcome.REFER)
    yield from liveness_findings(examination.liveness, examination.failed_tries, required=policy.requires_liveness)
    if not policy.accepts_seen_images:
        yield from likeness_findings(examination.portraits_apart, policy.thresholds)


def _others(examination: Examination) -> Iterator[Reason]:
    """Whoever is here already: by number, by phone, and by a face, which alone is never sure (R76)."""
    if examination.already_enrolled:
        yield Reason(ReasonCode.ALREADY_ENROLLED, Outcome.REFER)
    if examination.phone_enrolled:
        yield Reason(ReasonCode.PHONE_KNOWN, Outcome.REFER)
    if examination.face_candidates and not examination.already_enrolled:
        yield Reason(ReasonCode.FACE_KNOWN, Outcome.REFER, {"candidates": examination.face_candidates})
    if examination.face_listed:
        yield Reason(ReasonCode.FACE_LISTED, Outcome.REFER, {"candidates": examination.face_listed})


def _comparison(examination: Examination, policy: Policy) -> dict[str, Fact]:
    face = examination.measured.face
    if isinstance(face, FaceDeclined) or face.comparison is None:
        return {}
    return comparison_facts(face.comparison, policy)


def unmeasured(policy: Policy, *, now: datetime) -> Decision:
    """What is decided where the pictures could not be measured at all: a person has to look, nobody is accepted (A123)."""
    reason = Reason(ReasonCode.NOT_MEASURED, Outcome.REFER)
    return Decision(Outcome.REFER, (reason,), policy.version, NOTHING, now, {})

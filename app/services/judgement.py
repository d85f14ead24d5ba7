"""What do people's findings make of a case? The identity they found, the level it is worth, the decision that is kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.core.acr import Control
from app.services.examination_document import (
    SURE,
    Document,
    apart,
    kind_of,
    read_fields,
    said_before,
    set_beside,
    with_typed,
)
from app.verification.assurance import NOTHING, Assurance, assured
from app.verification.authority import AuthorityAnswer, standing_answer
from app.verification.controls import controls_of_people, kind_by
from app.verification.decision import DecidedBy, Decision
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Field, Kind, Source
from app.verification.faces.counting import ATTACKS
from app.verification.one_document import completing, spelled
from app.verification.policy import Policy
from app.verification.proofing import Proofing
from app.verification.reasons import Kind as Curable
from app.verification.reasons import Outcome, ReasonCode
from app.verification.review import Review
from app.verification.typed import Identity, Typed

LISTED: Final = frozenset({ReasonCode.FACE_LISTED, ReasonCode.COMPROMISED_NUMBER})
"""Whoever stands on a list of the bank's, or shows a number that does."""

TOLD_BY_NUMBER: Final = frozenset({"sex", "birth"})


def resting_on(document: Document, typed: Typed, kind: Kind, policy: Policy, *, now: datetime) -> Document:
    """What the case rests on once this was typed: the pictures' document, as far as it is the one that was in hand."""
    read = read_fields(document)
    sure, today = policy.thresholds.field_sure.value, shanghai_day(now)
    together = completing(read, typed, kind=kind, shown=kind_of(document), sure=sure, today=today)
    if together.keys() == read.keys():
        return document if read else apart(document, kind)
    return set_beside(document, read.keys() - together.keys()) if together else apart(document, kind)


def one_is_enough(policy: Policy, proofing: Proofing) -> bool:
    """R113: what speaks of fraud, an attack on the challenge, and either list are never one person's to wave through."""
    reasons = () if proofing.decision is None else proofing.decision.reasons
    grave = any(each.kind is Curable.FINAL or each.code in ATTACKS | LISTED for each in reasons)
    return not policy.in_person_second_person and not grave


def said_of(document: Document, identity: Identity) -> AuthorityAnswer:
    """The authority's last word about this identity: at the counter, or when the pictures were examined."""
    found = {"kind": kind_of(document).value, **identity.attributes()}
    said = [replace(each, about=_spelled(each.about)) for each in said_before(document)]
    return standing_answer(said, _spelled(found))


def _spelled(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: spelled(name, text) for name, text in attributes.items()}


def decided(
    policy: Policy,
    proofing: Proofing,
    review: Review,
    accepted: Identity | None,
    document: Document,
    said: AuthorityAnswer,
    *,
    now: datetime,
) -> Decision:
    """What people decided, with the reasons and figures they had before them."""
    before = proofing.decision
    worth = NOTHING if before is None else before.assurance
    return Decision(
        outcome=Outcome.REJECT if accepted is None else Outcome.ACCEPT,
        reasons=() if before is None else before.reasons,
        policy=policy.version,
        assurance=_worth(worth, accepted, document, said, in_person=review.in_person).capped(policy.ial_at_most),
        decided_at=now,
        facts={} if before is None else before.facts,
        decided_by=DecidedBy.COUNTER if review.in_person else DecidedBy.REVIEW,
    )


def _worth(
    before: Assurance, identity: Identity | None, document: Document, said: AuthorityAnswer, *, in_person: bool
) -> Assurance:
    """The level that follows where people accepted this identity; of nobody where they accepted none."""
    if identity is None:
        return before.of_nobody()
    if document.get("apart"):
        before = _of_another(before, kind_of(document), in_person=in_person)
    in_hand = kind_by(identity.number, kind_of(document))
    # Whoever attends validates what they hold: of what else was photographed they have said nothing.
    evidence = (in_hand,) if in_person else before.evidence
    return assured(evidence, controls_of_people(before.passed, said, in_person=in_person))


def _of_another(before: Assurance, rests_on: Kind, *, in_person: bool) -> Assurance:
    """What pictures proved that show another document than people had in hand, or say otherwise than was read from them."""
    if in_person:
        return NOTHING
    passed = tuple(each for each in before.passed if each is not Control.DOCUMENT)
    return replace(before, evidence=tuple(each for each in before.evidence if each is rests_on), passed=passed)


def found_by_people(document: Document, identity: Identity, typed: Typed) -> Document:
    """The examination with what a reviewer typed in place of what was read or the applicant typed; that stays beside it.

    What nobody typed stays as it was read, or as the applicant alone typed it; or it follows from the number.
    """
    document, given = {**document, "kind": kind_of(document)}, typed.given()
    for name, found in identity.attributes().items():
        before = read_fields(document).get(name)
        if found and name in given:
            document = with_typed(document, name, Field(given[name], found, SURE, Source.CLERK))
        elif found and (before is None or before.value != found):
            rests_on = read_fields(document)["number"] if before is None or name in TOLD_BY_NUMBER else before
            document = with_typed(document, name, replace(rests_on, raw=found, value=found))
    return document

"""Does only a confirmation pass, and does what is said of a misreading reject nobody? R45."""

from dataclasses import replace

import pytest

from app.core.acr import Control, Ial
from app.services.asking import question_of
from app.verification.authority import DENIES, SILENT, AuthorityAnswer, Said, standing_answer
from app.verification.controls import controls_of_people
from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.shapes import Shape
from app.verification.evidence import Measured
from app.verification.examination import FaceDeclined, Kind, PortraitSide, Side
from app.verification.findings.authority import askable, surely_read
from app.verification.reasons import Outcome
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    PORTRAIT,
    codes,
    decided,
    examination,
    measured,
    policy,
    presented,
    read,
    result,
)
from tests.verification.mrz_zones import ANNA
from tests.verification.test_machine_page import PRINTED, page

SURE = policy().thresholds.field_sure.value
UNSURE = read("欧阳样例", confidence=0.6)


@pytest.mark.rule("R45")
@pytest.mark.parametrize(
    ("answer", "outcome", "expected"),
    [
        (AuthorityAnswer.CONFIRMED, "accept", []),
        (AuthorityAnswer.UNASKED, "accept", []),
        (AuthorityAnswer.REVOKED, "reject", ["authority_revoked"]),
        (AuthorityAnswer.DIFFERS, "reject", ["authority_differs"]),
        (AuthorityAnswer.UNKNOWN, "refer", ["authority_unknown"]),
        (AuthorityAnswer.UNAVAILABLE, "refer", ["authority_unavailable"]),
    ],
)
def test_what_follows_from_each_answer(answer: AuthorityAnswer, outcome: str, expected: list[str]) -> None:
    assert result(decided(examination(authority=answer))) == (outcome, expected)


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", list(AuthorityAnswer))
def test_where_the_policy_wants_an_answer_only_a_confirmation_is_one(answer: AuthorityAnswer) -> None:
    told = [code for code in codes(decided(examination(authority=answer), "production-1")) if "authority" in code]
    assert told == ([] if answer is AuthorityAnswer.CONFIRMED else [f"authority_{answer.value}"])


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", [AuthorityAnswer.REVOKED, AuthorityAnswer.DIFFERS])
@pytest.mark.parametrize(
    "portrait",
    [
        replace(PORTRAIT, name=UNSURE),
        replace(PORTRAIT, number=replace(PORTRAIT.number, confidence=0.6)),
        replace(PORTRAIT, view=replace(CARD, blur=0.0)),
    ],
)
def test_what_is_said_of_a_misreading_rejects_nobody(answer: AuthorityAnswer, portrait: PortraitSide) -> None:
    assert decided(examination(portrait, authority=answer)).outcome is Outcome.REFER


@pytest.mark.parametrize(
    ("portrait", "asked"),
    [
        (PORTRAIT, True),
        (replace(PORTRAIT, name=UNSURE), False),
        (replace(PORTRAIT, name=read(None)), False),
        (replace(PORTRAIT, number=read(None)), False),
        (replace(PORTRAIT, view=replace(CARD, specimen=True)), False),
    ],
)
def test_only_about_what_was_surely_read_is_anybody_asked(portrait: PortraitSide, *, asked: bool) -> None:
    assert askable(measured(portrait), sure=SURE) is asked


def test_an_outage_does_not_keep_a_poor_picture_from_being_taken_again() -> None:
    blurred = replace(EMBLEM, view=replace(EMBLEM.view, blur=0.0))
    found = decided(examination(emblem=blurred, authority=AuthorityAnswer.UNAVAILABLE), attempt=1)
    assert found.outcome is Outcome.RETRY


@pytest.mark.parametrize("answer", [AuthorityAnswer.REVOKED, AuthorityAnswer.DIFFERS, AuthorityAnswer.UNKNOWN])
def test_beside_what_the_authority_denies_no_picture_is_asked_for_again(answer: AuthorityAnswer) -> None:
    blurred = replace(EMBLEM, view=replace(EMBLEM.view, blur=0.0))
    assert decided(examination(emblem=blurred, authority=answer), attempt=1).outcome is not Outcome.RETRY


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", list(AuthorityAnswer))
def test_the_control_is_passed_by_a_confirmation_alone(answer: AuthorityAnswer) -> None:
    found = decided(examination(authority=answer))
    assert (Control.AUTHORITY in found.assurance.passed) == (answer is AuthorityAnswer.CONFIRMED)
    assert found.ial is Ial.NONE  # uploaded pictures, no liveness: nothing from afar reaches a level yet


OF_WHOM = {"kind": "resident_card", "number": "11010119900307002X", "name": "欧阳样例"}
FOUND = OF_WHOM | {"authority": "北京市公安局东城分局", "valid_to": "2036-03-07"}


@pytest.mark.rule("R45")
@pytest.mark.parametrize("before", list(AuthorityAnswer))
@pytest.mark.parametrize("now", list(AuthorityAnswer))
def test_its_last_word_stands_and_its_silence_is_none(before: AuthorityAnswer, now: AuthorityAnswer) -> None:
    spoken = [each for each in (before, now) if each not in SILENT] or [AuthorityAnswer.UNASKED]
    assert standing_answer([Said(before, OF_WHOM), Said(now, OF_WHOM)], FOUND) is spoken[-1]


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", sorted(set(AuthorityAnswer) - SILENT))
@pytest.mark.parametrize("other", [{"number": "110101198001010010"}, {"name": "欧阳另例"}])
def test_what_it_said_of_another_number_or_name_is_said_of_nobody_here(
    answer: AuthorityAnswer, other: dict[str, str]
) -> None:
    assert standing_answer([Said(answer, OF_WHOM)], FOUND | other) is AuthorityAnswer.UNASKED
    assert standing_answer([Said(answer, {})], FOUND) is AuthorityAnswer.UNASKED


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", sorted(set(AuthorityAnswer) - SILENT))
def test_a_term_that_was_not_asked_about_changes_nothing_and_one_that_was_does_away_with_no_denial(
    answer: AuthorityAnswer,
) -> None:
    unasked, asked = Said(answer, OF_WHOM), Said(answer, OF_WHOM | {"valid_to": "2026-03-07"})
    assert standing_answer([unasked], FOUND) is answer
    assert standing_answer([asked], FOUND) is (answer if answer in DENIES else AuthorityAnswer.UNASKED)


@pytest.mark.rule("R45")
@pytest.mark.parametrize("later", sorted(set(AuthorityAnswer) - SILENT - DENIES))
def test_an_answer_to_half_a_question_takes_no_denial_of_one_card_back(later: AuthorityAnswer) -> None:
    denied = Said(AuthorityAnswer.REVOKED, OF_WHOM | {"valid_to": FOUND["valid_to"]})
    assert standing_answer([denied, Said(later, OF_WHOM)], FOUND) is AuthorityAnswer.REVOKED
    assert standing_answer([denied, Said(later, denied.about)], FOUND) is later


@pytest.mark.rule("R70")
def test_what_is_denied_to_a_number_of_one_state_is_not_denied_to_that_of_another() -> None:
    swede = {"kind": "passport", "number": "K204418C7", "name": "ERIKSSON ANNA", "authority": "SWE"}
    said = [Said(AuthorityAnswer.REVOKED, swede)]
    assert standing_answer(said, swede | {"valid_to": "2030-01-01"}) is AuthorityAnswer.REVOKED
    assert standing_answer(said, swede | {"authority": "NOR"}) is AuthorityAnswer.UNASKED


@pytest.mark.rule("R45")
@pytest.mark.parametrize("answer", list(AuthorityAnswer))
def test_where_people_decide_a_confirmation_alone_passes_the_control_too(answer: AuthorityAnswer) -> None:
    after = controls_of_people({Control.AUTHORITY, Control.CONSENT}, answer, in_person=True)
    confirmed = {Control.AUTHORITY} if answer is AuthorityAnswer.CONFIRMED else set()
    assert after == {Control.CONSENT, Control.ATTENDED} | confirmed
    assert Control.REVIEWED in controls_of_people((), answer, in_person=False)


def swedish(*, names_agree: bool = True) -> Measured:
    """A passport's data page, of no specimen."""
    zone = compose(Shape.TD3, replace(ANNA, issuer="SWE", nationality="SWE"))
    shown = replace(page(zone, [text.replace("UTO ", "SWE ") for text in PRINTED]), names_agree=names_agree)
    return Measured((presented(Kind.PASSPORT, Side.DATA_PAGE, shown),), FaceDeclined.CONSENT_REFUSED)


@pytest.mark.rule("R45", "R70")
def test_a_passport_is_asked_about_where_its_state_was_read_surely_too() -> None:
    assert askable(swedish(), sure=SURE)
    said = surely_read(swedish(), sure=SURE)
    assert (said["number"], said["authority"], said["valid_to"]) == ("L898902C3", "SWE", "2030-04-15")
    faint = swedish(names_agree=False)
    assert "number" in surely_read(faint, sure=SURE)
    assert not askable(faint, sure=SURE)


@pytest.mark.rule("R70")
def test_whoever_is_asked_about_a_states_document_is_told_the_state_and_of_a_card_no_state() -> None:
    passport = question_of(Kind.PASSPORT, surely_read(swedish(), sure=SURE))
    assert (passport.number, passport.issuing_state, passport.valid_to) == ("L898902C3", "SWE", "2030-04-15")
    card = question_of(Kind.RESIDENT_CARD, surely_read(measured(), sure=SURE))
    assert (card.issuing_state, card.valid_to) == (None, "2036-03-07")

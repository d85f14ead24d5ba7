"""Does each fact lead to what it should, and the worst of them to the decision?"""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.acr import Ial
from app.verification.decision import Outcome, decide
from app.verification.evidence import Examination
from app.verification.examination import Kind, Side
from app.verification.reasons import Reason, ReasonCode, worst
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    NOW,
    PORTRAIT,
    TODAY,
    changed,
    codes,
    decided,
    examination,
    policy,
    presented,
    read,
    result,
)
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.licence_pages import TODAY as LICENCE_DAY
from tests.verification.test_decision_numbers import numbered

LIMITS = policy().thresholds
"""Measured, and measured again: what is tried here lies beside them, wherever they lie."""


def test_nothing_wrong_is_accepted() -> None:
    decision = decided(examination())
    assert (decision.outcome, decision.reasons, decision.policy) == (Outcome.ACCEPT, (), "development-1")
    assert (decision.ial, decision.decided_at, decision.human_review) == (Ial.NONE, NOW, False)


@given(st.lists(st.sampled_from([Outcome.REFER, Outcome.REJECT]), max_size=5))
def test_the_worst_finding_decides_and_none_accepts(outcomes: list[Outcome]) -> None:
    found = [Reason(ReasonCode.SPECIMEN, outcome) for outcome in outcomes]
    expected = Outcome.REJECT if Outcome.REJECT in outcomes else Outcome.REFER if outcomes else Outcome.ACCEPT
    assert worst(found) is expected


def test_an_examination_without_one_of_its_facts_cannot_be_built() -> None:
    whole = {field.name: getattr(examination(), field.name) for field in fields(Examination)}
    for name in whole:
        with pytest.raises(TypeError):
            Examination(**{key: value for key, value in whole.items() if key != name})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"found": False}, "card_not_found"),
        ({"seen": None}, "card_not_found"),
        ({"seen": Side.EMBLEM}, "wrong_side"),
        ({"blur": LIMITS.card_blur_least.value - 0.1}, "card_blurred"),
        ({"glare": LIMITS.card_glare_most.value + 0.0001}, "card_glare"),
        ({"brightness": LIMITS.card_brightness_least.value - 0.1}, "card_dark"),
        ({"brightness": LIMITS.card_brightness_most.value + 0.1}, "card_bright"),
        ({"width_px": LIMITS.card_width_least_px.value - 0.1}, "card_small"),
        ({"edge_cut": True}, "card_edge_cut"),
    ],
)
def test_a_poor_picture_refers(change: dict[str, Any], code: str) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **change))
    assert result(decided(examination(portrait))) == ("refer", [code])


@pytest.mark.parametrize(
    "change",
    [
        {"blur": LIMITS.card_blur_least.value},
        {"glare": LIMITS.card_glare_most.value},
        {"brightness": LIMITS.card_brightness_least.value},
        {"brightness": LIMITS.card_brightness_most.value},
        {"width_px": LIMITS.card_width_least_px.value},
    ],
)
def test_a_picture_at_its_limit_is_good_enough(change: dict[str, Any]) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **change))
    assert decided(examination(portrait)).outcome is Outcome.ACCEPT


@pytest.mark.rule("R26")
def test_two_portrait_sides_are_a_wrong_side() -> None:
    decision = decided(examination(emblem=replace(EMBLEM, view=CARD)))
    assert result(decision) == ("refer", ["wrong_side"])
    assert decision.reasons[0].facts == {"kind": "resident_card", "side": "emblem"}


@pytest.mark.rule("R40")
@pytest.mark.parametrize("field", ["name", "address"])
def test_a_field_read_unsurely_refers(field: str) -> None:
    assert decided(examination(changed(PORTRAIT, **{field: read("某某", 0.90)}))).outcome is Outcome.ACCEPT
    unsure = decided(examination(changed(PORTRAIT, **{field: read("某某", 0.89)})))
    assert result(unsure) == ("refer", ["field_unclear"])


@pytest.mark.parametrize("field", ["authority", "valid_from", "valid_to"])
def test_a_field_not_read_on_the_other_side_refers(field: str) -> None:
    assert result(decided(examination(emblem=changed(EMBLEM, **{field: read(None)})))) == ("refer", ["field_unclear"])


@pytest.mark.rule("R16", "R17")
def test_a_permit_presented_as_a_resident_card_is_another_document() -> None:
    of_permit = replace(CARD, kind=Kind.RESIDENCE_PERMIT)
    permit = replace(PORTRAIT, number=read("820000198512310029"), birth=read("1985-12-31"), view=of_permit)
    assert result(decided(examination(permit))) == ("refer", ["wrong_document"])


@pytest.mark.rule("R53")
def test_a_licence_alone_is_no_evidence_of_who_somebody_is() -> None:
    alone = replace(examination().measured, pages=(presented(Kind.DRIVING_LICENCE, Side.MAIN, LICENCE),))
    found = decided(replace(examination(), measured=alone), today=LICENCE_DAY)
    assert result(found) == ("refer", ["secondary_alone"])


@pytest.mark.rule("R53")
def test_a_licence_beside_a_resident_card_is_judged_with_it() -> None:
    both = (
        *examination().measured.pages,
        presented(Kind.DRIVING_LICENCE, Side.MAIN, replace(LICENCE, name=read(None))),
    )
    found = decided(replace(examination(), measured=replace(examination().measured, pages=both)), today=LICENCE_DAY)
    assert result(found) == ("refer", ["field_unclear"])


@pytest.mark.rule("R37")
@pytest.mark.parametrize(
    ("listed", "expected"), [(True, []), (None, ["field_unclear"]), (False, ["ethnicity_unlisted"])]
)
def test_an_ethnicity_nobody_lists_or_nobody_read_refers(expected: list[str], *, listed: bool | None) -> None:
    assert codes(decided(examination(replace(PORTRAIT, ethnicity_listed=listed)))) == expected


@pytest.mark.rule("R39")
@pytest.mark.parametrize(
    ("authority", "expected"), [("某县公安局", []), ("某市公安局某分局", []), ("某县派出所", ["authority_unusual"])]
)
def test_an_unusual_authority_refers(authority: str, expected: list[str]) -> None:
    assert codes(decided(examination(emblem=replace(EMBLEM, authority=read(authority))))) == expected


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("today", "expected"), [(date(2036, 3, 7), []), (date(2036, 3, 8), ["expired"])])
def test_an_expired_card_is_not_accepted(today: date, expected: list[str]) -> None:
    assert codes(decided(examination(), today=today)) == expected


@pytest.mark.rule("R28", "R31", "R32", "R33", "R42", "R43")
@pytest.mark.parametrize(
    ("end", "code", "risk"),
    [
        ("2031-03-07", "term_unknown", "high"),
        ("2026-03-07", "term_wrong_for_age", "medium"),
        ("long_term", "long_term_too_young", "medium"),
    ],
)
def test_a_term_that_does_not_fit_the_birth_on_the_other_side_refers(end: str, code: str, risk: str) -> None:
    emblem = replace(EMBLEM, valid_from=read("2016-04-07"), valid_to=read(end.replace("03-07", "04-07")))
    decision = decided(examination(emblem=emblem))
    assert (result(decision), decision.reasons[0].facts["risk"]) == (("refer", [code]), risk)


@pytest.mark.rule("R42")
def test_a_temporary_card_refers() -> None:
    emblem = replace(EMBLEM, valid_from=read("2025-10-01"), valid_to=read("2026-01-01"))
    assert result(decided(examination(emblem=emblem))) == ("refer", ["temporary_card"])


@pytest.mark.rule("R35")
@pytest.mark.parametrize(("birth", "expected"), [("20091101", []), ("20091102", ["guardian_needed"])])
def test_below_sixteen_refers_to_the_guardians_path(birth: str, expected: list[str]) -> None:
    young = replace(
        PORTRAIT, number=read(numbered(f"110101{birth}002")), birth=read(f"{birth[:4]}-{birth[4:6]}-{birth[6:]}")
    )
    emblem = replace(EMBLEM, valid_from=read("2025-01-01"), valid_to=read("2030-01-01"))
    assert codes(decided(examination(young, emblem))) == expected


@pytest.mark.rule("R43")
@pytest.mark.parametrize(("gap", "expected"), [(599.9, []), (600.0, ["capture_gap"]), (float("nan"), ["capture_gap"])])
def test_both_sides_are_captured_within_ten_minutes(gap: float, expected: list[str]) -> None:
    assert codes(decided(examination(gap=gap))) == expected


def test_a_number_that_has_a_subscriber_refers() -> None:
    assert result(decided(examination(enrolled=True))) == ("refer", ["already_enrolled"])


@pytest.mark.rule("R42")
@pytest.mark.parametrize(("attempt", "expected"), [(1, "retry"), (3, "refer")])
def test_a_document_this_policy_does_not_take_is_asked_for_anew_and_never_accepted(attempt: int, expected: str) -> None:
    strict = changed(policy(), documents=(Kind.PASSPORT,))
    decision = decide(examination(), strict, attempt=attempt, today=TODAY, now=NOW)
    assert (decision.outcome, set(codes(decision))) == (expected, {"document_not_accepted"})
    assert [reason.facts["side"] for reason in decision.reasons] == ["portrait", "emblem"]


def test_a_picture_sent_for_somebody_else_refers_but_where_specimens_go_round() -> None:
    again = examination(seen_before=True)
    strict = changed(policy(), accepts_seen_images=False)
    by = decide(again, strict, attempt=1, today=TODAY, now=NOW)
    assert result(by) == ("refer", ["image_seen_before"])
    assert result(decided(again)) == ("accept", [])


@pytest.mark.rule("R102")
def test_every_automatic_rejection_carries_the_right_to_a_person() -> None:
    rejected = decided(examination(replace(PORTRAIT, sex=read("男"))))
    assert (rejected.outcome, rejected.human_review, rejected.ial) == (Outcome.REJECT, True, Ial.NONE)
    assert not decided(examination(gap=601)).human_review


def test_production_refers_whom_development_accepts() -> None:
    decision = decided(examination(), "production-1")
    assert result(decision) == ("refer", ["calibration_missing", "liveness_missing", "authority_unasked"])
    assert decision.ial is Ial.NONE


@pytest.mark.parametrize(
    ("by", "outcome"), [("development-1", "accept"), ("sandbox-1", "accept"), ("production-1", "reject")]
)
def test_a_specimen_is_rejected_in_production_alone(by: str, outcome: str) -> None:
    specimen = replace(PORTRAIT, view=replace(CARD, specimen=True))
    assert decided(examination(specimen), by).outcome == outcome


@pytest.mark.parametrize("measure", ["blur", "glare", "brightness", "width_px"])
def test_a_measure_of_a_card_that_is_no_number_is_never_good_enough(measure: str) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **{measure: float("nan")}))
    assert decided(examination(portrait)).outcome is Outcome.REFER

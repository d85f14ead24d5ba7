"""Does each fact of a residence permit lead to what it should? R16, R17."""

from dataclasses import replace
from datetime import date

import pytest

from app.verification.documents.residence_permit import PermitEmblemSide
from app.verification.evidence import Measured
from app.verification.examination import FaceDeclined, Field, Kind, PortraitSide, Side
from app.verification.findings.documents import evidence_findings
from tests.verification.examinations import CARD, PORTRAIT, changed, policy, presented, read

TODAY = date(2020, 1, 1)
VIEW = replace(CARD, kind=Kind.RESIDENCE_PERMIT)
FRONT = changed(PORTRAIT, view=VIEW, number=read("820000198512310029"), birth=read("1985-12-31"), ethnicity_listed=None)
EMBLEM = PermitEmblemSide(
    view=replace(VIEW, seen=Side.EMBLEM),
    title="港澳居民居住证",
    authority=read("深圳市公安局"),
    valid_from=read("2018-09-01"),
    valid_to=read("2023-09-01"),
    travel_permit=read("M12345678"),
    times_issued=read("01"),
)


def found(front: PortraitSide = FRONT, emblem: PermitEmblemSide = EMBLEM) -> list[tuple[str, str]]:
    pages = (
        presented(Kind.RESIDENCE_PERMIT, Side.PORTRAIT, front),
        presented(Kind.RESIDENCE_PERMIT, Side.EMBLEM, emblem),
    )
    measured = Measured(pages, FaceDeclined.CONSENT_REFUSED)
    return [(r.outcome.value, r.code.value) for r in evidence_findings(measured, policy().thresholds, today=TODAY)]


def test_of_a_good_permit_there_is_nothing_to_say() -> None:
    assert found() == []


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": read("2028-09-01")}, "term_unknown"),
        ({"valid_from": read("2014-12-31"), "valid_to": read("2019-12-31")}, "expired"),
        ({"valid_from": read("2020-01-02"), "valid_to": read("2025-01-02")}, "not_yet_valid"),
        ({"travel_permit": read("H12345678")}, "travel_permit_differs"),
        ({"title": "台湾居民居住证"}, "permit_title_differs"),
        ({"authority": Field("", None, 0.0)}, "field_unclear"),
        ({"travel_permit": Field("", None, 0.0)}, "field_unclear"),
    ],
)
def test_what_is_odd_on_the_emblem_side_refers(changes: dict[str, Field], code: str) -> None:
    assert found(emblem=changed(EMBLEM, **changes)) == [("refer", code)]


@pytest.mark.rule("R17")
def test_a_residents_number_on_a_permit_rejects_where_it_was_surely_read() -> None:
    resident = changed(FRONT, number=read("11010119900307002X"), birth=read("1990-03-07"), permit_layout=True)
    assert ("reject", "permit_contradiction") in found(resident)
    poor = changed(resident, view=replace(VIEW, blur=1.0))
    assert all(outcome != "reject" for outcome, _ in found(poor))


@pytest.mark.rule("R15")
def test_print_that_contradicts_the_number_rejects() -> None:
    assert found(changed(FRONT, sex=read("男"))) == [("reject", "sex_differs")]
    assert found(changed(FRONT, number=read("820000198512310028"))) == [("reject", "number_check_wrong")]

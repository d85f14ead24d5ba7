"""Is a field found in its picture, whatever its kind of document calls it?"""

import pytest

from app.verification.documents.field_places import place_of
from app.verification.documents.mrz.printed import Verdict
from app.verification.documents.reading import Page, Reading
from app.verification.evidence import Measured, Presented
from app.verification.examination import Kind, Polygon, Side
from app.verification.findings.documents import evidence_findings
from tests.verification.examinations import EVIDENCE, changed, policy
from tests.verification.test_document_findings import TODAY
from tests.verification.test_machine_page import ZONE
from tests.verification.test_machine_page import page as zone_page
from tests.verification.test_permanent_findings import FRONT


def at(top: float) -> Polygon:
    return ((1.0, top), (9.0, top), (9.0, top + 2), (1.0, top + 2))


LINES = {"line_1": at(80.0), "line_2": at(90.0)}


def shown(page: Page, places: dict[str, Polygon]) -> Reading:
    return Reading(page.view, page, None, places)


def test_a_permanent_card_s_name_stands_where_its_latin_name_does() -> None:
    assert place_of(shown(FRONT, {"latin_name": at(20.0)}), "name") == at(20.0)
    assert place_of(shown(FRONT, {}), "name") is None


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    ("field", "line"), [("name", "line_1"), ("number", "line_2"), ("birth", "line_2"), ("expiry", "line_2")]
)
def test_a_field_of_a_zone_stands_in_its_line(field: str, line: str) -> None:
    assert place_of(shown(zone_page(ZONE), LINES), field) == LINES[line]


@pytest.mark.rule("R73")
def test_what_the_print_says_otherwise_has_a_place_in_its_proofing() -> None:
    page = zone_page(ZONE)
    differing = changed(page, comparison=changed(page.comparison, birth=Verdict.DIFFERENT))
    presented = Presented(Kind.PASSPORT, Side.DATA_PAGE, shown(differing, LINES))
    found = evidence_findings(Measured((presented,), EVIDENCE), policy().thresholds, today=TODAY)
    where = {each.facts["field"]: each.where for each in found if each.code == "print_differs"}
    assert where["birth"] == LINES["line_2"]

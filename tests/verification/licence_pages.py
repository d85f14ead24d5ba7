"""What does a driving licence look like in which nothing is wrong, and what is said of another?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.verification.documents.driving_licence import (
    DuplicatePage,
    LicencePage,
    read_duplicate_page,
    read_licence_page,
)
from app.verification.documents.resident_number import check_character
from app.verification.documents.validity import LONG_TERM
from app.verification.examination import Field
from app.verification.findings.licence import duplicate_findings, licence_findings
from app.verification.reasons import Reason
from tests.verification.card_lines import VIEW
from tests.verification.examinations import changed, read
from tests.verification.licence_lines import duplicate_lines, licence_lines

TODAY = date(2024, 6, 1)
PAGE = read_licence_page(licence_lines(), VIEW)
DUPLICATE = read_duplicate_page(duplicate_lines(), VIEW)


def found(page: LicencePage, *, firm: bool = True, today: date = TODAY) -> list[tuple[str, str]]:
    return told(licence_findings(page, firm=firm, sure=0.9, today=today))


def found_beside(
    duplicate: DuplicatePage, page: LicencePage | None = PAGE, *, firm: bool = True
) -> list[tuple[str, str]]:
    return told(duplicate_findings(duplicate, page, firm=firm, sure=0.9, today=TODAY))


def told(reasons: Iterable[Reason]) -> list[tuple[str, str]]:
    return [(reason.outcome.value, reason.code.value) for reason in reasons]


def of_class(code: str, *, age: int, today: date = TODAY) -> LicencePage:
    """A licence whose holder has that age today, held since the holder was of every age."""
    birth = today.replace(year=today.year - age)
    return born(birth, classes=read(code), first_issue=read(today.isoformat()), valid_from=read(today.isoformat()))


def born(birth: date, **fields: Field) -> LicencePage:
    digits = f"110101{birth:%Y%m%d}002"
    page = replace(PAGE, number=read(digits + check_character(digits)), birth=read(birth.isoformat()))
    return changed(page, **{"valid_to": read(LONG_TERM), **fields})


def codes(page: LicencePage, today: date = TODAY) -> set[str]:
    """What is said beside 长期 being early, which is not asked here."""
    return {code for _, code in found(page, today=today)} - {"long_term_too_early"}

"""Do the attributes of a driving licence agree with each other, the law and the day? R46-R53.

A licence supports other evidence and replaces none. Most of what is odd about one is a signal; a rule is broken, and
rejects, where the number contradicts itself, the print beside it or the duplicate page.
"""

from collections.abc import Iterator
from datetime import date

from app.verification.documents.driving_licence import DuplicatePage, LicencePage
from app.verification.documents.licence_classes import LEAST_AGE, parse_classes, too_old_for, too_young_for
from app.verification.documents.licence_validity import long_term_too_early, renewal_open, term_known
from app.verification.documents.names import NameMatch, compare_names
from app.verification.documents.readings import day_of, number_seen
from app.verification.documents.resident_number import ResidentNumber, age_on
from app.verification.documents.validity import day_flags
from app.verification.examination import Field, Side
from app.verification.findings.attributes import (
    against_number,
    number_findings,
    number_of,
    of_age,
    rule,
    said_by_number,
    signal,
    unclear,
    validity_of,
)
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode

PERMANENT_RESIDENT = "9"
"""R18: how a foreign permanent resident's number begins; it may stand on a licence, and no rule here knows it."""


def licence_findings(page: LicencePage, *, firm: bool, sure: float, today: date) -> Iterator[Reason]:
    """What the main page leads to; nothing where it is a good licence. `firm`: the picture is good enough to reject on;
    `sure`: the confidence from which a field is.
    """
    yield from number_findings(page.number, Side.MAIN, firm=firm and not _foreign(page), sure=sure, today=today)
    number, number_sure = number_of(page.number, today=today), page.number.confidence >= sure
    confirmed: frozenset[str] = frozenset()
    if isinstance(number, ResidentNumber):
        confirmed = said_by_number(number, sex=page.sex, birth=page.birth) if number_sure else confirmed
        yield from against_number(number, sex=page.sex, birth=page.birth, firm=firm and number_sure, sure=sure)
        yield from of_age(number, today)
    yield from unclear({n: f for n, f in _named(page).items() if n not in confirmed}, Side.MAIN, sure)
    yield from _of_classes(
        page, number.birth if isinstance(number, ResidentNumber) else day_of(page.birth), sure, today
    )
    yield from _of_dates(page, today)


def duplicate_findings(
    duplicate: DuplicatePage, page: LicencePage | None, *, firm: bool, sure: float, today: date
) -> Iterator[Reason]:
    """What the duplicate page leads to, beside the main page where it is there (R52). `firm`: both pictures are good
    enough to reject on.
    """
    own = firm and not _foreign(duplicate)
    yield from number_findings(duplicate.number, Side.DUPLICATE, firm=own, sure=sure, today=today)
    yield from unclear({"name": duplicate.name, "file_number": duplicate.file_number}, Side.DUPLICATE, sure)
    if page is not None:
        yield from _repeated(duplicate, page, firm=firm, sure=sure)


def _named(page: LicencePage) -> dict[str, Field]:
    """What has to be read surely; a class surely read that is none has a reason of its own."""
    return {
        "name": page.name,
        "sex": page.sex,
        "nationality": page.nationality,
        "address": page.address,
        "birth": page.birth,
        "first_issue": page.first_issue,
        "valid_from": page.valid_from,
        "valid_to": page.valid_to,
    }


def _foreign(page: LicencePage | DuplicatePage) -> bool:
    """A number this country gives foreigners is for a person to check, not a forgery."""
    return (number_seen(page.number) or "").startswith(PERMANENT_RESIDENT)


def _of_classes(page: LicencePage, birth: date | None, sure: float, today: date) -> Iterator[Reason]:
    """Whether the classes exist (R50), and the holder is and was of an age for them (R51, R52).

    The first issue is that of the first class: who began with C1 at 18 and was granted A2 at 22 prints the day of the
    one beside the code of the other. So only an age at which no class is granted refers; others are a note.
    """
    if page.classes.raw and page.classes.value is None and page.classes.confidence >= sure:
        yield signal(ReasonCode.CLASS_UNKNOWN)
    else:
        yield from unclear({"classes": page.classes}, Side.MAIN, sure)
    classes = parse_classes(page.classes.value or "")
    if birth is None:
        return
    age = age_on(birth, today)
    if classes and (unfit := (*too_young_for(classes, age), *too_old_for(classes, age))):
        yield signal(ReasonCode.CLASS_AGE_UNUSUAL, classes="".join(unfit))
    first_issue = day_of(page.first_issue)
    if first_issue is None:
        return
    age_then = age_on(birth, first_issue)
    if age_then < LEAST_AGE:
        yield signal(ReasonCode.FIRST_ISSUE_TOO_YOUNG)
    elif classes and (added := too_young_for(classes, age_then)):
        yield _note(ReasonCode.FIRST_ISSUE_TOO_YOUNG, classes="".join(added))


def _of_dates(page: LicencePage, today: date) -> Iterator[Reason]:
    """Whether term, first issue and day fit each other (R47-R49)."""
    first_issue, validity = day_of(page.first_issue), validity_of(page.valid_from, page.valid_to)
    if first_issue and (first_issue > today or (validity and first_issue > validity.start)):
        yield signal(ReasonCode.FIRST_ISSUE_CONTRADICTED)
    if validity is None:
        return
    for flag in day_flags(validity, today=today):
        yield signal(ReasonCode(flag.value), side=Side.MAIN.value)
    if not term_known(validity):
        yield signal(ReasonCode.LICENCE_TERM_UNKNOWN)
    if first_issue and long_term_too_early(validity, first_issue=first_issue):
        yield signal(ReasonCode.LONG_TERM_TOO_EARLY)
    if renewal_open(validity, today=today):
        yield _note(ReasonCode.RENEWAL_OPEN)


def _repeated(duplicate: DuplicatePage, page: LicencePage, *, firm: bool, sure: float) -> Iterator[Reason]:
    """Whether the duplicate page repeats number and name (R52), where both were surely read: else a better picture tells.

    No check character speaks for the reading of a name, so a name that differs refers and never rejects.
    """
    one, other = number_seen(page.number), number_seen(duplicate.number)
    if one and other and one != other and _sure(page.number, duplicate.number, sure):
        checked = page.number.value is not None and duplicate.number.value is not None
        yield rule(ReasonCode.DUPLICATE_NUMBER_DIFFERS, firm=firm and checked)
    if page.name.value and duplicate.name.value and _sure(page.name, duplicate.name, sure):
        match = compare_names(page.name.value, duplicate.name.value)
        if match is not NameMatch.SAME:
            yield signal(ReasonCode.DUPLICATE_NAME_DIFFERS, match=match.value)


def _sure(one: Field, other: Field, sure: float) -> bool:
    return min(one.confidence, other.confidence) >= sure


def _note(code: ReasonCode, **facts: Fact) -> Reason:
    """Worth knowing, and nothing to act on."""
    return Reason(code, Outcome.ACCEPT, facts)

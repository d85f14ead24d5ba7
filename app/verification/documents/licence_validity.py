"""Does a driving licence's validity fit the law, its first issue and the day? 公安部令 162 Art. 13, 62, 63; R47-R49."""

from datetime import date, timedelta

from app.verification.documents.resident_number import age_on
from app.verification.documents.validity import Validity, term_of

LICENCE_TERMS = (6, 10)
"""Years, Art. 13; the third term is 长期 (R47)."""
YEARS_BEFORE_LONG_TERM = 16
"""R48: 长期 follows a full term of ten years, which follows one of six (Art. 62)."""
RENEWAL_WINDOW = timedelta(days=90)
"""Before the expiry, Art. 63 (R49)."""


def term_known(validity: Validity) -> bool:
    """Whether it runs 6 or 10 years to the day, or for good (R47); one begun on 29 February may end beside it."""
    return validity.end is None or term_of(validity, LICENCE_TERMS) is not None


def long_term_too_early(validity: Validity, *, first_issue: date) -> bool:
    """Whether it runs for good though the terms that come first cannot be over (R48)."""
    return validity.end is None and age_on(first_issue, validity.start) < YEARS_BEFORE_LONG_TERM


def renewal_open(validity: Validity, *, today: date) -> bool:
    """Whether it is still valid and may be renewed already (R49)."""
    return validity.end is not None and validity.end - RENEWAL_WINDOW <= today <= validity.end

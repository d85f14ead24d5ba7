"""Do the texts say the same in both languages, and to what does a consent of an earlier text extend? R95, R96."""

from datetime import timedelta

import pytest

from app.verification.consents import Consent, ConsentNeeded, Purpose
from app.verification.notices import NAMES_THE_PORTRAIT, NOTICES, may_liken_to_document
from tests.verification.examinations import NOW


def answer(purpose: Purpose, version: str, *, given: bool = True, after: int = 0) -> Consent:
    return Consent(purpose, given, version, "", "en", "web", NOW + timedelta(days=after))


AGREED = answer(Purpose.FACE, "2026-11-01")
OLD, NEW = (answer(Purpose.FACE_ENROLMENT, version) for version in ("2026-11-26", NAMES_THE_PORTRAIT))


@pytest.mark.rule("R95", "R96")
@pytest.mark.parametrize(
    "consents", [[AGREED, OLD], [AGREED], [NEW], [answer(Purpose.FACE_ENROLMENT, "2026-11-26.10")]]
)
def test_the_comparison_or_a_text_that_names_the_portrait_allows_it(consents: list[Consent]) -> None:
    may_liken_to_document(consents)


@pytest.mark.rule("R95", "R96")
@pytest.mark.parametrize(
    "consents", [[], [OLD], [AGREED, answer(Purpose.FACE, "2026-11-26", given=False, after=1), OLD]]
)
def test_an_older_text_alone_allows_no_comparison_with_the_portrait(consents: list[Consent]) -> None:
    with pytest.raises(ConsentNeeded):
        may_liken_to_document(consents)


def test_each_purpose_has_one_version_in_both_languages() -> None:
    texts = {(each.purpose, each.version) for each in NOTICES}
    assert len(NOTICES) == 2 * len(texts) == 2 * len({purpose for purpose, _ in texts})


@pytest.mark.rule("R95", "R102")
@pytest.mark.parametrize(
    ("language", "before", "later"),
    [
        ("zh-CN", "此前您申请人工复核的,由工作人员查看", "此后申请的,不再使用面部照片"),
        ("en", "if you ask for a human review before that", "one you ask for later goes by your document"),
    ],
)
def test_both_languages_say_until_when_people_see_the_face_and_what_an_appeal_after_that_goes_by(
    language: str, before: str, later: str
) -> None:
    (told,) = [each.text for each in NOTICES if each.purpose is Purpose.FACE and each.language == language]
    assert before in told
    assert later in told

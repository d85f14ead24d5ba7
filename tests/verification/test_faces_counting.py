"""Is each refusal of a face counted in one of R91's five counters and in no other?"""

from collections import Counter

import pytest

from app.verification.faces.counting import ATTACKS, OF_REASONS, counts_of, overridden
from app.verification.faces.liveness.judgement import SIGNALS, UNANSWERED, Count
from app.verification.findings.face_gate import gate_findings
from app.verification.reasons import Outcome, Reason, ReasonCode
from tests.verification.examinations import EVIDENCE, changed, policy, shown


def reason(code: ReasonCode) -> Reason:
    return Reason(code, Outcome.REFER)


@pytest.mark.rule("R91")
def test_no_code_is_counted_twice() -> None:
    counted = Counter(code for codes in OF_REASONS.values() for code in codes)
    assert set(counted.values()) == {1}


@pytest.mark.rule("R91")
def test_whatever_the_gate_turns_away_is_counted() -> None:
    nobody = changed(EVIDENCE.applicant, view=changed(EVIDENCE.applicant.view, faces=0))
    for face in (nobody, shown(blur=1), shown(brightness=1), shown(turn=60), shown(eye_distance_px=5)):
        found = gate_findings(face, policy().thresholds)
        assert found
        assert all(counts_of([each]) for each in found)


@pytest.mark.rule("R91")
@pytest.mark.parametrize(
    ("code", "count"),
    [
        (ReasonCode.FACE_ABSENT, Count.FAILURE_TO_CAPTURE),
        (ReasonCode.FACE_BLURRED, Count.QUALITY_REJECT),
        (ReasonCode.FACE_DIFFERS, Count.NO_MATCH),
    ],
)
def test_each_has_its_own(code: ReasonCode, count: Count) -> None:
    assert counts_of([reason(code)] * 2) == (count,)


@pytest.mark.parametrize("code", [ReasonCode.FACE_DOUBTFUL, ReasonCode.FACE_KNOWN, ReasonCode.LIVENESS_FROZEN])
def test_what_people_look_at_and_what_was_counted_when_it_was_judged_is_not(code: ReasonCode) -> None:
    assert counts_of([reason(code)]) == ()


@pytest.mark.parametrize("code", [ReasonCode.FACE_DIFFERS, ReasonCode.FACE_BLURRED, *ATTACKS])
def test_people_who_accept_what_was_refused_override(code: ReasonCode) -> None:
    assert overridden([reason(code)], accepted=True)
    assert not overridden([reason(code)], accepted=False)


@pytest.mark.parametrize("code", [ReasonCode.FACE_DECLINED, ReasonCode.LIVENESS_MISSING, *UNANSWERED, *SIGNALS])
def test_people_who_accept_what_was_not_measured_override_nothing(code: ReasonCode) -> None:
    assert not overridden([reason(code)], accepted=True)

"""Does a score carry what it is worth, and does only a bound that was measured let a face decide?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.calibration import (
    Calibration,
    CalibrationBroken,
    Point,
    Usage,
    fitting,
    may_accept,
    stated,
)
from app.verification.faces.score import UNCALIBRATED, FmrClaim, Score, Uncalibrated

USAGE = Usage("net@1", "fit-0", "selfie_selfie", 1)
POINTS = (
    Point(1e-2, 2.0, 0.01, 0.012, 0.02, 0.01, 0.03),
    Point(1e-3, 3.0, 0.001, 0.0014, 0.05, 0.03, 0.07),
    Point(1e-4, 4.0, 0.00005, 0.0001, 0.15, 0.1, 0.2),
)
CALIBRATION = Calibration(USAGE, "the bank's own", 400, 2_000, 300_000, date(2026, 11, 26), POINTS)
SCORES = st.floats(-10, 10)


@given(SCORES, SCORES)
def test_a_higher_score_never_claims_a_higher_rate(one: float, other: float) -> None:
    claims = [CALIBRATION.claim(each) for each in sorted((one, other))]
    rates = [1.0 if isinstance(claim, Uncalibrated) else claim.upper for claim in claims]
    assert rates[0] >= rates[1]


def test_a_threshold_itself_is_reached() -> None:
    assert CALIBRATION.claim(3.0) == FmrClaim(0.001, 0.0014)
    assert CALIBRATION.claim(2.999) == FmrClaim(0.01, 0.012)
    assert isinstance(CALIBRATION.claim(1.999), Uncalibrated)


@pytest.mark.rule("R75")
def test_a_face_decides_only_where_the_bound_is_one_in_ten_thousand() -> None:
    assert may_accept(CALIBRATION, 4.0)
    assert not may_accept(CALIBRATION, 3.999)
    assert not may_accept(CALIBRATION, float("nan"))
    seldom_seen = replace(POINTS[2], fmr=0.0, upper=0.000101)
    assert not may_accept(replace(CALIBRATION, points=(*POINTS[:2], seldom_seen)), 4.0)


@pytest.mark.rule("R92")
def test_a_score_never_travels_alone() -> None:
    told = stated(3.5, USAGE, CALIBRATION, threshold=4.0).document()
    assert told == {
        "score": 3.5, "model": "net", "version": "1", "fit": "fit-0", "references": 1, "threshold": 4.0,
        "calibration": CALIBRATION.id, "fmr": {"fmr": 0.001, "upper": 0.0014},
    }  # fmt: skip


@pytest.mark.rule("R92")
@pytest.mark.parametrize("calibrations", [(), (CALIBRATION,)])
def test_what_nobody_measured_is_called_uncalibrated_and_why(calibrations: tuple[Calibration, ...]) -> None:
    told = stated(9.0, replace(USAGE, references=3), fitting(calibrations, replace(USAGE, references=3))).document()
    assert (told["calibration"], told["fmr"]) == (UNCALIBRATED, UNCALIBRATED)
    assert told["why"] in {"no calibration is loaded", "no calibration for references 3"}


def test_a_claim_without_its_calibration_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="come together"):
        Score(1.0, "net", "1", None, 1, None, UNCALIBRATED, FmrClaim(0.1, 0.2))
    with pytest.raises(ValueError, match="come together"):
        Score(1.0, "net", "1", None, 1, None, "cal-0", Uncalibrated("nobody measured"))


@pytest.mark.parametrize("change", [{"model": "net@2"}, {"fit": None}, {"kind": "doc_selfie"}, {"references": 2}])
def test_a_calibration_says_nothing_of_anything_else(change: dict[str, str | int | None]) -> None:
    assert isinstance(fitting([CALIBRATION], replace(USAGE, **change)), Uncalibrated)  # type: ignore[arg-type]
    newer = replace(CALIBRATION, made_on=date(2026, 12, 1))
    assert fitting([newer, CALIBRATION], USAGE) == newer


@pytest.mark.parametrize(
    "points",
    [(), POINTS[::-1], (replace(POINTS[0], upper=0.0),), (replace(POINTS[0], threshold=float("nan")),)],
)
def test_what_is_no_calibration_is_none(points: tuple[Point, ...]) -> None:
    with pytest.raises(CalibrationBroken):
        replace(CALIBRATION, points=points)

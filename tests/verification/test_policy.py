"""Is a policy whole, explained and, in production, strict?"""

from contextlib import suppress
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.policy import Policy, PolicyBroken, parse_policy
from app.verification.thresholds import Threshold
from tests.verification.examinations import POLICIES, changed, policy

NAMES = sorted(path.stem for path in POLICIES.glob("*.toml"))
TEXT = (POLICIES / "development-1.toml").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_is_named_by_its_version_and_environment(name: str) -> None:
    assert (policy(name).version, policy(name).environment) == (name, name.rsplit("-", 1)[0])


@pytest.mark.parametrize("name", NAMES)
def test_every_threshold_tells_its_origin(name: str) -> None:
    thresholds = policy(name).thresholds
    assert all(getattr(thresholds, field.name).origin.strip() for field in fields(thresholds))


@pytest.mark.rule("R92")
@pytest.mark.parametrize("name", NAMES)
def test_the_face_thresholds_are_the_defaults_and_say_that_nobody_calibrated_them(name: str) -> None:
    thresholds = policy(name).thresholds
    assert (thresholds.face_accept.value, thresholds.face_reject.value) == (0.38, 0.55)
    assert policy(name).calibration == "uncalibrated"


@pytest.mark.parametrize(
    "lax",
    [
        {"accepts_uncalibrated": True},
        {"requires_liveness": False},
        {"requires_authority": False},
        {"accepts_specimens": True},
        {"accepts_seen_images": True},
    ],
)
def test_a_lax_production_policy_cannot_be_built(lax: dict[str, bool]) -> None:
    with pytest.raises(PolicyBroken):
        changed(policy("production-1"), **lax)


def test_accepting_above_rejecting_cannot_be_built() -> None:
    one = policy()
    with pytest.raises(PolicyBroken):
        replace(one, thresholds=replace(one.thresholds, face_accept=Threshold(0.6, "nobody")))


def test_no_growth_from_frame_to_frame_may_answer_the_step_nearer() -> None:
    """Two stills, one cut: 1.31 apart they were a step done."""
    one = policy()
    with pytest.raises(PolicyBroken):
        replace(one, thresholds=replace(one.thresholds, liveness_growth_nearing_most=Threshold(1.3, "nobody")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("accepts_specimens = true\n", ""),
        ("accepts_specimens = true", "accepts_specimens = 1"),
        ('ial_at_most = "ial2"', 'ial_at_most = "ial9"'),
        ('ial_at_most = "ial2"', 'ial = "ial2"'),
        ("[thresholds]", "surprise = 1\n[thresholds]"),
        ("value = 0.38", "value = true"),
        ("value = 0.38", 'value = "0.38"'),
        ("value = 0.38,", ""),
        ('origin = "Face box over frame."', 'origin = " "'),
        ("[thresholds]", "[threshold]"),
        ("field_sure =", "field_unsure ="),
        ('version = "development-1"', "version = "),
    ],
)
def test_a_missing_unknown_or_wrong_entry_is_told(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyBroken):
        parse_policy(TEXT.replace(old, new, 1))


@given(st.text())
def test_any_text_is_a_policy_or_none(text: str) -> None:
    with suppress(PolicyBroken):
        assert isinstance(parse_policy(text), Policy)

"""The profiles are data: each setting names its clause, and where it departs from the default it says so."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.mfa.password_policy import CN_BANK, NIST, PCI, POLICIES, PasswordPolicy, Setting, departures, expires_at

CHANGED = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)


@pytest.mark.rule("A4", "A5")
def test_the_default_rules_bind_nist() -> None:
    assert departures(NIST) == ()


@pytest.mark.rule("A6")
@pytest.mark.parametrize("policy", [PCI, CN_BANK], ids=lambda policy: policy.name)
def test_a_profile_that_departs_says_from_which_rule(policy: PasswordPolicy) -> None:
    assert [departure.rule for departure in departures(policy)] == ["A4", "A5"]
    assert all(departure.clause for departure in departures(policy))


@pytest.mark.rule("A1", "A6")
def test_a_policy_of_too_short_passwords_says_so() -> None:
    short = replace(NIST, min_length_alone=Setting(14, "none"), min_length_with_mfa=Setting(7, "none"))
    assert [departure.setting for departure in departures(short)] == ["min_length_alone", "min_length_with_mfa"]


@pytest.mark.rule("A5")
def test_a_password_does_not_age_by_default() -> None:
    assert expires_at(CHANGED, NIST) is None


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("policy", "days"), [(PCI, 90), (CN_BANK, 180)])
def test_a_bank_may_switch_on_ageing(policy: PasswordPolicy, days: int) -> None:
    assert expires_at(CHANGED, policy) == CHANGED + timedelta(days=days)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_every_setting_names_its_clause(policy: PasswordPolicy) -> None:
    settings = [getattr(policy, field.name) for field in fields(policy) if field.name != "name"]
    assert all(isinstance(setting, Setting) and setting.clause for setting in settings)


@pytest.mark.rule("A2")
@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_no_profile_ends_below_64_characters(policy: PasswordPolicy) -> None:
    assert policy.max_length.value >= 64

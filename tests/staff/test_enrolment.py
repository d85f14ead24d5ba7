"""Does one code bring in one person, within a day?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import StaffId
from app.staff.enrolment import (
    CODE_BYTES,
    LIFE,
    EnrolmentCodeInvalid,
    EnrolmentNotBegun,
    State,
    TooFewOfficers,
    heard,
    named,
    refuse_too_few,
    spelled,
)
from app.staff.roles import Role, RolesConflict, check_roles
from tests.staff.people import NOW, OFFICER, active, someone


def test_the_code_has_more_chance_than_112_bits() -> None:
    assert CODE_BYTES * 8 >= 112


def test_an_invitation_is_good_until_its_day_is_over() -> None:
    assert someone().open_invitation(NOW + LIFE - timedelta(microseconds=1))
    with pytest.raises(EnrolmentCodeInvalid):
        someone().open_invitation(NOW + LIFE)


def test_a_confirmed_invitation_opens_nothing_more() -> None:
    enrolled = active()
    assert enrolled.enrolment_index is None
    with pytest.raises(EnrolmentCodeInvalid):
        enrolled.bound(b"other", b"other", now=NOW)


def test_a_seed_is_confirmed_only_where_there_is_one() -> None:
    with pytest.raises(EnrolmentNotBegun):
        someone().enrolled(1, now=NOW)


def test_a_second_try_replaces_password_and_seed() -> None:
    twice = someone().bound(b"first", b"first", now=NOW).bound(b"second", b"second", now=NOW)
    assert (twice.sealed_password, twice.sealed_seed, twice.state) == (b"second", b"second", State.INVITED)


def test_the_step_that_confirmed_is_spent() -> None:
    assert active().last_step == 7


def test_whoever_is_disabled_has_no_invitation_left() -> None:
    out = someone().disabled(NOW)
    assert (out.state, out.enrolment_index) == (State.DISABLED, None)
    with pytest.raises(EnrolmentCodeInvalid):
        out.open_invitation(NOW)


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_a_code_is_heard_as_it_was_spelled_whatever_its_case_and_hyphens(nonce: bytes) -> None:
    code = spelled(nonce)
    assert heard(code) == heard(code.lower()) == heard(code.replace("-", " ")) == code.replace("-", "")


@pytest.mark.parametrize("given_name", ["Ann", " ann ", "ann.lee-2", "a1"])
def test_a_login_name_is_lower_case_letters_digits_and_three_signs(given_name: str) -> None:
    assert named(given_name) == given_name.strip().lower()


@pytest.mark.parametrize("given_name", ["", "a", "-ann", "an n", "安", "ann\x00", "a" * 33])
def test_other_names_are_nobodys(given_name: str) -> None:
    assert named(given_name) is None


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.AUDITOR, Role.OPERATOR}), frozenset(Role)])
def test_nobody_has_no_role_or_audits_themselves(roles: frozenset[Role]) -> None:
    with pytest.raises(RolesConflict):
        check_roles(roles)


@pytest.mark.parametrize("role", Role)
def test_each_role_alone_is_enough(role: Role) -> None:
    check_roles(frozenset({role}))


def test_the_second_last_officer_stays_one() -> None:
    officers = frozenset({StaffId("ann"), StaffId("bob")})
    for after in (active("ann").disabled(NOW), active("ann").with_roles(frozenset({Role.REVIEWER}))):
        with pytest.raises(TooFewOfficers):
            refuse_too_few(officers, active("ann"), after)


def test_the_third_may_go_and_so_may_whoever_is_no_officer() -> None:
    three = frozenset({StaffId("ann"), StaffId("bob"), StaffId("eve")})
    refuse_too_few(three, active("ann"), active("ann").disabled(NOW))
    two = three - {StaffId("eve")}
    refuse_too_few(two, active("eve", Role.REVIEWER), active("eve", Role.REVIEWER).disabled(NOW))
    refuse_too_few(two, someone("eve"), someone("eve").disabled(NOW))


def test_an_officer_may_take_on_more() -> None:
    officers = frozenset({StaffId("ann"), StaffId("bob")})
    refuse_too_few(officers, active("ann"), active("ann").with_roles(OFFICER | {Role.REVIEWER}))

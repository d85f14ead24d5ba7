"""A code is accepted when it is one of the seed's, near its time, and once."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import AuthenticatorId, PersonId
from app.mfa.totp import (
    NEVER,
    SEED_BYTES,
    STEP_SECONDS,
    TotpAuthenticator,
    WrongCode,
    base32,
    bind,
    code_at,
    otpauth_uri,
    step_at,
    verify,
)

VECTORS = Path(__file__).parents[1] / "vectors"
RFC4226 = json.loads((VECTORS / "rfc4226.json").read_text())
RFC6238 = json.loads((VECTORS / "rfc6238.json").read_text())
NOW = datetime(2026, 3, 7, 9, 30, 10, tzinfo=UTC)
STEP = step_at(NOW)
SEED = bytes(range(20))
STEP_LENGTH = timedelta(seconds=STEP_SECONDS)

seeds = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  bounds


def authenticator() -> TotpAuthenticator:
    return bind(AuthenticatorId("totp_1"), PersonId("person_1"), nonce=SEED, now=NOW)


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC4226["codes"])))
def test_codes_are_those_of_rfc_4226(counter: int, code: str) -> None:
    assert code_at(RFC4226["secret_ascii"].encode(), counter) == code


@pytest.mark.parametrize("vector", RFC6238["codes"], ids=lambda vector: str(vector["seconds"]))
def test_codes_are_the_last_digits_of_rfc_6238(vector: dict[str, int | str]) -> None:
    moment = datetime.fromtimestamp(int(vector["seconds"]), UTC)
    assert code_at(RFC6238["secret_ascii"].encode(), step_at(moment)) == str(vector["code"])[-6:]


@given(seeds, moments)
def test_codes_are_those_of_another_implementation(seed: bytes, moment: datetime) -> None:
    assert code_at(seed, step_at(moment)) == pyotp.TOTP(base64.b32encode(seed).decode()).at(moment)


@pytest.mark.rule("A33")
@pytest.mark.parametrize("distance", [-1, 0, 1])
def test_the_present_step_and_its_neighbours_are_accepted(distance: int) -> None:
    assert verify(SEED, code_at(SEED, STEP + distance), now=NOW, last_step=NEVER) == STEP + distance


@pytest.mark.rule("A33")
@pytest.mark.parametrize("distance", [-2, 2, -1000, 1000])
def test_a_code_two_steps_away_is_refused(distance: int) -> None:
    with pytest.raises(WrongCode):
        verify(SEED, code_at(SEED, STEP + distance), now=NOW, last_step=NEVER)


@pytest.mark.rule("A33")
def test_a_code_dies_with_the_step_after_its_own() -> None:
    begin = datetime.fromtimestamp(STEP * STEP_SECONDS, UTC)
    code = code_at(SEED, STEP)
    last_moment = begin + 2 * STEP_LENGTH - timedelta(microseconds=1)
    assert verify(SEED, code, now=last_moment, last_step=NEVER) == STEP
    with pytest.raises(WrongCode):
        verify(SEED, code, now=begin + 2 * STEP_LENGTH, last_step=NEVER)


@pytest.mark.rule("A32")
def test_a_code_works_once() -> None:
    code = code_at(SEED, STEP)
    spent = authenticator().accept(code, now=NOW)
    with pytest.raises(WrongCode):
        spent.accept(code, now=NOW)


@pytest.mark.rule("A32", "A34")
@given(st.lists(st.tuples(st.integers(0, 120), st.integers(-1, 1)), max_size=12))
def test_no_step_is_accepted_twice_however_time_passes(tries: list[tuple[int, int]]) -> None:
    now, held, accepted = NOW, authenticator(), []
    for seconds, distance in tries:
        now += timedelta(seconds=seconds)
        try:
            held = held.accept(code_at(SEED, step_at(now) + distance), now=now)
        except WrongCode:
            continue
        accepted.append(held.last_step)
    assert accepted == sorted(set(accepted))


@pytest.mark.rule("A32")
def test_an_older_code_is_refused_after_a_newer_one() -> None:
    newer = authenticator().accept(code_at(SEED, STEP + 1), now=NOW)
    with pytest.raises(WrongCode):
        newer.accept(code_at(SEED, STEP), now=NOW)


@pytest.mark.rule("A38")
def test_the_code_that_confirms_cannot_log_in() -> None:
    code = code_at(SEED, STEP)
    confirmed = authenticator().confirm(code, now=NOW)
    assert confirmed.confirmed_at == NOW
    with pytest.raises(WrongCode):
        confirmed.accept(code, now=NOW)


def test_a_wrong_code_confirms_nothing() -> None:
    with pytest.raises(WrongCode):
        authenticator().confirm(code_at(SEED, STEP + 2), now=NOW)


@pytest.mark.parametrize(
    "given_code", ["", "12345", "1234567", "12345a", "１２３４５６", "+12345", "-12345", "12 345", "\ud800" * 6]
)
def test_what_is_not_six_digits_is_a_wrong_code(given_code: str) -> None:
    with pytest.raises(WrongCode):
        verify(SEED, given_code, now=NOW, last_step=NEVER)


@given(seeds, moments, st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_only_a_code_of_the_window_is_accepted(seed: bytes, moment: datetime, code: str) -> None:
    window = {code_at(seed, step_at(moment) + distance) for distance in (-1, 0, 1)}
    if code in window:
        verify(seed, code, now=moment, last_step=NEVER)
        return
    with pytest.raises(WrongCode):
        verify(seed, code, now=moment, last_step=NEVER)


@pytest.mark.rule("A35")
@pytest.mark.parametrize("size", [19, 21])
def test_a_seed_has_160_bits(size: int) -> None:
    with pytest.raises(ValueError, match="20 bytes"):
        bind(AuthenticatorId("totp_1"), PersonId("person_1"), nonce=bytes(size), now=NOW)


def test_the_seed_never_prints() -> None:
    assert base32(SEED) not in repr(authenticator())
    assert repr(SEED) not in repr(authenticator())


def test_an_authenticator_app_understands_the_uri() -> None:
    read = pyotp.parse_uri(otpauth_uri(SEED, issuer="Hufu 银行", account="138****8000"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.issuer, read.name) == ("Hufu 银行", "138****8000")
    assert read.at(NOW) == code_at(SEED, STEP)


def test_the_uri_states_algorithm_digits_and_period() -> None:
    facts = parse_qs(urlsplit(otpauth_uri(SEED, issuer="Hufu", account="a@b.cn")).query)
    assert (facts["algorithm"], facts["digits"], facts["period"]) == (["SHA1"], ["6"], ["30"])

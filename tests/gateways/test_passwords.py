"""Passwords are hashed slowly, alike for everybody, and never without bound."""

import asyncio
from collections.abc import Iterator

import pytest
from passlib.context import CryptContext
from passlib.hash import argon2

from app.core.refusal import Unavailable
from app.gateways.passwords import LEAST_COSTS, Cost, Passwords, argon2id

PASSWORD = "Kx9 mQ2#vLw7tz!e"


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    gateway = Passwords(argon2id(Cost()), dummy_secret="nobody's")
    yield gateway
    gateway.close()


async def test_a_password_matches_its_own_hash_and_no_other(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert await passwords.verify(PASSWORD, stored)
    assert not await passwords.verify(PASSWORD + "x", stored)


@pytest.mark.rule("A10", "A11")
async def test_scheme_cost_and_salt_are_stored_with_the_hash(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(argon2.from_string(stored).salt) * 8 >= 32


@pytest.mark.rule("A11")
async def test_equal_passwords_have_different_hashes(passwords: Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


@pytest.mark.rule("A10")
@pytest.mark.parametrize(("memory_kib", "passes"), LEAST_COSTS)
def test_the_least_costs_are_accepted_and_nothing_below(memory_kib: int, passes: int) -> None:
    assert Cost(memory_kib, passes).is_enough()
    assert not Cost(memory_kib - 1, passes).is_enough()
    with pytest.raises(ValueError, match="below every cost"):
        argon2id(Cost(memory_kib - 1, passes))


@pytest.mark.rule("A10")
@pytest.mark.parametrize("cost", [Cost(19456, 1), Cost(12288, 2), Cost(47104, 0)])
def test_one_pass_fewer_is_not_enough(cost: Cost) -> None:
    assert not cost.is_enough()


@pytest.mark.rule("A7")
@pytest.mark.parametrize("other", ["a" * 72 + "y", "a" * 72, "A" + "a" * 71 + "x"])
async def test_a_password_counts_whole_and_in_its_case(passwords: Passwords, other: str) -> None:
    stored = await passwords.hash("a" * 72 + "x")
    assert await passwords.verify("a" * 72 + "x", stored)
    assert not await passwords.verify(other, stored)


@pytest.mark.rule("A2", "A3")
@pytest.mark.parametrize("password", ["骏马奔腾" * 16, "🐎" * 256, " spaces stay ", "~!@#$%^&*()"])
async def test_long_and_foreign_passwords_work(passwords: Passwords, password: str) -> None:
    assert await passwords.verify(password, await passwords.hash(password))


@pytest.mark.rule("A3")
async def test_a_password_typed_in_another_form_of_unicode_matches(passwords: Passwords) -> None:
    assert await passwords.verify("Cafe\u0301 ２４", await passwords.hash("Café 24"))


@pytest.mark.parametrize("password", ["", "x" * 257, "a\0b", "\0", "\ud800", "\ufdfa" * 15, "x" * 1_000_000])
async def test_what_cannot_be_a_password_is_a_wrong_one(passwords: Passwords, password: str) -> None:
    assert await passwords.verify(password, await passwords.hash(PASSWORD)) is False


async def test_nothing_after_a_nul_is_ignored(passwords: Passwords) -> None:
    assert not await passwords.verify(PASSWORD + "\0", await passwords.hash(PASSWORD))


@pytest.mark.parametrize(
    "stored",
    ["", "plain", "$1$abc$def", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$", "$argon2id$v=19$m=x$a$b", "\0"],
)
async def test_a_hash_nobody_can_read_matches_nothing(passwords: Passwords, stored: str) -> None:
    assert await passwords.verify(PASSWORD, stored) is False


async def test_the_stand_in_is_nobodys_password(passwords: Passwords) -> None:
    assert await passwords.verify("nobody's", None) is False


class Counting(CryptContext):  # type: ignore[misc]  # libpass has no types
    """Knows how many hashes were computed to the end."""

    computed = 0

    def verify(self, secret: str, hash: str) -> bool:  # noqa: A002  passlib's name
        """Count what does not raise."""
        matched = bool(super().verify(secret, hash))
        self.computed += 1
        return matched


@pytest.mark.rule("A28")
@pytest.mark.parametrize("password", [PASSWORD, "wrong", "", "a\0b", "x" * 257])
@pytest.mark.parametrize(
    "stored",
    [pytest.param(argon2id(Cost()).hash(PASSWORD), id="real"), None, "", "plain", "$argon2id$", "$1$abc$def"],
)
async def test_every_path_computes_exactly_one_hash(password: str, stored: str | None) -> None:
    context = Counting(**argon2id(Cost()).to_dict())
    passwords = Passwords(context, dummy_secret="nobody's")
    await passwords.verify(password, stored)
    passwords.close()
    assert context.computed == 1


@pytest.mark.rule("A28")
def test_the_stand_in_costs_what_a_stored_hash_costs() -> None:
    context = argon2id(Cost(memory_kib=20480))
    passwords = Passwords(context, dummy_secret="nobody's")
    passwords.close()
    assert not context.needs_update(passwords.stand_in)


@pytest.mark.rule("A13")
async def test_a_hash_of_another_cost_is_outdated(passwords: Passwords) -> None:
    dearer = Passwords(argon2id(Cost(memory_kib=20480)), dummy_secret="nobody's")
    try:
        stored = await passwords.hash(PASSWORD)
        assert not passwords.needs_rehash(stored)
        assert dearer.needs_rehash(stored)
        assert await dearer.verify(PASSWORD, stored)
    finally:
        dearer.close()


async def test_whoever_finds_the_queue_full_is_told_to_come_later() -> None:
    narrow = Passwords(argon2id(Cost()), dummy_secret="nobody's", threads=1, queue=1)
    try:
        answers = await asyncio.gather(*(narrow.verify(PASSWORD, None) for _ in range(5)), return_exceptions=True)
        assert answers.count(Unavailable(retry_after_seconds=1)) == 3
        assert await narrow.verify(PASSWORD, None) is False
    finally:
        narrow.close()


@pytest.mark.rule("A123")
async def test_a_password_that_takes_too_long_is_not_a_right_one() -> None:
    hurried = Passwords(argon2id(Cost()), dummy_secret="nobody's", threads=1, timeout_seconds=0.0001)
    try:
        with pytest.raises(Unavailable):
            await hurried.verify(PASSWORD, None)
    finally:
        hurried.close()


async def test_places_of_callers_who_left_are_free_again() -> None:
    narrow = Passwords(argon2id(Cost()), dummy_secret="nobody's", threads=1, queue=1)
    try:
        left = [asyncio.create_task(narrow.verify(PASSWORD, None)) for _ in range(2)]
        await asyncio.sleep(0)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0.3)
        assert [await narrow.verify(PASSWORD, None) for _ in range(3)] == [False] * 3
    finally:
        narrow.close()


async def test_a_closed_gateway_says_later() -> None:
    closed = Passwords(argon2id(Cost()), dummy_secret="nobody's")
    closed.close()
    with pytest.raises(Unavailable):
        await closed.verify(PASSWORD, None)


async def test_an_unjudged_password_is_not_hashed(passwords: Passwords) -> None:
    with pytest.raises(ValueError, match="judged before"):
        await passwords.hash("a\0b")

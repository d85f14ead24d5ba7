"""Does a key give way to another while everything runs, and does a rotation that is killed half-way go on? (A117)"""

from datetime import timedelta

import pytest

from app.assertion.token import parts
from app.building import owners_ground, rotations_of
from app.core.wrapped_key import Purpose
from app.services.vault import Sealed, Use
from tests.flows.house import Bank
from tests.flows.people import PASSWORD
from tests.flows.rotating import (
    accounts,
    address_of,
    finished,
    former_of,
    held,
    hurry,
    killed,
    number_of,
    rotating,
    until,
)  # fmt: skip

pytestmark = [pytest.mark.timeout(100), pytest.mark.rule("A117")]
HALF, ALL = 4, 8
OLD_DATA = "SELECT count(*) FROM persons WHERE substring(wrapped_key from 7 for 1) = '\\x01'"
OLD_AMONG_ALL = "SELECT count(*) FROM account_numbers WHERE substring(number_index from 2 for 1) = '\\x01'"
OLD_NUMBERS = "SELECT count(*) FROM subscribers WHERE substring(number_index from 2 for 1) = '\\x01'"
OLD_ADDRESSES = "SELECT count(*) FROM aliases WHERE substring(address_index from 2 for 1) = '\\x01'"
HALF_OF_PERSONS = "SELECT FROM persons WHERE id IN (SELECT id FROM persons ORDER BY 1 LIMIT 4) FOR UPDATE"
HALF_OF_ADDRESSES = (
    "SELECT FROM aliases WHERE address_index IN (SELECT address_index FROM aliases ORDER BY 1 LIMIT 4) FOR UPDATE"
)


def count(bank: Bank, query: str) -> int:
    return int(bank.sql(query)[0][0])


async def test_a_data_key_gives_way_though_its_rotation_is_killed_half_way(bank: Bank) -> None:
    people = await accounts(bank, ALL)
    with (
        held(bank, HALF_OF_PERSONS),
        rotating(bank, "rotate-data", "--unit", "2") as first,
    ):
        hurry(bank, Purpose.DATA, first)
        until(lambda: count(bank, OLD_DATA) == HALF, first)
        killed(first)
    assert (count(bank, OLD_DATA), len(bank.sql("SELECT version FROM keys WHERE purpose = 'data'"))) == (HALF, 2)
    await bank.ground.keyring.read()
    await everything_opens(bank, people)
    with rotating(bank, "rotate-data", "--unit", "2") as second:
        assert "stays" not in finished(second)
    await bank.ground.keyring.read()
    await everything_opens(bank, people)
    assert bank.sql("SELECT version FROM keys WHERE purpose = 'data'") == [(2,)]


async def everything_opens(bank: Bank, people: list) -> None:  # type: ignore[type-arg]
    for place, person_id in enumerate(people):
        async with bank.ground.database.work() as work:
            person = await bank.ground.vault.person(work, person_id)
            (alias,) = await work.subscribers.aliases(person_id)
            opened = person.open_verifier(person_id, alias.sealed_address, Sealed.ALIAS)
        assert opened.decode() == address_of(place)


async def test_an_index_key_gives_way_though_its_rotation_is_killed_half_way(bank: Bank) -> None:
    people = await accounts(bank, ALL)
    with held(bank, HALF_OF_ADDRESSES):
        with rotating(bank, "rotate-index", "--unit", "2", HUFU_CRYPTO_SUITE="sm") as first:
            hurry(bank, Purpose.INDEX, first)
            until(lambda: count(bank, OLD_ADDRESSES) == HALF, first)
            killed(first)
    assert (count(bank, OLD_NUMBERS), count(bank, OLD_ADDRESSES)) == (0, HALF)
    await bank.ground.keyring.read()
    await everybody_is_found(bank, people)
    with rotating(bank, "rotate-index", HUFU_CRYPTO_SUITE="sm") as second:
        finished(second)
    await bank.ground.keyring.read()
    await everybody_is_found(bank, people)
    assert count(bank, OLD_AMONG_ALL) == 0
    assert bank.sql("SELECT version, suite FROM keys WHERE purpose = 'index'") == [(2, 5)]


async def everybody_is_found(bank: Bank, people: list) -> None:  # type: ignore[type-arg]
    vault = bank.ground.vault
    for place, person_id in enumerate(people):
        async with bank.ground.database.work() as work:
            for number in (number_of(place), former_of(place)):
                assert await work.subscribers.has_number(vault.indexes(Use.RESIDENT_NUMBER, number))
            assert await work.subscribers.signing_in(vault.indexes(Use.ADDRESS, address_of(place))) == person_id


@pytest.mark.rule("A20")
async def test_failures_counted_at_an_authenticator_outlive_the_key_that_named_it(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin()
    await login.password(PASSWORD)
    assert (await login.totp("000000")).status_code == 401
    with rotating(bank, "rotate-index") as process:
        hurry(bank, Purpose.INDEX, process)
        finished(process)
    counted = bank.sql("SELECT substring(value_index from 2 for 1), in_a_row FROM guesses WHERE key = 'authenticator'")
    assert counted == [(b"\x02", 1)]


async def test_a_signing_key_gives_way_though_its_rotation_is_killed_and_no_token_is_refused(bank: Bank) -> None:
    first_token = await core_token(bank)
    with rotating(bank, "rotate-signing") as first:
        until(lambda: count(bank, "SELECT count(*) FROM keys WHERE purpose = 'signing'") == 2, first)
        killed(first)
    assert await taken_up_again(bank, Purpose.SIGNING) == 2
    takes_over = bank.clock.now() + timedelta(minutes=2)  # by the bank's own clock, long ago by the command's
    bank.sql("UPDATE keys SET not_before = %s WHERE purpose = 'signing' AND version = 2", takes_over)
    bank.sql("UPDATE keys SET retired_at = %s WHERE purpose = 'signing' AND version = 1", takes_over)
    await bank.ground.keyring.read()
    tokens = [first_token, await core_token(bank)]
    bank.clock.move(timedelta(minutes=2))
    tokens.append(await core_token(bank))
    assert [(await bank.introspect(token))["active"] for token in tokens] == [True, True, True]
    assert [len({parts(token).kid for token in part}) for part in (tokens, tokens[:2])] == [2, 1]


async def taken_up_again(bank: Bank, purpose: Purpose) -> int:
    """The version that a rotation begun now goes on with."""
    base = await owners_ground(bank.ground.settings)
    try:
        return (await rotations_of(base, unit=1)._rotation.begin(purpose)).version
    finally:
        await base.database.close()


async def core_token(bank: Bank) -> str:
    core = bank.clients["core"]
    answer = await bank.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=core.basic)
    return str(answer.json()["access_token"])

"""Is a password whose hash came from elsewhere good at the next log-in, and rewritten in it?"""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from asgi_lifespan import LifespanManager
from passlib.hash import bcrypt

from app.main import create_app
from app.services.vault import Sealed
from tests.flows.conftest import ISSUER, PASSWORD, Bank, Subscriber

PLAIN = "SELECT id, subscriber_id, sealed_secret FROM authenticators WHERE kind = 'password' AND state = 'active'"


@pytest.fixture
async def mover(bank: Bank) -> AsyncIterator[Bank]:
    """The same bank while it moves here: it reads bcrypt."""
    settings = bank.ground.settings.model_copy(update={"old_password_hashes": "bcrypt:4"})
    application = create_app(settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        yield replace(bank, http=http)


async def moved_in(bank: Bank) -> Subscriber:
    """A subscriber whose hash is the old bank's."""
    subscriber = await bank.enrolled()
    authenticator_id, person_id, _ = bank.sql(PLAIN)[0]
    async with bank.ground.database.work() as work:
        person = await bank.ground.vault.person(work, person_id)
        old = bcrypt.using(rounds=4).hash(PASSWORD).encode()
        await work.authenticators.reseal(authenticator_id, person.seal(Sealed.AUTHENTICATOR, authenticator_id, old))
    return subscriber


async def stored_hash(bank: Bank) -> str:
    authenticator_id, person_id, sealed = bank.sql(PLAIN)[0]
    async with bank.ground.database.work() as work:
        return (await bank.ground.vault.person(work, person_id)).open_verifier(authenticator_id, sealed).decode()


@pytest.mark.rule("A13")
async def test_an_old_hash_is_rewritten_at_the_log_in_that_proves_it(bank: Bank, mover: Bank) -> None:
    subscriber = await moved_in(bank)
    subscriber.bank = mover
    assert (await stored_hash(bank)).startswith("$2b$04$")
    assert (await subscriber.signed_in())["access_token"]
    assert (await stored_hash(bank)).startswith("$argon2id$")
    assert [event["outcome"] for event in bank.events("password.rehash")] == ["allowed"]
    subscriber.bank = bank
    assert (await subscriber.signed_in())["access_token"]


async def test_it_is_as_old_as_it_was(bank: Bank, mover: Bank) -> None:
    subscriber = await moved_in(bank)
    subscriber.bank = mover
    before = bank.sql("SELECT id, created_at, bound_at FROM authenticators ORDER BY id")
    await subscriber.signed_in()
    assert bank.sql("SELECT id, created_at, bound_at FROM authenticators ORDER BY id") == before


async def test_a_wrong_password_rewrites_nothing(bank: Bank, mover: Bank) -> None:
    await moved_in(bank)
    login = await mover.begin()
    assert (await login.password("wrong-Wrong-12")).status_code == 401
    assert (await stored_hash(bank)).startswith("$2b$04$")


async def test_a_scheme_that_is_not_named_lets_nobody_in(bank: Bank) -> None:
    await moved_in(bank)
    login = await bank.begin()
    assert (await login.password(PASSWORD)).status_code == 401

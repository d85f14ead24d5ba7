"""Is anything different before the first proof, whoever is named? Hashes computed and statements run, path by path (A28).

How long each path takes of the CPU is measured by `benchmarks/timing.py`.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager
from passlib.context import CryptContext
from passlib.hash import bcrypt
from pydantic import SecretStr

from app.gateways.passwords import Cost, Passwords, argon2id, old_schemes
from app.main import create_app
from app.mfa.guessing import CN_BANK
from app.services.vault import Sealed
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Bank, LogIn
from tests.flows.wire import Wire, tapped

UNKNOWN = "13900139000"
OLD = "bcrypt:4"
HASHES_OF_ONE_TRY = ["argon2", "bcrypt"]
"""One of each scheme that is read."""
LOCK = CN_BANK.person
WRONG = "wrong"
Somebody = Callable[[Bank], Awaitable[str]]


class Noting(CryptContext):  # type: ignore[misc]  # libpass has no types
    """Notes each hash it computes, by its scheme."""

    computed: list[str]

    def verify(self, secret: str, hash: str) -> bool:  # noqa: A002  passlib's name
        """Compute and note."""
        self.computed.append(str(self.identify(hash)))
        return bool(super().verify(secret, hash))

    def hash(self, secret: str) -> str:
        """Compute and note."""
        self.computed.append("argon2")
        return str(super().hash(secret))


@dataclass
class Watched:
    """The bank, met through an instance whose hasher and whose database are looked at."""

    bank: Bank
    hasher: Noting
    wire: Wire

    async def noted(self, asking: Awaitable[Any]) -> tuple[int, list[str], list[str]]:
        """The status, the hashes computed, and the statements run."""
        self.hasher.computed.clear()
        self.wire.asked.clear()
        answer = await asking
        return answer.status_code, self.hasher.computed[:], self.asked()

    def asked(self) -> list[str]:
        """The statements run; without the front end's registration, read again each second, whoever is named."""
        return [statement for statement in self.wire.asked if "FROM clients" not in statement.replace("\n", "")]


@pytest.fixture
async def watched(bank: Bank, folder: Path) -> AsyncIterator[Watched]:
    """A second instance of the same bank."""
    context = Noting(**argon2id(Cost(), old_schemes(OLD)).to_dict())
    context.computed = []
    settings = bank.ground.settings
    async with tapped(settings.application_url(), folder) as (wire, url):
        application = create_app(
            settings.model_copy(update={"database_url": SecretStr(url), "database_connections": 1}),
            clock=bank.clock,
            vision=bank.eyes,
            passwords=Passwords(context, dummy_secret="nobody's"),
        )
        async with (
            LifespanManager(application, startup_timeout=30),
            httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
        ):
            made = Watched(replace(bank, http=http), context, wire)
            for _ in range(2):  # what is asked for the first time is prepared
                await try_at(made, "13700137000")
            yield made


async def unknown(_: Bank) -> str:
    return UNKNOWN


async def known(bank: Bank) -> str:
    await bank.enrolled()
    return PHONE


async def disabled(bank: Bank) -> str:
    await bank.enrolled()
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    return PHONE


async def without_password(bank: Bank) -> str:
    await (await bank.accepted()).bind_contact(PHONE)
    return PHONE


async def with_an_old_hash(bank: Bank) -> str:
    await bank.enrolled()
    authenticator_id, person_id = bank.sql("SELECT id, subscriber_id FROM authenticators WHERE kind = 'password'")[0]
    async with bank.ground.database.work() as work:
        person = await bank.ground.vault.person(work, person_id)
        old = bcrypt.using(rounds=4).hash(PASSWORD).encode()
        await work.authenticators.reseal(authenticator_id, person.seal(Sealed.AUTHENTICATOR, authenticator_id, old))
    return PHONE


def locked(somebody: Somebody) -> Somebody:
    async def lock(bank: Bank) -> str:
        name = await somebody(bank)
        for _ in range(LOCK.strikes):
            await (await bank.begin(name)).password("wrong")
        return name

    lock.__name__ = f"locked_{somebody.__name__}"
    return lock


OTHERS = (known, disabled, without_password, with_an_old_hash)
EVERYBODY = [*OTHERS, *(locked(each) for each in (unknown, *OTHERS))]


async def try_at(watched: Watched, name: str, password: str = WRONG) -> tuple[object, object]:
    """A log-in begun and a password tried; what each of the two took, beside its status."""
    begun: dict[str, LogIn] = {}

    async def begin() -> httpx.Response:
        begun["login"] = await watched.bank.begin(name)
        return httpx.Response(201)

    return await watched.noted(begin()), await watched.noted(_password(begun, password))


async def _password(begun: dict[str, LogIn], password: str) -> httpx.Response:
    return await begun["login"].password(password)


def cost(tried: tuple[Any, ...]) -> list[tuple[list[str], list[str]]]:
    return [(hashes, asked) for _, hashes, asked in tried]


@pytest.mark.rule("A28")
@pytest.mark.parametrize("somebody", EVERYBODY, ids=[each.__name__ for each in EVERYBODY])
async def test_a_wrong_password_costs_one_hash_and_the_same_statements_whoever_is_named(
    bank: Bank, watched: Watched, somebody: Somebody
) -> None:
    name = await somebody(bank)
    theirs, nobodys = await try_at(watched, name), await try_at(watched, UNKNOWN if name != UNKNOWN else "13600136000")
    assert cost(theirs) == cost(nobodys)
    assert [(hashes, len(asked) > 1) for hashes, asked in cost(theirs)] == [([], True), (HASHES_OF_ONE_TRY, True)]


@pytest.mark.rule("A28")
@pytest.mark.parametrize("given", [PASSWORD, "", "\0", "x" * 1_024], ids=["right", "empty", "NUL", "long"])
@pytest.mark.parametrize(
    "somebody", [locked(known), locked(with_an_old_hash), disabled], ids=["locked", "old", "disabled"]
)
async def test_where_nothing_is_proven_any_password_costs_what_a_wrong_one_does(
    bank: Bank, watched: Watched, somebody: Somebody, given: str
) -> None:
    name = await somebody(bank)
    assert cost(await try_at(watched, name, given)) == cost(await try_at(watched, UNKNOWN))


@pytest.mark.rule("A28")
async def test_a_try_at_no_log_in_at_all_costs_one_hash_too(watched: Watched) -> None:
    asking = watched.bank.http.post("/v1/logins/lgn_none/password", json={"password": "x"})
    status, hashes, _ = await watched.noted(asking)
    assert (status, hashes) == (401, HASHES_OF_ONE_TRY)


@pytest.mark.rule("A26", "A28")
async def test_blocked_tries_are_paid_for_by_their_network_which_then_costs_no_hash(
    bank: Bank, watched: Watched
) -> None:
    name = await locked(known)(bank)
    before = bank.sql("SELECT strikes FROM guesses WHERE key = 'network'")[0][0]
    assert (await (await watched.bank.begin(name)).password("wrong")).status_code == 429
    assert bank.sql("SELECT strikes FROM guesses WHERE key = 'network'") == [(before + 1,)]
    bank.sql("UPDATE guesses SET blocked_until = '2099-01-01' WHERE key = 'network'")
    login = await watched.bank.begin(UNKNOWN)
    status, hashes, _ = await watched.noted(login.password("wrong"))
    assert (status, hashes) == (429, [])


@pytest.mark.rule("A28", "A66")
async def test_a_device_token_costs_the_same_whoever_is_named(bank: Bank, watched: Watched) -> None:
    own = await (await bank.enrolled()).device_token()
    asked = []
    for name, shown in itertools.product((PHONE, UNKNOWN), (own, "hdt_dev_" + "a" * 26 + "." + "b" * 43, "nonsense")):
        watched.wire.asked.clear()
        await watched.bank.begin(name, device_token=shown)
        asked.append(watched.asked())
    assert asked == 6 * [asked[0]]


async def staff_try(watched: Watched, name: str) -> list[tuple[list[str], list[str]]]:
    begun = await watched.bank.http.post("/v1/staff/sign-ins", json={"login_name": name})
    at = f"/v1/staff/sign-ins/{begun.json()['id']}/password"
    _, *spent = await watched.noted(watched.bank.http.post(at, json={"password": "Wrong-Password-Entirely"}))
    return [tuple(spent)]  # type: ignore[list-item]


@pytest.mark.rule("A28")
@pytest.mark.parametrize("state", ["active", "locked", "disabled"])
async def test_a_wrong_password_of_staff_costs_the_same_whoever_is_named(
    bank: Bank, watched: Watched, state: str
) -> None:
    officer = (await bank.officers())[0]
    for _ in range(LOCK.strikes if state == "locked" else 0):
        await staff_try(watched, officer.login_name)
    if state == "disabled":
        bank.sql("UPDATE staff SET state = 'disabled'")
    await staff_try(watched, "warming-up")
    theirs, nobodys = await staff_try(watched, officer.login_name), await staff_try(watched, "nobody")
    assert theirs == nobodys
    assert theirs[0][0] == HASHES_OF_ONE_TRY


@pytest.mark.rule("A28")
async def test_an_address_to_be_bound_is_asked_for_alike_whether_anybody_has_it(bank: Bank, watched: Watched) -> None:
    first, second = await bank.accepted(), replace(await bank.accepted(), bank=watched.bank)
    await first.bind_contact(PHONE)
    asked = []
    for address in ("13500135000", PHONE, UNKNOWN):
        bank.clock.move(timedelta(minutes=1))
        answer, _, statements = await watched.noted(second.post("/contact", json={"channel": "phone", "address": address}))  # fmt: skip
        asked.append((answer, statements))
    assert asked[1] == asked[2]
    assert asked[1][0] == 202

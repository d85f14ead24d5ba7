"""Of fifty who prove, exchange or refresh at once, at two processes, what may be done once: does exactly one?"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from app.embedded import EmbeddedPostgres
from tests.flows import racing
from tests.flows.feeding import basic
from tests.flows.people import CORE, PASSWORD, LogIn, Subscriber, claims_of
from tests.flows.racing import RACERS, Landed, Pair, Shot, fired, of_kind, statuses

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
LOG_INS = 10
"""Under way at once; five shots each."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(
    postgres: EmbeddedPostgres, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    database = postgres.create_database("races", template=migrated)
    async with racing.pair(database, tmp_path_factory.mktemp("races")) as made:
        yield made
    postgres.drop_database(database.name)


async def half_proven(pair: Pair) -> tuple[Subscriber, list[LogIn]]:
    """Log-ins of one person, all waiting for the same code."""
    pair.feeder.forget()
    subscriber = await pair.feeder.subscriber()
    logins = [await pair.bank.begin(subscriber.phone) for _ in range(LOG_INS)]
    for each in logins:
        assert (await each.password(PASSWORD)).status_code == 200
    return subscriber, logins


@pytest.mark.rule("A32")
async def test_one_code_of_an_app_proves_one_log_in(pair: Pair) -> None:
    subscriber, logins = await half_proven(pair)
    code = {"code": subscriber.code()}
    found = statuses(await fired(pair, *(Shot.post(f"/v1/logins/{each.id}/totp", code) for each in logins)))
    assert (found.pop(200), found.keys() - {401, 409, 429}) == (1, set())
    assert sorted([(await each.complete()).status_code for each in logins]) == [201] + [409] * (LOG_INS - 1)


@pytest.mark.rule("A124")
async def test_one_log_in_is_completed_once(pair: Pair) -> None:
    login = await pair.feeder.proven()
    codes = pair.count("authorization_codes")
    landed = await fired(pair, Shot.post(f"/v1/logins/{login.id}/completion"))
    assert statuses(landed) == {201: 1, 409: RACERS - 1}
    assert pair.count("authorization_codes") == codes + 1


@pytest.mark.rule("A79")
async def test_one_authorization_code_is_exchanged_once_and_its_replay_ends_what_was_begun(pair: Pair) -> None:
    login = await pair.feeder.proven()
    code = (await login.complete()).json()["code"]
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": login.verifier, "client_id": app(pair)}
    landed = await fired(pair, Shot.form("/oauth2/token", form))
    assert statuses(landed) == {200: 1, 400: RACERS - 1}
    (issued,) = (each.json() for each in landed if each.status == 200)
    assert {each.json()["error"] for each in landed if each.status == 400} == {"invalid_grant"}
    assert await asked(pair, issued["access_token"]) == {b'{"active":false}'}
    assert statuses(await refreshed(pair, issued["refresh_token"])) == {400: RACERS}


def app(pair: Pair) -> str:
    return pair.bank.clients["app"].id


async def asked(pair: Pair, access_token: str) -> set[bytes]:
    """What fifty at once are told of a token."""
    landed = await fired(pair, Shot.form("/oauth2/introspect", {"token": access_token}, basic("core", pair.bank)))
    assert statuses(landed) == {200: RACERS}
    return {each.body for each in landed}


def refreshing(pair: Pair, token: str) -> Shot:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": app(pair)}
    return Shot.form("/oauth2/token", form)


async def refreshed(pair: Pair, *tokens: str) -> list[Landed]:
    return await fired(pair, *(refreshing(pair, each) for each in tokens))


def generation(pair: Pair, access_token: str) -> int:
    """The live one of the family this token comes from."""
    (row,) = pair.bank.sql("SELECT generation FROM sessions WHERE id = %s", claims_of(access_token)["sid"])
    return int(row[0])


@pytest.mark.rule("A89", "A90")
async def test_one_refresh_token_has_one_successor_is_rotated_by_one_and_stays_one_family(pair: Pair) -> None:
    first = await pair.feeder.tokens(resource=CORE)
    families, rotated = pair.count("sessions"), len(outcomes(pair, "rotated"))
    landed = await refreshed(pair, first["refresh_token"])
    assert statuses(landed) == {200: RACERS}
    (second,) = {each.json()["refresh_token"] for each in landed}
    assert len({claims_of(each.json()["access_token"])["jti"] for each in landed}) == RACERS
    assert (generation(pair, first["access_token"]), pair.count("sessions")) == (2, families)
    assert len(outcomes(pair, "rotated")) == rotated + 1
    assert statuses(await refreshed(pair, second)) == {200: RACERS}
    assert generation(pair, first["access_token"]) == 3


def outcomes(pair: Pair, wanted: str) -> list[str]:
    return [each for event in pair.bank.events("token.refresh_token") if (each := event["detail"].get("outcome")) == wanted]  # fmt: skip


@pytest.mark.rule("A89", "A90")
async def test_a_token_used_again_among_fifty_ends_the_family_for_all_of_them(pair: Pair) -> None:
    first = await pair.feeder.tokens(resource=CORE)
    second = (await pair.bank.refresh(first["refresh_token"])).json()["refresh_token"]
    third = (await pair.bank.refresh(second)).json()["refresh_token"]
    landed = await refreshed(pair, third, first["refresh_token"])
    assert statuses(of_kind(landed, 1, kinds=2)).keys() == {400}
    given = {each.json()["refresh_token"] for each in landed if each.status == 200}
    assert len(given) <= 1
    assert statuses(await refreshed(pair, third, *given)) == {400: RACERS}
    assert await asked(pair, first["access_token"]) == {b'{"active":false}'}


@pytest.mark.rule("A90", "A100")
async def test_a_refresh_among_fifty_revocations_leaves_nothing_alive(pair: Pair) -> None:
    first = await pair.feeder.tokens(resource=CORE)
    revoking = Shot.form("/oauth2/revoke", {"token": first["refresh_token"], "client_id": app(pair)})
    landed = await fired(pair, refreshing(pair, first["refresh_token"]), revoking)
    assert statuses(of_kind(landed, 1, kinds=2)).keys() == {200}
    issued = [each.json() for each in of_kind(landed, 0, kinds=2) if each.status == 200]
    for each in [first, *issued[:1]]:
        assert statuses(await refreshed(pair, each["refresh_token"])) == {400: RACERS}
        assert await asked(pair, each["access_token"]) == {b'{"active":false}'}


@pytest.mark.rule("A99", "A100")
async def test_what_fifty_just_found_active_is_inactive_for_fifty_once_it_is_revoked(pair: Pair) -> None:
    token = await service_token(pair)
    (active,) = await asked(pair, token)
    assert b'"active":true' in active
    landed = pair.volley([Shot.form("/oauth2/revoke", {"token": token}, basic("core", pair.bank))])
    assert (statuses(landed), await asked(pair, token)) == ({200: 1}, {b'{"active":false}'})


@pytest.mark.rule("A99")
async def test_what_fifty_just_found_active_is_inactive_for_fifty_once_its_time_is_over(pair: Pair) -> None:
    token = await service_token(pair)
    (active,) = await asked(pair, token)
    pair.bank.clock.move(timedelta(minutes=5))
    assert (b'"active":true' in active, await asked(pair, token)) == (True, {b'{"active":false}'})


@pytest.mark.rule("A95", "A99")
async def test_what_one_resource_found_active_is_inactive_for_another(pair: Pair) -> None:
    token = await service_token(pair)
    assert len(await asked(pair, token)) == 1
    elsewhere = Shot.form("/oauth2/introspect", {"token": token}, basic("kiosk", pair.bank))
    assert {each.body for each in await fired(pair, elsewhere)} == {b'{"active":false}'}


async def service_token(pair: Pair) -> str:
    form = {"grant_type": "client_credentials"}
    landed = pair.volley([Shot.form("/oauth2/token", form, basic("core", pair.bank))])
    return str(landed[0].json()["access_token"])


async def test_fifty_who_ask_for_a_token_each_get_their_own(pair: Pair) -> None:
    before = len(pair.bank.events("token.client_credentials"))
    landed = await fired(
        pair, Shot.form("/oauth2/token", {"grant_type": "client_credentials"}, basic("core", pair.bank))
    )
    assert len({claims_of(each.json()["access_token"])["jti"] for each in landed}) == RACERS
    assert len(pair.bank.events("token.client_credentials")) == before + RACERS

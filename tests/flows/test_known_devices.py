"""Can strangers keep the owner out on a device they signed in from, and what is the device's token good for? (A26, A66)"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.mfa.guessing import CN_BANK
from app.mfa.known_device import LIFE, MOST
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Bank, bearer

LIMIT = CN_BANK.person
WRONG = "Wrong-Word-47"


async def guess(bank: Bank, password: str = WRONG, **more: Any) -> int:
    return (await (await bank.begin(**more)).password(password)).status_code


async def shut_out(bank: Bank, **more: Any) -> None:
    """As many wrong passwords as it takes, and one more to see that it did."""
    for _ in range(LIMIT.strikes):
        assert await guess(bank, **more) == 401
    assert await guess(bank, **more) == 429


async def away(bank: Bank, address: str = "203.0.113.9") -> Bank:
    """The same bank, met from another network."""
    transport = httpx.ASGITransport(bank.http._transport.app, client=(address, 1))  # type: ignore[attr-defined]
    return replace(bank, http=httpx.AsyncClient(transport=transport, base_url=ISSUER))


@pytest.mark.rule("A26")
async def test_the_owner_on_a_known_device_comes_in_whatever_strangers_did(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    token = await subscriber.device_token()
    await shut_out(bank)
    login = await bank.begin(device_token=token)
    assert (await login.password(PASSWORD)).status_code == 200
    assert (await login.totp(subscriber.code())).status_code == 200
    assert (await login.exchange()).status_code == 200
    assert await guess(bank, PASSWORD) == 429


@pytest.mark.rule("A26")
async def test_neither_wrong_codes_of_strangers_nor_their_network_keep_the_owner_out(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    token = await subscriber.device_token()
    for _ in range(LIMIT.strikes):
        login = await bank.begin()
        await login.password(PASSWORD)
        assert (await login.totp("000000")).status_code == 401
    bank.sql("UPDATE guesses SET blocked_until = '2099-01-01'")
    assert await guess(bank, PASSWORD) == 429
    login = await bank.begin(device_token=token)
    assert (await login.password(PASSWORD)).status_code == 200
    assert (await login.totp(subscriber.code())).status_code == 200


@pytest.mark.rule("A26")
async def test_failures_of_a_known_device_are_counted_on_it_alone(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    phone, desk = await subscriber.device_token(), await subscriber.device_token()
    before = bank.sql("SELECT key FROM guesses WHERE in_a_row > 0")
    await shut_out(bank, device_token=phone)
    assert bank.sql("SELECT key, in_a_row FROM guesses WHERE in_a_row > 0 AND key <> ALL(%s)", [k for (k,) in before]) == [("device", 5)]  # fmt: skip
    assert await guess(bank, PASSWORD, device_token=desk) == 200
    assert await guess(bank, PASSWORD) == 200


@pytest.mark.rule("A20", "A26")
async def test_a_known_device_is_shut_out_by_its_own_failures_and_its_block_ends(bank: Bank) -> None:
    token = await (await bank.enrolled()).device_token()
    await shut_out(bank, device_token=token)
    bank.clock.move(LIMIT.block - timedelta(seconds=1))
    assert await guess(bank, PASSWORD, device_token=token) == 429
    bank.clock.move(timedelta(seconds=1))
    assert await guess(bank, PASSWORD, device_token=token) == 200


@pytest.mark.rule("A25", "A26")
async def test_a_log_in_on_a_known_device_gives_strangers_no_new_guesses(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    token = await subscriber.device_token()
    for _ in range(LIMIT.strikes - 1):
        await guess(bank)
    await subscriber.device_token(device_token=token)
    assert [await guess(bank), await guess(bank)] == [401, 429]


@pytest.mark.rule("A66")
async def test_a_token_alone_opens_nothing_and_shortens_nothing(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    token = await subscriber.device_token()
    login = await bank.begin(device_token=token)
    assert (await login.complete()).status_code == 409
    assert (await login.totp(subscriber.code())).status_code == 409
    assert (await bank.http.get("/v1/me", headers=bearer(token))).status_code == 401


@pytest.mark.rule("A66")
async def test_no_device_is_known_before_the_last_factor_is_proven(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    login = await bank.begin()
    await login.password(PASSWORD)
    assert (await login.complete()).status_code == 409
    assert bank.sql("SELECT count(*) FROM known_devices") == [(0,)]
    await login.totp(subscriber.code())
    assert bank.sql("SELECT count(*) FROM known_devices") == [(0,)]
    await login.complete()
    assert bank.sql("SELECT count(*) FROM known_devices") == [(1,)]


@pytest.mark.rule("A66")
async def test_each_completed_log_in_gives_the_next_token_of_the_same_device(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    first = await subscriber.device_token()
    second = await subscriber.device_token(device_token=first)
    assert (first.partition(".")[0], first != second) == (second.partition(".")[0], True)
    assert bank.sql("SELECT count(*) FROM known_devices") == [(1,)]


@pytest.mark.rule("A66")
async def test_a_stale_token_ends_the_device_for_whoever_holds_the_newest_too(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    first = await subscriber.device_token()
    second = await subscriber.device_token(device_token=first)
    await shut_out(bank)
    assert await guess(bank, PASSWORD, device_token=first) == 429
    assert await guess(bank, PASSWORD, device_token=second) == 429
    (event,) = bank.events("device.end")
    assert event["detail"] == {"reason": "stale_token"}
    assert [(event["subject"],)] == bank.sql("SELECT id FROM subscribers")


def altered(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


@pytest.mark.rule("A28", "A66")
@pytest.mark.parametrize("what", ["none", "unknown", "malformed", "expired", "other client's", "of a disabled account"])
async def test_every_token_that_is_none_of_this_persons_is_answered_as_none(bank: Bank, what: str) -> None:
    token: str | None = await (await bank.enrolled()).device_token()
    await shut_out(bank)
    match what:
        case "none":
            token = None
        case "unknown":
            token = "hdt_dev_" + "a" * 26 + "." + "b" * 43
        case "malformed":
            token = "hdt_\u0000 虎符"
        case "expired":
            bank.clock.move(LIFE)
            await shut_out(bank)
        case "other client's":
            bank.sql("UPDATE known_devices SET client_id = %s", bank.clients["kiosk"].id)
        case "of a disabled account":
            bank.sql("UPDATE subscribers SET state = 'disabled'")
    answers = []
    for shown in (None, token):
        login = await bank.begin(device_token=shown)
        answers.append((await login.password(PASSWORD)).content)
    assert answers[0] == answers[1]
    assert b"too_many_tries" in answers[0]


@pytest.mark.rule("A66")
async def test_a_token_names_nobody_but_its_person(bank: Bank) -> None:
    token = await (await bank.enrolled()).device_token()
    await shut_out(bank, identifier="13900139000")
    assert await guess(bank, device_token=token, identifier="13900139000") == 429
    assert await guess(bank, PASSWORD, device_token=token) == 200


async def test_the_database_shows_no_token(bank: Bank) -> None:
    token = await (await bank.enrolled()).device_token()
    assert token.partition(".")[2].encode() not in bank.dump()


async def test_the_devices_of_one_client_are_bounded_and_the_oldest_give_way(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    tokens = [await subscriber.device_token() for _ in range(MOST + 1)]
    await shut_out(bank)
    assert bank.sql("SELECT count(*) FROM known_devices") == [(MOST,)]
    assert await guess(bank, PASSWORD, device_token=tokens[0]) == 429
    assert await guess(bank, PASSWORD, device_token=tokens[1]) == 200


async def test_a_subscriber_sees_and_forgets_devices(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    token = await subscriber.device_token()
    headers = bearer((await subscriber.signed_in(device_token=token, resources=[ISSUER]))["access_token"])
    (shown,) = (await bank.http.get("/v1/me/devices", headers=headers)).json()["items"]
    assert (shown["client_id"], shown["network"]) == (bank.clients["app"].id, "127.0.0.1")
    assert (await bank.http.delete(f"/v1/me/devices/{shown['id']}", headers=headers)).status_code == 204
    assert (await bank.http.delete(f"/v1/me/devices/{shown['id']}", headers=headers)).status_code == 404
    assert (await bank.http.get("/v1/me/devices", headers=headers)).json()["items"] == []


@pytest.mark.rule("A26")
async def test_ipv6_neighbours_share_one_count(bank: Bank) -> None:
    for host in ("1", "ffff:ffff"):
        near = await away(bank, f"2001:db8:1:2::{host}")
        await (await near.begin(PHONE)).password(WRONG)
        await near.http.aclose()
    assert bank.sql("SELECT strikes FROM guesses WHERE key = 'network' AND strikes > 0") == [(2,)]

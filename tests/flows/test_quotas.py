"""Does each quota refuse who asks too much, let them in again in time, and touch nobody else? (A123)"""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.embedded import Database
from app.routers.quotas import ALWAYS
from app.services.quotas import _counted_as, networks_of
from tests.flows.conftest import Bank, bearer, open_bank

GRANT = {"grant_type": "client_credentials"}
PROXY = "203.0.113.7"


@pytest.fixture
async def strict(fresh_database: Database, start_bank: Callable[..., Any]) -> AsyncIterator[Bank]:
    """A bank that lets each network ask ten times a minute, each client six, each person four times."""
    settings = await start_bank(fresh_database, quota_network=10, quota_client=6, quota_person=4)
    async with open_bank(fresh_database, settings) as opened:
        yield opened


def coming_from(bank: Bank, address: str) -> httpx.AsyncClient:
    inner = bank.http._transport
    assert isinstance(inner, httpx.ASGITransport)
    return httpx.AsyncClient(transport=httpx.ASGITransport(inner.app, client=(address, 1)), base_url="https://hufu")


async def statuses(times: int, ask: Callable[[], Any]) -> list[int]:
    return [(await ask()).status_code for _ in range(times)]


async def test_a_network_is_refused_at_its_quota_and_let_in_again_in_time(strict: Bank) -> None:
    async with coming_from(strict, PROXY) as http, coming_from(strict, "203.0.113.8") as neighbour:
        assert await statuses(11, lambda: http.get("/v1/notices")) == [200] * 10 + [429]
        refused = await http.get("/v1/notices", headers={"accept-language": "zh-CN"})
        assert (refused.json()["code"], refused.headers["retry-after"], refused.json()["title"]) == (
            "too_many_requests", "6", "请求过多",
        )  # fmt: skip
        assert (await neighbour.get("/v1/notices")).status_code == 200
        strict.clock.move(timedelta(seconds=6))
        assert await statuses(2, lambda: http.get("/v1/notices")) == [200, 429]


async def test_health_keys_and_discovery_are_never_counted(strict: Bank) -> None:
    async with coming_from(strict, PROXY) as http:
        await statuses(11, lambda: http.get("/v1/notices"))
        assert {(await http.get(path)).status_code for path in ALWAYS} == {200}


async def test_the_banks_own_networks_are_not_counted(strict: Bank) -> None:
    assert set(await statuses(20, lambda: strict.http.get("/v1/notices"))) == {200}


async def test_a_clients_quota_is_its_own(strict: Bank) -> None:
    async def ask(name: str) -> httpx.Response:
        return await strict.http.post("/oauth2/token", data=GRANT, auth=strict.clients[name].basic)

    assert await statuses(7, lambda: ask("core")) == [200] * 6 + [429]
    assert (await ask("kiosk")).status_code == 200
    strict.clock.move(timedelta(seconds=10))
    assert await statuses(2, lambda: ask("core")) == [200, 429]


async def test_a_clients_tokens_count_on_its_quota_too(strict: Bank) -> None:
    headers = bearer(await strict.kiosk_token())
    assert await statuses(6, lambda: strict.http.post("/v1/proofings", json={}, headers=headers)) == [201] * 5 + [429]


async def test_nobody_uses_up_a_clients_quota_by_its_name(strict: Bank) -> None:
    async def pretend() -> httpx.Response:
        return await strict.http.post("/oauth2/token", data=GRANT, auth=(strict.clients["core"].id, "wrong"))

    assert await statuses(10, pretend) == [401] * 10
    answer = await strict.http.post("/oauth2/token", data=GRANT, auth=strict.clients["core"].basic)
    assert answer.status_code == 200


async def test_an_applicants_quota_is_their_own(strict: Bank) -> None:
    greedy, other = await strict.applicant(), await strict.applicant()
    assert await statuses(5, greedy.get) == [200] * 4 + [429]
    assert (await other.get()).status_code == 200
    strict.clock.move(timedelta(seconds=15))
    assert await statuses(2, greedy.get) == [200, 429]


async def test_who_is_over_a_quota_is_counted_and_leaves_no_event(strict: Bank) -> None:
    greedy = await strict.applicant()
    before = strict.sql("SELECT count(*) FROM audit_events")
    refused = await statuses(14, greedy.get)
    assert refused.count(429) == 10
    after = strict.sql("SELECT count(*) FROM audit_events")
    assert after[0][0] - before[0][0] == 4
    assert 'hufu_over_quota_total{counted_on="person"} 10.0' in (await strict.http.get("/metrics")).text


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", None),
        ("10.1.2.3", None),
        ("not an address", "unreadable"),
    ],
)
def test_an_address_counts_as_what_one_holder_has(address: str, counted_as: str | None) -> None:
    assert _counted_as(address, networks_of("127.0.0.0/8, 10.0.0.0/8,")) == counted_as

"""Is what was ended found ended by whoever asks together with others?"""

import asyncio
from datetime import timedelta

import pytest

from tests.flows.conftest import START, Bank


async def test_revocation_is_the_same_asked_alone_and_together(bank: Bank) -> None:
    database = bank.ground.database
    async with database.work() as work:
        await work.tokens.revoke("tok_dead", START + timedelta(minutes=5), START)
    asked = [("tok_dead", None), ("tok_live", None), ("tok_dead", None)]
    together = await asyncio.gather(*(database.gathered.is_revoked(*each) for each in asked))
    async with database.work() as work:
        alone = [await work.tokens.is_revoked(*each) for each in asked]
    assert together == alone == [True, False, True]


@pytest.mark.rule("A70")
async def test_an_ended_session_and_a_disabled_account_revoke_together_too(bank: Bank) -> None:
    tokens = await (await bank.enrolled()).signed_in()
    session = bank.sql("SELECT id FROM sessions")[0][0]
    assert await bank.ground.database.gathered.is_revoked("tok_x", session) is False
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    assert await bank.ground.database.gathered.is_revoked("tok_x", session) is True
    bank.sql("UPDATE subscribers SET state = 'active'")
    bank.sql("UPDATE sessions SET ended_at = now()")
    assert await bank.introspect(tokens["access_token"]) == {"active": False}


@pytest.mark.rule("A70")
async def test_a_client_put_out_gets_no_token_a_second_later(bank: Bank) -> None:
    core = bank.clients["core"]
    grant = {"grant_type": "client_credentials"}
    assert (await bank.http.post("/oauth2/token", data=grant, auth=core.basic)).status_code == 200
    bank.sql("UPDATE clients SET disabled_at = now() WHERE id = %s", core.id)
    await asyncio.sleep(1.05)
    assert (await bank.http.post("/oauth2/token", data=grant, auth=core.basic)).status_code == 401

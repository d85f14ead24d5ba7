"""Does a stranger become a customer who signs in?"""

from tests.flows.conftest import CORE, Bank, bearer, claims_of


async def test_a_stranger_becomes_a_customer_who_signs_in(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    issued = await subscriber.signed_in()
    claims = claims_of(issued["access_token"])
    assert (claims["acr"], claims["amr"], claims["aud"]) == ("aal2", ["pwd", "otp", "mfa"], CORE)
    assert (await bank.introspect(issued["access_token"]))["active"] is True


async def test_the_account_shows_the_number_masked(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in()
    mine = (await bank.refresh(issued["refresh_token"], resource="https://hufu.example")).json()["access_token"]
    account = (await bank.http.get("/v1/me", headers=bearer(mine))).json()
    assert account["number"].count("*") == 11

"""Does a caller read a long list in pages?"""

from tests.flows.conftest import ISSUER, Bank, bearer


async def _signed_in(bank: Bank, times: int) -> dict[str, str]:
    """The headers of a subscriber with so many live sessions."""
    subscriber = await bank.enrolled()
    tokens = [(await subscriber.signed_in())["refresh_token"] for _ in range(times)]
    return bearer((await bank.refresh(tokens[0], resource=ISSUER)).json()["access_token"])


async def test_sessions_come_in_pages_each_once_and_oldest_first(bank: Bank) -> None:
    mine = await _signed_in(bank, 3)
    whole = (await bank.http.get("/v1/me/sessions", headers=mine)).json()
    first = (await bank.http.get("/v1/me/sessions?limit=2", headers=mine)).json()
    rest = (await bank.http.get("/v1/me/sessions", headers=mine, params={"limit": 2, "after": first["next"]})).json()
    assert (len(whole["items"]), whole["next"], rest["next"]) == (3, None, None)
    assert first["items"] + rest["items"] == whole["items"]


async def test_a_forged_cursor_is_refused_by_name(bank: Bank) -> None:
    mine = await _signed_in(bank, 1)
    for bad in ({"after": "forged"}, {"limit": 0}, {"limit": 101}, {"after": "A" * 201}):
        answer = await bank.http.get("/v1/me/sessions", headers=mine, params=bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
        assert answer.json()["detail"].startswith(f"query.{next(iter(bad))}")

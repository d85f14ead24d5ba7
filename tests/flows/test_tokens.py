"""Can a service rely on our tokens, from the published keys alone and by asking? Point 1: tokens."""

import asyncio
from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.services.recent_clients import FRESH_SECONDS
from tests.flows.conftest import CORE, ISSUER, PHONE, Bank, bearer, claims_of

INACTIVE: dict[str, Any] = {"active": False}


async def service_token(bank: Bank, name: str = "core", **more: str) -> str:
    form = {"grant_type": "client_credentials", **more}
    answer = await bank.http.post("/oauth2/token", data=form, auth=bank.clients[name].basic)
    return str(answer.json()["access_token"])


async def revoke(bank: Bank, token: str, name: str = "core") -> int:
    client = bank.clients[name]
    auth = {"auth": client.basic} if client.secret else {}
    form = {"token": token} | ({} if client.secret else {"client_id": client.id})
    return (await bank.http.post("/oauth2/revoke", data=form, **auth)).status_code  # type: ignore[arg-type]


async def test_discovery_names_every_endpoint_under_the_issuer(bank: Bank) -> None:
    told = (await bank.http.get("/.well-known/openid-configuration")).json()
    assert told["issuer"] == ISSUER
    assert {name: told[name] for name in told if name.endswith(("endpoint", "uri"))} == {
        "token_endpoint": f"{ISSUER}/oauth2/token", "jwks_uri": f"{ISSUER}/oauth2/jwks",
        "introspection_endpoint": f"{ISSUER}/oauth2/introspect", "revocation_endpoint": f"{ISSUER}/oauth2/revoke",
    }  # fmt: skip


async def test_discovery_stands_where_both_standards_look(bank: Bank) -> None:
    openid = await bank.http.get("/.well-known/openid-configuration")
    oauth = await bank.http.get("/.well-known/oauth-authorization-server")
    assert openid.json() == oauth.json()


@pytest.mark.rule("A77", "A78")
async def test_discovery_offers_neither_implicit_nor_password_nor_plain(bank: Bank) -> None:
    told = (await bank.http.get("/.well-known/openid-configuration")).json()
    assert set(told["grant_types_supported"]) == {"authorization_code", "client_credentials", "refresh_token"}
    assert told["code_challenge_methods_supported"] == ["S256"]


@pytest.mark.rule("A116")
async def test_the_key_set_is_public_cacheable_and_holds_no_private_half(bank: Bank) -> None:
    answer = await bank.http.get("/oauth2/jwks")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert [key.keys() for key in answer.json()["keys"]] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]


@pytest.mark.rule("A94")
async def test_an_independent_library_validates_a_token_from_the_key_set_alone(bank: Bank) -> None:
    token = await service_token(bank)
    keys = jwt.PyJWKSet.from_dict((await bank.http.get("/oauth2/jwks")).json())
    header = jwt.get_unverified_header(token)
    # Its clock is the machine's, ours is set: the times are looked at apart from the signature.
    options = {
        "require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
        "verify_exp": False,
        "verify_iat": False,
    }
    claims = jwt.decode(token, keys[header["kid"]], ["ES256"], audience=CORE, issuer=ISSUER, options=options)  # type: ignore[arg-type]
    assert (header["typ"], header["alg"], claims["client_id"]) == ("at+jwt", "ES256", bank.clients["core"].id)


@pytest.mark.rule("A95")
async def test_an_independent_library_refuses_it_at_another_audience(bank: Bank) -> None:
    token = await service_token(bank)
    keys = jwt.PyJWKSet.from_dict((await bank.http.get("/oauth2/jwks")).json())
    with pytest.raises(jwt.InvalidAudienceError):
        jwt.decode(token, keys.keys[0], ["ES256"], audience=ISSUER, options={"verify_exp": False, "verify_iat": False})


async def test_a_live_token_introspects_as_what_it_is(bank: Bank) -> None:
    token = await service_token(bank)
    assert await bank.introspect(token) == {"active": True, "token_type": "Bearer"} | claims_of(token)


@pytest.mark.rule("A97")
async def test_a_persons_token_tells_how_and_when_they_signed_in(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    at = int(bank.clock.now().timestamp())
    claims = await bank.introspect((await subscriber.signed_in())["access_token"])
    told = (claims["acr"], claims["amr"], claims["auth_time"])
    assert told == ("aal2", ["pwd", "otp", "mfa"], at)


@pytest.mark.rule("A99")
async def test_introspection_needs_a_client_with_a_secret(bank: Bank) -> None:
    form = {"token": await service_token(bank)}
    bare = await bank.http.post("/oauth2/introspect", data=form)
    public = await bank.http.post("/oauth2/introspect", data=form | {"client_id": bank.clients["app"].id})
    wrong = await bank.http.post("/oauth2/introspect", data=form, auth=(bank.clients["core"].id, "x"))
    assert {(a.status_code, a.json()["error"]) for a in (bare, public, wrong)} == {(401, "invalid_client")}


@pytest.mark.rule("A95", "A99")
async def test_another_audiences_token_is_inactive(bank: Bank) -> None:
    assert await bank.introspect(await bank.kiosk_token()) == INACTIVE


@pytest.mark.rule("A99")
@pytest.mark.parametrize("token", ["x", "a.b.c", "\0", "虎", "x" * 9_000, "eyJhbGciOiJub25lIn0.e30."])
async def test_what_is_no_token_is_inactive(bank: Bank, token: str) -> None:
    assert await bank.introspect(token) == INACTIVE


@pytest.mark.rule("A99")
async def test_a_token_is_active_to_its_last_second_and_no_longer(bank: Bank) -> None:
    token = await service_token(bank)
    bank.clock.move(timedelta(seconds=299))
    assert (await bank.introspect(token))["active"] is True
    bank.clock.move(timedelta(seconds=1))
    assert await bank.introspect(token) == INACTIVE


@pytest.mark.rule("A100")
async def test_a_revoked_token_is_inactive_at_once_and_in_every_process(bank: Bank, twin: Bank) -> None:
    token = await service_token(bank)
    assert await revoke(bank, token) == 200
    assert [await each.introspect(token) for each in (bank, twin)] == [INACTIVE, INACTIVE]


async def test_a_revoked_token_opens_no_door(bank: Bank) -> None:
    token = await bank.kiosk_token()
    assert await revoke(bank, token, "kiosk") == 200
    answer = await bank.http.post("/v1/proofings", json={}, headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


async def test_revoking_one_token_leaves_the_others(bank: Bank) -> None:
    first, second = await service_token(bank), await service_token(bank)
    await revoke(bank, first)
    assert (await bank.introspect(second))["active"] is True


@pytest.mark.rule("A100")
@pytest.mark.parametrize("token", ["x", "a.b.c", "\0", "x" * 9_000])
async def test_revoking_what_was_never_a_token_is_answered_alike(bank: Bank, token: str) -> None:
    assert await revoke(bank, token) == await revoke(bank, await service_token(bank)) == 200


@pytest.mark.rule("A100")
async def test_another_clients_tokens_stay_untouched_by_a_revocation(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in()
    for token in (issued["access_token"], issued["refresh_token"]):
        assert await revoke(bank, token, "core") == 200
    assert (await bank.introspect(issued["access_token"]))["active"] is True
    assert (await bank.refresh(issued["refresh_token"])).status_code == 200


@pytest.mark.rule("A100")
async def test_revoking_a_refresh_token_ends_the_access_tokens_of_its_session(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in()
    assert await revoke(bank, issued["refresh_token"], "app") == 200
    assert await bank.introspect(issued["access_token"]) == INACTIVE
    assert (await bank.refresh(issued["refresh_token"])).json()["error"] == "invalid_grant"


async def test_revocation_needs_the_clients_secret_where_it_has_one(bank: Bank) -> None:
    form = {"token": await service_token(bank), "client_id": bank.clients["core"].id}
    assert (await bank.http.post("/oauth2/revoke", data=form)).status_code == 401


@pytest.mark.parametrize("address", ["/oauth2/introspect", "/oauth2/revoke"])
async def test_asking_about_no_token_is_an_invalid_request(bank: Bank, address: str) -> None:
    answer = await bank.http.post(address, data={"x": "x"}, auth=bank.clients["core"].basic)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.rule("A70")
async def test_a_disabled_accounts_tokens_are_good_no_longer(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in()
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    assert await bank.introspect(issued["access_token"]) == INACTIVE
    assert (await bank.refresh(issued["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.rule("A70")
async def test_a_disabled_account_exchanges_no_code(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    login = await bank.begin(PHONE)
    await login.password("Kranich-Lotus-47")
    await login.totp(subscriber.code())
    code = (await login.complete()).json()["code"]
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    assert (await login.bring(code)).json()["error"] == "invalid_grant"


async def test_introspection_and_revocation_are_events_of_their_own(bank: Bank) -> None:
    token = await service_token(bank)
    await bank.introspect(token)
    await revoke(bank, token)
    await bank.introspect(token)
    assert [event["detail"] for event in bank.events("token.introspect")] == [{"active": True}, {"active": False}]
    assert [event["detail"] for event in bank.events("token.revoke")] == [{"revoked": True}]


@pytest.mark.rule("A70")
async def test_a_client_put_out_is_believed_for_a_second_at_most(bank: Bank) -> None:
    token = await service_token(bank)
    assert (await bank.introspect(token))["active"]
    bank.sql("UPDATE clients SET disabled_at = now()")
    await asyncio.sleep(FRESH_SECONDS)
    answer = await bank.http.post("/oauth2/introspect", data={"token": token}, auth=bank.clients["core"].basic)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_who_was_believed_is_not_believed_with_another_secret_or_beside_another_name(bank: Bank) -> None:
    token, (name, secret) = await service_token(bank), bank.clients["core"].basic
    assert (await bank.introspect(token))["active"]
    for auth, more in (
        ((name, secret[:-1]), {}),
        ((name, secret), {"client_id": "cli_other"}),
        ((name, secret), {"client_secret": secret}),
    ):
        answer = await bank.http.post("/oauth2/introspect", data={"token": token} | more, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

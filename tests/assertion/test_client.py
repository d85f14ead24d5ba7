"""What may a client ask for?"""

from dataclasses import replace
from typing import Any

import pytest

from app.assertion.client import (
    SCOPE_MAX_LENGTH,
    Client,
    ClientKind,
    Grant,
    InvalidRegistration,
    check_registration,
    chosen,
    granted,
    narrowed,
    permitted,
    redirect,
    target,
    targets,
)
from app.assertion.oauth import InvalidRequest, InvalidScope, InvalidTarget, UnauthorizedClient, UnsupportedGrantType
from app.core.ids import ClientId

KIOSK = Client(
    id=ClientId("cli_kiosk"),
    name="Kiosk 7",
    kind=ClientKind.KIOSK,
    first_party=True,
    confidential=True,
    grants=frozenset({Grant.CLIENT_CREDENTIALS}),
    scopes=frozenset({"proofing:create", "proofing:read"}),
    audiences=frozenset({"https://hufu.example"}),
    purpose="account opening at the branch",
    origins=frozenset({"https://kiosk.example"}),
    redirects=frozenset({"https://kiosk.example/back", "http://127.0.0.1/back", "http://[::1]/back"}),
)


@pytest.mark.rule("A77", "A105")
@pytest.mark.parametrize("grant_type", ["password", "implicit", "", "CLIENT_CREDENTIALS", "client_credentials "])
def test_a_grant_that_does_not_exist_is_refused(grant_type: str) -> None:
    with pytest.raises(UnsupportedGrantType):
        permitted(grant_type, KIOSK)


@pytest.mark.rule("A77")
def test_implicit_and_password_are_not_among_the_grants() -> None:
    assert {grant.value for grant in Grant} == {"authorization_code", "client_credentials", "refresh_token"}


@pytest.mark.rule("A105")
def test_a_client_uses_only_the_grants_it_is_registered_for() -> None:
    assert permitted("client_credentials", KIOSK) is Grant.CLIENT_CREDENTIALS
    with pytest.raises(UnauthorizedClient):
        permitted("refresh_token", KIOSK)


@pytest.mark.rule("A105")
def test_a_client_gets_the_scopes_it_asks_for_among_its_own() -> None:
    assert granted("proofing:read", KIOSK) == {"proofing:read"}
    assert granted("proofing:read proofing:create", KIOSK) == KIOSK.scopes


def test_a_client_that_names_no_scope_gets_its_own() -> None:
    assert granted(None, KIOSK) == KIOSK.scopes


@pytest.mark.rule("A105")
@pytest.mark.parametrize(
    "asked", ["admin", "proofing:read admin", "", " proofing:read", "proofing:read  proofing:create", 'a"b', "é"]
)
def test_a_scope_beyond_or_malformed_refuses_the_request(asked: str) -> None:
    with pytest.raises(InvalidScope):
        granted(asked, KIOSK)


@pytest.mark.rule("A95")
def test_one_token_is_for_one_of_the_resources_granted_first() -> None:
    held = ("https://a.example", "https://b.example")
    assert chosen([], held) == "https://a.example"
    assert chosen(["https://b.example"], held) == "https://b.example"
    for asked in (["https://c.example"], list(held)):
        with pytest.raises(InvalidTarget):
            chosen(asked, held)


@pytest.mark.rule("A105")
def test_a_log_in_may_be_for_several_resources_of_its_client() -> None:
    two = replace(KIOSK, audiences=frozenset({"https://a.example", "https://b.example"}))
    assert targets(["https://b.example", "https://a.example"], two) == ("https://b.example", "https://a.example")
    for asked in ([], ["https://c.example"], ["https://a.example", "https://c.example"]):
        with pytest.raises(InvalidTarget):
            targets(asked, two)


def test_an_endless_scope_is_refused() -> None:
    fitting = "x" * SCOPE_MAX_LENGTH
    client = replace(KIOSK, scopes=frozenset({fitting, fitting + "x"}))
    assert granted(fitting, client) == {fitting}
    with pytest.raises(InvalidScope):
        granted(fitting + "x", client)


@pytest.mark.rule("A105")
def test_a_refreshed_token_may_narrow_its_scope_but_never_widen_it() -> None:
    held = frozenset({"proofing:read"})
    assert narrowed(None, held) == narrowed("proofing:read", held) == held
    with pytest.raises(InvalidScope):
        narrowed("proofing:read proofing:create", held)


@pytest.mark.rule("A95")
def test_a_token_is_for_one_registered_resource() -> None:
    two = replace(KIOSK, audiences=frozenset({"https://a.example", "https://b.example"}))
    assert target(["https://b.example"], two) == "https://b.example"
    assert target([], KIOSK) == "https://hufu.example"


@pytest.mark.rule("A95")
@pytest.mark.parametrize(
    "asked", [[], ["https://c.example"], ["https://a.example", "https://b.example"], ["https://a.example/"], [""]]
)
def test_an_unclear_or_foreign_resource_is_refused(asked: list[str]) -> None:
    two = replace(KIOSK, audiences=frozenset({"https://a.example", "https://b.example"}))
    with pytest.raises(InvalidTarget):
        target(asked, two)


@pytest.mark.rule("A76")
@pytest.mark.parametrize(
    "asked",
    ["https://kiosk.example/back", "http://127.0.0.1/back", "http://127.0.0.1:61023/back", "http://[::1]:1/back"],
)
def test_a_registered_redirect_is_taken_as_it_is(asked: str) -> None:
    assert redirect(asked, KIOSK) == asked


@pytest.mark.rule("A76")
@pytest.mark.parametrize(
    "asked",
    [
        None,
        "",
        "https://kiosk.example/back/",
        "https://KIOSK.example/back",
        "https://kiosk.example/back?x",
        "https://kiosk.example:443/back",
        "https://kiosk.example/back/../evil",
        "https://kiosk.example/back\n",
        "http://127.0.0.1:1/evil",
        "http://127.0.0.1:1@evil.example/back",
        "http://127.0.0.1:123456/back",
        "http://127.0.0.2:1/back",
        "http://localhost:1/back",
        "https://127.0.0.1:1/back",
    ],
)
def test_any_other_redirect_is_refused(asked: str | None) -> None:
    with pytest.raises(InvalidRequest):
        redirect(asked, KIOSK)


def test_a_sound_registration_is_taken() -> None:
    check_registration(KIOSK)
    check_registration(replace(KIOSK, redirects=frozenset({"com.example.bank:/back"})))


@pytest.mark.rule("A105")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": ""}, "purpose"),
        ({"grants": frozenset()}, "grants"),
        ({"confidential": False}, "grants"),
        ({"grants": frozenset({Grant.REFRESH_TOKEN})}, "grants"),
        ({"kind": ClientKind.SERVICE}, "first_party"),
        ({"scopes": frozenset()}, "scopes"),
        ({"scopes": frozenset({"two words"})}, "scopes"),
        ({"audiences": frozenset()}, "audiences"),
        ({"origins": frozenset({"https://kiosk.example/path"})}, "origins"),
        ({"origins": frozenset({"http://kiosk.example"})}, "origins"),
        ({"origins": frozenset({"*"})}, "origins"),
        ({"redirects": frozenset({"https://kiosk.example/#fragment"})}, "redirects"),
        ({"redirects": frozenset({"http://kiosk.example/back"})}, "redirects"),
        ({"redirects": frozenset({"https://me@kiosk.example/back"})}, "redirects"),
        ({"redirects": frozenset({"javascript:alert(1)"})}, "redirects"),
    ],
)
def test_an_unsafe_registration_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRegistration) as refusal:
        check_registration(replace(KIOSK, **change))
    assert refusal.value.facts == {"field": field}

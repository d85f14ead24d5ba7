"""What does the server say of itself?"""

import pytest

from app.assertion.metadata import check_issuer, document

GOOD = [
    "https://hufu.example",
    "https://hufu.example:8443",
    "http://127.0.0.1:8000",
    "http://localhost",
    "http://[::1]:1",
]
BAD = [
    "",
    "hufu.example",
    "http://hufu.example",
    "https://hufu.example/",
    "https://hufu.example/a",
    "https://hufu.example?a",
    "https://hufu.example#a",
    "https://hufu.example?",
    "https://hufu.example#",
    "https://me@hufu.example",
    "HTTPS://hufu.example",
    "https://",
    "http://127.0.0.1.evil.example",
]


@pytest.mark.rule("A101")
@pytest.mark.parametrize("issuer", GOOD)
def test_an_origin_can_be_the_issuer(issuer: str) -> None:
    check_issuer(issuer)
    assert document(issuer)["issuer"] == issuer


@pytest.mark.rule("A101")
@pytest.mark.parametrize("issuer", BAD)
def test_nothing_else_can(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer"):
        check_issuer(issuer)


@pytest.mark.rule("A77", "A78")
def test_it_offers_neither_implicit_nor_password_nor_plain() -> None:
    offered = document("https://hufu.example")
    assert offered["grant_types_supported"] == ["authorization_code", "client_credentials", "refresh_token"]
    assert offered["response_types_supported"] == ["code"]
    assert offered["code_challenge_methods_supported"] == ["S256"]


def test_every_address_lies_under_the_issuer() -> None:
    addresses = [v for v in document("https://hufu.example").values() if isinstance(v, str)]
    assert all(address.startswith("https://hufu.example") for address in addresses if address.startswith("http"))

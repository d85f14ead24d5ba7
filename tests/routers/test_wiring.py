"""Is what we write down as a caller's address one?"""

import pytest
from starlette.requests import Request

from app.routers.wiring import origin_of


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("<b>evil</b>", None),
        ("1" * 5000, None),
        ("", None),
    ],
)
def test_an_address_has_one_spelling_and_nothing_else_is_one(given: str, address: str | None) -> None:
    assert origin_of(Request({"type": "http", "client": (given, 0)})).network == address

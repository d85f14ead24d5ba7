"""Is this base64url, written the one way it can be?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assertion import base64url

# RFC 7515 appendix C.
RFC_7515_C = (bytes([3, 236, 255, 224, 193]), "A-z_4ME")


def test_it_writes_the_example_of_the_standard() -> None:
    assert base64url.encode(RFC_7515_C[0]) == RFC_7515_C[1]


@given(st.binary(max_size=100))
def test_what_it_writes_it_reads(octets: bytes) -> None:
    assert base64url.decode(base64url.encode(octets)) == octets


@given(st.text(alphabet="AQgw-_+/= \n.é", max_size=8))
def test_every_octet_string_has_one_spelling(text: str) -> None:
    try:
        octets = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(octets) == text


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "Q Q", "QQ\n", "+z/4", "QQé", "QQ=", "="])
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|canonical"):
        base64url.decode(text)

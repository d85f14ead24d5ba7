"""Do the pictures of fields travel whole, and does nothing else come through in their place?"""

import json
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.vision.frames import BrokenFrame
from app.gateways.vision.packing import MOST_OCTETS, packed, unpacked


@given(st.dictionaries(st.text(), st.binary(max_size=50)))
def test_what_is_packed_is_unpacked(crops: dict[str, bytes]) -> None:
    assert unpacked(packed(crops), crops.keys()) == crops


@pytest.mark.parametrize(
    "blob",
    [
        b"", b"[]", b"null", b'"name"', b"{", b'{"name": 1}', b'{"name": "?"}', b'{"name": "AA"}', b'{"name": null}', b"\xff", b"[" * 9999,
        json.dumps({"another": ""}).encode(),
        json.dumps({"name": b64encode(bytes(MOST_OCTETS + 1)).decode()}).encode(),
    ],
)  # fmt: skip
def test_anything_else_is_a_broken_frame(blob: bytes) -> None:
    with pytest.raises(BrokenFrame):
        unpacked(blob, {"name"})


def test_the_largest_comes_through() -> None:
    assert unpacked(packed({"name": bytes(MOST_OCTETS)}), {"name"}) == {"name": bytes(MOST_OCTETS)}

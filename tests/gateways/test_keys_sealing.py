"""How does a value rest in the database?"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.gateways.sealing import Place, SealingKey, Tampered, key_version, seal, unseal

KEY = SealingKey("per_1", 7, Secret(b"k" * 32))
PLACE = Place("subscribers", "name", "per_1")
VECTOR = json.loads((Path(__file__).parent.parent / "vectors" / "sealing.json").read_text(encoding="utf-8"))


class Fixed:
    """Chance that is no chance, for a vector."""

    def draw(self, count: int) -> bytes:
        """0, 1, 2 …"""
        return bytes(range(count))


def sealed(plain: bytes = b"plain", *, key: SealingKey = KEY, place: Place = PLACE) -> bytes:
    return seal(plain, key=key, place=place, entropy=SystemEntropy())


@given(st.binary(max_size=200))
def test_what_is_sealed_is_unsealed_in_its_place(plain: bytes) -> None:
    assert unseal(sealed(plain), key=KEY, place=PLACE) == plain


def test_the_layout_stays_what_rows_already_hold() -> None:
    assert seal(b"plain", key=KEY, place=PLACE, entropy=Fixed()).hex() == VECTOR["sealed"]
    assert unseal(bytes.fromhex(VECTOR["sealed"]), key=KEY, place=PLACE) == b"plain"


def test_the_layout_is_the_one_described() -> None:
    octets = bytes.fromhex(VECTOR["sealed"])
    header, nonce = octets[:7], octets[7:19]
    bound = header + b"".join(len(p).to_bytes(4, "big") + p for p in (b"subscribers", b"name", b"per_1", b"per_1"))
    assert (header, nonce) == (b"H\x01\x01\x00\x00\x00\x07", bytes(range(12)))
    assert AESGCM(b"k" * 32).decrypt(nonce, octets[19:], bound) == b"plain"


def test_equal_values_look_different() -> None:
    assert sealed() != sealed()


@pytest.mark.parametrize("part", ["table", "column", "row"])
def test_a_ciphertext_moved_to_another_place_is_tampered(part: str) -> None:
    with pytest.raises(Tampered):
        unseal(sealed(), key=KEY, place=replace(PLACE, **{part: "another"}))


def test_places_that_only_read_alike_are_different_places() -> None:
    with pytest.raises(Tampered):
        unseal(sealed(place=Place("ab", "c", "d")), key=KEY, place=Place("a", "bc", "d"))


@pytest.mark.parametrize(
    "key", [replace(KEY, owner="per_2"), replace(KEY, version=8), replace(KEY, secret=Secret(b"x" * 32))]
)
def test_another_person_version_or_key_is_tampered(key: SealingKey) -> None:
    with pytest.raises(Tampered):
        unseal(sealed(), key=key, place=PLACE)


@given(st.integers(0, 39), st.integers(1, 255))
def test_any_changed_octet_is_tampered(at: int, change: int) -> None:
    octets = bytearray(sealed())
    octets[at] ^= change
    with pytest.raises(Tampered):
        unseal(bytes(octets), key=KEY, place=PLACE)


@given(st.integers(0, 39))
def test_any_cut_is_tampered(length: int) -> None:
    assert len(sealed()) == 40
    with pytest.raises(Tampered):
        unseal(sealed()[:length], key=KEY, place=PLACE)


@given(st.binary(max_size=60))
def test_any_octets_at_all_are_tampered_and_nothing_else_happens(octets: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(octets, key=KEY, place=PLACE)


def test_a_suite_we_do_not_have_yet_is_refused() -> None:
    octets = bytearray(sealed())
    octets[2] = 2
    with pytest.raises(Tampered):
        key_version(bytes(octets))


def test_a_ciphertext_tells_the_version_of_its_key() -> None:
    assert key_version(sealed()) == 7

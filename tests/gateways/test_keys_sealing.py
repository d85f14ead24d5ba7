"""How does a value rest in the database?"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.modes import GCM
from hypothesis import given
from hypothesis import strategies as st

from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.core.wrapped_key import SEALING, Suite
from app.gateways.sealing import _CIPHERS, Place, SealingKey, Tampered, key_version, new_secret, seal, unseal

KEY = SealingKey("per_1", 7, Secret(b"k" * 32))
SM4_KEY = SealingKey("per_1", 7, Secret(b"k" * 16), Suite.SM4_GCM)
EACH = pytest.mark.parametrize("key", [KEY, SM4_KEY], ids=["aes", "sm"])
PLACE = Place("subscribers", "name", "per_1")
SUITES = json.loads((Path(__file__).parent.parent / "vectors" / "suites.json").read_text(encoding="utf-8"))
VECTOR = json.loads((Path(__file__).parent.parent / "vectors" / "sealing.json").read_text(encoding="utf-8"))


class Fixed:
    """Chance that is no chance, for a vector."""

    def draw(self, count: int) -> bytes:
        """0, 1, 2 …"""
        return bytes(range(count))


def sealed(plain: bytes = b"plain", *, key: SealingKey = KEY, place: Place = PLACE) -> bytes:
    return seal(plain, key=key, place=place, entropy=SystemEntropy())


@EACH
@given(plain=st.binary(max_size=200))
def test_what_is_sealed_is_unsealed_in_its_place(key: SealingKey, plain: bytes) -> None:
    assert unseal(sealed(plain, key=key), key=key, place=PLACE) == plain


@pytest.mark.parametrize("vector", SUITES["sealing"], ids=lambda vector: vector["suite"])
def test_the_ciphers_are_those_that_are_published(vector: dict[str, str]) -> None:
    given = {name: bytes.fromhex(vector[name]) for name in ("key", "nonce", "bound", "plain")}
    encryptor = Cipher(_CIPHERS[Suite[vector["suite"]]](given["key"]), GCM(given["nonce"])).encryptor()
    encryptor.authenticate_additional_data(given["bound"])
    made = encryptor.update(given["plain"]) + encryptor.finalize()
    assert (made.hex(), encryptor.tag.hex()) == (vector["sealed"], vector["tag"])


def test_every_suite_that_a_house_may_choose_to_seal_with_seals() -> None:
    for suite in SEALING.values():
        key = SealingKey("per_1", 1, new_secret(suite, SystemEntropy()), suite)
        assert unseal(sealed(key=key), key=key, place=PLACE) == b"plain"


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


@EACH
@pytest.mark.parametrize("part", ["table", "column", "row"])
def test_a_ciphertext_moved_to_another_place_is_tampered(key: SealingKey, part: str) -> None:
    with pytest.raises(Tampered):
        unseal(sealed(key=key), key=key, place=replace(PLACE, **{part: "another"}))


def test_places_that_only_read_alike_are_different_places() -> None:
    with pytest.raises(Tampered):
        unseal(sealed(place=Place("ab", "c", "d")), key=KEY, place=Place("a", "bc", "d"))


@EACH
def test_another_person_version_or_key_is_tampered(key: SealingKey) -> None:
    same_length = Secret(b"x" * len(key.secret.reveal()))
    for other in (replace(key, owner="per_2"), replace(key, version=8), replace(key, secret=same_length)):
        with pytest.raises(Tampered):
            unseal(sealed(key=key), key=other, place=PLACE)


def test_what_one_suite_sealed_the_other_does_not_open() -> None:
    for made, other in ((KEY, SM4_KEY), (SM4_KEY, KEY)):
        with pytest.raises(Tampered):
            unseal(sealed(key=made), key=other, place=PLACE)


@EACH
@given(at=st.integers(0, 39), change=st.integers(1, 255))
def test_any_changed_octet_is_tampered(key: SealingKey, at: int, change: int) -> None:
    octets = bytearray(sealed(key=key))
    octets[at] ^= change
    with pytest.raises(Tampered):
        unseal(bytes(octets), key=key, place=PLACE)


@EACH
@given(length=st.integers(0, 39))
def test_any_cut_is_tampered(key: SealingKey, length: int) -> None:
    assert len(sealed(key=key)) == 40
    with pytest.raises(Tampered):
        unseal(sealed(key=key)[:length], key=key, place=PLACE)


@EACH
@given(octets=st.binary(max_size=60))
def test_any_octets_at_all_are_tampered_and_nothing_else_happens(key: SealingKey, octets: bytes) -> None:
    with pytest.raises(Tampered):
        unseal(octets, key=key, place=PLACE)


@EACH
@pytest.mark.parametrize("suite", [0, *(int(each) for each in Suite if each not in SEALING.values()), 99])
def test_a_suite_that_seals_nothing_is_refused(key: SealingKey, suite: int) -> None:
    octets = bytearray(sealed(key=key))
    octets[2] = suite
    with pytest.raises(Tampered):
        key_version(bytes(octets))


@EACH
def test_a_ciphertext_tells_the_version_of_its_key(key: SealingKey) -> None:
    assert key_version(sealed(key=key)) == 7

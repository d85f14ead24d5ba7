"""How do we find a value again without keeping it?"""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from hypothesis import given
from hypothesis import strategies as st

from app.core.secret import Secret
from app.core.wrapped_key import HASHING, Suite
from app.gateways.digests import BlindIndex, TokenMac, VersionedKey, VersionedKeys

SHA, SM = Suite.HMAC_SHA_256, Suite.HMAC_SM3
BOTH = pytest.mark.parametrize("made", [SHA, SM])
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "suites.json").read_text(encoding="utf-8"))


def held(made: Suite) -> VersionedKeys:
    """A first key of that suite."""
    return VersionedKeys(1, {1: VersionedKey(made, Secret(b"1" * 32))})


def rotated(made: Suite, follows: Suite) -> VersionedKeys:
    """And its successor of this one."""
    return VersionedKeys(2, {**held(made).keys, 2: VersionedKey(follows, Secret(b"2" * 32))})


BEFORE, AFTER = held(SHA), rotated(SHA, SM)


@pytest.mark.parametrize(("suite", "hashed"), [(SHA, SHA256()), (SM, SM3())])
def test_a_digest_names_suite_and_version_and_is_a_keyed_hash_of_framed_parts(
    suite: Suite, hashed: HashAlgorithm
) -> None:
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (b"hufu index v1", b"phone", b"+8613800138000"))
    mac = HMAC(b"1" * 32, hashed)
    mac.update(framed)
    assert BlindIndex(held(suite)).digest("phone", "+8613800138000") == bytes([suite, 1]) + mac.finalize()


@pytest.mark.parametrize("vector", VECTORS["hmac"], ids=lambda vector: vector["suite"])
def test_the_keyed_hashes_are_those_that_are_published(vector: dict[str, str]) -> None:
    mac = HMAC(bytes.fromhex(vector["key"]), {"HMAC_SHA_256": SHA256(), "HMAC_SM3": SM3()}[vector["suite"]])
    mac.update(bytes.fromhex(vector["message"]))
    assert mac.finalize().hex() == vector["mac"]


@pytest.mark.parametrize("vector", VECTORS["hash"], ids=lambda vector: vector["source"])
def test_sm3_is_the_one_that_is_published(vector: dict[str, str]) -> None:
    hashed = Hash(SM3())
    hashed.update(bytes.fromhex(vector["message"]))
    assert hashed.finalize().hex() == vector["hash"]


def test_every_suite_that_a_house_may_choose_to_hash_with_hashes() -> None:
    made = {BlindIndex(held(suite)).digest("use", "value") for suite in HASHING.values()}
    assert len(made) == len(HASHING)


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_two_digests_agree_only_for_the_same_value_of_the_same_use(
    use: str, value: str, use2: str, value2: str
) -> None:
    index = BlindIndex(BEFORE)
    assert (index.digest(use, value) == index.digest(use2, value2)) == ((use, value) == (use2, value2))


def test_an_index_and_a_token_hash_never_agree_even_under_one_key() -> None:
    assert BlindIndex(BEFORE).digest("x", "y") != TokenMac(BEFORE).digest("x", "y")


@BOTH
@pytest.mark.parametrize("follows", [SHA, SM])
def test_after_a_rotation_older_digests_are_still_found_whichever_suite_made_them(made: Suite, follows: Suite) -> None:
    stored, index = BlindIndex(held(made)).digest("phone", "1"), BlindIndex(rotated(made, follows))
    assert index.digest("phone", "1")[:1] == bytes([follows])
    assert index.digests("phone", "1") == (index.digest("phone", "1"), stored)
    assert index.matches("phone", "1", stored=stored)
    assert index.oldest("phone", "1") == stored


def test_a_key_that_is_known_and_not_used_yet_is_looked_for_and_changes_nothing_else() -> None:
    waiting = VersionedKeys(1, AFTER.keys)
    index = BlindIndex(waiting)
    assert index.digest("phone", "1") == BlindIndex(BEFORE).digest("phone", "1") == index.oldest("phone", "1")
    assert index.digests("phone", "1")[1] == BlindIndex(AFTER).digest("phone", "1")


def test_a_hash_follows_its_keys_without_being_made_anew() -> None:
    index = BlindIndex(BEFORE)
    index.follow(AFTER)
    assert index.digest("phone", "1") == BlindIndex(AFTER).digest("phone", "1")


@pytest.mark.parametrize(
    "stored", [b"", b"\x03", b"\x03\x01", b"\x03\x09" + bytes(32), b"\x03\x01" + bytes(32), b"\x05\x01" + bytes(32)]
)
def test_a_digest_of_no_key_of_ours_matches_nothing(stored: bytes) -> None:
    assert not TokenMac(AFTER).matches("client secret", "s", stored=stored)


def test_a_secret_matches_its_own_digest_only() -> None:
    mac = TokenMac(AFTER)
    stored = mac.digest("client secret", "s")
    assert mac.matches("client secret", "s", stored=stored)
    assert not mac.matches("client secret", "t", stored=stored)
    assert not mac.matches("applicant token", "s", stored=stored)


def test_a_tag_vouches_for_its_message_across_a_rotation() -> None:
    tag = TokenMac(BEFORE).tag(b"message")
    assert (tag.suite, tag.version, len(tag.mac)) == (SHA, 1, 32)
    assert TokenMac(AFTER).vouches(b"message", tag)
    assert not TokenMac(AFTER).vouches(b"massage", tag)


def test_a_tag_of_another_or_unknown_version_vouches_for_nothing() -> None:
    tag = TokenMac(AFTER).tag(b"message")
    for suite, version in ((SM, 1), (SHA, 1), (SHA, 2), (SM, 3)):
        assert not TokenMac(AFTER).vouches(b"message", type(tag)(suite, version, tag.mac))

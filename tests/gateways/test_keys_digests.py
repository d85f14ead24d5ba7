"""How do we find a value again without keeping it?"""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.secret import Secret
from app.gateways.digests import BlindIndex, TokenMac, VersionedKeys

FIRST, SECOND = Secret(b"1" * 32), Secret(b"2" * 32)
BEFORE = VersionedKeys(1, {1: FIRST})
AFTER = VersionedKeys(2, {1: FIRST, 2: SECOND})


def test_a_digest_names_its_keys_version_and_is_a_keyed_hash_of_framed_parts() -> None:
    framed = b"".join(len(part).to_bytes(4, "big") + part for part in (b"hufu index v1", b"phone", b"+8613800138000"))
    expected = b"\x01" + hmac.digest(FIRST.reveal(), framed, "sha256")
    assert BlindIndex(BEFORE).digest("phone", "+8613800138000") == expected


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_two_digests_agree_only_for_the_same_value_of_the_same_use(
    use: str, value: str, use2: str, value2: str
) -> None:
    index = BlindIndex(BEFORE)
    assert (index.digest(use, value) == index.digest(use2, value2)) == ((use, value) == (use2, value2))


def test_an_index_and_a_token_hash_never_agree_even_under_one_key() -> None:
    assert BlindIndex(BEFORE).digest("x", "y") != TokenMac(BEFORE).digest("x", "y")


def test_after_a_rotation_older_digests_are_still_found() -> None:
    stored = BlindIndex(BEFORE).digest("phone", "1")
    assert BlindIndex(AFTER).digest("phone", "1") != stored
    assert BlindIndex(AFTER).digests("phone", "1") == (BlindIndex(AFTER).digest("phone", "1"), stored)
    assert BlindIndex(AFTER).matches("phone", "1", stored=stored)


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x09" + bytes(32), b"\x01" + bytes(32)])
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
    assert (tag.version, len(tag.mac)) == (1, 32)
    assert TokenMac(AFTER).vouches(b"message", tag)
    assert not TokenMac(AFTER).vouches(b"massage", tag)


def test_a_tag_of_another_or_unknown_version_vouches_for_nothing() -> None:
    tag = TokenMac(AFTER).tag(b"message")
    for version in (1, 3):
        assert not TokenMac(AFTER).vouches(b"message", type(tag)(version, tag.mac))

"""Is whoever brings the code the one who asked for it?"""

import json
import string
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.assertion import pkce
from app.assertion.oauth import InvalidGrant, InvalidRequest

VECTOR = json.loads((Path(__file__).parent.parent / "vectors" / "pkce.json").read_text(encoding="utf-8"))
VERIFIERS = st.text(string.ascii_letters + string.digits + "-._~", min_size=43, max_size=128)


@pytest.mark.rule("A78")
def test_the_verifier_of_appendix_b_proves_its_challenge() -> None:
    assert pkce.s256(VECTOR["verifier"]) == VECTOR["challenge"]
    pkce.prove(VECTOR["verifier"], expected_challenge=VECTOR["challenge"])


@pytest.mark.rule("A78")
@given(VERIFIERS, VERIFIERS)
def test_no_other_verifier_proves_it(kept: str, brought: str) -> None:
    assume(kept != brought)
    with pytest.raises(InvalidGrant):
        pkce.prove(brought, expected_challenge=pkce.s256(kept))


@pytest.mark.rule("A78")
@pytest.mark.parametrize("method", ["plain", "", "s256", None, "S512"])
def test_plain_and_any_other_method_is_refused(method: str | None) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        pkce.challenge(VECTOR["challenge"], method)
    assert refusal.value.facts == {"parameter": "code_challenge_method"}


@pytest.mark.rule("A78")
@pytest.mark.parametrize(
    "given_challenge",
    [None, "", "A" * 42, "A" * 44, VECTOR["challenge"] + "=", VECTOR["challenge"][:-1] + "N", "é" * 43],
)
def test_a_challenge_that_is_no_sha_256_digest_is_refused(given_challenge: str | None) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        pkce.challenge(given_challenge, "S256")
    assert refusal.value.facts == {"parameter": "code_challenge"}


def test_a_well_formed_challenge_is_kept_as_it_is() -> None:
    assert pkce.challenge(VECTOR["challenge"], "S256") == VECTOR["challenge"]


@pytest.mark.parametrize("length", [43, 128])
def test_a_verifier_of_allowed_length_is_taken(length: int) -> None:
    pkce.prove("v" * length, expected_challenge=pkce.s256("v" * length))


@pytest.mark.parametrize("verifier", [None, "", "v" * 42, "v" * 129, "v" * 42 + " ", "v" * 43 + "\n", "é" * 43])
def test_a_malformed_verifier_is_refused_even_if_it_hashes_right(verifier: str | None) -> None:
    hashed = pkce.s256(verifier) if verifier and verifier.isascii() else ""
    with pytest.raises(InvalidGrant):
        pkce.prove(verifier, expected_challenge=hashed)

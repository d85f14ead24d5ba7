"""Who signs our access tokens, and is this signature ours?"""

from datetime import timedelta
from pathlib import Path

import pytest

from app.assertion.key_ring import KEEP_AFTER, PUBLISH_AHEAD
from app.assertion.token import Flaw, InvalidToken
from app.core.entropy import SystemEntropy
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.core.wrapped_key import Purpose
from app.gateways.keys import KeyChain, rotated
from app.gateways.signing import Signer, SigningPair, Verifier
from tests.gateways.forging import AUDIENCE, ISSUER, NOW, TOKEN, key_chain, master_key

HERE = frozenset({AUDIENCE})


def test_what_was_signed_is_what_is_read(tmp_path: Path) -> None:
    chain = key_chain(tmp_path)
    text = Signer(chain.signing).sign(TOKEN, now=NOW)
    assert Verifier(chain.ring, issuer=ISSUER).verify(text, audiences=HERE, now=NOW) == TOKEN


@pytest.mark.rule("A95")
def test_a_token_for_another_resource_is_read_by_its_issuer_alone(tmp_path: Path) -> None:
    chain = key_chain(tmp_path)
    verifier, text = Verifier(chain.ring, issuer=ISSUER), Signer(chain.signing).sign(TOKEN, now=NOW)
    with pytest.raises(InvalidToken) as refusal:
        verifier.verify(text, audiences=frozenset({"https://b.example"}), now=NOW)
    assert refusal.value.flaw is Flaw.AUDIENCE
    assert verifier.verify_as_issuer(text, now=NOW) == TOKEN


def test_another_houses_key_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    theirs, ours = key_chain(tmp_path / "other"), key_chain(tmp_path)
    text = Signer(theirs.signing).sign(TOKEN, now=NOW)
    with pytest.raises(InvalidToken) as refusal:
        Verifier(ours.ring, issuer=ISSUER).verify(text, audiences=HERE, now=NOW)
    assert refusal.value.flaw is Flaw.UNKNOWN_KEY


@pytest.mark.rule("A117")
def test_rotation_refuses_no_token_and_takes_over_when_everybody_has_seen_the_key(tmp_path: Path) -> None:
    master = master_key(tmp_path)
    rows = rotated(
        KeyChain.fresh(master, SystemEntropy(), NOW), Purpose.SIGNING, master=master, entropy=SystemEntropy(), now=NOW
    )
    chain = KeyChain.unwrap(master, rows, NOW)
    signer, verifier = Signer(chain.signing), Verifier(chain.ring, issuer=ISSUER)
    kids = set()
    for seconds in range(0, 1200, 30):
        at = NOW + timedelta(seconds=seconds)
        text = signer.sign(TOKEN, now=at)
        kids.add((at >= NOW + PUBLISH_AHEAD, text.split(".")[0]))
        assert verifier.verify(text, audiences=HERE, now=NOW) == TOKEN
    assert len(kids) == 2


@pytest.mark.rule("A117")
def test_a_retired_key_is_refused_once_its_last_token_is_dead(tmp_path: Path) -> None:
    master = master_key(tmp_path)
    rows = rotated(
        KeyChain.fresh(master, SystemEntropy(), NOW), Purpose.SIGNING, master=master, entropy=SystemEntropy(), now=NOW
    )
    chain = KeyChain.unwrap(master, rows, NOW)
    text = Signer(chain.signing).sign(TOKEN, now=NOW)
    with pytest.raises(InvalidToken) as refusal:
        Verifier(chain.ring, issuer=ISSUER).verify(text, audiences=HERE, now=NOW + PUBLISH_AHEAD + KEEP_AFTER)
    assert refusal.value.flaw is Flaw.UNKNOWN_KEY


@pytest.mark.rule("A123")
def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(Unavailable):
        Signer(()).sign(TOKEN, now=NOW)


@pytest.mark.rule("A86")
def test_a_private_key_of_another_kind_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    for key in (ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()):
        der = Secret(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        with pytest.raises(TypeError, match="P-256"):
            SigningPair.of(der, published_at=NOW, not_before=NOW, retired_at=None)

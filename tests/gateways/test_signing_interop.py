"""Can others validate our tokens from the published key set alone?"""

from pathlib import Path

import jwt
import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import ECKey, KeySet

from app.assertion.key_ring import jwks
from app.core.entropy import SystemEntropy
from app.core.wrapped_key import Purpose
from app.gateways.keys import KeyChain, rotated
from app.gateways.signing import Signer
from tests.gateways.forging import AUDIENCE, CLAIMS, ISSUER, NOW, TOKEN, key_chain, master_key


def key_set(document: dict[str, list[dict[str, str]]]) -> KeySet:
    return KeySet([ECKey.import_key({**key}) for key in document["keys"]])


@pytest.mark.rule("A94", "A95")
def test_pyjwt_validates_from_the_key_set_alone(tmp_path: Path) -> None:
    chain = key_chain(tmp_path)
    text = Signer(chain.signing).sign(TOKEN, now=NOW)
    key = jwt.PyJWKSet.from_dict(jwks(chain.ring, NOW))[jwt.get_unverified_header(text)["kid"]]
    told = jwt.decode(
        text, key, ["ES256"], audience=AUDIENCE, issuer=ISSUER, options={"verify_exp": False, "verify_iat": False}
    )
    assert (told, jwt.get_unverified_header(text)["typ"]) == (CLAIMS, "at+jwt")


@pytest.mark.rule("A94", "A95")
def test_joserfc_validates_from_the_key_set_alone(tmp_path: Path) -> None:
    chain = key_chain(tmp_path)
    text = Signer(chain.signing).sign(TOKEN, now=NOW)
    told = joserfc_jwt.decode(text, key_set(jwks(chain.ring, NOW)), ["ES256"])
    joserfc_jwt.JWTClaimsRegistry(
        now=int(NOW.timestamp()), iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE}
    ).validate(told.claims)
    assert (told.claims, told.header["typ"]) == (CLAIMS, "at+jwt")


@pytest.mark.rule("A117")
def test_a_set_with_two_keys_serves_both(tmp_path: Path) -> None:
    master = master_key(tmp_path)
    rows = KeyChain.fresh(master, SystemEntropy(), NOW)
    rows = rotated(rows, Purpose.SIGNING, master=master, entropy=SystemEntropy(), now=NOW)
    chain = KeyChain.unwrap(master, rows, NOW)
    served = key_set(jwks(chain.ring, NOW))
    for pair in chain.signing:
        text = Signer([pair]).sign(TOKEN, now=pair.key.not_before)
        assert joserfc_jwt.decode(text, served, ["ES256"]).claims == CLAIMS
    assert len(served.keys) == 2

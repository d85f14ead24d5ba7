"""Is every forged, altered or misused token refused, each for its own reason?"""

from pathlib import Path

import pytest
from jose import jwt as permissive

from app.assertion.key_ring import jwks
from app.assertion.token import Flaw, InvalidToken
from app.gateways.signing import Signer, Verifier
from tests.gateways.forgeries import FORGERIES, Forge, Forger
from tests.gateways.forging import AUDIENCE, ISSUER, NOW, TOKEN, key_chain

HERE = frozenset({AUDIENCE})


class House(Forger):
    """Our keys, one good token, and what an attacker may know of them."""

    def __init__(self, folder: Path) -> None:
        chain = key_chain(folder)
        super().__init__(
            Signer(chain.signing).sign(TOKEN, now=NOW), chain.signing[0].private.reveal(), int(NOW.timestamp())
        )
        self.jwks = jwks(chain.ring, NOW)
        self.verifier = Verifier(chain.ring, issuer=ISSUER)

    def flaw(self, token: str) -> Flaw:
        """Why it is refused."""
        with pytest.raises(InvalidToken) as refusal:
            self.verifier.verify(token, audiences=HERE, now=NOW)
        return refusal.value.flaw


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.rule("A86", "A87", "A94", "A95", "A96")
@pytest.mark.parametrize(("forge", "flaw"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_a_hostile_token_is_refused_for_its_own_reason(house: House, forge: Forge, flaw: Flaw) -> None:
    assert house.flaw(forge(house)) is flaw


def test_what_is_forged_would_be_good_but_for_its_one_flaw(house: House) -> None:
    assert {house.verifier.verify(each, audiences=HERE, now=NOW) for each in (house.under(), house.stating())} == {
        TOKEN
    }


@pytest.mark.parametrize(("token", "flaw"), [("", Flaw.SHAPE), ("\n", Flaw.SHAPE), ("x" * 1_000_000, Flaw.TOO_LONG)])
def test_what_is_no_token_at_all_is_refused(house: House, token: str, flaw: Flaw) -> None:
    assert house.flaw(token) is flaw


def test_a_trailing_line_end_is_refused(house: House) -> None:
    assert house.flaw(house.good + "\n") is Flaw.ENCODING


@pytest.mark.rule("A94")
@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"])
def test_the_type_is_told_in_any_case(house: House, typ: str) -> None:
    assert house.verifier.verify(house.under(typ=typ), audiences=HERE, now=NOW) == TOKEN


@pytest.mark.parametrize(
    "forge",
    [
        lambda h: h.under(crit=["x"], x=1),
        lambda h: h.under(typ="logout+jwt"),
        lambda h: h.stating(exp=...),
        lambda h: h.stating() + "=",
    ],
    ids=["crit", "typ", "exp", "="],
)
def test_the_library_alone_would_have_taken_these(house: House, forge: Forge) -> None:
    token = forge(house)
    assert permissive.decode(token, house.jwks, ["ES256"], options={"verify_aud": False, "verify_exp": False})
    house.flaw(token)

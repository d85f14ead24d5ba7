"""Does a house elsewhere take each head, over HTTPS that is verified, and is whatever it does otherwise no witness?"""

import json
from pathlib import Path

import pytest

from app.audit.head import Handed, parsed
from app.core.secret import Secret
from app.gateways.witness import WitnessRefused, WitnessUnavailable
from app.gateways.witness.http import HttpWitness, WitnessHouse
from tests.audit.logs import Log, entry
from tests.gateways.authority import Authority
from tests.gateways.witness_server import HERE, witnessing
from tests.house.production import STRONG


def first_head() -> Handed:
    """The head of one event."""
    log = Log()
    log.append(entry(1))
    stored = log.batches[0].stored
    assert stored is not None
    return Handed(stored, (bytes(32),))


HANDED = first_head()


@pytest.mark.rule("A121")
@pytest.mark.parametrize("status", [200, 201, 204])
async def test_a_head_is_posted_once_with_its_proof_and_the_secret(tmp_path: Path, status: int) -> None:
    with witnessing(tmp_path, status) as house:
        await house.witness().take(HANDED)
    (path, token, kind, body), *again = house.posted
    assert (path, token, kind, again) == ("/heads", f"Bearer {STRONG}", "application/json", [])
    assert parsed(body).head == HANDED.signed.head
    assert json.loads(body)["consistency"] == ["00" * 32]


@pytest.mark.rule("A121")
async def test_a_head_that_does_not_continue_is_refused(tmp_path: Path) -> None:
    with witnessing(tmp_path, 409) as house, pytest.raises(WitnessRefused, match="head 1"):
        await house.witness().take(HANDED)


@pytest.mark.rule("A123")
@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])
async def test_any_other_answer_is_none_and_leads_nowhere(tmp_path: Path, status: int) -> None:
    with witnessing(tmp_path, status) as house, pytest.raises(WitnessUnavailable, match=f"http {status}"):
        await house.witness().take(HANDED)
    assert [path for path, *_ in house.posted] == ["/heads"]


@pytest.mark.rule("A123")
async def test_a_house_that_hangs_is_left(tmp_path: Path) -> None:
    with witnessing(tmp_path, 200, behaviour="hangs") as house, pytest.raises(WitnessUnavailable):
        await house.witness(whole_seconds=3.0).take(HANDED)
    assert len(house.posted) == 1


@pytest.mark.parametrize(("status", "taken"), [(200, True), (500, False)])
async def test_an_answer_without_an_end_is_not_read(tmp_path: Path, status: int, *, taken: bool) -> None:
    with witnessing(tmp_path, status, behaviour="floods") as house:
        if taken:
            await house.witness().take(HANDED)
        else:
            with pytest.raises(WitnessUnavailable, match="http 500"):
                await house.witness().take(HANDED)


@pytest.mark.rule("A123")
async def test_a_house_with_the_certificate_of_another_gets_no_head_and_no_secret(tmp_path: Path) -> None:
    with witnessing(tmp_path, 200, address="192.0.2.7") as house, pytest.raises(WitnessUnavailable, match="Connect"):
        await house.witness().take(HANDED)
    assert house.posted == []


@pytest.mark.rule("A123")
async def test_a_house_of_an_unknown_authority_gets_no_head_and_no_secret(tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    with witnessing(tmp_path, 200) as house, pytest.raises(WitnessUnavailable, match="Connect"):
        await house.witness(ca_file=Authority(other).file).take(HANDED)
    assert house.posted == []


@pytest.mark.rule("A123")
async def test_a_house_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(WitnessUnavailable, match="ConnectError"):
        await HttpWitness(WitnessHouse(f"https://{HERE}:1/heads", Secret(STRONG))).take(HANDED)


async def test_a_proxy_of_the_environment_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{HERE}:1")
    with witnessing(tmp_path, 200) as house:
        await house.witness().take(HANDED)
    assert len(house.posted) == 1

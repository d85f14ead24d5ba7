"""Is a house that breaks off after the handshake no answer, to every gateway that asks over HTTPS? A123.

In TLS 1.3 a client has finished its handshake before a server says that it wanted a certificate: the alert comes with
the first read, and is no error of httpx's.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.clock import SetClock
from app.core.entropy import SystemEntropy
from app.core.environment import Environment
from app.core.secret import Secret
from app.gateways.authority import Question
from app.gateways.authority.http import AuthorityHouse, HttpAuthority
from app.gateways.kms import HttpMasterKey, KeyService
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.messages import Letter, MayHaveLeft
from app.gateways.messages.sms import HttpSms
from app.gateways.messages.sms_file import parsed
from app.gateways.witness import WitnessUnavailable
from app.gateways.witness.http import HttpWitness, WitnessHouse
from app.verification.authority import AuthorityAnswer
from app.verification.examination import Kind
from tests.gateways.demanding import HERE, demanding
from tests.gateways.sms_server import DESCRIPTION
from tests.gateways.test_witness_http import HANDED

SECRET = Secret("a secret of this test alone")


@pytest.mark.rule("A123")
async def test_a_house_that_wanted_a_certificate_is_no_witness(tmp_path: Path) -> None:
    with demanding(tmp_path) as house:
        witness = HttpWitness(WitnessHouse(f"https://{HERE}:{house.port}/heads", SECRET, house.ca_file))
        with pytest.raises(WitnessUnavailable, match="SSLError"):
            await witness.take(HANDED)


@pytest.mark.rule("A123")
def test_a_key_service_that_wanted_a_certificate_wraps_nothing(tmp_path: Path) -> None:
    with demanding(tmp_path) as house:
        service = KeyService(f"https://{HERE}:{house.port}", "hufu", SECRET, house.ca_file)
        with pytest.raises(MasterKeyUnfit, match="did not wrap"):
            HttpMasterKey(service, environment=Environment.DEVELOPMENT).wrap(Secret(b"k" * 32), context=b"c")


@pytest.mark.rule("R45", "A123")
async def test_an_authority_that_wanted_a_certificate_has_not_answered(tmp_path: Path) -> None:
    with demanding(tmp_path) as house:
        told = AuthorityHouse(f"https://{HERE}:{house.port}/check", SECRET, ca_file=house.ca_file)
        question = Question(Kind.RESIDENT_CARD, "11010119900307002X", "欧阳样例")
        assert await HttpAuthority(told, SystemEntropy()).check(question) is AuthorityAnswer.UNAVAILABLE


@pytest.mark.rule("A123")
async def test_a_message_may_have_left_where_the_gateway_wanted_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with demanding(tmp_path) as house:
        monkeypatch.setenv("SSL_CERT_FILE", str(house.ca_file))  # as an operator tells OpenSSL whom to trust
        gateway = parsed(DESCRIPTION.format(port=house.port).replace("http:", "https:"), hosts={HERE})
        sms = HttpSms(gateway, SECRET, clock=SetClock(datetime(2026, 3, 7, tzinfo=UTC)), entropy=SystemEntropy())
        with pytest.raises(MayHaveLeft, match="SSLError"):
            await sms.send(Letter("msg_1", "+8613800138000", "login_code", "zh-CN", "登录", "123456", {}))

"""A text message is asked for once, whatever the gateway does; only what never began may be tried again."""

import hmac
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.clock import SetClock
from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.gateways.messages import Letter, MayHaveLeft, NotSent, Rejected
from app.gateways.messages.sms import HttpSms
from app.gateways.messages.sms_file import parsed
from tests.gateways.sms_server import DESCRIPTION, gateway

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
BODY = '验证码 123456,"{recipient}"\n'
LETTER = Letter("msg_1", "+8613800138000", "login_code", "zh-CN", "登录", BODY, {"code": "123456"})


def sms(description: str) -> HttpSms:
    made = parsed(description, hosts={"127.0.0.1"})
    return HttpSms(made, Secret("key"), clock=SetClock(NOW), entropy=SystemEntropy())


async def test_a_message_reaches_the_gateway_as_its_file_says(tmp_path: Path) -> None:
    with gateway(tmp_path, "succeeds") as process:
        await sms(process.description).send(LETTER)
        (asked,) = process.received()
    assert asked["path"] == "/send?id=msg_1"
    assert json.loads(asked["body"]) == {
        "to": "+8613800138000", "text": BODY, "template": "SMS_1", "code": "123456",
    }  # fmt: skip


async def test_the_message_is_signed_over_what_the_file_says(tmp_path: Path) -> None:
    with gateway(tmp_path, "succeeds") as process:
        await sms(process.description).send(LETTER)
        (asked,) = process.received()
    over = f"{int(NOW.timestamp())}\n+8613800138000\n{BODY}"
    assert asked["headers"]["x-sign"] == hmac.digest(b"key", over.encode(), "sha256").hex()


async def test_the_body_itself_can_be_signed(tmp_path: Path) -> None:
    with gateway(tmp_path, "succeeds") as process:
        await sms(process.description.replace("{timestamp}\\n{recipient}\\n{body}", "{payload}")).send(LETTER)
        (asked,) = process.received()
    assert asked["headers"]["x-sign"] == hmac.digest(b"key", asked["body"].encode(), "sha256").hex()


@pytest.mark.parametrize("behaviour", ["fails", "hangs", "drips", "lies", "floods", "closes", "redirects"])
async def test_what_is_not_clearly_taken_may_have_left_and_is_asked_once(tmp_path: Path, behaviour: str) -> None:
    with gateway(tmp_path, behaviour) as process:
        with pytest.raises(MayHaveLeft):
            await sms(process.description).send(LETTER)
        assert len(process.received()) == 1


async def test_what_the_gateway_will_not_have_is_rejected(tmp_path: Path) -> None:
    with gateway(tmp_path, "refuses") as process:
        with pytest.raises(Rejected):
            await sms(process.description).send(LETTER)
        assert len(process.received()) == 1


async def test_nobody_at_the_door_means_that_nothing_left() -> None:
    with socket.socket() as taken:  # bound and not listening: the port answers nobody
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent):
            await sms(DESCRIPTION.format(port=taken.getsockname()[1])).send(LETTER)


async def test_neither_number_nor_words_nor_secret_stand_in_what_is_raised(tmp_path: Path) -> None:
    with gateway(tmp_path, "lies") as process, pytest.raises(MayHaveLeft) as caught:
        await sms(process.description).send(LETTER)
    assert str(caught.value) == "http 200"
    assert "1380013" not in repr(LETTER)
    assert "123456" not in repr(LETTER)

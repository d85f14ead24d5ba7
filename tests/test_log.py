"""What others' code writes into our log holds no number, no code and no secret."""

import asyncio
import io
import logging
import os
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from app import log
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy
from app.core.secret import Secret
from app.gateways.messages import Letter
from app.gateways.messages.sms import HttpSms
from app.gateways.messages.sms_file import parsed
from app.log import SHEET_LINES, SHEET_SECONDS, Lines, Sheet
from tests.gateways.sms_server import gateway

LETTER = Letter("msg_1", "+8613800138000", "login_code", "zh-CN", "登录", "验证码 123456", {"code": "123456"})


async def test_the_address_a_gateway_is_asked_at_is_not_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log.configure("debug")
    caplog.set_level(logging.INFO)  # as `configure` leaves it, whatever is asked for
    with gateway(tmp_path, "succeeds") as process:
        described = f"""
            [request]
            url = "http://127.0.0.1:{process.port}/send?to={{recipient}}&code={{code}}&key={{secret}}"
            [success]
            pattern = "OK"
        """
        sms = parsed(described, hosts={"127.0.0.1"})
        await HttpSms(sms, Secret("gateway-secret"), clock=SystemClock(), entropy=SystemEntropy()).send(LETTER)
    assert not [word for word in ("13800138000", "123456", "gateway-secret") if word in caplog.text]


def test_a_line_that_cannot_be_written_costs_nobody_an_answer() -> None:
    lost = REGISTRY.get_sample_value("hufu_log_lines_lost_total") or 0.0
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        lines = Lines(full)
        lines.write("a line\n")
        lines.flush()
        assert REGISTRY.get_sample_value("hufu_log_lines_lost_total") == lost + 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())  # or closing it would try once more


async def test_lines_are_written_together_and_soon() -> None:
    file = io.StringIO()
    sheet = Sheet(Lines(file))
    sheet.write("one\n")
    sheet.write("two\n")
    assert file.getvalue() == ""
    await asyncio.sleep(2 * SHEET_SECONDS)
    assert file.getvalue() == "one\ntwo\n"


async def test_a_full_sheet_is_written_at_once_and_the_rest_at_the_end() -> None:
    file = io.StringIO()
    sheet = Sheet(Lines(file))
    for _ in range(SHEET_LINES + 1):
        sheet.write("a line\n")
    assert file.getvalue().count("\n") == SHEET_LINES
    sheet.flush()
    assert file.getvalue().count("\n") == SHEET_LINES + 1

"""Which gateways do the settings name? What is missing, open to others or Null in production stops the start."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.clock import SetClock
from app.core.entropy import SystemEntropy
from app.gateways.messages import Messenger
from app.gateways.messages.configured import messenger
from app.settings import Settings
from tests.gateways.sms_server import DESCRIPTION

CLOCK = SetClock(datetime(2026, 3, 7, tzinfo=UTC))
MAIL = {"smtp_host": "mail.bank.example", "smtp_from": "noreply@bank.example"}


def made(folder: Path, **more: Any) -> Messenger:
    file = folder / "gateway.toml"
    file.write_text(DESCRIPTION.format(port=1), encoding="utf-8")
    secret = folder / "secret"
    secret.write_text("key")
    secret.chmod(0o600)
    given: dict[str, Any] = {
        "messages": "gateways", "sms_gateway_file": file, "sms_gateway_hosts": "127.0.0.1", "sms_gateway_secret_file": secret,
    }  # fmt: skip
    return messenger(Settings(**(given | MAIL | more)), CLOCK, SystemEntropy())


def test_each_channel_has_its_gateway(tmp_path: Path) -> None:
    found = made(tmp_path)
    assert (found.of("phone").name, found.of("email").name) == ("sms", "smtp")


def test_nothing_is_sent_unless_it_is_asked_for() -> None:
    found = messenger(Settings(), CLOCK, SystemEntropy())
    assert (found.of("phone").name, found.of("email").name) == ("null", "null")


@pytest.mark.parametrize("missing", ["sms_gateway_file", "sms_gateway_hosts", "smtp_host", "smtp_from"])
def test_half_a_gateway_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ValueError, match=f"HUFU_{missing.upper()}"):
        made(tmp_path, **{missing: None if missing.endswith("file") else ""})


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "open"
    secret.write_text("key")
    secret.chmod(0o640)
    with pytest.raises(ValueError, match="read by others"):
        made(tmp_path, sms_gateway_secret_file=secret)


def test_nothing_is_signed_with_no_secret(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HUFU_SMS_GATEWAY_SECRET_FILE"):
        made(tmp_path, sms_gateway_secret_file=None)


def test_a_mail_account_needs_its_password(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HUFU_SMTP_PASSWORD_FILE"):
        made(tmp_path, smtp_user="hufu")


def test_a_host_that_is_not_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="HUFU_SMS_GATEWAY_HOSTS"):
        made(tmp_path, sms_gateway_hosts="sms.bank.example")


def test_production_refuses_the_null_gateway_by_name(tmp_path: Path) -> None:
    real = {"environment": "production", "database_url": SecretStr("x"), "master_key_file": tmp_path, "issuer": "https://a.example"}  # fmt: skip
    with pytest.raises(ValueError, match="HUFU_MESSAGES"):
        Settings(**real, messages="null")  # type: ignore[arg-type]

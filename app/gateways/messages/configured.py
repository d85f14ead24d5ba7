"""Which gateways do the settings name? Built once at the start, so that what is wrong with them stops it."""

import stat
from pathlib import Path

from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.secret import Secret
from app.gateways.messages import MessageGateway, Messenger, NullMessages
from app.gateways.messages.mail import SmtpMail, SmtpServer
from app.gateways.messages.sms import HttpSms
from app.gateways.messages.sms_file import parsed
from app.gateways.nulls import refuse_nulls
from app.mfa.contact_address import Channel
from app.settings import Settings


def messenger(settings: Settings, clock: Clock, entropy: Entropy) -> Messenger:
    """A gateway for each channel; raises where a file is missing, readable by others, or describes what is unsafe."""
    by_channel = _by_channel(settings, clock, entropy)
    refuse_nulls(settings.environment, *by_channel.values())
    return Messenger(by_channel)


def _by_channel(settings: Settings, clock: Clock, entropy: Entropy) -> dict[Channel, MessageGateway]:
    if settings.messages == NullMessages.name:
        return dict.fromkeys(Channel, NullMessages())
    return {
        Channel.PHONE: _sms(settings, clock, entropy),
        Channel.EMAIL: SmtpMail(_smtp(settings), clock=clock),
    }


def _sms(settings: Settings, clock: Clock, entropy: Entropy) -> HttpSms:
    if settings.sms_gateway_file is None:
        raise ValueError("HUFU_MESSAGES=gateways needs HUFU_SMS_GATEWAY_FILE")
    hosts = {host.strip() for host in settings.sms_gateway_hosts.split(",") if host.strip()}
    gateway = parsed(settings.sms_gateway_file.read_text(encoding="utf-8"), hosts=hosts)
    secret = _secret(settings.sms_gateway_secret_file)
    if secret is None and gateway.needs_secret:
        raise ValueError("the SMS gateway's file signs or names a secret: it needs HUFU_SMS_GATEWAY_SECRET_FILE")
    return HttpSms(gateway, secret or Secret(""), clock=clock, entropy=entropy)


def _smtp(settings: Settings) -> SmtpServer:
    if bool(settings.smtp_user) != (settings.smtp_password_file is not None):
        raise ValueError("HUFU_SMTP_USER and HUFU_SMTP_PASSWORD_FILE belong together")
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=_secret(settings.smtp_password_file),
        ca_file=settings.smtp_ca_file,
    )


def _secret(file: Path | None) -> Secret[str] | None:
    if file is None:
        return None
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ValueError(f"{file} can be read by others than its owner")
    return Secret(file.read_text(encoding="utf-8").strip())

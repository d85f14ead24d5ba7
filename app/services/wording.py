"""What do our messages say? What the code is for, how long it lives, and never to tell it; what changed, and what to do.

A message is plain text, short enough for a phone, and asks nobody to open an address: whoever sends one that does is not us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

CHINA: Final = timezone(timedelta(hours=8))


class Template(StrEnum):
    """What a message is about."""

    CONTACT_CODE = "contact_code"
    LOGIN_CODE = "login_code"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of a template
    AUTHENTICATOR_BOUND = "authenticator_bound"


@dataclass(frozen=True, slots=True)
class Words:
    """A message in one language, and the values it was made of."""

    template: Template
    language: str
    subject: str
    body: str
    values: Mapping[str, str]


SUBJECTS: Final[Mapping[tuple[str, str], str]] = {
    (Template.CONTACT_CODE, "zh-CN"): "绑定验证码",
    (Template.CONTACT_CODE, "en"): "Your binding code",
    (Template.LOGIN_CODE, "zh-CN"): "登录验证码",
    (Template.LOGIN_CODE, "en"): "Your log-in code",
    (Template.PASSWORD_CHANGED, "zh-CN"): "您的密码已更改",
    (Template.PASSWORD_CHANGED, "en"): "Your password was changed",
    (Template.AUTHENTICATOR_BOUND, "zh-CN"): "已绑定新的动态口令",
    (Template.AUTHENTICATOR_BOUND, "en"): "A new authenticator was bound",
}
TEXTS: Final[Mapping[tuple[str, str], str]] = {
    (Template.CONTACT_CODE, "zh-CN"): (
        "【{sender}】您正在将此{channel}与银行账户绑定,验证码 {code},{minutes} 分钟内有效。"
        "银行工作人员不会向您索要验证码,请勿告诉任何人。如非本人操作,请忽略本信息。"
    ),
    (Template.CONTACT_CODE, "en"): (
        "[{sender}] You are binding this {channel} to your bank account. Code: {code}, valid for {minutes} minutes. "
        "Bank staff will never ask for it: tell it to nobody. If this was not you, ignore this message."
    ),
    (Template.LOGIN_CODE, "zh-CN"): (
        "【{sender}】您正在登录银行账户,验证码 {code},{minutes} 分钟内有效。"
        "银行工作人员不会向您索要验证码,请勿告诉任何人。如非本人操作,说明有人知道您的密码,请立即更改密码并联系银行。"
    ),
    (Template.LOGIN_CODE, "en"): (
        "[{sender}] You are logging in to your bank account. Code: {code}, valid for {minutes} minutes. "
        "Bank staff will never ask for it: tell it to nobody. If this was not you, somebody knows your password: "
        "change it and call the bank at once."
    ),
    (Template.PASSWORD_CHANGED, "zh-CN"): (
        "【{sender}】您的账户密码已于北京时间 {at} 更改。如非本人操作,请立即致电银行或前往网点。"
    ),
    (Template.PASSWORD_CHANGED, "en"): (
        "[{sender}] The password of your account was changed at {at} (China time). "
        "If this was not you, call the bank or visit a branch at once."
    ),
    (Template.AUTHENTICATOR_BOUND, "zh-CN"): (
        "【{sender}】您的账户已于北京时间 {at} 绑定新的动态口令。如非本人操作,请立即致电银行或前往网点。"
    ),
    (Template.AUTHENTICATOR_BOUND, "en"): (
        "[{sender}] A new authenticator app was bound to your account at {at} (China time). "
        "If this was not you, call the bank or visit a branch at once."
    ),
}
CHANNELS: Final[Mapping[tuple[str, str], str]] = {
    ("phone", "zh-CN"): "手机号码",
    ("phone", "en"): "phone number",
    ("email", "zh-CN"): "电子邮箱",
    ("email", "en"): "e-mail address",
}
SMS_RISK: Final[Mapping[str, str]] = {
    "zh-CN": "短信可能被转移到他人的手机上。使用动态口令应用更安全。",
    "en": "A text message can be diverted to somebody else's phone. Your authenticator app is safer.",
}
"""What is told whenever a code goes by SMS (A43)."""


def contact_code(code: str, *, sender: str, channel: str, language: str, life: timedelta) -> Words:
    """The message that carries a contact code."""
    named = CHANNELS[channel, language]
    return _said(Template.CONTACT_CODE, sender, language, code=code, minutes=_minutes(life), channel=named)


def login_code(code: str, *, sender: str, language: str, life: timedelta) -> Words:
    """The message that carries the second proof of a log-in."""
    return _said(Template.LOGIN_CODE, sender, language, code=code, minutes=_minutes(life))


def changed(template: Template, *, sender: str, language: str, at: datetime) -> Words:
    """The notice that an authenticator was changed (A31)."""
    return _said(template, sender, language, at=f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}")


def subject(template: str, language: str) -> str:
    """What stands above the message where there is room: never a code, for it shows on a locked screen."""
    return SUBJECTS[template, language]


def _said(template: Template, sender: str, language: str, **values: str) -> Words:
    body = TEXTS[template, language].format(sender=sender, **values)
    return Words(template, language, SUBJECTS[template, language], body, values)


def _minutes(life: timedelta) -> str:
    return str(int(life.total_seconds() // 60))

"""What do our messages say? What the code is for, how long it lives, and never to tell it to anyone."""

from collections.abc import Mapping
from typing import Final

CONTACT_CODE: Final = "contact_code"

TEXTS: Final[Mapping[tuple[str, str], str]] = {
    (CONTACT_CODE, "zh-CN"): (
        "【虎符】您正在将此{channel}与银行账户绑定,验证码 {code},{minutes} 分钟内有效。"
        "银行工作人员不会向您索要验证码,请勿告诉任何人。如非本人操作,请忽略本信息。"
    ),
    (CONTACT_CODE, "en"): (
        "[Hufu] You are binding this {channel} to your bank account. Code: {code}, valid for {minutes} minutes. "
        "Bank staff will never ask for it: tell it to nobody. If this was not you, ignore this message."
    ),
}
CHANNELS: Final[Mapping[tuple[str, str], str]] = {
    ("phone", "zh-CN"): "手机号码",
    ("phone", "en"): "phone number",
    ("email", "zh-CN"): "电子邮箱",
    ("email", "en"): "e-mail address",
}


def contact_code(code: str, *, channel: str, language: str, minutes: int) -> str:
    """The message that carries a contact code."""
    return TEXTS[CONTACT_CODE, language].format(code=code, channel=CHANNELS[channel, language], minutes=minutes)

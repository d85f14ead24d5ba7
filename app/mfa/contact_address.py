"""Is this a phone number or mailbox we can send to, and how is it written the one way we look it up by?"""

import re
from enum import StrEnum

from app.core.refusal import Refusal

PHONE = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164 §6.2.1: at most 15 digits
CHINESE_MOBILE = re.compile(r"1[3-9][0-9]{9}")
CHINA = "+86"
# RFC 5321 §4.1.2 Dot-string. Never an encoded word (RFC 2047): a header that holds one says another address.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAILBOX = re.compile(rf"(?!.*=\?)(?=.{{1,64}}@){ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+[A-Za-z]{{2,63}}")
# ITU-T E.164 assigned country codes of one and of two digits; every other one has three.
TWO_DIGITS = r"2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
COUNTRY_CODE = re.compile(rf"1|7|{TWO_DIGITS}|[0-9]{{3}}")
LONGEST_MAILBOX = 254  # RFC 5321 §4.5.3.1.3 less the angle brackets


class InvalidAddress(Refusal, code="invalid_address"):
    """Not an address of this channel. Facts: channel."""


class Channel(StrEnum):
    """How an address is reached."""

    PHONE = "phone"
    EMAIL = "email"


def normalised(channel: Channel, given: str) -> str:
    """The one spelling: E.164 for phones (a Chinese mobile number without prefix gets +86), lower case for mailboxes."""
    address = _phone(given) if channel is Channel.PHONE else given.strip().lower()
    shape = PHONE if channel is Channel.PHONE else MAILBOX
    if not shape.fullmatch(address) or len(address) > LONGEST_MAILBOX or _misspelt(address):
        raise InvalidAddress(channel=channel.value)
    return address


def _phone(given: str) -> str:
    digits = re.sub(r"[\s()-]", "", given)
    return f"{CHINA}{digits}" if CHINESE_MOBILE.fullmatch(digits) else digits


def _misspelt(address: str) -> bool:
    """A number of China that is no mobile's: with a zero before it or a digit too many a gateway may still reach one,
    and each such spelling would be counted as a number of its own (A41).
    """
    return address.startswith(CHINA) and CHINESE_MOBILE.fullmatch(address.removeprefix(CHINA)) is None


def identifier(given: str) -> str:
    """What a claimant typed as identifier, in the spelling it would be found by; anything else as it was typed."""
    try:
        return normalised(Channel.EMAIL if "@" in given else Channel.PHONE, given)
    except InvalidAddress:
        return given


def country_code(phone: str) -> str:
    """The country code of an E.164 number, without its plus: `86`."""
    found = COUNTRY_CODE.match(phone.removeprefix("+"))
    if found is None:
        raise ValueError("not in E.164")
    return found[0]


def masked(channel: Channel, address: str) -> str:
    """For display: enough to recognise one's own, too little to learn another's."""
    if channel is Channel.PHONE:
        return f"{address[:-8]}****{address[-4:]}"
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"

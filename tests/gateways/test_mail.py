"""Mail is handed over through verified TLS alone; what the server did not accept in so many words is not called sent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from app.core.clock import SetClock
from app.core.secret import Secret
from app.gateways.messages import Letter, MayHaveLeft, NotSent, Rejected
from app.gateways.messages.mail import SmtpMail, SmtpServer
from tests.gateways.authority import Authority

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
LETTER = Letter("msg_1", "li@bank.example", "contact_code", "zh-CN", "绑定验证码", "验证码 123456。\n.\n", {})


class Postbox:
    """A mail server's hands: keeps what it gets, or answers as it was told."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data, self.kept = rcpt, data, list[bytes]()

    async def handle_RCPT(self, _s: Any, _c: Any, envelope: Envelope, address: str, _o: list[str]) -> str:  # noqa: N802  aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, _c: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.kept.append(envelope.content)
        if self.data == "breaks off":
            server.transport.abort()
        return self.data


@asynccontextmanager
async def post_office(
    authority: Authority, hands: Postbox, *, name: str = "127.0.0.1", **more: Any
) -> AsyncIterator[SmtpServer]:
    tls: dict[str, Any] = {"tls_context": authority.server_context(name), "require_starttls": True} | more
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: SMTP(hands, hostname="mail.example", **tls), "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield SmtpServer("127.0.0.1", port, "虎符银行 <noreply@bank.example>", ca_file=authority.file)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def mail(server: SmtpServer) -> SmtpMail:
    return SmtpMail(server, clock=SetClock(NOW))


async def test_a_mail_arrives_as_it_was_written(authority: Authority) -> None:
    hands = Postbox()
    async with post_office(authority, hands) as server:
        await mail(server).send(LETTER)
    (kept,) = hands.kept
    read = message_from_bytes(kept)
    assert read.get_content_type() == "text/plain"
    assert read.get_payload(decode=True).decode().replace("\r\n", "\n") == LETTER.body  # type: ignore[union-attr]
    assert str(make_header(decode_header(read["Subject"]))) == "绑定验证码"
    assert (read["To"], read["Message-ID"]) == ("li@bank.example", "<msg_1@bank.example>")


async def test_an_unknown_authority_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    hands = Postbox()
    async with post_office(authority, hands) as server:
        with pytest.raises(NotSent):
            await mail(replace(server, ca_file=Authority(tmp_path).file)).send(LETTER)
    assert hands.kept == []


async def test_a_certificate_of_another_name_is_not_trusted(authority: Authority) -> None:
    hands = Postbox()
    async with post_office(authority, hands, name="127.0.0.2") as server:
        with pytest.raises(NotSent):
            await mail(server).send(LETTER)
    assert hands.kept == []


async def test_without_starttls_nothing_is_said(authority: Authority) -> None:
    hands = Postbox()
    async with post_office(authority, hands, tls_context=None, require_starttls=False) as server:
        with pytest.raises(NotSent):
            await mail(server).send(LETTER)
    assert hands.kept == []


async def test_the_password_is_told_within_tls_alone(authority: Authority) -> None:
    seen = list[bool]()

    def known(_server: Any, session: Any, _envelope: Any, _mechanism: str, _data: Any) -> AuthResult:
        seen.append(session.ssl is not None)
        return AuthResult(success=True)

    hands = Postbox()
    async with post_office(authority, hands, authenticator=known, auth_required=True) as server:
        await mail(replace(server, user="hufu", password=Secret("pw"))).send(LETTER)
    assert (seen, len(hands.kept)) == ([True], 1)


@pytest.mark.parametrize(
    ("hands", "outcome"),
    [
        (Postbox(rcpt="550 no such mailbox"), Rejected),
        (Postbox(rcpt="450 later"), NotSent),
        (Postbox(data="554 no"), Rejected),
        (Postbox(data="451 later"), NotSent),
        (Postbox(data="breaks off"), MayHaveLeft),
        (Postbox(data="gibberish"), MayHaveLeft),
        (Postbox(data="200 fine"), MayHaveLeft),
        (Postbox(rcpt="gibberish"), NotSent),
    ],
)
async def test_what_the_server_says_is_what_became_of_it(
    authority: Authority, hands: Postbox, outcome: type[Exception]
) -> None:
    async with post_office(authority, hands) as server:
        with pytest.raises(outcome):
            await mail(server).send(LETTER)


async def test_a_server_that_is_not_there_took_nothing(authority: Authority) -> None:
    async with post_office(authority, Postbox()) as server:
        pass
    with pytest.raises(NotSent):
        await mail(replace(server, patience=timedelta(seconds=2))).send(LETTER)


def test_no_tls_older_than_1_2_is_spoken(authority: Authority) -> None:
    server = SmtpServer("127.0.0.1", 1, "a@bank.example", ca_file=authority.file)
    assert mail(server)._tls.minimum_version >= ssl.TLSVersion.TLSv1_2

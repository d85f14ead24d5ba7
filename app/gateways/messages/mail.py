"""How does a message go by mail? Over SMTP with STARTTLS required and the certificate verified, RFC 3207, RFC 6409."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from pathlib import Path

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from app.core.clock import Clock
from app.core.secret import Secret
from app.gateways.messages import Letter, MayHaveLeft, NotSent, Rejected

TRANSIENT, PERMANENT = range(400, 500), range(500, 600)
"""RFC 5321 §4.2.1: a 4yz may be otherwise at another try, a 5yz will not."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: Secret[str] | None = None
    ca_file: Path | None = None
    """None: the system's authorities."""
    patience: timedelta = timedelta(seconds=15)
    """For each answer."""
    deadline: timedelta = timedelta(seconds=60)
    """For all of it."""


class SmtpMail:
    """Mail through one server."""

    name = "smtp"

    def __init__(self, server: SmtpServer, *, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._domain = parseaddr(server.sender)[1].rpartition("@")[2]
        if not self._domain:
            raise ValueError("HUFU_SMTP_FROM is no mail address")
        self._tls = ssl.create_default_context(cafile=server.ca_file)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2

    async def send(self, letter: Letter) -> None:
        """Hand one mail over; what the server did not accept in so many words may have left once DATA has begun."""
        wire = self._mail(letter).as_bytes(policy=WIRE)
        client = self._client()
        begun = False
        try:
            async with asyncio.timeout(self._server.deadline.total_seconds()):
                await client.connect()
                if self._server.password is not None:
                    await client.login(self._server.user, self._server.password.reveal())
                await client.mail(parseaddr(self._server.sender)[1])
                await client.rcpt(letter.recipient)
                begun = True
                await client.data(wire)
        except SMTPResponseException as error:
            raise _no(error.code) or _unclear(f"smtp {error.code}", begun=begun) from error
        except (SMTPException, OSError, TimeoutError) as error:
            raise _unclear(type(error).__name__, begun=begun) from error
        finally:
            client.close()

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            start_tls=True,  # required: without it aiosmtplib goes no further
            tls_context=self._tls,
            timeout=self._server.patience.total_seconds(),
            local_hostname=self._domain,
        )

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage(policy=WIRE)
        mail["From"] = self._server.sender
        mail["To"] = letter.recipient
        mail["Subject"] = letter.subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{letter.id}@{self._domain}>"
        mail["Content-Language"] = letter.language
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no holiday note answers it
        mail.set_content(letter.body)
        return mail


def _no(code: int) -> Exception | None:
    """The server said no, RFC 5321 §6.1: then nothing left, whichever command it said it to; None: it said no such thing."""
    if code in TRANSIENT:
        return NotSent(f"smtp {code}")
    return Rejected(f"smtp {code}") if code in PERMANENT else None


def _unclear(cause: str, *, begun: bool) -> Exception:
    """Silence, a broken line, or an answer that is neither yes nor no: once DATA has begun, it may have left."""
    return MayHaveLeft(cause) if begun else NotSent(cause)

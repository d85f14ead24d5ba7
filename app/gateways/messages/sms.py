"""How does a text message go out? As one HTTP request to the bank's gateway, asked once: no retry after a byte has left."""

import asyncio
import base64
import hmac
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.secret import Secret
from app.gateways.messages import Letter, MayHaveLeft, NotSent, Rejected
from app.gateways.messages.sms_file import SmsGateway, filled, filled_json, filled_url
from app.gateways.unanswered import UNANSWERED
from app.mfa.contact_address import country_code

LONGEST_ANSWER = 64 * 1024
NONCE_BYTES = 16
CLIENT_ERRORS = range(400, 500)
TIMEOUT = 408
"""RFC 9110 §15.5.9: the one of them that does not say that nothing was done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, ready to leave."""

    url: str
    headers: Mapping[str, str]
    content: bytes


class HttpSms:
    """Text messages through a gateway that a file describes."""

    name = "sms"

    def __init__(self, gateway: SmsGateway, secret: Secret[str], *, clock: Clock, entropy: Entropy) -> None:
        self._gateway = gateway
        self._secret = secret
        self._clock = clock
        self._entropy = entropy
        self._tls = ssl.create_default_context()
        self._timeout = httpx.Timeout(gateway.whole_seconds, connect=gateway.connect_seconds)

    async def send(self, letter: Letter) -> None:
        """Ask once. Only what failed before the request began may be tried again."""
        asked = self._asked(letter)
        try:
            async with asyncio.timeout(self._gateway.whole_seconds):
                status, answer = await self._exchanged(asked)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSent(type(error).__name__) from error
        except UNANSWERED as error:
            # A timeout of the whole may strike while connecting, too: rare, and the careful answer is right then.
            raise MayHaveLeft(type(error).__name__) from error
        if self._gateway.success.holds(status, answer):
            return
        if status in CLIENT_ERRORS and status != TIMEOUT:
            raise Rejected(f"http {status}")
        raise MayHaveLeft(f"http {status}")

    async def _exchanged(self, asked: Asked) -> tuple[int, bytes]:
        """Status and body. A connection of its own: on a kept one, a close could mean before or after the request."""
        async with (
            httpx.AsyncClient(
                verify=self._tls,
                timeout=self._timeout,
                follow_redirects=False,
                trust_env=False,
                transport=httpx.AsyncHTTPTransport(verify=self._tls, retries=0),
            ) as client,
            client.stream(
                self._gateway.request.method, asked.url, headers=asked.headers, content=asked.content
            ) as response,
        ):
            answer = bytearray()
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > LONGEST_ANSWER:
                    raise httpx.DecodingError("a long answer")
            return response.status_code, bytes(answer)

    def _asked(self, letter: Letter) -> Asked:
        request, values = self._gateway.request, self._values(letter)
        signs_payload = self._gateway.signature is not None and "{payload}" in self._gateway.signature.over
        if not signs_payload:
            values["signature"] = self._signed(values)
        content, kind = b"", None
        if request.body is not None:
            content, kind = _compact(filled_json(request.body, values)), "application/json"
        elif request.form is not None:
            form = {name: filled(value, values) for name, value in request.form.items()}
            content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        if signs_payload:
            values["signature"] = self._signed(values | {"payload": content.decode()})
        headers = {name: filled(value, values) for name, value in request.headers.items()}
        return Asked(filled_url(request.url, values), ({"content-type": kind} if kind else {}) | headers, content)

    def _values(self, letter: Letter) -> dict[str, str]:
        digits = letter.recipient.removeprefix("+")
        named = f"{letter.template}.{letter.language}"
        return {
            "recipient": letter.recipient,
            "digits": digits,
            "national": digits.removeprefix(country_code(letter.recipient)),
            "body": letter.body,
            "template": self._gateway.templates.get(named, letter.template),
            "language": letter.language,
            "code": letter.values.get("code", ""),
            "minutes": letter.values.get("minutes", ""),
            "message_id": letter.id,
            "timestamp": str(int(self._clock.now().timestamp())),
            "nonce": self._entropy.draw(NONCE_BYTES).hex(),
            "secret": self._secret.reveal(),
            "signature": "",
            "payload": "",
        }

    def _signed(self, values: Mapping[str, str]) -> str:
        rule = self._gateway.signature
        if rule is None:
            return ""
        mac = hmac.digest(self._secret.reveal().encode(), filled(rule.over, values).encode(), "sha256")
        return mac.hex() if rule.encoding == "hex" else base64.b64encode(mac).decode("ascii")


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

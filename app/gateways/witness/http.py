"""How does another house witness heads? Each is posted to it as JSON; 409 says that it does not continue what it saw."""

import asyncio
import ssl
from collections.abc import Collection
from urllib.parse import urlsplit

import httpx

from app.audit.head import Handed
from app.core.secret import Secret
from app.gateways.witness import WitnessRefused, WitnessUnavailable

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
TAKEN = frozenset({200, 201, 204})
CONFLICT = 409
"""RFC 9110 §15.5.10."""


class HttpWitness:
    """Heads at an address on the network. A head that may have arrived is posted again: it is the same octets."""

    name = "http"

    def __init__(self, url: str, secret: Secret[str] | None, *, hosts: Collection[str]) -> None:
        """Raises ValueError for an address that is not allowed; nothing else is ever spoken to, redirects neither."""
        where = urlsplit(url)
        if where.hostname not in hosts:
            raise ValueError(f"{where.hostname} is not among HUFU_AUDIT_WITNESS_HOSTS")
        if where.scheme != "https" and where.hostname not in LOOPBACK:
            raise ValueError("HUFU_AUDIT_WITNESS_URL: a witness on the network is spoken to by https")
        self._url = url
        self._headers = {"content-type": "application/json"}
        if secret is not None:
            self._headers["authorization"] = f"Bearer {secret.reveal()}"
        self._tls = ssl.create_default_context()

    async def take(self, handed: Handed) -> None:
        """Post it; whatever is no clear yes is tried again at the next beat."""
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx.AsyncClient(
                    verify=self._tls,
                    timeout=httpx.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS),
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                # The status alone is read: an answer may be as long as it likes.
                client.stream("POST", self._url, headers=self._headers, content=handed.line()) as response,
            ):
                status = response.status_code
        except (httpx.HTTPError, TimeoutError) as error:
            raise WitnessUnavailable(type(error).__name__) from error
        if status == CONFLICT:
            raise WitnessRefused(f"head {handed.signed.head.number}: http {status}")
        if status not in TAKEN:
            raise WitnessUnavailable(f"http {status}")

"""How does a house elsewhere witness heads? Each is posted over verified HTTPS; only the status of the answer counts.

    POST {url}    one line of JSON, as `Handed` makes it    → 2xx taken, or had already
                                                            → 409 does not continue what was taken before

`Authorization: Bearer SECRET`. Anything else, and silence, is no answer: the same head is posted again.
"""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.audit.head import Handed
from app.core.secret import Secret
from app.gateways.unanswered import UNANSWERED
from app.gateways.witness import WitnessRefused, WitnessUnavailable

CONNECT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class WitnessHouse:
    """Where it is and how it is spoken to."""

    url: str
    """https, at a host that the settings allow."""
    secret: Secret[str]
    ca_file: Path | None = None
    whole_seconds: float = 10.0
    """From the name's look-up to the status of the answer."""


class HttpWitness:
    """Heads at a house that whoever owns this database does not own."""

    name = "http"

    def __init__(self, house: WitnessHouse) -> None:
        self._house = house
        self._tls = ssl.create_default_context(cafile=house.ca_file)
        self._timeout = httpx.Timeout(house.whole_seconds, connect=CONNECT_SECONDS)

    async def take(self, handed: Handed) -> None:
        """Post it, once."""
        try:
            async with asyncio.timeout(self._house.whole_seconds):
                status = await self._posted(handed.line())
        except (*UNANSWERED, ValueError) as failure:
            raise WitnessUnavailable(type(failure).__name__) from None  # its words may quote the header with the secret
        if status == httpx.codes.CONFLICT:
            raise WitnessRefused(f"head {handed.signed.head.number}: the witness says that it does not continue")
        if not httpx.codes.is_success(status):
            raise WitnessUnavailable(f"http {status}")

    async def _posted(self, line: bytes) -> int:
        """The status; a connection of its own, no redirect, no proxy of the environment's, and no body is ever read."""
        headers = {"authorization": f"Bearer {self._house.secret.reveal()}", "content-type": "application/json"}
        async with (
            httpx.AsyncClient(
                verify=self._tls, timeout=self._timeout, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", self._house.url, headers=headers, content=line) as response,
        ):
            return response.status_code

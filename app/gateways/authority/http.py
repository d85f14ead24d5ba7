"""How is the authority asked? One small JSON request over verified HTTPS, one small answer, within one time for all.

    POST {url}    {"id": "ask_…", "kind": "passport", "number": …, "name": …, "issuing_state": "SWE", "valid_to": "2030-01-01"}
    → 200         {"id": the same, "answer": "confirmed" | "differs" | "unknown" | "revoked"}

`issuing_state` is null where the kind is one country's, `valid_to` where nobody knows it surely; it may be `long_term`.
It asks and changes nothing, as a GET would; it is a POST because every proxy and log on the way writes addresses down, and
a number may not be in one (R23). `Authorization: Bearer SECRET`, a client certificate, or both. Whatever else comes, and
whatever does not, is no answer: another `id` would be the answer about somebody else.
"""

import asyncio
import hmac
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from app.core import ids
from app.core.entropy import Entropy
from app.core.secret import Secret
from app.gateways.authority import Question
from app.gateways.unanswered import UNANSWERED
from app.verification.authority import AuthorityAnswer

LONGEST_ANSWER: Final = 4 * 1024
"""Ours have about 80 octets."""
CONNECT_SECONDS: Final = 3.0
ANSWERS: Final = {
    answer.value: answer
    for answer in (
        AuthorityAnswer.CONFIRMED,
        AuthorityAnswer.DIFFERS,
        AuthorityAnswer.UNKNOWN,
        AuthorityAnswer.REVOKED,
    )
}
"""What an authority may say; that it was not asked, or is down, is ours to say."""


class _NoAnswer(Exception):
    """What came is not an answer to what was asked."""


@dataclass(frozen=True, slots=True)
class AuthorityHouse:
    """Where it is and how it is spoken to."""

    url: str
    """https, at a host that the settings allow."""
    secret: Secret[str] | None
    certificate_file: Path | None = None
    """PEM: our certificate and its key."""
    ca_file: Path | None = None
    whole_seconds: float = 5.0
    """From the name's look-up to the last octet of the answer."""


class HttpAuthority:
    """The authority at its house."""

    def __init__(self, house: AuthorityHouse, entropy: Entropy) -> None:
        self._house = house
        self._entropy = entropy
        self._tls = ssl.create_default_context(cafile=house.ca_file)
        if house.certificate_file is not None:
            # A key that wants a password would have OpenSSL ask for it at the terminal, for ever.
            self._tls.load_cert_chain(house.certificate_file, password="")
        self._timeout = httpx.Timeout(house.whole_seconds, connect=min(CONNECT_SECONDS, house.whole_seconds))

    async def check(self, question: Question) -> AuthorityAnswer:
        """As Authority says; asked once."""
        asked = ids.named("ask", self._entropy.draw(ids.NONCE_BYTES))
        try:
            async with asyncio.timeout(self._house.whole_seconds):
                return _understood(await self._answered(asked, question), asked)
        except (*UNANSWERED, ValueError, RecursionError, _NoAnswer):
            return AuthorityAnswer.UNAVAILABLE

    async def _answered(self, asked: str, question: Question) -> bytes:
        """The body of the answer; a connection of its own, no redirect, no proxy of the environment's."""
        body = {"id": asked} | {name: getattr(question, name) for name in Question.__slots__}
        headers = {"accept-encoding": "identity"}  # so that what is short on the wire is short in memory
        if self._house.secret is not None:
            headers["authorization"] = f"Bearer {self._house.secret.reveal()}"
        async with (
            httpx.AsyncClient(
                verify=self._tls, timeout=self._timeout, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", self._house.url, json=body, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise _NoAnswer
            answer = bytearray()
            async for chunk in response.aiter_raw():
                answer += chunk
                if len(answer) > LONGEST_ANSWER:
                    raise _NoAnswer
            return bytes(answer)


def _understood(answer: bytes, asked: str) -> AuthorityAnswer:
    """What was answered to this question; raises ValueError or _NoAnswer."""
    told: object = json.loads(answer.decode("utf-8"), object_pairs_hook=_each_once)
    if not isinstance(told, dict) or told.keys() != {"id", "answer"}:
        raise _NoAnswer
    to, said = told["id"], told["answer"]
    if not isinstance(to, str) or not isinstance(said, str) or said not in ANSWERS:
        raise _NoAnswer
    if not hmac.compare_digest(to.encode(), asked.encode()):
        raise _NoAnswer
    return ANSWERS[said]


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A name given twice is two meanings."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NoAnswer
    return members

"""Was this very request taken already? Then it is not done again: its answer is told again, where it may be.

A request is never done twice, even when the process that took it died: then nobody knows whether it was done, and the
caller is sent to look. What came to nothing (no such thing, too many tries, unavailable) is released and may be tried again.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.core.audit import Actor
from app.core.refusal import Refusal
from app.services.journal import Journal
from app.services.vault import Sealed, Use, Vault
from app.storage.idempotency import TakenRequest

KEPT_FOR: Final = timedelta(hours=24)
IN_DOUBT_AFTER: Final = timedelta(seconds=60)
"""No request takes this long: whoever took it is gone."""
RETRY_AFTER_SECONDS = 1


class KeyReused(Refusal, code="idempotency_key_reused"):
    """The key came before, with another request."""


class StillAnswering(Refusal, code="answer_in_progress"):
    """The same request is being done at this moment. Facts: retry_after_seconds."""


class NotRepeated(Refusal, code="answer_not_repeated"):
    """It was taken, and its answer is not told again: it carried a secret, or was lost. Facts: resource."""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with a key, as the same caller would repeat it."""

    caller: str
    key: str
    target: str
    """Method and address."""
    body: bytes
    resource: str
    """Where to look what became of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, to the byte."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a request, once."""

    key_index: bytes
    resource: str


class Idempotency:
    """Requests that are done once, however often they come."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault

    async def begin(self, request: KeyedRequest, actor: Actor) -> Claim | Answer:
        """The right to do it, or the answer it had. Raises KeyReused, StillAnswering, NotRepeated."""
        name, now = _framed(request.caller, request.key), self._clock.now()
        fingerprint = _framed(request.target, hashlib.sha256(request.body).hexdigest())
        claim = Claim(self._vault.mac(Use.IDEMPOTENCY_KEY, name), request.resource)
        async with self._database.work() as work:
            taken = await work.idempotency.find(self._vault.macs(Use.IDEMPOTENCY_KEY, name), now)
            if taken is None and await work.idempotency.claim(
                TakenRequest(
                    key_index=claim.key_index,
                    fingerprint=self._vault.mac(Use.REQUEST, fingerprint),
                    resource=request.resource,
                    sealed_answer=None,
                    begun_at=now,
                    answered_at=None,
                    expires_at=now + KEPT_FOR,
                )
            ):
                return claim
            taken = taken or await work.idempotency.find((claim.key_index,), now)
        return await self._repeated(taken, fingerprint, actor)

    async def keep(self, claim: Claim, answer: Answer) -> None:
        """Keep the answer, to be told again."""
        document = json.dumps({"status": answer.status, "headers": answer.headers, "body": answer.body})
        sealed = self._vault.seal_ours(Sealed.ANSWER, claim.key_index.hex(), document.encode("utf-8"))
        async with self._database.work() as work:
            await work.idempotency.answered(claim.key_index, self._clock.now(), claim.resource, sealed)

    async def keep_silent(self, claim: Claim, resource: str) -> None:
        """Remember that it was done, and where to look; the answer carried a secret and is kept nowhere."""
        async with self._database.work() as work:
            await work.idempotency.answered(claim.key_index, self._clock.now(), resource, None)

    async def release(self, claim: Claim) -> None:
        """It came to nothing; the key may come again."""
        async with self._database.work() as work:
            await work.idempotency.release(claim.key_index)

    async def _repeated(self, taken: TakenRequest | None, fingerprint: str, actor: Actor) -> Answer:
        async with self._journal.act("answer.repeat", actor) as act:
            sealed, row = self._judged(taken, fingerprint, self._clock.now())
            async with self._database.work() as work:
                await act.record(work)
        return Answer(**json.loads(self._vault.open_ours(Sealed.ANSWER, row.hex(), sealed)))

    def _judged(self, taken: TakenRequest | None, fingerprint: str, now: datetime) -> tuple[bytes, bytes]:
        if taken is None:  # released between two looks
            raise StillAnswering(retry_after_seconds=RETRY_AFTER_SECONDS)
        if taken.fingerprint not in self._vault.macs(Use.REQUEST, fingerprint):
            raise KeyReused
        if taken.sealed_answer is not None:
            return taken.sealed_answer, taken.key_index
        if taken.answered_at is None and now < taken.begun_at + IN_DOUBT_AFTER:
            raise StillAnswering(retry_after_seconds=RETRY_AFTER_SECONDS)
        raise NotRepeated(resource=taken.resource)


def _framed(*parts: str) -> str:
    return json.dumps(parts)

"""What do tests of the audit's log need? Its worker's hands, its auditor's eyes, and a witness."""

from dataclasses import dataclass, field
from pathlib import Path

from app.audit.findings import Finding, Kind
from app.audit.head import SignedHead
from app.building import appending_of
from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.secret import Secret
from app.gateways.audit_signing import trusting
from app.gateways.witness.file import FileWitness, witnessed
from app.services.appending import Appending
from app.services.audit_verification import AuditVerification
from app.storage.audit_log import leading
from tests.flows.conftest import Bank

US = Actor(ActorKind.SYSTEM)


@dataclass
class House:
    """A bank with a worker that appends when told to."""

    bank: Bank
    appending: Appending
    heads: list[SignedHead] = field(default_factory=list)

    @classmethod
    async def of(cls, bank: Bank) -> "House":
        """What the worker of this bank would run."""
        return cls(bank, await appending_of(bank.ground))

    @property
    def url(self) -> Secret[str]:
        """The appender's way in."""
        return Secret(self.bank.ground.settings.appender_url())

    @property
    def file(self) -> Path:
        """The witness's file."""
        return self.bank.ground.settings.data / "witness" / "heads.jsonl"

    async def record(self, count: int = 3) -> None:
        """So many events, each in a unit of work of its own."""
        for n in range(count):
            event = Event("test.act", Outcome.ALLOWED, US, self.bank.clock.now(), detail={"n": n, "score": 0.37})
            async with self.bank.ground.database.work() as work:
                await self.bank.ground.journal.note(work, event)

    async def beat(self, *, witness: bool = True) -> SignedHead | None:
        """One beat of the worker: a batch, handed over."""
        async with leading(self.url) as log:
            signed = await self.appending.append(log)
            if witness:
                await self.appending.hand_over(log, FileWitness(self.file))
        if signed is not None:
            self.heads.append(signed)
        return signed

    async def batches(self, *counts: int) -> None:
        """Batches of so many events each."""
        for count in counts:
            await self.record(count)
            assert await self.beat() is not None

    async def findings(self, *, witness: bool = True) -> list[Finding]:
        """What `hufu audit verify` finds, trusting the key of the first head."""
        url = self.bank.ground.settings.auditor_url()
        assert url is not None
        verification = AuditVerification(url, trusting({self.heads[0].head.key}))
        seen = witnessed(self.file) if witness else iter(())
        return [finding async for step in verification.verify(seen) for finding in step.findings]

    async def found(self, *, witness: bool = True) -> list[tuple[Kind, int | None, int | None]]:
        """The same as kind, batch and sequence."""
        return [(each.kind, each.batch, each.sequence) for each in await self.findings(witness=witness)]

    def sequences(self, number: int) -> list[int]:
        """The sequences of a batch."""
        head = self.heads[number - 1].head
        before = self.heads[number - 2].head.size if number > 1 else 0
        rows = self.bank.sql(
            "SELECT sequence FROM audit_leaves WHERE leaf_index >= %s AND leaf_index < %s ORDER BY 1", before, head.size
        )
        return [row[0] for row in rows]

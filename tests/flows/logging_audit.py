"""An audit log on the bank's own database: events, batches, a witness in a file, and the hands of whoever owns the tables."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from app.audit.findings import Finding, Kind
from app.audit.tree import Hashing
from app.building import master_key_of
from app.cli import commands
from app.core.audit import Event, Outcome
from app.core.ids import EventId
from app.core.secret import Secret
from app.gateways.audit_signing import HeadSigner
from app.gateways.witness.file import FileWitness
from app.services.appending import Appending
from app.services.audit_verification import AuditVerification, Seen, seen
from app.services.examinations import US
from app.services.keyring import unwrapped_for_audit
from app.storage.audit_log import AuditLog, opened
from tests.flows.house import Bank


@dataclass
class Record:
    """The log of a bank; its first batch holds what founding the bank wrote."""

    bank: Bank
    file: Path
    appending: Appending
    signer: HeadSigner
    events: int = 0
    batches: int = 0

    @property
    def url(self) -> Secret[str]:
        """Of the appender."""
        return Secret(self.bank.ground.settings.appender_url())

    async def happens(self, count: int = 1) -> None:
        """Events `evt_1`, `evt_2`, … each in a unit of work of its own."""
        for _ in range(count):
            self.events += 1
            event = Event("test.act", Outcome.ALLOWED, US, self.bank.clock.now(), detail={"n": self.events})
            async with self.bank.ground.database.work() as work:
                await work.audit.record(event, EventId(f"evt_{self.events}"))

    async def append(self) -> int:
        """One batch of what waits; its number."""
        self.bank.clock.move(timedelta(seconds=1))
        async with opened(self.url) as log:
            signed = await self.appending.append(log)
        assert signed is not None
        self.batches = signed.head.number
        return self.batches

    async def hand_over(self) -> int:
        """To the witness; how many heads."""

        async def handed(log: AuditLog) -> int:
            return await self.appending.hand_over(log, FileWitness(self.file))

        async with opened(self.url) as log:
            return await handed(log)

    async def batch(self, count: int) -> None:
        """Events, appended and witnessed."""
        await self.happens(count)
        await self.append()
        await self.hand_over()

    async def findings(self, *, witness: Seen | None) -> list[Finding]:
        """What a verification by the auditor's role finds."""
        url = self.bank.ground.settings.auditor_url()
        assert url is not None
        verification = AuditVerification(url, self.signer.own, witness)
        return [finding async for step in verification.judged() for finding in step.findings]

    async def found(self) -> list[tuple[Kind, int | None, str | None]]:
        """The same as kind, batch and event, with the witness."""
        return [(each.kind, each.batch, each.event) for each in await self.findings(witness=seen(self.file))]

    def tamper(self, *statements: str) -> None:
        """As the owner of the database."""
        for statement in statements:
            self.bank.sql(statement)

    async def hufu(self, *words: str, **more: str) -> Result:
        """`hufu audit …` in a process of its own settings; `more` stand in its environment besides."""
        settings = self.bank.ground.settings
        auditor = settings.auditor_url()
        assert auditor is not None
        environment = {
            "HUFU_DATA": str(settings.data),
            "HUFU_MASTER_KEY_FILE": str(settings.master_key),
            "HUFU_OWNER_DATABASE_URL": settings.owner_url(),
            "HUFU_AUDITOR_DATABASE_URL": auditor.reveal(),
            "COLUMNS": "80",
        } | more
        run: Callable[[], Result] = lambda: CliRunner().invoke(commands(), ["audit", *words], env=environment)  # noqa: E731
        return await asyncio.to_thread(run)


async def record_of(bank: Bank, file: Path) -> Record:
    """A log of four batches: what founding the bank wrote, then three events each."""
    entropy, settings = bank.ground.entropy, bank.ground.settings
    signer = HeadSigner(await unwrapped_for_audit(bank.ground.database, master_key_of(settings, entropy)))
    url = Secret(settings.appender_url())
    made = Record(bank, file, Appending(url, signer, (), bank.clock, entropy, hashing=Hashing.SHA_256), signer)
    for count in (0, 3, 3, 3):
        await made.batch(count)
    return made

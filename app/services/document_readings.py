"""What does one document say, for a kiosk or a back office? Read and judged, recorded without its words, and forgotten."""

from dataclasses import dataclass

from app.core.refusal import Unavailable
from app.gateways.vision import Crops, Vision, VisionFailed
from app.services.callers import ClientCaller
from app.services.compromised_numbers import pages_listed
from app.services.journal import Journal
from app.services.policies import Policies
from app.services.vault import Vault
from app.storage.work import Work
from app.verification.documents.reading import Reading
from app.verification.documents.validity import CHINA
from app.verification.examination import Kind
from app.verification.findings.authenticity import listed_findings
from app.verification.findings.documents import findings_alone
from app.verification.misused import numbers_on
from app.verification.reasons import Reason

RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One page as it was read, and what is to be said of it."""

    reading: Reading
    findings: tuple[Reason, ...]
    crops: Crops
    """Of its unclear fields; of a page beside another there are none."""


@dataclass(frozen=True, slots=True)
class JudgedReading:
    """The page that was read of a picture, and the others that it shows."""

    page: Judged
    beside: tuple[Judged, ...]
    model: str
    sure: float
    """The confidence from which a field is."""


class DocumentReadings:
    """Reads for clients; nothing of a document outlives the answer."""

    def __init__(self, journal: Journal, vault: Vault, vision: Vision, policies: Policies) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._policies = policies

    async def read(self, caller: ClientCaller, octets: bytes, wanted: Kind | None = None) -> JudgedReading:
        """One photograph, of the kind that is wanted if one is; raises the refusals of `verification.picture`, Unavailable."""
        async with self._journal.act("document.read", caller.actor()) as act:
            try:
                found = await self._vision.read(octets, wanted)
            except VisionFailed as failure:
                raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failure
            async with self._database.looking() as work:
                policy = await self._policies.asked_for(work)
                listed, *listed_beside = [
                    await self._listed(work, each) for each in (found.reading, *found.reading.beside)
                ]
            today = self._clock.now().astimezone(CHINA).date()
            findings = findings_alone(found.reading, policy, software=found.software, today=today, wanted=wanted)
            page = Judged(found.reading, (*findings, *listed), found.crops)
            others = tuple(
                Judged(each, (*findings_alone(each, policy, software=None, today=today), *said), {})
                for each, said in zip(
                    found.reading.beside, listed_beside, strict=True
                )  # their file is the same, and said of already
            )
            kind, side = found.reading.kind, found.reading.side
            await act.record_alone(kind=None if kind is None else kind.value, side=None if side is None else side.value)
        return JudgedReading(page, others, found.model, policy.thresholds.field_sure.value)

    async def _listed(self, work: Work, reading: Reading) -> tuple[Reason, ...]:
        """Whether the bank's list has a number of this page: its desks are to know what its proofings would."""
        if reading.kind is None or reading.side is None:
            return ()
        page = reading.kind, reading.side
        shown = [(page, number) for number in numbers_on(reading)]
        return tuple(listed_findings(await pages_listed(work, self._vault, shown)))

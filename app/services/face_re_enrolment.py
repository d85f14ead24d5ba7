"""How do enrolled faces pass from one model to the next? Each is described anew from its sealed photograph; nobody is asked.

Until the old descriptors are dropped both stand beside each other, so processes of either model find what is theirs. One
photograph is one unit of work: a run that was killed is started again and goes on.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.core.audit import Actor, ActorKind
from app.core.ids import PersonId
from app.core.refusal import NotFound, Unavailable
from app.gateways.vision import FaceLooker, LookedAt, VisionFailed
from app.services.enrolled_faces import held, place_of
from app.services.journal import Journal
from app.services.vault import Sealed, Vault
from app.storage.faces import Coverage, Undescribed
from app.verification.picture import BrokenImage

RE_ENROLMENT = "re_enrolment"
US = Actor(ActorKind.SYSTEM, "hufu faces re-enrol")
UNIT = 5
"""Photographs looked for at once; each is sealed, and of 15 MB at most."""


class NotCovered(Exception):
    """Some photographs were not described by the new model: dropped, their owners could not be compared any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one photograph: whose it is, by the id that says nothing else of them, and where it stands."""

    person_id: PersonId
    slot: int
    why_not: str = ""
    """Why the model did not describe it; empty: it did."""
    passing: bool = False
    """Whether that is no fault of the photograph's, so that another run may describe it."""


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """How far a model has come."""

    model: str
    total: Coverage
    covered: Coverage
    older: dict[str, Coverage]
    """What each other model still has."""

    @property
    def whole(self) -> bool:
        """Every photograph has been described."""
        return self.covered == self.total


class FaceReEnrolment:
    """The passage to one model."""

    def __init__(self, journal: Journal, vault: Vault, vision: FaceLooker, model: str) -> None:
        """`model`: what `vision` describes faces by."""
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._model = model

    async def run(self) -> AsyncIterator[Step]:
        """Describe every photograph that this model has yet to see."""
        after = ""
        while True:
            async with self._database.work() as work:
                found = await work.faces.undescribed(self._model, after, UNIT)
            for each in found:
                after = each.reference_id
                step = await self._one(each)
                if step is not None:
                    yield step
            if not found:
                return

    async def report(self) -> CoverageReport:
        """Of all photographs that are there now."""
        async with self._database.work() as work:
            total, by_model = await work.faces.coverage()
        covered = by_model.pop(self._model, Coverage(0, 0))
        return CoverageReport(self._model, total, covered, by_model)

    async def drop_older(self) -> int:
        """Take away what other models made, once nobody needs it; raises NotCovered before that."""
        if not (await self.report()).whole:
            raise NotCovered
        async with self._journal.act("face.drop_older", US) as act, self._database.work() as work:
            dropped = await work.faces.drop_other_models(self._model)
            await act.record(work, None, model=self._model, descriptors=dropped)
        return dropped

    async def _one(self, found: Undescribed) -> Step | None:
        """None: it is gone, for its owner has withdrawn."""
        async with self._database.work() as work:
            person = await self._vault.person(work, found.person_id)
            octets = await person.open(
                Sealed.REFERENCE, found.reference_id, found.sealed_image, by=US, purpose=RE_ENROLMENT
            )
        try:
            looked = await self._vision.look(octets)
        except BrokenImage as broken:
            return await self._left(found, type(broken).__name__)
        except (VisionFailed, Unavailable) as failed:
            return await self._left(found, type(failed).__name__, passing=True)
        if not looked.descriptor:
            return await self._left(found, "no face was found")
        try:
            return await self._keep(found, looked)
        except NotFound:
            return None

    async def _left(self, found: Undescribed, why: str, *, passing: bool = False) -> Step:
        """On record with its owner, who can be known by it no longer than the older model is, and has to enrol anew where
        the photograph is at fault.
        """
        act = self._journal.act("face.re_enrol", US, subject=found.person_id, object_id=found.reference_id)
        await act.record_alone(None, model=self._model, slot=found.slot, described=False, why=why)
        return Step(found.person_id, found.slot, why, passing)

    async def _keep(self, found: Undescribed, looked: LookedAt) -> Step | None:
        act = self._journal.act("face.re_enrol", US, subject=found.person_id, object_id=found.reference_id)
        async with self._database.work() as work:
            await held(work, found.person_id)
            person = await self._vault.person(work, found.person_id)
            place = place_of(found.reference_id, looked.model)
            sealed = person.seal(Sealed.DESCRIPTOR, place, looked.descriptor)
            if not await work.faces.describe(found.reference_id, looked.model, sealed, self._clock.now()):
                return None
            await act.record(work, None, model=looked.model, slot=found.slot, described=True)
        return Step(found.person_id, found.slot)

"""Whose face refers whoever shows it again? Listed where the purpose was assessed, its owner had agreed, and two officers do.

A listing needs a face that is enrolled and a consent that stands; it ends with either, in the same unit of work (R97, R109).
"""

from app.core.ids import PersonId, ProposalId
from app.core.paging import Mark, Page, Wanted, page
from app.core.refusal import NotFound, Refusal
from app.services.callers import StaffCaller
from app.services.journal import Journal
from app.services.policies import Policies
from app.staff.listing import FaceListedAlready, FaceNotListed, Ground, Listing
from app.storage.subscribers import Subscriber
from app.storage.work import Work
from app.verification.consents import ConsentNeeded, Purpose, standing
from app.verification.faces.reference import NoFaceEnrolled
from app.verification.policy import Assessed


class PurposeOff(Refusal, code="purpose_off"):
    """The policy in force names no impact assessment for this use of faces (R101). Facts: purpose."""


class BlockList:
    """The list, and who may be put on it; each caller opens the unit of work in which it is changed."""

    def __init__(self, journal: Journal, policies: Policies) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._policies = policies

    async def check_put(self, work: Work, subscriber_id: str) -> PersonId:
        """Refuse what could not be listed; raises PurposeOff, NotFound, ConsentNeeded, NoFaceEnrolled, FaceListedAlready."""
        policy = await self._policies.asked_for(work)
        if not policy.may(Assessed.BLOCK_LIST):
            raise PurposeOff(purpose=Assessed.BLOCK_LIST.value)
        subscriber = await _held(work, subscriber_id)
        consents = await work.consents.of(subscriber.proofing_id)
        if standing(Purpose.FACE_BLOCK_LIST, consents) is not True:
            raise ConsentNeeded(purpose=Purpose.FACE_BLOCK_LIST.value)
        if not await work.faces.of(subscriber.id):
            raise NoFaceEnrolled
        if await work.face_listings.find(subscriber.id) is not None:
            raise FaceListedAlready
        return subscriber.id

    async def put(self, work: Work, subscriber_id: str, ground: Ground, proposal_id: ProposalId) -> None:
        """List somebody's faces, as things stand now; of two at once the second finds it done."""
        person_id = await self.check_put(work, subscriber_id)
        if not await work.face_listings.add(Listing(person_id, ground, proposal_id, self._clock.now())):
            raise FaceListedAlready

    async def check_take_off(self, work: Work, subscriber_id: str) -> None:
        """Raise FaceNotListed; a purpose that was switched off keeps nobody on the list."""
        if await work.face_listings.find(PersonId(subscriber_id)) is None:
            raise FaceNotListed

    async def take_off(self, work: Work, subscriber_id: str) -> None:
        """Take somebody's faces off."""
        if not await work.face_listings.end(PersonId(subscriber_id)):
            raise FaceNotListed

    async def read(self, caller: StaffCaller, wanted: Wanted) -> Page[Listing]:
        """Who stands there, the newest first: pseudonyms and grounds, no face and no name."""
        async with self._journal.act("face.list_blocked", caller.actor()) as act:
            async with self._database.work() as work:
                found = await work.face_listings.page(wanted.after, wanted.reach)
                await act.record(work, count=len(found))
        return page(found, wanted, lambda each: Mark(each.listed_at, each.person_id))


async def _held(work: Work, subscriber_id: str) -> Subscriber:
    """An account, closed ones too, for those are listed above all; its case is held, so that no consent goes meanwhile."""
    subscriber = await work.subscribers.find(PersonId(subscriber_id))
    if subscriber is None or await work.proofings.lock(subscriber.proofing_id) is None:
        raise NotFound
    return subscriber

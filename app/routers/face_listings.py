"""`/v1/staff/face-listings`: whose faces stand on the block list; they come there and go by proposals."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.routers.callers import Officer
from app.routers.paging import Listed, Paging, listed
from app.routers.repeatable import RepeatableRouter
from app.routers.wiring import Served
from app.staff.listing import Ground, Listing

router = RepeatableRouter(prefix="/v1/staff/face-listings", tags=["staff"])


class ShownListing(BaseModel):
    """One subscriber's place on the block list."""

    subscriber_id: str = Field(description="whose enrolled faces stand there")
    ground: Ground = Field(description="what was found of the account")
    proposal_id: str = Field(description="by which two officers agreed to it")
    listed_at: datetime = Field(description="when the second agreed")


@router.get("")
async def read_face_listings(caller: Officer, wanted: Paging, house: Served) -> Listed[ShownListing]:
    """The block list, the newest first (role security officer): no face and no name."""
    return listed(await house.block_list.read(caller, wanted), _listing)


def _listing(each: Listing) -> ShownListing:
    return ShownListing(
        subscriber_id=each.person_id, ground=each.ground, proposal_id=each.proposal_id, listed_at=each.listed_at
    )

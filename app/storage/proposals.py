"""What waits for a second person? Proposals, held while one is decided; and the decision policy that was chosen last."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select, tuple_, update

from app.core.ids import ProposalId, StaffId
from app.core.paging import AFTER_ALL, Mark
from app.staff.deeds import Kind, deed_of, facts_of, kind_of
from app.staff.proposal import Proposal, State
from app.storage.statement import Row, Statement, every
from app.storage.tables import chosen_policies, staff_proposals
from app.storage.tables.shape import MOMENT

DECIDED = ("outcome", "decided_by", "decided_at", "reason", "sealed_name")
KEPT_AS_THEY_ARE = tuple(name for name in Proposal.__slots__ if name != "deed")
INSERT = Statement(insert(staff_proposals).values(every(staff_proposals)))
LOCK = Statement(select(staff_proposals).where(staff_proposals.c.id == bindparam("id")).with_for_update())
DECIDE = Statement(
    update(staff_proposals).where(staff_proposals.c.id == bindparam("this")).values(every(staff_proposals, *DECIDED))
)
PLACE = tuple_(staff_proposals.c.created_at, staff_proposals.c.id)
PAGE = Statement(
    select(staff_proposals)
    .where(tuple_(bindparam("at", type_=MOMENT), bindparam("id")) > PLACE)
    .order_by(staff_proposals.c.created_at.desc(), staff_proposals.c.id.desc())
    .limit(bindparam("count"))
)
CHOOSE = Statement(insert(chosen_policies).values(every(chosen_policies)))
CHOSEN = Statement(
    select(chosen_policies.c.policy)
    .order_by(chosen_policies.c.at.desc(), chosen_policies.c.proposal_id.desc())
    .limit(1)
)


class Proposals:
    """The proposals."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, proposal: Proposal) -> None:
        """Keep a new one."""
        facts = {name: getattr(proposal, name) for name in KEPT_AS_THEY_ARE}
        await INSERT.run(self._connection, kind=kind_of(proposal.deed), content=facts_of(proposal.deed), **facts)

    async def lock(self, proposal_id: str) -> Proposal | None:
        """The proposal, held until this unit ends: of two who decide, the second finds it decided."""
        row = await LOCK.row(self._connection, id=proposal_id)
        return None if row is None else _proposal(row)

    async def save(self, proposal: Proposal) -> None:
        """Write the decision."""
        await DECIDE.run(self._connection, this=proposal.id, **{name: getattr(proposal, name) for name in DECIDED})

    async def page(self, after: Mark | None, count: int) -> tuple[Proposal, ...]:
        """The newest, or those before a mark."""
        mark = after or AFTER_ALL
        return tuple(_proposal(row) for row in await PAGE.rows(self._connection, at=mark.at, id=mark.id, count=count))

    async def choose_policy(self, proposal_id: ProposalId, policy: str, at: datetime) -> None:
        """From now on this one decides."""
        await CHOOSE.run(self._connection, proposal_id=proposal_id, policy=policy, at=at)

    async def chosen_policy(self) -> str | None:
        """The decision policy chosen last; None: nobody chose."""
        row = await CHOSEN.row(self._connection)
        return None if row is None else str(row["policy"])


def _proposal(row: Row) -> Proposal:
    facts = {name: row[name] for name in KEPT_AS_THEY_ARE}
    return Proposal(
        deed=deed_of(Kind(row["kind"]), row["content"]),
        **{
            **facts,
            "id": ProposalId(row["id"]),
            "proposed_by": StaffId(row["proposed_by"]),
            "outcome": State(row["outcome"]),
            "decided_by": None if row["decided_by"] is None else StaffId(row["decided_by"]),
        },
    )

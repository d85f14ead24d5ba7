"""Which liveness challenges were there, and how did they end? What was drawn rests sealed until it is judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, delete, exists, func, insert, null, select, update

from app.core.ids import PersonId, ProofingId
from app.storage.statement import Row, Statement, every
from app.storage.tables import liveness_challenges as challenges

THIS = challenges.c.id == bindparam("this")
OF_PROOFING = challenges.c.proofing_id == bindparam("proofing_id")
INSERT = Statement(insert(challenges).values(every(challenges)))
LOCK = Statement(select(challenges).where(THIS, OF_PROOFING).with_for_update())
FIND = Statement(select(challenges).where(THIS, OF_PROOFING))
UNJUDGED = Statement(select(challenges).where(OF_PROOFING, challenges.c.judged_at.is_(None)).with_for_update())
SPOILT = func.count().filter(challenges.c.verdict == "unavailable")
COUNT = Statement(select(func.count().label("count"), SPOILT.label("spoilt")).where(OF_PROOFING))
JUDGED = Statement(
    select(challenges).where(OF_PROOFING, challenges.c.judged_at.is_not(None)).order_by(challenges.c.judged_at)
)
ATTACKED = Statement(select(exists().where(OF_PROOFING, challenges.c.verdict == "attack").label("found")))
RENEW = Statement(update(challenges).where(THIS).values(every(challenges, "sealed", "opened_at", "expires_at")))
REMOVE = Statement(delete(challenges).where(THIS))
SAVE = Statement(update(challenges).where(THIS).values(every(challenges, "state", "sealed")))
JUDGE = Statement(
    update(challenges)
    .where(THIS, challenges.c.judged_at.is_(None))
    .values({**every(challenges, "state", "verdict", "sealed_judgement", "image_id", "judged_at"), "sealed": null()})
)
ACCUSE = Statement(
    update(challenges)
    .where(THIS, challenges.c.verdict == "non_response")
    .values(every(challenges, "verdict", "sealed_judgement"))
)


@dataclass(frozen=True, slots=True)
class StoredChallenge:
    """A challenge as it rests."""

    id: str
    proofing_id: ProofingId
    person_id: PersonId
    state: str
    sealed: bytes | None
    """What was drawn and performed; None: it was judged."""
    opened_at: datetime
    expires_at: datetime
    verdict: str | None = None
    sealed_judgement: bytes | None = None
    image_id: str | None = None
    """The picture that was taken from it to be compared."""
    judged_at: datetime | None = None


class LivenessChallenges:
    """Challenges of proofings."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, challenge: StoredChallenge) -> None:
        """A new one; the database knows no second that is not judged yet."""
        await INSERT.run(self._connection, **{name: getattr(challenge, name) for name in challenge.__slots__})

    async def lock(self, challenge_id: str, proofing_id: ProofingId) -> StoredChallenge | None:
        """One of this proofing, held until this unit ends."""
        return _stored(await LOCK.row(self._connection, this=challenge_id, proofing_id=proofing_id))

    async def find(self, challenge_id: str, proofing_id: ProofingId) -> StoredChallenge | None:
        """One of this proofing."""
        return _stored(await FIND.row(self._connection, this=challenge_id, proofing_id=proofing_id))

    async def unjudged(self, proofing_id: ProofingId) -> StoredChallenge | None:
        """The one of this proofing that is still open, held until this unit ends."""
        return _stored(await UNJUDGED.row(self._connection, proofing_id=proofing_id))

    async def count(self, proofing_id: ProofingId) -> tuple[int, int]:
        """How many this proofing has had, and how many of them failed through us."""
        row = await COUNT.row(self._connection, proofing_id=proofing_id)
        return (0, 0) if row is None else (int(row["count"]), int(row["spoilt"]))

    async def judged(self, proofing_id: ProofingId) -> tuple[StoredChallenge, ...]:
        """Those of this proofing that were judged, the earliest first."""
        return tuple(StoredChallenge(**row) for row in await JUDGED.rows(self._connection, proofing_id=proofing_id))

    async def attacked(self, proofing_id: ProofingId) -> bool:
        """Whether any of them was taken for an attack."""
        row = await ATTACKED.row(self._connection, proofing_id=proofing_id)
        return row is not None and bool(row["found"])

    async def renew(self, challenge_id: str, *, sealed: bytes, opened_at: datetime, expires_at: datetime) -> None:
        """It begins to live now."""
        await RENEW.run(self._connection, this=challenge_id, sealed=sealed, opened_at=opened_at, expires_at=expires_at)

    async def remove(self, challenge_id: str) -> None:
        """Leave nothing of it."""
        await REMOVE.run(self._connection, this=challenge_id)

    async def save(self, challenge_id: str, state: str, sealed: bytes) -> None:
        """What has been performed so far."""
        await SAVE.run(self._connection, this=challenge_id, state=state, sealed=sealed)

    async def judge(
        self,
        challenge_id: str,
        *,
        state: str,
        verdict: str,
        sealed_judgement: bytes,
        image_id: str | None,
        at: datetime,
    ) -> bool:
        """Keep what was made of it, and nothing that was performed; False: somebody judged it before."""
        judged = await JUDGE.run(
            self._connection,
            this=challenge_id,
            state=state,
            verdict=verdict,
            sealed_judgement=sealed_judgement,
            image_id=image_id,
            judged_at=at,
        )
        return judged == 1

    async def accuse(self, challenge_id: str, *, verdict: str, sealed_judgement: bytes) -> bool:
        """Write what was seen of one that was given up for another while it was performed; False: it was written before."""
        accused = await ACCUSE.run(
            self._connection, this=challenge_id, verdict=verdict, sealed_judgement=sealed_judgement
        )
        return accused == 1


def _stored(row: Row | None) -> StoredChallenge | None:
    return None if row is None else StoredChallenge(**row)

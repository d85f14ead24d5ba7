"""What was the applicant told, and what did they answer? Answers are added; one that was given is at most withdrawn (R96)."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select, update

from app.core.ids import ProofingId
from app.storage.statement import Statement, every
from app.storage.tables import consents
from app.verification.consents import DATA_TYPES, LEGAL_BASIS, Consent, Purpose
from app.verification.proofing import Proofing

COLUMNS = tuple(c.name for c in consents.columns if c.name not in {"id", "withdrawn_at"})
INSERT = Statement(insert(consents).inline().values(every(consents, *COLUMNS)))
WITHDRAW = Statement(
    update(consents)
    .where(
        consents.c.proofing_id == bindparam("this"),
        consents.c.purpose == bindparam("of"),
        consents.c.given,
        consents.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("withdrawn_at"))
)
OF_PROOFING = Statement(
    select(consents).where(consents.c.proofing_id == bindparam("proofing_id")).order_by(consents.c.id)
)


class Consents:
    """Acknowledgements and consents, one row an answer."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, proofing: Proofing, consent: Consent) -> None:
        """Record one answer, with its legal basis and the data it covers; a no withdraws the yes before it."""
        if not consent.given:
            await WITHDRAW.run(self._connection, this=proofing.id, of=consent.purpose, withdrawn_at=consent.at)
        await INSERT.run(
            self._connection,
            person_id=proofing.person_id,
            proofing_id=proofing.id,
            purpose=consent.purpose,
            legal_basis=LEGAL_BASIS[consent.purpose],
            data_types=list(DATA_TYPES[consent.purpose]),
            text_version=consent.text_version,
            text_sha256=consent.text_sha256,
            language=consent.language,
            channel=consent.channel,
            given=consent.given,
            at=consent.at,
        )

    async def of(self, proofing_id: ProofingId) -> tuple[Consent, ...]:
        """Every answer in this proofing, oldest first."""
        rows = await OF_PROOFING.rows(self._connection, proofing_id=proofing_id)
        return tuple(
            Consent(
                Purpose(r["purpose"]),
                r["given"],
                r["text_version"],
                r["text_sha256"],
                r["language"],
                r["channel"],
                r["at"],
            )
            for r in rows
        )

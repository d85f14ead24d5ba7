"""Which address is an applicant proving, and with which code? One attempt a proofing, in place of the one before."""

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import ProofingId
from app.mfa.contact_code import ContactCode
from app.storage.statement import Statement, every
from app.storage.tables import contacts

PUT = insert(contacts).values(every(contacts))
REPLACE = Statement(
    PUT.on_conflict_do_update(
        index_elements=["proofing_id"],
        set_={c.name: PUT.excluded[c.name] for c in contacts.columns if c.name != "proofing_id"},
    )
)
LOCK = Statement(select(contacts).where(contacts.c.proofing_id == bindparam("proofing_id")).with_for_update())


@dataclass(frozen=True, slots=True)
class Contact:
    """An address under proof; the address itself is sealed."""

    channel: str
    sealed_address: bytes
    address_index: bytes
    code: ContactCode


class Contacts:
    """Addresses under proof."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def put(self, proofing_id: ProofingId, contact: Contact) -> None:
        """Store, in place of what was there."""
        code = contact.code
        await REPLACE.run(
            self._connection,
            proofing_id=proofing_id,
            channel=contact.channel,
            sealed_address=contact.sealed_address,
            address_index=contact.address_index,
            digest=code.digest,
            sent_at=code.sent_at,
            sent=code.sent,
            strikes=code.strikes,
            used_at=code.used_at,
        )

    async def lock(self, proofing_id: ProofingId) -> Contact | None:
        """The attempt, held until this unit ends."""
        row = await LOCK.row(self._connection, proofing_id=proofing_id)
        if row is None:
            return None
        code = ContactCode(
            asked_by=row["proofing_id"],
            digest=row["digest"],
            sent_at=row["sent_at"],
            sent=row["sent"],
            strikes=row["strikes"],
            used_at=row["used_at"],
        )
        return Contact(row["channel"], row["sealed_address"], row["address_index"], code)

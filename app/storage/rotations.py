"""Which rows still name an older key? Found in small numbers, held against other writers, and made anew one by one.

How far a walk has come stands nowhere but in the rows themselves: one that was killed is simply walked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    bindparam,
    delete,
    func,
    null,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import PersonId
from app.core.wrapped_key import Purpose
from app.mfa.guessing import Key
from app.storage.statement import Statement
from app.storage.tables import (
    account_numbers,
    aliases,
    authenticators,
    authorization_codes,
    captures,
    clients,
    compromised_numbers,
    contacts,
    face_references,
    guesses,
    idempotency_keys,
    images,
    known_devices,
    logins,
    persons,
    proofings,
    reviewers,
    reviews,
    sendings,
    sms_codes,
    staff,
    staff_sessions,
    staff_sign_ins,
    subscribers,
    votes,
)
from app.storage.tables.proofing import LIKENESS_INDEXES

SEALED_HEAD, DIGEST_HEAD = 7, 2
"""Octets in which a ciphertext and a digest name suite and version."""
ONE_AT_A_TIME = Statement(select(func.pg_advisory_xact_lock(0x68756675, 1)))
"""Held until the unit ends by whoever changes the keys; the first number spells `hufu`."""


@dataclass(frozen=True, slots=True)
class OldRow:
    """A row that names an older key."""

    key: str | bytes
    value: bytes
    sealed: bytes | None
    person_id: PersonId | None


class Walked:
    """One column whose every value can be made anew, row by row in the order of its key."""

    def __init__(
        self,
        column: ColumnElement[bytes],
        *,
        head: int = DIGEST_HEAD,
        key: ColumnElement[Any] | None = None,
        sealed: ColumnElement[bytes] | None = None,
        person: ColumnElement[Any] | None = None,
        most: int = 10_000,
    ) -> None:
        table = column.table
        key = table.c.id if key is None else key
        name = column.name
        self.name = f"{table.name}.{name}"
        self.first: str | bytes = b"" if isinstance(key.type, LargeBinary) else ""
        self.most = most
        is_old = _begins(column, head) != bindparam("head", type_=LargeBinary)
        if sealed is not None:  # where the plain value is gone, a digest stays what it is
            is_old &= sealed.is_not(None)
        self.next = Statement(
            select(
                key.label("key"),
                column.label("value"),
                (null() if sealed is None else sealed).label("sealed"),
                (null() if person is None else person).label("person_id"),
            )
            .where(is_old, key > bindparam("after", type_=key.type))
            .order_by(key)
            .limit(bindparam("many"))
            .with_for_update(skip_locked=True, of=table)
        )
        self.put = Statement(
            update(table)
            .where(key == bindparam("this", type_=key.type))
            .values({name: bindparam("value", type_=LargeBinary)})
        )
        self.left = Statement(select(func.count().label("found")).select_from(table).where(is_old))
        self.hold_still = Statement(text(f"LOCK TABLE {table.name} IN SHARE MODE"))


def _begins(column: ColumnElement[bytes], octets: int) -> ColumnElement[bytes]:
    return func.substring(column, 1, octets, type_=LargeBinary)


OF_CONTACT = select(proofings.c.person_id).where(proofings.c.id == contacts.c.proofing_id).scalar_subquery()
SEALED_UNDER_DATA = (
    Walked(persons.c.wrapped_key, head=SEALED_HEAD),
    Walked(idempotency_keys.c.sealed_answer, head=SEALED_HEAD, key=idempotency_keys.c.key_index),
)
NUMBERS = Walked(subscribers.c.number_index, sealed=subscribers.c.sealed_attributes, person=subscribers.c.id)
OF_ACCOUNT = (
    select(subscribers.c.sealed_attributes).where(subscribers.c.id == account_numbers.c.subscriber_id).scalar_subquery()
)
ALL_NUMBERS = Walked(
    account_numbers.c.number_index,
    key=account_numbers.c.number_index,
    sealed=OF_ACCOUNT,
    person=account_numbers.c.subscriber_id,
)
ADDRESSES = Walked(
    aliases.c.address_index,
    key=aliases.c.address_index,
    sealed=aliases.c.sealed_address,
    person=aliases.c.subscriber_id,
)
CASES = Walked(proofings.c.number_index, sealed=proofings.c.sealed_examination, person=proofings.c.person_id)
CONTACTS = Walked(
    contacts.c.address_index, key=contacts.c.proofing_id, sealed=contacts.c.sealed_address, person=OF_CONTACT
)
ATTRIBUTES = (
    select(subscribers.c.sealed_attributes).where(subscribers.c.id == face_references.c.person_id).scalar_subquery()
)
BLOCKS = Walked(face_references.c.block_index, sealed=ATTRIBUTES, person=face_references.c.person_id)
PICTURES = Walked(images.c.sha256_index, sealed=images.c.sealed, person=images.c.person_id, most=5)
"""Few at a time: each is up to 15 MB in memory."""
LIKENESSES = tuple(
    Walked(images.c[name], sealed=images.c.sealed_likeness, person=images.c.person_id) for name in LIKENESS_INDEXES
)
OWN_NUMBERS = Walked(
    reviewers.c.number_index, key=reviewers.c.id, sealed=reviewers.c.sealed_number, person=reviewers.c.staff_id
)
STILL_COMPARED = votes.c.review_id.in_(select(reviews.c.id).where(reviews.c.closed_at.is_(None)))
NAMED: dict[Purpose, dict[str, Statement]] = {}
"""For each purpose every column that names its keys; how many of its rows name the one that begins so."""


def _named(purpose: Purpose, column: ColumnElement[bytes], head: int = DIGEST_HEAD, where: Any = None) -> None:
    table, name = column.table, column.name
    begins = _begins(column, head) == bindparam("head", type_=LargeBinary)
    NAMED.setdefault(purpose, {})[f"{table.name}.{name}"] = Statement(
        select(func.count().label("found")).select_from(table).where(begins, true() if where is None else where)
    )


for each in (persons.c.wrapped_key, idempotency_keys.c.sealed_answer):
    _named(Purpose.DATA, each, SEALED_HEAD)
for each in (
    subscribers.c.number_index,
    account_numbers.c.number_index,
    aliases.c.address_index,
    proofings.c.number_index,
    contacts.c.address_index,
    images.c.sha256_index,
    *(images.c[name] for name in LIKENESS_INDEXES),
    face_references.c.block_index,
    reviewers.c.number_index,
    guesses.c.value_index,
    sendings.c.value_index,
    logins.c.identifier_hash,
    compromised_numbers.c.number_index,  # stays until the bank lists it again
    staff_sign_ins.c.name_index,
):
    _named(Purpose.INDEX, each)
# Votes of a round that is over are compared with nothing any more.
_named(Purpose.INDEX, votes.c.identity_index, where=STILL_COMPARED)
for each in (
    clients.c.secret_index,
    proofings.c.applicant_token_index,
    known_devices.c.token_index,
    contacts.c.digest,
    authorization_codes.c.code_index,
    idempotency_keys.c.key_index,
    sms_codes.c.digest,
    staff.c.enrolment_index,
    staff_sessions.c.token_index,
    captures.c.code_index,
    captures.c.token_index,
):
    _named(Purpose.TOKEN_MAC, each)

SPENT = (guesses.c.in_a_row > 0, or_(guesses.c.key == Key.AUTHENTICATOR, guesses.c.key == Key.DEVICE))
"""Failures in a row that are still counted: lost with the key that named them, each rotation would allow as many more."""
COUNTING = Statement(
    select(guesses.c.value_index).where(*SPENT, _begins(guesses.c.value_index, DIGEST_HEAD) != bindparam("head"))
)
COPY = insert(guesses).from_select(
    [c.name for c in guesses.columns],
    select(
        *(
            bindparam("new", type_=LargeBinary).label("value_index") if c.name == "value_index" else c
            for c in guesses.columns
        )
    ).where(*SPENT, guesses.c.value_index == bindparam("old", type_=LargeBinary)),
)
# Tries under both names meanwhile: what is the more of either holds.
MORE = ("strikes", "struck_at", "in_a_row", "blocks", "blocked_until")
CARRY = Statement(
    COPY.on_conflict_do_update(
        index_elements=["key", "value_index"],
        set_={name: func.greatest(guesses.c[name], COPY.excluded[name]) for name in MORE},
    )
)
FORGET = Statement(delete(guesses).where(*SPENT, guesses.c.value_index == bindparam("old", type_=LargeBinary)))
COUNTED = {
    table.name: Statement(
        select(table.c.id).where(table.c.id > bindparam("after")).order_by(table.c.id).limit(bindparam("many"))
    )
    for table in (authenticators, subscribers, staff, known_devices)
}


class Rotations:
    """The rows as a rotation sees them; the owner's, for the application may change little of this."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def alone(self) -> None:
        """Be the only one that changes keys, until this unit ends."""
        await ONE_AT_A_TIME.row(self._connection)

    async def older(self, walked: Walked, head: bytes, after: str | bytes, many: int) -> tuple[OldRow, ...]:
        """The next rows under other keys than the one that begins so, held; those that somebody else holds are left out."""
        found = await walked.next.rows(self._connection, head=head, after=after, many=min(many, walked.most))
        return tuple(OldRow(**row) for row in found)

    async def put(self, walked: Walked, key: str | bytes, value: bytes) -> None:
        """The value made anew."""
        await walked.put.run(self._connection, this=key, value=value)

    async def left(self, walked: Walked, head: bytes) -> int:
        """How many rows name another key than the one that begins so."""
        row = await walked.left.row(self._connection, head=head)
        return 0 if row is None else int(row["found"])

    async def hold_still(self, walked: Sequence[Walked]) -> None:
        """Nobody writes these until this unit ends; whoever was writing has committed first."""
        for each in walked:
            await each.hold_still.run(self._connection)

    async def named(self, purpose: Purpose, head: bytes) -> dict[str, int]:
        """In how many rows of which column a key is named; empty: it is named nowhere."""
        found = {}
        for name, count in NAMED.get(purpose, {}).items():
            row = await count.row(self._connection, head=head)
            if row is not None and row["found"]:
                found[name] = int(row["found"])
        return found

    async def counting(self, head: bytes) -> frozenset[bytes]:
        """Counters of authenticators and devices that hold failures, under other keys than the one that begins so."""
        rows = await COUNTING.rows(self._connection, head=head)
        return frozenset(bytes(row["value_index"]) for row in rows)

    async def counted(self, what: str, after: str, many: int) -> tuple[str, ...]:
        """The next ids of what counters are kept for."""
        rows = await COUNTED[what].rows(self._connection, after=after, many=many)
        return tuple(row["id"] for row in rows)

    async def carry(self, old: bytes, new: bytes) -> None:
        """The counter stands under its new name, too, with as many failures there as here."""
        await CARRY.run(self._connection, old=old, new=new)

    async def forget(self, old: bytes) -> None:
        """The counter under its old name, that nobody looks for any more."""
        await FORGET.run(self._connection, old=old)

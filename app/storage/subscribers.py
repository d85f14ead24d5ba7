"""Who is enrolled? Subscriber accounts by immutable id, found by alias or document number through keyed hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, column, exists, func, insert, select

from app.core.acr import Control, Ial
from app.core.ids import PersonId, ProofingId
from app.core.refusal import Refusal
from app.storage.statement import Row, Statement, every
from app.storage.tables import account_numbers, aliases, subscribers

BYTES = ARRAY(LargeBinary)
INSERT = Statement(insert(subscribers).values(every(subscribers)))
SELECT = Statement(select(subscribers).where(subscribers.c.id == bindparam("id")))
NAMED = (
    select(subscribers.c.id)
    .join(aliases)
    .where(aliases.c.address_index == any_(bindparam("indexes", type_=BYTES)), subscribers.c.state == "active")
    .limit(1)
)
SIGNING_IN = Statement(select(NAMED.scalar_subquery().label("id")))
HAS_ADDRESS = Statement(
    select(exists().where(aliases.c.address_index == any_(bindparam("indexes", type_=BYTES))).label("found"))
)
NUMBERED = account_numbers.c.number_index == any_(bindparam("indexes", type_=BYTES))
HAS_NUMBER = Statement(select(exists().where(NUMBERED).label("found")))
KNOWN_BY = Statement(
    select(exists().where(NUMBERED, account_numbers.c.subscriber_id == bindparam("subscriber_id")).label("found"))
)
ADD_NUMBER = Statement(insert(account_numbers).values(every(account_numbers)))
BESIDE = account_numbers.alias("beside")
NUMBERS_BESIDE = Statement(
    select(BESIDE.c.number_index)
    .join(account_numbers, account_numbers.c.subscriber_id == BESIDE.c.subscriber_id)
    .where(NUMBERED)
)
IS_ACTIVE = Statement(
    select(exists().where(subscribers.c.id == bindparam("id"), subscribers.c.state == "active").label("found"))
)
ALONE = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(func.encode(column("name"), "hex"), 0))).select_from(
        func.unnest(bindparam("names", type_=BYTES)).alias("name")
    )
)
"""Held until the unit ends; given in order, so that no two wait in a circle."""
ADD_ALIAS = Statement(insert(aliases).values(every(aliases)))
ALIASES = Statement(
    select(aliases).where(aliases.c.subscriber_id == bindparam("subscriber_id")).order_by(aliases.c.proven_at)
)


class CustomerRefTaken(Refusal, code="customer_ref_taken"):
    """The bank's reference belongs to another subscriber already."""


class ContactTaken(Refusal, code="contact_taken"):
    """The address, whose possession was just proven, is another subscriber's alias."""


class AlreadyEnrolled(Refusal, code="already_enrolled"):
    """The document number belongs to a subscriber already."""


class AccountState(StrEnum):
    """Whether the account may be used."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscriber account; its attributes are sealed under the person's key."""

    id: PersonId
    proofing_id: ProofingId
    customer_ref: str | None
    state: AccountState
    ial: Ial
    language: str
    sealed_attributes: bytes
    number_index: bytes
    created_at: datetime
    ial_missing: tuple[Control, ...] = ()
    """What the next level would take."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A proven address the subscriber signs in with."""

    channel: str
    address_index: bytes
    subscriber_id: PersonId
    sealed_address: bytes
    proven_at: datetime


@dataclass(frozen=True, slots=True)
class AlsoKnown:
    """The keyed hashes of a new subscriber's numbers and address."""

    held: Sequence[bytes]
    """Of each number, as it will stand; the one that the account rests on among them."""
    numbers: Sequence[bytes]
    """Of each number, under every key; so of the address."""
    addresses: Sequence[bytes]
    alone: frozenset[bytes]
    """Of all of them, what every process makes alike whichever keys it has heard of: by these they wait for each other."""


TAKEN = {
    "subscribers_customer_ref_key": CustomerRefTaken,
    "subscribers_number_index_key": AlreadyEnrolled,
    "account_numbers_pkey": AlreadyEnrolled,
    "aliases_pkey": ContactTaken,
}


class Subscribers:
    """The accounts."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, subscriber: Subscriber, alias: Alias, also: AlsoKnown) -> None:
        """Enrol; raises CustomerRefTaken, AlreadyEnrolled or ContactTaken.

        A UNIQUE index tells two digests of one value under one key. Under two keys it sees two values: so whoever enrols
        a number or an address is alone with it until the commit, and looks for it under every key.
        """
        await ALONE.rows(self._connection, names=sorted(also.alone))
        if await self.has_number(also.numbers):
            raise AlreadyEnrolled
        if await self.has_address(also.addresses):
            raise ContactTaken
        try:
            given = {name: getattr(subscriber, name) for name in Subscriber.__slots__}
            await INSERT.run(self._connection, **given | {"ial_missing": list(subscriber.ial_missing)})
            for index in also.held:
                await ADD_NUMBER.run(self._connection, number_index=index, subscriber_id=subscriber.id)
            await ADD_ALIAS.run(self._connection, **{name: getattr(alias, name) for name in Alias.__slots__})
        except UniqueViolation as violation:
            refusal = TAKEN.get(violation.diag.constraint_name or "")
            if refusal is None:
                raise
            raise refusal from None

    async def find(self, subscriber_id: PersonId) -> Subscriber | None:
        """By id."""
        return _one(await SELECT.row(self._connection, id=subscriber_id))

    async def is_active(self, subscriber_id: PersonId) -> bool:
        """Whether the account is there and may be used."""
        row = await IS_ACTIVE.row(self._connection, id=subscriber_id)
        return row is not None and bool(row["found"])

    async def has_address(self, indexes: Sequence[bytes]) -> bool:
        """Whether an address is somebody's alias, by the keyed hashes it may have."""
        row = await HAS_ADDRESS.row(self._connection, indexes=list(indexes))
        return row is not None and bool(row["found"])

    async def signing_in(self, indexes: Sequence[bytes]) -> PersonId | None:
        """Whose account may be used, by the keyed hashes a proven address may have, one for each key.

        The id alone, and a row in any case: reading more of somebody than of nobody takes longer (A28).
        """
        row = await SIGNING_IN.row(self._connection, indexes=list(indexes))
        return None if row is None or row["id"] is None else PersonId(row["id"])

    async def has_number(self, indexes: Sequence[bytes]) -> bool:
        """Whether a document number is any account's, by the keyed hashes it may have."""
        row = await HAS_NUMBER.row(self._connection, indexes=list(indexes))
        return row is not None and bool(row["found"])

    async def is_known_by(self, subscriber_id: PersonId, indexes: Sequence[bytes]) -> bool:
        """Whether one of these is a number of that account."""
        row = await KNOWN_BY.row(self._connection, subscriber_id=subscriber_id, indexes=list(indexes))
        return row is not None and bool(row["found"])

    async def numbers_beside(self, indexes: Sequence[bytes]) -> frozenset[bytes]:
        """Every number of the accounts that have one of these, as keyed hashes."""
        rows = await NUMBERS_BESIDE.rows(self._connection, indexes=list(indexes))
        return frozenset(bytes(row["number_index"]) for row in rows)

    async def aliases(self, subscriber_id: PersonId) -> tuple[Alias, ...]:
        """Every proven address, oldest first."""
        return tuple(Alias(**row) for row in await ALIASES.rows(self._connection, subscriber_id=subscriber_id))


def _one(row: Row | None) -> Subscriber | None:
    if row is None:
        return None
    missing = tuple(Control(each) for each in row["ial_missing"])
    return Subscriber(
        **{**row, "state": AccountState(row["state"]), "ial": Ial(row["ial"]), "ial_missing": missing},
    )

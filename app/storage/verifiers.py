"""What does somebody's password rest as? One question, one row, whether there is anybody or not (A28).

Reading a row costs the process some 40 µs that reading none does not: enough, over many tries, to tell who is enrolled. So
the database gives a stand-in the shape of what is looked for, and the same is read and opened for nobody.
"""

from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import FromClause, LargeBinary, Select, Table, Text, and_, bindparam, func, literal_column, select

from app.core.ids import AuthenticatorId, PersonId
from app.mfa.login import Login
from app.staff import enrolment
from app.storage.authenticators import Kind, State
from app.storage.logins import as_login
from app.storage.statement import Row, Statement
from app.storage.tables import authenticators, logins, persons, staff


@dataclass(frozen=True, slots=True)
class Verifier:
    """A password's hash as it rests, and the key it rests under; of nobody, a stand-in with the id of nobody."""

    id: str
    sealed: bytes
    wrapped_key: bytes


ONE = select(literal_column("1")).subquery("one")


def _one_row(asked: FromClause, table: Table, sealed: Any, whose: Any, *wanted: Any) -> Select[Any]:
    """The sealed hash and its key, or the stand-ins where there is none: always one row."""
    found = asked.outerjoin(table, and_(*wanted)).outerjoin(persons, persons.c.id == whose)
    return select(
        func.coalesce(table.c.id, bindparam("nobody", type_=Text)).label("verifier"),
        func.coalesce(sealed, bindparam("stand_in", type_=LargeBinary)).label("sealed"),
        func.coalesce(persons.c.wrapped_key, bindparam("stand_in_key", type_=LargeBinary)).label("wrapped_key"),
    ).select_from(found)


OF_LOGIN = Statement(
    _one_row(
        ONE.outerjoin(logins, logins.c.id == bindparam("login_id")),
        authenticators,
        authenticators.c.sealed_secret,
        authenticators.c.subscriber_id,
        authenticators.c.subscriber_id == logins.c.person_id,
        authenticators.c.kind == Kind.PASSWORD.value,
        authenticators.c.state == State.ACTIVE.value,
    ).add_columns(*logins.c)
)
OF_STAFF = Statement(
    _one_row(
        ONE,
        staff,
        staff.c.sealed_password,
        staff.c.id,
        staff.c.id == bindparam("person_id"),
        staff.c.state == enrolment.State.ACTIVE.value,
        staff.c.sealed_password.is_not(None),
    )
)
HELD = (
    select(authenticators.c.id)
    .where(authenticators.c.id == bindparam("id"), authenticators.c.state == State.ACTIVE.value)
    .with_for_update()
    .subquery("held")
)
HOLD = Statement(select(func.count().label("present")).select_from(HELD))


class Verifiers:
    """Passwords, as a try at them needs them."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def of_login(self, login_id: str, stand_in: Verifier) -> tuple[Login | None, Verifier]:
        """The log-in as it is now, and the present password of whoever it names, or the stand-in."""
        row = await OF_LOGIN.row(self._connection, login_id=login_id, **_given(stand_in))
        verifier = _verifier(row)
        return as_login(row if row and row["id"] is not None else None), verifier

    async def of_staff(self, person_id: PersonId, stand_in: Verifier) -> Verifier:
        """The password of an active member of staff, or the stand-in."""
        return _verifier(await OF_STAFF.row(self._connection, person_id=person_id, **_given(stand_in)))

    async def is_present(self, authenticator_id: AuthenticatorId) -> bool:
        """Whether a subscriber's is still the one; waits for a change under way and holds it."""
        row = await HOLD.row(self._connection, id=authenticator_id)
        return row is not None and row["present"] == 1


def _given(stand_in: Verifier) -> dict[str, object]:
    return {"nobody": stand_in.id, "stand_in": stand_in.sealed, "stand_in_key": stand_in.wrapped_key}


def _verifier(row: Row | None) -> Verifier:
    if row is None:
        raise LookupError("a question that always has one row had none")
    return Verifier(row.pop("verifier"), row.pop("sealed"), row.pop("wrapped_key"))

"""Do the migrations go up and down, one by one, with rows in every table; and do they make what the code expects?"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from app.cli.migrate import configuration, downgrade, upgrade
from app.core.secret import Secret
from app.embedded import EmbeddedPostgres

WORD = "sample"
MOMENT = "2026-01-01T00:00:00Z"


def value(column: sa.Column[Any], allowed: Mapping[str, str]) -> object:
    """A value for the column: the same for equal types, so that every foreign key finds its row.

    `allowed` gives the first word that a CHECK of the table lets into a column.
    """
    kind = column.type
    if column.name in allowed:
        return allowed[column.name]
    if isinstance(kind, sa.Enum):
        return kind.enums[0]
    if isinstance(kind, postgresql.ARRAY):
        return [WORD] if isinstance(kind.item_type, sa.String) else []
    for of_type, sample in (
        (postgresql.JSONB, {}),
        (sa.JSON, {}),
        (sa.Boolean, False),
        (sa.Integer, 1),
        (sa.Numeric, 1),
        (sa.Float, 1.0),
        (sa.LargeBinary, WORD.encode()),
        (sa.DateTime, MOMENT),
        (sa.Date, MOMENT[:10]),
        (sa.Uuid, "00000000-0000-0000-0000-000000000001"),
        (sa.String, WORD),
    ):
        if isinstance(kind, of_type):
            return sample
    raise TypeError(f"{column.table.name}.{column.name}: no sample of {kind}; add one")


def fill(engine: sa.Engine) -> int:
    """One row in every empty table, parents first; how many tables have rows now."""
    found = sa.MetaData()
    found.reflect(engine)
    tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as connection:
        for table in tables:
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0:
                allowed = _allowed(engine, table)
                row = {c.name: value(c, allowed) for c in table.columns if _must_be_given(c)}
                connection.execute(table.insert().values(row))
    return len(tables)


def main() -> int:
    """Run every migration up, down and up again on a throw-away server; 1 if anything is left or differs."""
    with tempfile.TemporaryDirectory(prefix="hufu-check-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = EmbeddedPostgres.prepare(folder, durable=False)
        with server:
            return _rehearse(server.owner_url)


def _rehearse(owner_url: Secret[str]) -> int:
    engine = sa.create_engine(owner_url.reveal().replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    config = configuration(owner_url)
    revisions = [found.revision for found in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    for before, revision in zip(["base", *revisions], revisions, strict=False):
        upgrade(owner_url, revision)
        tables = fill(engine)
        downgrade(owner_url, before)
        upgrade(owner_url, revision)
        fill(engine)
        print(f"{revision}: up, down and up again with rows in {tables} tables")
    command.check(config)  # raises where the tables of the code and of the database differ
    downgrade(owner_url)
    left = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    if left or not revisions:
        print(f"left after going down: {', '.join(sorted(left))}" if left else "there are no migrations")
    upgrade(owner_url)
    return 1 if left or not revisions else 0


def _must_be_given(column: sa.Column[Any]) -> bool:
    generated = column.identity is not None or column.server_default is not None or column.computed is not None
    return not generated and (not column.nullable or bool(column.foreign_keys))


def _allowed(engine: sa.Engine, table: sa.Table) -> dict[str, str]:
    """The first permitted word of each column that a CHECK like `state = ANY (ARRAY['open'::text, …])` binds."""
    allowed = {}
    for check in sa.inspect(engine).get_check_constraints(table.name):
        text = str(check["sqltext"])
        for column in table.columns:
            if text.startswith((f"{column.name} =", f"({column.name} =")) and "'" in text:
                allowed[column.name] = text.split("'")[1]
    return allowed


if __name__ == "__main__":
    sys.exit(main())

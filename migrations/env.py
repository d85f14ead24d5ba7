"""How do the tables come about and change? Alembic, as the database's owner, impatient with locks."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.settings import Settings
from app.storage.tables import metadata

# A migration that waits for a lock makes every later query wait behind it: rather fail, and be run again.
LOCK_TIMEOUT = "5s"


def as_sqlalchemy(url: str) -> str:
    """A PostgreSQL URL with the driver SQLAlchemy shall use."""
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def ours(_object: object, name: str | None, kind: str, *_more: object) -> bool:
    """Whether Alembic compares this: the queue's tables belong to procrastinate."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def migrate() -> None:
    """Run what is pending, each migration in a transaction of its own."""
    url = context.config.get_main_option("sqlalchemy.url") or Settings().owner_url()
    engine = create_engine(as_sqlalchemy(url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=ours,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()

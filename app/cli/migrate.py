"""How does the database get its shape? By Alembic, as the owner, never as the application."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.core.secret import Secret

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migrate() -> None:
    """Bring the database to the newest shape, as its owner."""
    from app.settings import Settings  # noqa: PLC0415

    upgrade(Secret(Settings().owner_url()))


def upgrade(owner_url: Secret[str], revision: str = "head") -> None:
    """Migrate up to `revision`."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(configuration(owner_url), revision)


def downgrade(owner_url: Secret[str], revision: str = "base") -> None:
    """Migrate down to `revision`; data of what is undone are lost."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(configuration(owner_url), revision)


def configuration(owner_url: Secret[str]) -> "Config":
    """What Alembic needs to know; `migrations/env.py` reads the conninfo from `sqlalchemy.url`."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", owner_url.reveal().replace("%", "%%"))  # % would be interpolated
    return config

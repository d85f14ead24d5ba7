"""Where does the database of one machine run? In a real PostgreSQL 18, started, watched and stopped by us."""

from app.embedded.errors import EmbeddedError
from app.embedded.server import Database, EmbeddedPostgres

__all__ = ["Database", "EmbeddedError", "EmbeddedPostgres"]

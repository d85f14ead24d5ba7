"""Does the database's own log keep silent about what it was given, also where it refuses it or is slow?"""

import psycopg
import pytest

from app.embedded import Database, EmbeddedPostgres

NUMBER = "110101199003070011"
REFUSED = {
    "a row twice": ("INSERT INTO planted VALUES (%s), (%s)", (NUMBER, NUMBER)),
    "a check not passed": ("INSERT INTO planted VALUES (%s)", (f"x{NUMBER}",)),
    "no number": ("SELECT (%s::text || 'x')::bigint", (NUMBER,)),
    "no date": ("SELECT (%s::text)::date", (NUMBER,)),
    "a division by zero": ("SELECT %s::text, 1 / 0", (NUMBER,)),
    "a statement that is none": (f"SELEKT '{NUMBER}'", ()),
    "a raised message": (f"DO $$ BEGIN RAISE EXCEPTION 'refused: {NUMBER}'; END $$", ()),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_database_refuses_is_not_in_its_log(
    postgres: EmbeddedPostgres, fresh_database: Database, what: str
) -> None:
    statement, values = REFUSED[what]
    with psycopg.connect(fresh_database.owner_url.reveal(), autocommit=True) as owner:
        owner.execute("CREATE TABLE planted (word text UNIQUE CHECK (word NOT LIKE 'x%'))")
        with pytest.raises(psycopg.Error):
            owner.execute(statement.encode(), values)
    log = postgres.log.read_text("utf-8")
    assert "database system is ready" in log
    assert NUMBER not in log


def test_a_statement_whose_time_is_logged_is_logged_without_its_values(
    postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    """As an operator may set it; the setting is a superuser's."""
    with psycopg.connect(postgres._url("postgres", fresh_database.name).reveal(), autocommit=True) as superuser:
        superuser.execute("SET log_min_duration_statement = 0")
        superuser.execute("SELECT %s::text AS asked_for", (NUMBER,))
        superuser.execute("SET log_min_duration_statement = -1")
    log = postgres.log.read_text("utf-8")
    assert "asked_for" in log
    assert NUMBER not in log

"""What do many tests need? A folder the database server may enter, a server of this run alone, a fresh database."""

import importlib
import pkgutil
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest

import app
import benchmarks
from app.embedded import Database, EmbeddedPostgres

_names = count()
# One state of the project draws the same everywhere: a gate must not fall over a draw that nobody can repeat.
hypothesis.settings.register_profile("hufu", hypothesis.settings(derandomize=True, deadline=None, database=None))
hypothesis.settings.load_profile("hufu")


def pytest_collection_finish() -> None:
    """Hypothesis draws among the constants of whatever of ours is loaded, so all of it is, before anything is drawn."""
    for room in (app, benchmarks):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def _open_folder() -> Path:
    """A short folder whose parents everybody may enter: pytest's own are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="hufu-test-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder to keep data in, gone after the test."""
    made = _open_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The throw-away server of this test process; its database `hufu` stays empty."""
    made = _open_folder()
    server = EmbeddedPostgres.prepare(made, durable=False)
    with server:
        yield server
    server.erase()
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(postgres: EmbeddedPostgres) -> str:
    """The name of a database with all migrations in it, to be copied and never connected to."""
    from app.cli.migrate import upgrade

    template = postgres.create_database("migrated")
    upgrade(template.owner_url)
    return template.name


@pytest.fixture
def make_database(postgres: EmbeddedPostgres, migrated: str) -> Iterator[Callable[[], Database]]:
    """Makes migrated databases, each its own, gone after the test."""
    made: list[str] = []

    def make() -> Database:
        made.append(f"test_{next(_names)}")
        return postgres.create_database(made[-1], template=migrated)

    yield make
    for name in made:
        postgres.drop_database(name)


@pytest.fixture
def fresh_database(make_database: Callable[[], Database]) -> Database:
    """A migrated database of this test alone."""
    return make_database()


def pytest_make_parametrize_id(val: object) -> str | None:
    """A salted hash goes by its scheme: two test processes salt differently and must collect the same names."""
    if isinstance(val, str) and val.startswith("$") and len(val) > 30:
        return f"a-{val.split('$')[1]}-hash"
    return None

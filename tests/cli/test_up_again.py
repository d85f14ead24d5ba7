"""Does everything come back when the database dies, whenever that is, and who notices?"""

import os
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from app.settings import Settings
from tests.cli.running import Up, child_running, children, ready, ready_up, running, within

pytestmark = [pytest.mark.timeout(240), pytest.mark.rule("A123")]
POSTGRES = "bin/postgres -D"
CONNECTIONS = 10


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    """One for all tests here; each leaves it running."""
    with tempfile.TemporaryDirectory(prefix="hufu-test-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        with ready_up(Path(name)) as made:
            yield made


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    assert within(10, lambda: not running(pid))


@contextmanager
def nobody_watching(up: Up) -> Iterator[None]:
    """What died is not started again meanwhile."""
    os.kill(up.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(up.process.pid, signal.SIGCONT)


def asked(up: Up) -> int:
    """The status of a question that the database alone can answer: is there such a client?"""
    form, who = {"grant_type": "client_credentials"}, ("cli_nobody", "wrong")
    return httpx.post(f"http://127.0.0.1:{up.port}/oauth2/token", data=form, auth=who, trust_env=False).status_code


def asked_at_once(up: Up) -> set[int]:
    with ThreadPoolExecutor(CONNECTIONS * 2) as callers:
        return set(callers.map(lambda _: asked(up), range(CONNECTIONS * 4)))


def database_answers(up: Up) -> bool:
    try:
        psycopg.connect(Settings(data=up.folder).owner_url()).close()
    except psycopg.OperationalError:
        return False
    return True


def test_after_a_restart_of_the_database_no_request_pays_for_the_connections_that_died(up: Up) -> None:
    assert asked_at_once(up) == {401}
    kill(child_running(up, POSTGRES))
    # Ready as well: an API that had noticed the outage by itself turns people away until it has looked again.
    assert within(60, lambda: database_answers(up) and ready(up.port))
    assert [asked(up) for _ in range(CONNECTIONS)] == [401] * CONNECTIONS
    assert asked_at_once(up) == {401}


def test_killed_again_while_it_recovers_the_database_still_comes_back(up: Up) -> None:
    for _ in range(4):
        kill(child_running(up, POSTGRES))
    assert within(60, lambda: ready(up.port))
    assert up.process.poll() is None


def test_without_its_database_the_api_says_so_and_the_worker_ends_and_leaves_no_child(up: Up) -> None:
    examiner, worker = child_running(up, "vision.process examiner"), child_running(up, "app.cli worker")
    with nobody_watching(up):
        kill(child_running(up, POSTGRES))
        told = httpx.get(f"http://127.0.0.1:{up.port}/readyz", trust_env=False)
        assert (told.status_code, told.json()["checks"]["database"]) == (503, False)
        assert within(60, lambda: not running(worker))
        assert not running(examiner)
    assert within(60, lambda: ready(up.port))
    assert child_running(up, "vision.process examiner") != examiner


@pytest.mark.parametrize("words", ["app.cli serve", "app.cli worker"])
def test_who_dies_again_and_again_is_back_soon(up: Up, words: str) -> None:
    for _ in range(5):
        kill(child_running(up, words))
    assert within(60, lambda: ready(up.port) and len(children(up, words)) == 1)

"""Does `hufu up` start all of it, keep it running, and leave nothing behind however it ends?"""

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli.up import places
from app.settings import Settings
from tests.cli.running import Up, child_running, family, free_port, ready, ready_up, running, start, within

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    """One of this test's own, to be ended by it."""
    with ready_up(folder) as made:
        yield made


@pytest.fixture(scope="module")
def lasting_up() -> Iterator[Up]:
    """One for all tests that leave it running."""
    with tempfile.TemporaryDirectory(prefix="hufu-test-", dir="/tmp") as name:
        Path(name).chmod(0o711)
        with ready_up(Path(name)) as made:
            yield made


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_leaves_no_process_behind(up: Up, asked: signal.Signals) -> None:
    members = family(up.process.pid)
    assert len(members) > 4
    up.process.send_signal(asked)
    said, _ = up.process.communicate(timeout=60)
    assert said.endswith("Hufu has stopped.\n")
    assert up.process.returncode == 0
    assert not [pid for pid in members if running(pid)]


def test_killed_outright_it_leaves_no_process_behind(up: Up) -> None:
    members = family(up.process.pid)
    up.process.kill()
    up.process.wait()
    assert within(10, lambda: not any(map(running, members)))


@pytest.mark.parametrize("words", ["app.cli serve", "app.cli worker", "bin/postgres -D"])
def test_what_dies_is_started_again(lasting_up: Up, words: str) -> None:
    died = child_running(lasting_up, words)
    os.kill(died, signal.SIGKILL)
    assert within(10, lambda: not running(died))
    assert child_running(lasting_up, words) != died
    assert within(60, lambda: ready(lasting_up.port))


def test_a_second_one_on_the_same_folder_is_told_why_it_cannot(lasting_up: Up) -> None:
    second = start(lasting_up.folder, free_port())
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "another `hufu up` keeps" in said
    assert lasting_up.process.poll() is None


def test_a_taken_port_is_said_before_anything_starts(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(folder / "data", int(taken.getsockname()[1]))
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "HUFU_PORT" in said
    assert not (folder / "data").exists()


@pytest.mark.parametrize("words", ["app.cli serve", "app.cli worker"])
def test_no_child_is_told_of_the_owner(lasting_up: Up, words: str) -> None:
    environment = Path(f"/proc/{child_running(lasting_up, words)}/environ").read_bytes()
    assert b"hufu_owner" not in environment
    assert b"HUFU_OWNER_DATABASE_URL" not in environment


def test_a_lost_master_key_is_not_replaced(up: Up) -> None:
    up.process.send_signal(signal.SIGINT)
    up.process.communicate(timeout=60)
    (up.folder / "secrets" / "master.key").unlink()
    again = start(up.folder, free_port())
    said, _ = again.communicate(timeout=60)
    assert again.returncode == 1
    assert "master.key is gone" in said


def test_every_place_it_tells_of_is_there(lasting_up: Up) -> None:
    assert within(60, lambda: ready(lasting_up.port))
    told = places(Settings(port=lasting_up.port)).values()
    assert {url: httpx.get(url, trust_env=False).status_code for url in told} == dict.fromkeys(told, 200)

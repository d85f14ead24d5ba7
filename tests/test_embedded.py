"""Does the embedded PostgreSQL survive what happens to processes, and is it closed to everybody else?"""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from app.core.secret import Secret
from app.embedded import EmbeddedError, EmbeddedPostgres
from app.embedded import home as homes
from app.embedded.errors import AlreadyRunning

STARTER = """
import pathlib, sys, time
from app.embedded import EmbeddedPostgres
server = EmbeddedPostgres.prepare(pathlib.Path(sys.argv[1]), durable=False)
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server not yet started, in a folder of its own."""
    made = EmbeddedPostgres.prepare(folder, durable=False)
    yield made
    made.erase()


def ask(url: Secret[str], question: str) -> object:
    with psycopg.connect(url.reveal()) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def write_down(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.owner_url.reveal()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def kill_server(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    assert within(5, lambda: not server.alive())


def start_by_another_process(folder: Path) -> tuple[subprocess.Popen[str], int]:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    return starter, int(starter.stdout.readline())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def test_a_first_start_answers_as_postgresql_18(server: EmbeddedPostgres) -> None:
    server.start()
    assert str(ask(server.app_url, "SHOW server_version")).startswith("18.")


def test_data_are_kept_over_a_stop_and_a_second_start_is_quick(server: EmbeddedPostgres) -> None:
    server.start()
    write_down(server)
    server.stop()
    before = time.monotonic()
    server.start()
    assert time.monotonic() - before < 5
    assert ask(server.owner_url, "SELECT answer FROM kept") == 42


def test_the_server_is_never_root_and_listens_on_no_network(server: EmbeddedPostgres) -> None:
    server.start()
    assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert ask(server.app_url, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("role", ["postgres", "hufu_owner", "hufu_app", "hufu_auditor", "hufu_appender"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_enters_without_the_password(server: EmbeddedPostgres, role: str, password: str) -> None:
    server.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(server.home.socket_folder), user=role, password=password, dbname="hufu")


def test_no_line_of_the_access_rules_trusts(server: EmbeddedPostgres) -> None:
    server.start()
    lines = (server.home.cluster / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in lines if line.strip() and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_the_application_may_connect_but_make_nothing(server: EmbeddedPostgres) -> None:
    server.start()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server.app_url, "CREATE TABLE mine ()")
    assert (
        ask(server.app_url, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'hufu_app'")
        is False
    )


def test_the_application_may_not_enter_the_servers_own_databases(server: EmbeddedPostgres) -> None:
    server.start()
    server.create_database("other")
    assert ask(server.app_url, "SELECT has_database_privilege('hufu_app', 'other', 'TEMPORARY')") is False


def test_passwords_lie_in_files_only_we_may_read(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    files = list((folder / "secrets").iterdir())
    assert {path.name for path in files} == {
        "postgres.password", "owner.password", "app.password", "auditor.password", "appender.password",
    }  # fmt: skip
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700


def test_a_lost_password_is_said_rather_than_replaced(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    server.stop()
    (folder / "secrets" / "owner.password").unlink()
    with pytest.raises(EmbeddedError, match=r"owner\.password is gone"):
        EmbeddedPostgres.prepare(folder)


def test_a_cluster_from_before_there_were_auditors_gets_their_role(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    ask(server.owner_url, "SELECT 1")
    with server._connect("postgres") as connection:
        connection.execute("REVOKE ALL ON DATABASE hufu FROM hufu_auditor")
        connection.execute("DROP ROLE hufu_auditor")
    server.stop()
    (folder / "secrets" / "auditor.password").unlink()
    with EmbeddedPostgres.prepare(folder, durable=False) as grown:
        assert ask(grown.auditor_url, "SELECT current_user") == "hufu_auditor"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(grown.auditor_url, "CREATE TABLE mine ()")


def test_a_killed_server_starts_again_with_what_was_committed(folder: Path) -> None:
    server = EmbeddedPostgres.prepare(folder)
    server.start()
    write_down(server)
    kill_server(server)
    server.start()
    assert ask(server.owner_url, "SELECT answer FROM kept") == 42
    server.erase()


def test_a_server_dies_with_its_starter_and_the_data_are_whole(folder: Path) -> None:
    starter, pid = start_by_another_process(folder)
    end(starter)
    assert within(10, lambda: gone(pid))
    server = EmbeddedPostgres.prepare(folder, durable=False)
    with server:
        assert ask(server.app_url, "SELECT 1") == 1
    server.erase()


def test_a_server_that_outlived_its_starter_is_stopped_by_the_next_start(server: EmbeddedPostgres) -> None:
    server.start()
    write_down(server)
    server.stop()
    left = start_without_starter(server)
    server.start()
    assert left.wait(10) == 0
    assert server.pid != left.pid
    assert ask(server.owner_url, "SELECT answer FROM kept") == 42


def start_without_starter(server: EmbeddedPostgres) -> subprocess.Popen[bytes]:
    """What a kill leaves where the kernel sends no signal at the starter's death: the server, holding its lock."""
    lock = server._take_server_lock()
    left = server._spawn(lock)
    os.close(lock)
    server._wait_until_ready(left)
    return left


@pytest.mark.parametrize("name", ["postmaster.pid", "socket"])
def test_a_pid_that_another_program_has_by_now_is_distrusted_and_left_alone(
    server: EmbeddedPostgres, name: str
) -> None:
    server.start()
    socket_lock = server.home.socket_folder / ".s.PGSQL.5432.lock"
    stale = server.home.cluster / "postmaster.pid" if name == "postmaster.pid" else socket_lock
    kill_server(server)
    stranger = subprocess.Popen(["/bin/sleep", "600"])
    old = stale.read_text().split("\n", 1)[1]
    stale.write_text(f"{stranger.pid}\n{old}")
    server.start()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
    assert ask(server.app_url, "SELECT 1") == 1


def test_a_server_that_somebody_started_by_hand_is_neither_killed_nor_joined(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    with Path(os.devnull).open() as unlocked:
        by_hand = server._spawn(unlocked.fileno())
    server._wait_until_ready(by_hand)
    with pytest.raises(AlreadyRunning, match="did not start"):
        server.start()
    assert by_hand.poll() is None
    by_hand.send_signal(signal.SIGQUIT)
    by_hand.wait()


def test_a_second_start_on_one_folder_is_refused_and_harms_nothing(server: EmbeddedPostgres, folder: Path) -> None:
    server.start()
    second = EmbeddedPostgres.prepare(folder, durable=False)
    with pytest.raises(AlreadyRunning, match="another `hufu up`"):
        second.start()
    second.stop()
    assert ask(server.app_url, "SELECT 1") == 1


def test_two_folders_run_side_by_side(server: EmbeddedPostgres, postgres: EmbeddedPostgres) -> None:
    server.start()
    assert ask(server.app_url, "SELECT 1") == ask(postgres.app_url, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    (folder / ("d" * 60)).chmod(0o711)
    deep.chmod(0o711)
    server = EmbeddedPostgres.prepare(deep / "data", durable=False)
    with server:
        assert len(str(server.home.socket_folder)) < 60
        assert ask(server.app_url, "SELECT 1") == 1
    assert not server.home.socket_folder.exists()
    server.erase()


def test_a_socket_folder_somebody_prepared_is_refused(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    server = EmbeddedPostgres.prepare(deep / "data", durable=False)
    server.home.socket_folder.mkdir(mode=0o777)
    server.home.socket_folder.chmod(0o777)
    with pytest.raises(EmbeddedError, match="mode 0700"):
        server.start()
    shutil.rmtree(server.home.socket_folder)
    server.erase()


def test_a_closed_parent_stays_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = EmbeddedPostgres.prepare(tmp_path / "data", durable=False)
    with server:
        assert ask(server.app_url, "SELECT 1") == 1
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    home = server.home.path
    server.erase()
    assert not home.exists()


def test_an_interrupted_initdb_leaves_nothing_half_made(server: EmbeddedPostgres) -> None:
    half = server.home.path / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    server.start()
    assert ask(server.app_url, "SELECT 1") == 1
    assert not half.exists()


def test_a_copied_database_has_the_rows_of_its_template(server: EmbeddedPostgres) -> None:
    server.start()
    write_down(server)
    copy = server.create_database("copy", template="hufu")
    assert ask(copy.owner_url, "SELECT answer FROM kept") == 42
    server.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        ask(copy.app_url, "SELECT 1")


def test_the_copied_binaries_run_by_themselves_and_hold_no_readline(folder: Path) -> None:
    homes._copy(homes._installed(), folder / "binaries")
    copied = folder / "binaries" / homes.PACKAGE / homes.INSTALLATION / "bin"
    assert {path.name for path in copied.iterdir()} == {"postgres", "initdb"}
    said = subprocess.run([copied / "initdb", "--version"], env={}, capture_output=True, text=True, check=True).stdout
    assert said.startswith("initdb (PostgreSQL) 18.")
    assert not list((folder / "binaries").rglob("libreadline*"))

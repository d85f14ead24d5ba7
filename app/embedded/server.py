"""How does the server start, tell that it is ready, and stop; and how is one that was killed told from one that runs?"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.core.secret import Secret
from app.embedded import home as homes
from app.embedded.cluster import DATABASE, PASSWORD_OF, make_cluster, make_database, make_roles, passwords
from app.embedded.errors import AlreadyRunning, EmbeddedError
from app.embedded.home import SOCKET_NAME, Home
from app.supervisor import appended, dying_with_us

PATIENCE_SECONDS = 60.0
"""For a start, which may have to replay the log of a killed server, and for each kind of stop."""
POLL_SECONDS = 0.02
SMALL_MACHINE = {
    "listen_addresses": "",  # the socket alone: nothing on the network can reach it
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u ",
    "log_parameter_max_length": "0",  # bound values hold personal fields; no log may
    "log_parameter_max_length_on_error": "0",
    "log_min_messages": "log",  # not a statement's error, which goes to whoever sent it: its words may quote a value
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",  # no DETAIL: it quotes the values of a row that was refused
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For throw-away data only: a power cut loses all of it."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database and how its owner, the application, the auditor and the appender reach it."""

    name: str
    owner_url: Secret[str]
    app_url: Secret[str]
    auditor_url: Secret[str]
    appender_url: Secret[str]


@dataclass(slots=True)
class EmbeddedPostgres:
    """One PostgreSQL in `folder`, which belongs to whoever started it; use as a context manager or start and stop.

    Two locks keep it safe without trusting process ids, which the kernel reuses. *starter* is held by us; who
    cannot take it is the second `hufu up`. *server* is inherited by the server and all its processes, and the
    kernel frees it when the last is gone: who holds it knows that a pid file is stale.
    """

    folder: Path
    home: Home
    durable: bool
    _passwords: dict[str, Secret[str]]
    _process: subprocess.Popen[bytes] | None = None
    _starter_lock: int | None = field(default=None)

    @classmethod
    def prepare(cls, folder: Path, *, durable: bool = True) -> Self:
        """Make the folder, its passwords and its home if they are not there yet; starts nothing."""
        folder = folder.absolute()
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o711)  # ours from the start: x lets the server's user through
        return cls(folder, homes.find(folder), durable, passwords(folder))

    @property
    def owner_url(self) -> Secret[str]:
        """Conninfo of the owner, for migrations."""
        return self._url("hufu_owner", DATABASE)

    @property
    def app_url(self) -> Secret[str]:
        """Conninfo of the application's role."""
        return self._url("hufu_app", DATABASE)

    @property
    def auditor_url(self) -> Secret[str]:
        """Conninfo of the auditor's role."""
        return self._url("hufu_auditor", DATABASE)

    @property
    def appender_url(self) -> Secret[str]:
        """Conninfo of the role that appends to the audit's log."""
        return self._url("hufu_appender", DATABASE)

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.folder / "logs" / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The server's process id while it is our child."""
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and return when it answers. Call from the main thread, which must outlive the server.

        Raises AlreadyRunning when another process keeps this folder, EmbeddedError when it does not come up.
        """
        if self.alive():
            return
        kept = self._starter_lock is not None
        if self._starter_lock is None:
            self._starter_lock = self._take_starter_lock()
        try:
            self._start_alone()
        except BaseException:
            self._stop_server()
            if not kept:  # of a start again, the folder stays ours: the next try may succeed
                self._give_up_folder()
            raise

    def stop(self) -> None:
        """Stop the server and give up the folder: open work is rolled back, the log is closed cleanly."""
        self._stop_server()
        self._give_up_folder()

    def _stop_server(self) -> None:
        if self._process is not None:
            _end(self._process)
            self._process = None
            if self.home.socket_folder.parent != self.home.path:
                with contextlib.suppress(OSError):
                    self.home.socket_folder.rmdir()

    def _give_up_folder(self) -> None:
        if self._starter_lock is not None:
            os.close(self._starter_lock)
            self._starter_lock = None

    def erase(self) -> None:
        """Stop, and remove the data wherever they lie; for throw-away servers."""
        self.stop()
        homes.erase(self.folder)

    def create_database(self, name: str, *, template: str = "template1") -> Database:
        """A database of its own, copied from `template`, which nobody may be connected to."""
        with self._connect("postgres") as connection:
            make_database(connection, name, template=template)
        urls = (self._url(role, name) for role in ("hufu_owner", "hufu_app", "hufu_auditor", "hufu_appender"))
        return Database(name, *urls)

    def drop_database(self, name: str) -> None:
        """Remove a database and throw its connections out."""
        with self._connect("postgres") as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_alone(self) -> None:
        server_lock = self._take_server_lock()
        try:
            make_cluster(self.home, self._passwords["postgres"], durable=self.durable, log=self.log)
            self._forget_the_dead()
            self._process = self._spawn(server_lock)
        finally:
            os.close(server_lock)  # the server has its own copy now
        self._wait_until_ready(self._process)
        try:
            with self._connect("postgres") as connection:
                make_roles(connection, self._passwords)
                make_database(connection, DATABASE)
        except psycopg.OperationalError as lost:
            raise EmbeddedError(f"PostgreSQL ended while it started: {lost}; see {self.log}") from lost

    def _url(self, role: str, database: str) -> Secret[str]:
        password = self._passwords[PASSWORD_OF[role]].reveal()
        socket_folder = quote(str(self.home.socket_folder), safe="")
        return Secret(f"postgresql://{role}:{password}@/{database}?host={socket_folder}")

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self._url("postgres", database).reveal(), autocommit=True, connect_timeout=10)

    def _take_starter_lock(self) -> int:
        lock = _lock(self.home.path / "starter.lock")
        if lock is None:
            raise AlreadyRunning(
                f"another `hufu up` keeps {self.folder}; stop it first, or set HUFU_DATA to another folder"
            )
        return lock

    def _take_server_lock(self) -> int:
        """Wait for the processes of a killed server to go; a whole server left by a killed starter is stopped."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        asked: set[int] = set()
        while (lock := _lock(self.home.path / "server.lock")) is None:
            leftover = _leftover(self.home.cluster)
            if leftover is not None and leftover not in asked:
                os.kill(leftover, signal.SIGINT)
                asked.add(leftover)
            if time.monotonic() > deadline:
                raise AlreadyRunning(f"a PostgreSQL of {self.home.cluster} still runs and does not end; stop it first")
            time.sleep(POLL_SECONDS)
        return lock

    def _forget_the_dead(self) -> None:
        """Remove the pid files, unless somebody started a server on this cluster by hand, without our lock.

        PostgreSQL itself asks only whether the process id exists, and refuses when another program has it by now.
        """
        stranger = _leftover(self.home.cluster)
        if stranger is not None:
            raise AlreadyRunning(f"process {stranger} is a PostgreSQL on {self.home.cluster} that we did not start")
        (self.home.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.home.make_socket_folder()
        for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
            (self.home.socket_folder / name).unlink(missing_ok=True)

    def _spawn(self, server_lock: int) -> subprocess.Popen[bytes]:
        settings = SMALL_MACHINE | ({} if self.durable else FORGETFUL)
        settings["unix_socket_directories"] = str(self.home.socket_folder)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with appended(self.log) as output:
            return subprocess.Popen(  # noqa: S603  the wheel's own program, no shell
                [str(self.home.binaries / "postgres"), "-D", str(self.home.cluster), *options],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(server_lock,),
                start_new_session=True,  # Ctrl-C must not stop the database before those who use it
                preexec_fn=dying_with_us(signal.SIGINT),  # noqa: PLW1509  only a system call, no lock is taken
                **self.home.user.as_popen(),
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError as refused:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise EmbeddedError(f"PostgreSQL did not come up: {refused}; see {self.log}") from refused
                time.sleep(POLL_SECONDS)
            else:
                return


def _lock(path: Path) -> int | None:
    """An exclusive lock on the file as a descriptor; None when somebody has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _leftover(cluster: Path) -> int | None:
    """The process of the pid file if it really is a server of this cluster: a postmaster works inside its cluster."""
    try:
        pid = int((cluster / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        works_in = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if works_in == cluster else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then none at all; the next start replays what the last two left."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(wish)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_SECONDS)

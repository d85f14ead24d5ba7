"""What is inside a new cluster? Password log-in everywhere, four roles with one duty each, one database."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from app.core import entropy
from app.core.secret import Secret
from app.embedded.errors import EmbeddedError
from app.embedded.home import Home
from app.supervisor import appended

DATABASE = "hufu"
PASSWORD_OF = {
    "postgres": "postgres",
    "hufu_owner": "owner",
    "hufu_app": "app",
    "hufu_auditor": "auditor",
    "hufu_appender": "appender",
}
"""Role → the secret that holds its password."""
LATER = frozenset({"auditor", "appender"})
"""Of roles that older clusters do not have yet: their passwords may be made at any start."""
PASSWORD_BYTES = 24


def passwords(folder: Path) -> dict[str, Secret[str]]:
    """The passwords of the data folder, made on first use, one file of mode 0600 each."""
    keep = folder / "secrets"
    keep.mkdir(mode=0o700, exist_ok=True)
    _refuse_shared(keep)
    first_time = not (folder / "postgres" / "cluster").exists()
    return {
        name: _password(keep / f"{name}.password", first_time=first_time or name in LATER)
        for name in PASSWORD_OF.values()
    }


def write_secret(path: Path, text: str) -> None:
    """Write a file that is complete or absent, and that only we may read, from its first moment on."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def make_cluster(home: Home, password: Secret[str], *, durable: bool, log: Path) -> None:
    """Run initdb beside the place and move its result there, so that an interrupted one leaves nothing half-made."""
    if home.cluster.exists():
        return
    half = home.path / "cluster.new"
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    home.user.own(half)
    told = home.path / "initdb.password"
    write_secret(told, password.reveal())
    home.user.own(told)
    try:
        _initdb(home, half, told, durable=durable, log=log)
    finally:
        told.unlink()
    half.rename(home.cluster)


def make_roles(connection: psycopg.Connection, known: dict[str, Secret[str]]) -> None:
    """Make the owner, who migrates, the application's role, which owns nothing, and the two of the audit: one reads, one appends."""
    for role in [role for role in PASSWORD_OF if role != "postgres"]:
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if there and PASSWORD_OF[role] not in LATER:
            continue
        # One whose password may have been made anew gets it anew.
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}" if there else "CREATE ROLE {} LOGIN PASSWORD {}")
        password = sql.Literal(known[PASSWORD_OF[role]].reveal())
        connection.execute(statement.format(sql.Identifier(role), password))


def make_database(connection: psycopg.Connection, name: str, *, template: str = "template1") -> None:
    """Make a database of the owner that the application and the audit's two roles may connect to, and nobody else."""
    named = sql.Identifier(name)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        make = sql.SQL("CREATE DATABASE {} OWNER hufu_owner TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(make.format(named, sql.Identifier(template)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(named))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO hufu_app, hufu_auditor, hufu_appender").format(named))


def _refuse_shared(keep: Path) -> None:
    """Whoever made the folder before us, or may write to it, could put his own database in place of ours."""
    found = keep.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedError(f"{keep} must be a folder of ours of mode 0700: others could read or replace what it keeps")


def _password(path: Path, *, first_time: bool) -> Secret[str]:
    if not path.exists():
        if not first_time:
            raise EmbeddedError(f"{path} is gone, and the database opens with nothing else; bring it back")
        write_secret(path, entropy.text(entropy.SystemEntropy().draw(PASSWORD_BYTES)))
    return Secret(path.read_text(encoding="utf-8").strip())


def _initdb(home: Home, cluster: Path, told: Path, *, durable: bool, log: Path) -> None:
    command = [
        str(home.binaries / "initdb"),
        f"--pgdata={cluster}",
        "--username=postgres",
        f"--pwfile={told}",
        "--auth=scram-sha-256",  # for the socket too: no other account of this machine gets in by being on it
        "--encoding=UTF8",
        "--locale-provider=builtin",  # sorts alike on every machine, whatever its C library
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        *([] if durable else ["--no-sync"]),
    ]
    with appended(log) as output:
        done = subprocess.run(  # noqa: S603  the wheel's own program, no shell
            command,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **home.user.as_popen(),
        )
    if done.returncode != 0:
        raise EmbeddedError(f"initdb ended with status {done.returncode}; see {log}")

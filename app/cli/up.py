"""How does everything start on one machine? Database, migrations, API, worker, demonstration; and all of it stops."""

import asyncio
import base64
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer
from rich.console import Console

from app.core.entropy import SystemEntropy
from app.core.master import MasterKeyFrom
from app.core.secret import Secret
from app.embedded import EmbeddedError, EmbeddedPostgres
from app.embedded.cluster import write_secret
from app.settings import Settings
from app.supervisor import Child, Program, dying_with_us, stop_all

MASTER_KEY_BYTES = 32
TICK_SECONDS = 0.1
DATABASE_PAUSE_SECONDS = 1.0
"""Between two starts of a PostgreSQL that does not come up."""
WORKERS_OWN = frozenset({"HUFU_APPENDER_DATABASE_URL"})
"""What no process that answers callers is told."""
READY_SECONDS = 120.0
"""A first start loads the face and reading models from a cold disk."""
console = Console(highlight=False)


class CannotStart(Exception):
    """The machine is not ready for us; the message says what to do."""


@dataclass(slots=True)
class Keeper:
    """What is running, and whether somebody asked us to stop: the signal only raises a flag, each wait looks at it.

    A handler that raised could strike between the start of a child and our note of it, and leave it behind.
    """

    settings: Settings
    postgres: EmbeddedPostgres | None = None
    children: list[Child] = field(default_factory=list)
    _database_start_at: float = 0.0
    _asked_to_stop: bool = False

    def stopping(self) -> bool:
        """Whether somebody asked."""
        return self._asked_to_stop

    def ask_to_stop(self, _signal: int, _frame: object) -> None:
        """The handler of SIGINT, SIGTERM and SIGHUP."""
        self._asked_to_stop = True

    def tick(self) -> None:
        """Wait a little, then start again what died."""
        time.sleep(TICK_SECONDS)
        if self.stopping():
            return
        if self.postgres is not None and not self.postgres.alive() and time.monotonic() >= self._database_start_at:
            self._revive(self.postgres)
        for child in self.children:
            if line := child.revive(time.monotonic()):
                console.print(f"[yellow]{line}[/] ({child.program.log})")

    def _revive(self, postgres: EmbeddedPostgres) -> None:
        """Start the database again, and at once those who died for want of it. It may be killed anew while it recovers."""
        console.print("[yellow]PostgreSQL ended; starting it again[/]")
        try:
            postgres.start()
        except EmbeddedError as reason:
            console.print(f"[yellow]{reason}[/]", soft_wrap=True)
            self._database_start_at = time.monotonic() + DATABASE_PAUSE_SECONDS
            return
        for child in self.children:
            child.hasten(time.monotonic())

    def stop(self) -> None:
        """Stop those who use the database, then the database."""
        stop_all(self.children)
        if self.postgres is not None:
            self.postgres.stop()


def up(
    *,
    demo: Annotated[bool, typer.Option(help="Run the demonstration against it.")] = True,
    exit_after_demo: Annotated[bool, typer.Option(help="Stop after it and end with its status.")] = False,
) -> None:
    """Start everything on this machine, show that it works, and stay up until Ctrl-C."""
    settings = _settled(Settings())
    keeper = Keeper(settings)
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, keeper.ask_to_stop)
    try:
        status = _run(keeper, demo=demo or exit_after_demo, stay=not exit_after_demo)
    except (CannotStart, EmbeddedError) as reason:
        console.print(f"[bold red]Hufu cannot start:[/] {reason}", soft_wrap=True)
        status = 1
    finally:
        keeper.stop()
    console.print("Hufu has stopped.")
    raise typer.Exit(status)


def _settled(settings: Settings) -> Settings:
    """The same settings with an absolute data folder: the children may stand elsewhere."""
    return settings.model_copy(update={"data": settings.data.absolute()})


def _run(keeper: Keeper, *, demo: bool, stay: bool) -> int:
    settings = keeper.settings
    _ask_for_port(settings)
    with _step("PostgreSQL and secrets"):
        _start_database(keeper)
    with _step("Migrations and keys"):
        _migrate(settings)
    with _step("API, vision pool and worker"):
        keeper.children = [_program(settings, "api", "serve"), _program(settings, "worker", "worker")]
        for child in keeper.children:
            child.start()
        _wait_until_ready(keeper)
    status = _demonstrate(keeper) if demo and not keeper.stopping() else 0
    if not stay or keeper.stopping():
        return status
    _tell_where(settings)
    while not keeper.stopping():
        keeper.tick()
    return 0


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    console.print(f"[cyan]…[/] {name}")
    before = time.monotonic()
    yield
    console.print(f"[green]✓[/] {name}  [dim]{time.monotonic() - before:.1f} s[/]")


def _ask_for_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as refused:
            raise CannotStart(
                f"{settings.host}:{settings.port} cannot be listened on ({refused.strerror}). "
                f"Another Hufu may be running; stop it, or set HUFU_PORT to a free port."
            ) from refused


def _start_database(keeper: Keeper) -> None:
    settings = keeper.settings
    if settings.database_url is None:
        keeper.postgres = EmbeddedPostgres.prepare(settings.data)
    _make_master_key(settings)
    if keeper.postgres is None:
        return
    keeper.postgres.start()
    write_secret(settings.secrets_folder / "app.url", keeper.postgres.app_url.reveal())
    write_secret(settings.secrets_folder / "owner.url", keeper.postgres.owner_url.reveal())
    write_secret(settings.secrets_folder / "auditor.url", keeper.postgres.auditor_url.reveal())
    write_secret(settings.secrets_folder / "appender.url", keeper.postgres.appender_url.reveal())


def _make_master_key(settings: Settings) -> None:
    """Make the development key once; a lost one is not replaced, for nothing sealed under it could be read again."""
    if settings.master_key_from is not MasterKeyFrom.FILE:
        return
    if settings.master_key_file is not None or settings.master_key.exists():
        return
    settings.secrets_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (settings.secrets_folder / "app.url").exists():
        raise CannotStart(f"{settings.master_key} is gone and what it sealed is unreadable without it; bring it back")
    key = SystemEntropy().draw(MASTER_KEY_BYTES)
    write_secret(settings.master_key, base64.b64encode(key).decode("ascii"))


def _migrate(settings: Settings) -> None:
    """As the owner: bring the tables to their shape, and make the first keys under the master key."""
    from app.cli.keys import make_first  # noqa: PLC0415
    from app.cli.migrate import upgrade  # noqa: PLC0415

    try:
        url = Secret(settings.owner_url())
    except RuntimeError as absent:
        raise CannotStart(str(absent)) from absent
    upgrade(url)
    asyncio.run(make_first(settings))


def _program(settings: Settings, name: str, *command: str) -> Child:
    log = settings.data / "logs" / f"{name}.log"
    without = frozenset() if name == "worker" else WORKERS_OWN
    return Child(Program(name, _command(*command), _environment(settings, without), log))


def _command(*words: str) -> Sequence[str]:
    return [sys.executable, "-m", "app.cli", *words]


def _environment(settings: Settings, without: frozenset[str] = WORKERS_OWN) -> dict[str, str]:
    """Ours without the owner's conninfo; the application's lies in the data folder and enters no environment."""
    withheld = without | {"HUFU_OWNER_DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in withheld}
    return inherited | {"HUFU_DATA": str(settings.data), "PYTHONUNBUFFERED": "1"}


def _wait_until_ready(keeper: Keeper) -> None:
    import httpx  # noqa: PLC0415

    deadline = time.monotonic() + READY_SECONDS
    with httpx.Client(base_url=_local_url(keeper.settings), trust_env=False) as client:
        while not keeper.stopping():
            with contextlib.suppress(httpx.TransportError):
                if client.get("/readyz").status_code == httpx.codes.OK:
                    return
            if time.monotonic() > deadline:
                raise CannotStart(f"the API is not ready after {READY_SECONDS:g} s:\n{_last_lines(keeper.children[0])}")
            keeper.tick()


def _last_lines(child: Child, count: int = 15) -> str:
    lines = child.program.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([*lines[-count:], f"({child.program.log})"])


def _demonstrate(keeper: Keeper) -> int:
    """Run `hufu demo` in a process of its own, as any other client of the API would; its exit status."""
    demonstration = subprocess.Popen(  # noqa: S603  our own command, no shell
        _command("demo"),
        env=_environment(keeper.settings),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=dying_with_us(signal.SIGTERM),  # noqa: PLW1509  only a system call, no lock is taken
    )
    while demonstration.poll() is None and not keeper.stopping():
        keeper.tick()
    if keeper.stopping():
        demonstration.terminate()
    status = demonstration.wait()
    if status != 0 and not keeper.stopping():
        console.print(f"\n[bold white on red] THE DEMONSTRATION FAILED [/] with status {status}; see above.\n")
    return status


def _local_url(settings: Settings) -> str:
    """How we reach our own API, whatever name the world knows it by."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def places(settings: Settings) -> dict[str, str]:
    """What can be opened with a browser or curl while it is up: name → address."""
    url = _local_url(settings)
    return {
        "Description of the API": f"{url}/openapi.json",
        "Discovery": f"{url}/.well-known/openid-configuration",
        "Keys": f"{url}/oauth2/jwks",
        "Messages sent": f"{url}/sandbox/messages",
        "Metrics": f"{url}/metrics",
    }


def _tell_where(settings: Settings) -> None:
    here = {"Data and secrets": str(settings.data), "Logs": str(settings.data / "logs" / "{api,worker,postgres}.log")}
    console.print("\n[bold]Hufu is up.[/] Ctrl-C stops all of it.")
    for name, place in (places(settings) | here).items():
        console.print(f"  {name:<24}{place}", soft_wrap=True)

"""`make bench`: each kind of work beside its limit, taken in the same run, as one table."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import uvloop
from rich.console import Console
from rich.table import Table

from app.settings import Settings
from benchmarks import limits, talk, timing
from benchmarks.load import CONNECTIONS, Conversation, Rate, rate, repeated, request
from benchmarks.machine import OTHER_CORE, House, house

MEMORY_LIMIT_MB = 200
LEAST_MS = 0.01
"""Of PostgreSQL for one piece of work, to be worth a word."""
DISTINCT = 1_000
UNSEEN = 12_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    work: str
    ours: str
    limit: str
    ratio: float
    wanted: str
    how: str


def main() -> None:
    """Measure and print."""
    os.sched_setaffinity(0, {OTHER_CORE})
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print("Each figure beside its limit, from this run; about eight minutes.")
    with console.status("bare Starlette"), limits.bare_server() as bare:
        form = request("POST", "/", b"grant_type=client_credentials&scope=a", Content_Type=talk.FORM)
        get_limit, form_limit = (
            _measured(bare.port, each, lambda: (bare.cpu_seconds(), 0.0)).per_cpu_second()
            for each in (request("GET", "/"), form)
        )
    with console.status("the house"), house() as ours:
        rows = list(_http_rows(ours, get_limit, form_limit, console))
    with console.status("examination"):
        rows.append(_examination_row())
    console.print("names are tried in turn; about five minutes")
    rows += _timing_rows()
    _print(console, rows)


def _http_rows(ours: House, get_limit: float, form_limit: float, console: Console) -> Iterable[Row]:
    settings = Settings()
    somebody = talk.enrol(settings)
    console.print("somebody is enrolled")
    keys = request("GET", "/oauth2/jwks")
    yield _rate_row("JWKS", _at(ours, keys), get_limit, "GET", "≥ 0.80")
    discovery = request("GET", "/.well-known/openid-configuration")
    yield _rate_row("Discovery", _at(ours, discovery), get_limit, "GET", "≥ 0.80")
    grant = talk.client_credentials(somebody.core)
    yield _rate_row("client_credentials", _at(ours, grant), form_limit, "form POST", "≥ 0.38")
    known = talk.minted(settings, somebody.core, DISTINCT)
    asked = [talk.introspections(somebody.core, itertools.cycle(known)) for _ in range(CONNECTIONS)]
    yield _rate_row("introspection, asked before", _said(ours, asked), form_limit, "form POST", "≥ 0.62")
    unseen = iter(talk.minted(settings, somebody.core, UNSEEN))
    asked = [talk.introspections(somebody.core, unseen) for _ in range(CONNECTIONS)]
    yield _rate_row("introspection, never seen", _said(ours, asked), form_limit, "form POST", "≥ 0.35")
    chains = [talk.refreshes(somebody.app, token) for token in talk.sessions(settings, somebody)]
    yield _rate_row("refresh with rotation", _said(ours, chains), form_limit, "form POST", "≥ 0.25")
    yield _password_row(ours, settings, somebody)
    yield _memory_row(ours, settings)


def _password_row(ours: House, settings: Settings, somebody: talk.Enrolled) -> Row:
    limit = limits.argon2_rate(settings.argon2_memory_kib, settings.argon2_time_cost)
    proofs = [talk.password_proofs(somebody) for _ in range(CONNECTIONS)]
    found = _said(ours, proofs)
    return Row(
        "log-in begun, password proven", f"{found.per_cpu_second(2):.1f} /s", f"{limit:.1f} /s",
        found.per_cpu_second(2) / limit, "≥ 0.85",
        f"argon2id {settings.argon2_memory_kib} KiB × {settings.argon2_time_cost}, bare; PostgreSQL {found.beside_ms(2):.2f} ms each",
    )  # fmt: skip


def _memory_row(ours: House, settings: Settings) -> Row:
    limit = MEMORY_LIMIT_MB + settings.argon2_threads * settings.argon2_memory_kib / 1024
    used = ours.api_memory_octets() / 2**20
    return Row("memory of the API and its pool", f"{used:.0f} MB", f"{limit:.0f} MB", used / limit, "≤ 1.00", "PSS after all of the above")  # fmt: skip


def _examination_row() -> Row:
    command = [sys.executable, "-m", "benchmarks.examination"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    how = "CPU of both sides and face on one core; limit: two plain RapidOCR calls, two dlib descriptors"
    return Row("examination of one card", f"{found['ours']:.2f} s", f"{found['bare']:.2f} s", found["ours"] / found["bare"], "≤ 1.50", how)  # fmt: skip


def _timing_rows() -> Iterable[Row]:
    """The bound of what the clock tells of a name, beside what it may tell."""
    for each in timing.timing():
        yield Row(
            f"CPU time of a try: {each.name} − {each.beside}", f"{each.bound:.0f} µs", f"{timing.MOST_MICROSECONDS:.0f} µs",
            each.bound / timing.MOST_MICROSECONDS, "< 1.00",
            f"95 % bound, {each.pairs} pairs, at the {each.step} step; difference {each.mean:+.1f} µs",
        )  # fmt: skip


def _at(ours: House, asked: bytes) -> Rate:
    return _measured(ours.api.port, asked, ours.clocks)


def _said(ours: House, conversations: list[Conversation]) -> Rate:
    return uvloop.run(rate(ours.api.port, conversations, ours.clocks))


def _measured(port: int, asked: bytes, clocks: Callable[[], tuple[float, float]]) -> Rate:
    return uvloop.run(rate(port, [repeated(asked) for _ in range(CONNECTIONS)], clocks))


def _rate_row(work: str, found: Rate, limit: float, beside: str, wanted: str) -> Row:
    how = f"bare Starlette {beside}" + (
        f"; PostgreSQL {found.beside_ms():.2f} ms each" if found.beside_ms() >= LEAST_MS else ""
    )
    return Row(work, f"{found.per_cpu_second():.0f} /s", f"{limit:.0f} /s", found.per_cpu_second() / limit, wanted, how)


def _print(console: Console, rows: list[Row]) -> None:
    table = Table("work", "ours", "limit", "ratio", "wanted", "beside", title="per CPU second of the API's process")
    for row in rows:
        table.add_row(row.work, row.ours, row.limit, f"{row.ratio:.2f}", row.wanted, row.how)
    console.print(table)


if __name__ == "__main__":
    main()

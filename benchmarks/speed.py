"""How many requests does the API answer in a second of its own CPU time, beside a bare server in the same minute?"""

import itertools
import re
import time
from collections.abc import Callable, Iterator, Sequence

import httpx
import uvloop

from app.settings import Settings
from benchmarks import limits, talk
from benchmarks.load import CONNECTIONS, Asked, Conversation, Rate, beside, latencies, rate, repeated, request
from benchmarks.machine import House, Server
from benchmarks.row import Row, at_least, at_most

DISTINCT = 1_000
UNSEEN = 40_000
LEAST_MS = 0.01
"""Of PostgreSQL for one piece of work, to be worth a word."""
LONGEST_MS = 2.0
"""The p99 of a single connection."""
UNAPPENDED = re.compile(r"^hufu_audit_unappended_seconds ([0-9.e+]+)$", re.MULTILINE)
FRESH_SECONDS = 3.0
LONGEST_BACKLOG_SECONDS = 300.0
FORM = request("POST", "/", b"grant_type=client_credentials&scope=a", Content_Type=talk.FORM)
GET = request("GET", "/")


def speed_rows(ours: House, settings: Settings, somebody: talk.Enrolled, bare: Server) -> Iterator[Row]:
    """The rates of what relying parties and front ends ask most, then the times of one who asks alone."""

    def row(work: str, said: Sequence[Conversation], against: bytes, mark: float, peer: str) -> Row:
        limit = Asked(bare.port, all_of(lambda: repeated(against)), lambda: (bare.cpu_seconds(), 0.0))
        found, could = uvloop.run(beside(Asked(ours.api.port, said, ours.clocks), limit))
        how = f"bare Starlette {'GET' if against is GET else 'form POST'}{_postgres(found)}"
        return at_least(work, found.per_cpu_second(), could.per_cpu_second(), mark, peer=peer, how=how)

    def all_of(each: Callable[[], Conversation]) -> list[Conversation]:
        return [each() for _ in range(CONNECTIONS)]

    keys, discovery = request("GET", "/oauth2/jwks"), request("GET", "/.well-known/openid-configuration")
    grant = talk.client_credentials(somebody.core)
    known = talk.minted(settings, somebody.core, DISTINCT)
    unseen = iter(talk.minted(settings, somebody.core, UNSEEN))
    chains = [talk.refreshes(somebody.app, token) for token in talk.sessions(settings, somebody)]
    asked = all_of(lambda: talk.introspections(somebody.core, itertools.cycle(known)))
    asked_once = all_of(lambda: talk.introspections(somebody.core, unseen))
    yield row("JWKS", all_of(lambda: repeated(keys)), GET, 0.80, "6,560 oidc-provider")
    yield row("Discovery", all_of(lambda: repeated(discovery)), GET, 0.80, "")
    yield row("client_credentials", all_of(lambda: repeated(grant)), FORM, 0.38, "1,600 oidc-provider")
    yield row("introspection, asked before", asked, FORM, 0.62, "2,900 oidc-provider, opaque")
    yield row("introspection, never seen", asked_once, FORM, 0.35, "2,900 oidc-provider, opaque")
    yield row("refresh with rotation", chains, FORM, 0.25, "1,160 oidc-provider")
    _appended(ours)
    yield _p99(ours, "JWKS", repeated(keys))
    yield _p99(ours, "client_credentials", repeated(grant))
    yield _p99(ours, "introspection", talk.introspections(somebody.core, itertools.cycle(known)))
    yield _p99(ours, "refresh", talk.refreshes(somebody.app, talk.sessions(settings, somebody)[0]))


def password_row(ours: House, settings: Settings, somebody: talk.Enrolled) -> Row:
    """A log-in begun and its password proven, beside bare argon2id of the same cost."""
    cost = settings.argon2_memory_kib, settings.argon2_time_cost
    before = limits.argon2_rate(*cost)
    found = _said(ours, [talk.password_proofs(somebody) for _ in range(CONNECTIONS)])
    limit, rate_ = (before + limits.argon2_rate(*cost)) / 2, found.per_cpu_second(2)
    how = f"argon2id {cost[0]} KiB × {cost[1]}, bare; PostgreSQL {found.beside_ms(2):.2f} ms each"
    return Row(
        "log-in begun, password proven", f"{rate_:.1f} /s", f"{limit:.1f} /s", rate_ / limit, "≥ 0.85", rate_ / limit >= 0.85,
        "7 better-auth", how,
    )  # fmt: skip


def _p99(ours: House, work: str, conversation: Conversation) -> Row:
    times = sorted(uvloop.run(latencies(ours.api.port, conversation)))
    p99, median = (1000 * times[int(len(times) * part)] for part in (0.99, 0.5))
    return at_most(
        f"{work}, one connection, p99", p99, LONGEST_MS, 1.0, unit="ms", peer="8 ms oidc-provider",
        how=f"wall clock; median {median:.2f} ms of {len(times):,}",
    )  # fmt: skip


def _appended(ours: House) -> None:
    """Until the audit's log has taken what the rows above made in seconds: nobody who asks alone stands behind that."""
    deadline = time.monotonic() + LONGEST_BACKLOG_SECONDS
    while time.monotonic() < deadline:
        metrics = httpx.get(f"http://127.0.0.1:{ours.api.port}/metrics", trust_env=False).text
        found = UNAPPENDED.search(metrics)
        if found is not None and float(found.group(1)) < FRESH_SECONDS:
            return
        time.sleep(1)
    raise TimeoutError("the audit's log does not catch up")


def _said(ours: House, conversations: Sequence[Conversation]) -> Rate:
    return uvloop.run(rate(Asked(ours.api.port, conversations, ours.clocks)))


def _postgres(found: Rate) -> str:
    return f"; PostgreSQL {found.beside_ms():.2f} ms each" if found.beside_ms() >= LEAST_MS else ""

"""May another guess be made? Failures are counted per key and block it for a time; nothing here knows an account.

A key is the keyed hash of what was typed as identifier (so an unknown one is counted and blocked exactly like a known
one, A28), of a network, or of an authenticator after the first proof. A known device will be one more kind of key.
Issuing a code never touches a counter (A24). Only a *completed* log-in clears the identifier's and the authenticators'
(A25): if a right password did, whoever knows it could guess codes without end. Nothing clears a network's, or an
attacker with one account of his own would clear it at will.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from app.core.refusal import Refusal


class TooManyTries(Refusal, code="too_many_tries"):
    """Facts: retry_after_seconds. Raised before the proof is looked at: a right guess is blocked like a wrong one."""


class Key(StrEnum):
    """What failures are counted on."""

    IDENTIFIER = "identifier"
    AUTHENTICATOR = "authenticator"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures, within what time, block for how long."""

    strikes: int
    window: timedelta
    block: timedelta
    """The first block; each further one doubles."""
    longest_block: timedelta
    most_in_a_row: int | None
    """Consecutive failures after which only recovery helps; None: this key has no such end."""
    clause: str


LIMIT_BY_KEY = {
    Key.IDENTIFIER: Limit(
        strikes=5,
        window=timedelta(hours=24),
        block=timedelta(minutes=30),
        longest_block=timedelta(hours=24),
        most_in_a_row=100,
        clause="RTS (EU) 2018/389 Art. 4(3)(b): 5; PCI DSS 4.0.1 8.3.4: 30 minutes; SP 800-63B-4 §3.2.2: 100 in a row",
    ),
    Key.AUTHENTICATOR: Limit(
        strikes=5,
        window=timedelta(hours=24),
        block=timedelta(minutes=30),
        longest_block=timedelta(hours=24),
        most_in_a_row=100,
        clause="RTS (EU) 2018/389 Art. 4(3)(b): 5; PCI DSS 4.0.1 8.3.4: 30 minutes; SP 800-63B-4 §3.2.2: 100 in a row",
    ),
    # A branch or a mobile network stands behind one address: many honest slips, and no end but time.
    Key.NETWORK: Limit(
        strikes=100,
        window=timedelta(minutes=15),
        block=timedelta(minutes=15),
        longest_block=timedelta(minutes=15),
        most_in_a_row=None,
        clause="ASVS 5.0 6.3.1: throttling per source; the figures are ours",
    ),
}


@dataclass(frozen=True, slots=True)
class Counter:
    """The failures on one key; a key never seen has the empty counter."""

    strikes: int = 0
    """In the present window."""
    window_started: datetime | None = None
    in_a_row: int = 0
    """Since the last success (A20)."""
    blocks: int = 0
    """Since the last success."""
    blocked_until: datetime | None = None
    exhausted: bool = False
    """The end of A20 is reached: blocked until recovery clears it."""


EMPTY = Counter()


def strike(counter: Counter, now: datetime, limit: Limit) -> Counter:
    """Count one failure; the one that reaches the limit blocks."""
    if counter.window_started is None or now >= counter.window_started + limit.window:
        counter = replace(counter, strikes=0, window_started=now)
    counter = replace(counter, strikes=counter.strikes + 1, in_a_row=counter.in_a_row + 1)
    if limit.most_in_a_row is not None and counter.in_a_row >= limit.most_in_a_row:
        return replace(counter, exhausted=True, blocked_until=now + limit.longest_block)
    return counter if counter.strikes < limit.strikes else _block(counter, now, limit)


def blocked(counter: Counter, now: datetime, limit: Limit) -> int | None:
    """Seconds until another try is looked at; None: now. An exhausted counter says its longest block for ever."""
    if counter.exhausted:
        return ceil(limit.longest_block.total_seconds())
    if counter.blocked_until is None or now >= counter.blocked_until:
        return None
    return ceil((counter.blocked_until - now).total_seconds())


def refuse_blocked(counter: Counter, now: datetime, limit: Limit) -> None:
    """Raise `TooManyTries` while the key is blocked."""
    wait = blocked(counter, now, limit)
    if wait is not None:
        raise TooManyTries(retry_after_seconds=wait)


def tries_left(counter: Counter, limit: Limit) -> int | None:
    """Failures until only recovery helps, of which the person is warned in time (A21); None: there is no such end."""
    return None if limit.most_in_a_row is None else max(limit.most_in_a_row - counter.in_a_row, 0)


def cleared(counter: Counter) -> Counter:
    """After a completed log-in (A25). An exhausted counter stays: only recovery sets `EMPTY` (A20)."""
    return counter if counter.exhausted else EMPTY


def _block(counter: Counter, now: datetime, limit: Limit) -> Counter:
    # Doubling stops counting at 2^16: any block has met the longest by then.
    length = min(limit.block * 2 ** min(counter.blocks, 16), limit.longest_block)
    return replace(counter, strikes=0, window_started=None, blocks=counter.blocks + 1, blocked_until=now + length)

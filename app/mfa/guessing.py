"""May another guess be made? Failures are counted per key and block it for a time; nothing here knows an account.

A try from a device that is known counts on that device and on nothing else. Any other try is a stranger's: it counts on
the keyed hash of what was typed as identifier (an unknown one is counted and blocked exactly like a known one, A28), on
its network, and after the first proof on the authenticator. So strangers can shut out strangers alone: ten thousand wrong
passwords from elsewhere never keep the owner out on a known device (A26), and who stole one device shuts out no other.

Every block ends by itself. SP 800-63B-4 §3.2.2 wants an authenticator disabled after 100 failures in a row (A20), which
would hand whoever knows a phone number the power to disable it; after that many, one guess a day is looked at instead,
`most_within` says how many that makes. Issuing a code never touches a counter (A24). Only a *completed* log-in clears, and
only what it was counted on (A25): if a right password did, whoever knows it could guess codes without end; if a known
device cleared the strangers' count, they would begin anew each time its owner signs in. Nothing clears a network's, or an
attacker with one account of his own would clear it at will.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from types import MappingProxyType

from app.core.refusal import Refusal

NO_NETWORK = "unknown"
"""What is counted on where nobody knows whence a try came."""
NETWORK_BITS = 64
"""Of an IPv6 address; the rest any one subscriber of a provider chooses at will, RFC 6177."""


class TooManyTries(Refusal, code="too_many_tries"):
    """Facts: retry_after_seconds. A right guess is refused like a wrong one."""


class Key(StrEnum):
    """What failures are counted on. Counters are locked in the order of these names."""

    AUTHENTICATOR = "authenticator"
    DEVICE = "device"
    IDENTIFIER = "identifier"
    NETWORK = "network"


Keys = Mapping[Key, bytes]
"""What a try counts on: each kind of key with the keyed hash of its value."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures block for how long."""

    strikes: int
    window: timedelta | None
    """How long they are added up; None: until a success or a block, however slowly they come."""
    block: timedelta
    """The first block; each further one doubles."""
    longest_block: timedelta
    most_in_a_row: int | None
    """Consecutive failures from which on each single one blocks for the longest time; None: this key has no such end."""
    clause: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one policy profile."""

    name: str
    person: Limit
    """Of strangers at one identifier and at one authenticator, and of each known device."""
    network: Limit

    def of(self, key: Key) -> Limit:
        """The limit on failures counted on this kind of key."""
        return self.network if key is Key.NETWORK else self.person


# A branch or a mobile network stands behind one address: many honest slips, and no end but time.
_NETWORK = Limit(
    strikes=100,
    window=timedelta(minutes=15),
    block=timedelta(minutes=15),
    longest_block=timedelta(minutes=15),
    most_in_a_row=None,
    clause="ASVS 5.0 6.3.1: throttling per source; the figures are ours",
)
_DAY = timedelta(hours=24)

# GB/T 22239-2019 asks to limit wrong log-ins and gives no figures: RTS's five, PCI's half an hour.
CN_BANK = Limits(
    "cn-bank",
    Limit(
        strikes=5,
        window=None,
        block=timedelta(minutes=30),
        longest_block=_DAY,
        most_in_a_row=100,
        clause="GB/T 22239-2019 8.1.4.1 b: a limit; RTS (EU) 2018/389 Art. 4(3)(b): 5; PCI DSS 4.0.1 8.3.4: 30 minutes; "
        "SP 800-63B-4 §3.2.2: 100 in a row, then one a day in place of disabling",
    ),
    _NETWORK,
)
PCI = Limits(
    "pci",
    Limit(
        strikes=10,
        window=None,
        block=timedelta(minutes=30),
        longest_block=_DAY,
        most_in_a_row=100,
        clause="PCI DSS 4.0.1 8.3.4: at most 10, 30 minutes; SP 800-63B-4 §3.2.2: 100 in a row, then one a day in place "
        "of disabling",
    ),
    _NETWORK,
)
NIST = Limits(
    "nist",
    Limit(
        strikes=10,
        window=None,
        block=timedelta(seconds=30),
        longest_block=_DAY,
        most_in_a_row=100,
        clause="SP 800-63B-4 §3.2.2: 100 in a row, before them waits that grow from 30 seconds; then one a day in place "
        "of disabling",
    ),
    _NETWORK,
)

LIMITS: Mapping[str, Limits] = MappingProxyType({limits.name: limits for limits in (CN_BANK, PCI, NIST)})
"""By the name of the profile, as `password_policy.POLICIES`."""


@dataclass(frozen=True, slots=True)
class Counter:
    """The failures on one key; a key never seen has the empty counter."""

    strikes: int = 0
    """Since the last block, within the window."""
    window_started: datetime | None = None
    struck_at: datetime | None = None
    """The last failure."""
    in_a_row: int = 0
    """Since the last success (A20)."""
    blocks: int = 0
    """Since the last success."""
    blocked_until: datetime | None = None


EMPTY = Counter()


def counted_on(*, identifier: bytes, network: bytes, authenticator: bytes | None, device: bytes | None) -> Keys:
    """What a failure of this try counts on, and what may block it. `device`: known to be the named person's, or None."""
    if device is not None:
        return {Key.DEVICE: device}
    strangers = {Key.IDENTIFIER: identifier, Key.NETWORK: network}
    return strangers if authenticator is None else strangers | {Key.AUTHENTICATOR: authenticator}


def cleared_by_success(keys: Keys) -> Keys:
    """Of what a log-in was counted on, what its completion clears (A25)."""
    return {key: value for key, value in keys.items() if key is not Key.NETWORK}


def network_of(address: str | None) -> str:
    """The network that failures from this address are counted on: of IPv6 its /64, of IPv4 the address itself."""
    if address is None:
        return NO_NETWORK
    found = ip_address(address)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((int(found), NETWORK_BITS), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def strike(counter: Counter, now: datetime, limit: Limit) -> Counter:
    """Count one failure; the one that reaches the limit blocks."""
    if counter.window_started is None or (limit.window is not None and now >= counter.window_started + limit.window):
        counter = replace(counter, strikes=0, window_started=now)
    struck = replace(counter, strikes=counter.strikes + 1, struck_at=now, in_a_row=counter.in_a_row + 1)
    if limit.most_in_a_row is not None and struck.in_a_row >= limit.most_in_a_row:
        return _blocked(struck, now, limit.longest_block)
    if struck.strikes < limit.strikes:
        return struck
    # Doubling stops counting at 2^16: any block has met the longest by then.
    return _blocked(struck, now, min(limit.block * 2 ** min(struck.blocks, 16), limit.longest_block))


def seconds_blocked(counter: Counter, now: datetime) -> int | None:
    """Seconds until another try is looked at; None: now."""
    if counter.blocked_until is None or now >= counter.blocked_until:
        return None
    return ceil((counter.blocked_until - now).total_seconds())


def refusal_of(counters: Mapping[Key, Counter], now: datetime) -> TooManyTries | None:
    """Why no try on these keys is looked at now: the longest of their blocks."""
    waits = [wait for counter in counters.values() if (wait := seconds_blocked(counter, now)) is not None]
    return TooManyTries(retry_after_seconds=max(waits)) if waits else None


def most_within(limit: Limit, span: timedelta) -> int:
    """The most failures in a row on one key that are looked at within a time, by who never waits longer than blocked."""
    began = datetime.min.replace(tzinfo=UTC)
    counter, now, looked_at = EMPTY, began, 0
    while now < began + span:
        counter, looked_at = strike(counter, now, limit), looked_at + 1
        now = counter.blocked_until or now
    return looked_at


def _blocked(counter: Counter, now: datetime, length: timedelta) -> Counter:
    return replace(counter, strikes=0, window_started=None, blocks=counter.blocks + 1, blocked_until=now + length)

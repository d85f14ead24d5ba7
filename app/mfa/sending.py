"""May another code be sent? Sends are counted on the number, its prefix and country, the network, the client and the day.

A message costs the bank money and bothers whoever owns the number; a fraudster who earns by the message rents whole
ranges of numbers, hence the counts on what numbers have in common (A41). Storage keeps keyed hashes, no number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from app.core.refusal import Refusal
from app.mfa.contact_address import Channel, country_code

PREFIX_LESS = 4
"""Numbers that differ in their last four digits alone are one range, as operators give them out."""


class SentTooOften(Refusal, code="sent_too_often"):
    """Facts: retry_after_seconds, where waiting helps."""


class Cap(StrEnum):
    """What sends are counted on, narrowest first: the widest are held for the shortest time."""

    NUMBER = "1_number"
    PREFIX = "2_prefix"
    NETWORK = "3_network"
    CLIENT = "4_client"
    COUNTRY = "5_country"
    DAY = "6_day"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many sends within what time, and how far apart."""

    most: int
    clause: str
    window: timedelta = timedelta(days=1)
    apart: timedelta = timedelta()


FIGURES = "SP 800-63B-4 §3.2.2, ASVS 5.0 6.6.3: throttled per number and source; the figures are ours"
HOME = 100_000
"""Messages a day in the country the bank is at home in."""
LIMIT_BY_CAP: Final[Mapping[Cap, Limit]] = {
    Cap.NUMBER: Limit(10, FIGURES, apart=timedelta(seconds=30)),
    Cap.PREFIX: Limit(200, FIGURES),
    # A branch or a mobile network stands behind one address.
    Cap.NETWORK: Limit(500, FIGURES, window=timedelta(hours=1)),
    Cap.CLIENT: Limit(HOME, FIGURES),
    Cap.COUNTRY: Limit(200, "ASVS 5.0 6.6.4; what a foreign range may cost a day before somebody looks"),
    Cap.DAY: Limit(HOME, FIGURES),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The sends counted on one key; a key never seen has the empty tally."""

    sent: int = 0
    """In the present window."""
    window_started: datetime | None = None
    last_at: datetime | None = None


EMPTY = Tally()


def counted_on(channel: Channel, address: str, *, network: str, client: str) -> dict[Cap, str]:
    """What one send counts on; a mailbox has neither prefix nor country, and costs next to nothing."""
    keys = {Cap.NUMBER: address, Cap.NETWORK: network, Cap.CLIENT: client}
    if channel is Channel.EMAIL:
        return keys
    own = {Cap.PREFIX: address[:-PREFIX_LESS], Cap.COUNTRY: country_code(address), Cap.DAY: "all"}
    return dict(sorted((keys | own).items()))


def limits(*, home_country: str, most_a_day: int, limit_by_cap: Mapping[Cap, Limit] = LIMIT_BY_CAP) -> "Limits":
    """The limits of a bank that sends up to `most_a_day`, of which any number may go to its own country."""
    whole = {cap: replace(limit_by_cap[cap], most=most_a_day) for cap in (Cap.CLIENT, Cap.DAY)}
    return Limits({**limit_by_cap, **whole}, home_country, replace(limit_by_cap[Cap.COUNTRY], most=most_a_day))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force; the bank's own country has its own."""

    by_cap: Mapping[Cap, Limit]
    home_country: str
    home: Limit

    def of(self, cap: Cap, value: str) -> Limit:
        """The limit on this value of this cap."""
        return self.home if cap is Cap.COUNTRY and value == self.home_country else self.by_cap[cap]


def count(tally: Tally, now: datetime, limit: Limit) -> Tally:
    """The tally after one more; raises `SentTooOften` where it would be one too many or too soon."""
    if tally.window_started is None or now >= tally.window_started + limit.window:
        tally = replace(tally, sent=0, window_started=now)
    started = tally.window_started or now
    if tally.sent >= limit.most:
        raise _later(started + limit.window - now)
    if tally.last_at is not None and now < tally.last_at + limit.apart:
        raise _later(tally.last_at + limit.apart - now)
    return replace(tally, sent=tally.sent + 1, last_at=now)


def _later(wait: timedelta) -> SentTooOften:
    return SentTooOften(retry_after_seconds=ceil(wait.total_seconds()))

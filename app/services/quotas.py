"""Who has asked enough for now? Counted in this process alone: behind several, each lets through its own share.

A network counts on every request, before anybody is known. A client counts once it has proven who it is, or anybody could
use up another's share by its name; an applicant or subscriber by the token they brought. What is refused here is not
written to the audit: an event for each would be a way to fill the disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from app.assertion.client import Client
from app.core.ids import ClientId
from app.core.load import Load
from app.core.quota import Buckets, Quota

SITE_BITS: Final = 64
"""Of an IPv6 address: whoever has one has all of its /64 (RFC 6177)."""
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute."""

    network: int
    client: int
    person: int
    exempt: tuple[Network, ...]
    """Networks that are not counted: the bank's own."""


def networks_of(given: str) -> tuple[Network, ...]:
    """Networks in a list separated by commas; raises ValueError."""
    return tuple(ip_network(each.strip()) for each in given.split(",") if each.strip())


class Quotas:
    """The buckets of this process."""

    def __init__(self, limits: Limits, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._networks, self._clients, self._persons = (
            Buckets(Quota(most)) for most in (limits.network, limits.client, limits.person)
        )
        # Reading an address costs more than counting it.
        self._counted_as = lru_cache(maxsize=16_384)(lambda address: _counted_as(address, limits.exempt))

    def network(self, address: str) -> None:
        """Count a request from there; raises TooManyRequests."""
        counted_as = self._counted_as(address)
        if counted_as is not None:
            self._networks.take(counted_as, self._ticks())

    def client(self, client: Client) -> None:
        """Count a request of a client that proved itself by its secret."""
        self.client_id(client.id)

    def client_id(self, client_id: ClientId) -> None:
        """Count a request with a good token of a client's own."""
        self._clients.take(client_id, self._ticks())

    def person(self, token_or_id: str) -> None:
        """Count a request of an applicant, by the token, or a subscriber: no token is remembered, only what it hashes to."""
        self._persons.take(blake2b(token_or_id.encode(), digest_size=12).hexdigest(), self._ticks())

    def refused(self) -> dict[str, int]:
        """How many were, by what they were counted on."""
        return {name: buckets.refused for name, buckets in self._by_name().items()}

    def loads(self) -> dict[str, Load]:
        """How many callers are remembered."""
        return {name: Load(len(buckets), 0, 0) for name, buckets in self._by_name().items()}

    def _by_name(self) -> dict[str, Buckets]:
        return {"network": self._networks, "client": self._clients, "person": self._persons}


def _counted_as(given: str, exempt: Sequence[Network]) -> str | None:
    try:
        address = ip_address(given)
    except ValueError:
        return "unreadable"  # one bucket for all who hide behind a proxy that says nothing an address is made of
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if any(address in network for network in exempt):
        return None
    return str(ip_network((address, SITE_BITS), strict=False)) if isinstance(address, IPv6Address) else str(address)

"""How does a message leave the house? Through a port that says what became of it: taken, refused, not sent, or unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.mfa.contact_address import Channel


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way out, in clear."""

    id: str
    """The same at every try: a gateway that knows it again may drop the double."""
    recipient: str = field(repr=False)
    template: str
    language: str
    subject: str
    body: str = field(repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the words were made of, for gateways that keep the words themselves."""


class NotSent(Exception):
    """Nothing that could become a message has left: it may be tried again. The words name a cause, never a person."""


class Rejected(Exception):
    """The gateway will not take it, and no other try helps."""


class MayHaveLeft(Exception):
    """The gateway may have taken it: it hung, broke off, or did not say that it did."""


class MessageGateway(Protocol):
    """Takes a message to a person."""

    name: str

    async def send(self, letter: Letter) -> None:
        """Return when the gateway said that it took it; raise NotSent, Rejected or MayHaveLeft."""
        ...


class NullMessages:
    """Sends nothing; `/sandbox/messages` shows the outbox. Refused by name in production."""

    name = "null"

    async def send(self, letter: Letter) -> None:
        """Nothing leaves."""


class Messenger:
    """The gateway of each channel."""

    def __init__(self, by_channel: Mapping[Channel, MessageGateway]) -> None:
        self._by_channel = by_channel

    def of(self, channel: str) -> MessageGateway:
        """Who carries messages of this channel."""
        return self._by_channel[Channel(channel)]

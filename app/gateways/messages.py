"""How does a message leave the house? Through a port; its Null twin lets it rest in the outbox, to be read there."""

from typing import Protocol


class MessageGateway(Protocol):
    """Takes a message to a person."""

    name: str

    async def send(self, channel: str, recipient: str, body: str) -> None:
        """Hand the message over, or raise."""
        ...


class NullMessages:
    """Sends nothing; `/sandbox/messages` shows the outbox. Refused by name in production."""

    name = "null"

    async def send(self, channel: str, recipient: str, body: str) -> None:
        """Nothing leaves."""

"""Who outside the database has seen the audit's heads? Whoever owns the database cannot change what a witness saw."""

from typing import Protocol

from app.audit.head import Handed


class WitnessRefused(Exception):
    """The head does not continue what the witness saw: somebody rewrote the log."""


class WitnessUnavailable(Exception):
    """The witness could not take it now."""


class Witness(Protocol):
    """Takes heads in order."""

    name: str

    async def take(self, handed: Handed) -> None:
        """Keep a head; one it has already is taken again. Raises WitnessRefused or WitnessUnavailable."""
        ...


class NullWitness:
    """Forgets every head; for tests."""

    name = "null"

    async def take(self, handed: Handed) -> None:
        """Forget it."""

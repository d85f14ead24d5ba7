"""Which witnesses do the settings name? Built once at the start, so that what is wrong with them stops it."""

from app.gateways.nulls import refuse_nulls
from app.gateways.witness import Witness
from app.gateways.witness.file import FileWitness
from app.settings import Settings


def witnesses_of(settings: Settings) -> tuple[Witness, ...]:
    """Every witness of the audit's heads; at least one."""
    made: list[Witness] = [FileWitness(settings.witness_file)]
    refuse_nulls(settings.environment, *made)
    return tuple(made)

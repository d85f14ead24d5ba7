"""What does a worker append the audit's log with? A role, a signer, and the witnesses outside."""

from app.audit.tree import Hashing
from app.building.ground import Ground, master_key_of
from app.core.secret import Secret
from app.gateways.audit_signing import HeadSigner
from app.gateways.master_key import private_text
from app.gateways.nulls import refuse_nulls
from app.gateways.witness import Witness
from app.gateways.witness.file import FileWitness
from app.gateways.witness.http import HttpWitness, WitnessHouse
from app.services.appending import Appending
from app.services.keyring import unwrapped_for_audit
from app.settings import Settings


async def appending_of(base: Ground) -> Appending:
    """What the worker appends to the audit's log; raises KeyMissing, or RuntimeError where no way to it is set."""
    settings = base.settings
    pairs = await unwrapped_for_audit(base.database, master_key_of(settings, base.entropy))
    return Appending(
        Secret(settings.appender_url()),
        HeadSigner(pairs),
        witnesses_of(settings),
        base.clock,
        base.entropy,
        hashing=Hashing(settings.audit_hashing),
    )


def witnesses_of(settings: Settings) -> list[Witness]:
    """Who outside the database is handed each head of the audit: a file, another house, or both."""
    found: list[Witness] = [] if settings.witness_file is None else [FileWitness(settings.witness_file)]
    if settings.audit_witness_url and settings.audit_witness_secret_file is not None:
        secret = private_text(settings.audit_witness_secret_file, "HUFU_AUDIT_WITNESS_SECRET_FILE")
        found.append(HttpWitness(WitnessHouse(settings.audit_witness_url, secret, settings.audit_witness_ca_file)))
    refuse_nulls(settings.environment, *found)
    return found

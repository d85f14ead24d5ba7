"""Which witnesses do the settings name? Built once at the start, so that what is wrong with them stops it."""

import stat
from pathlib import Path

from app.core.secret import Secret
from app.gateways.nulls import refuse_nulls
from app.gateways.witness import Witness
from app.gateways.witness.file import FileWitness
from app.gateways.witness.http import HttpWitness
from app.settings import Settings


def witnesses_of(settings: Settings) -> tuple[Witness, ...]:
    """Every witness of the audit's heads, the file always; raises ValueError for what is unsafe."""
    made: list[Witness] = [FileWitness(settings.witness_file)]
    if settings.audit_witness_url:
        hosts = {host.strip() for host in settings.audit_witness_hosts.split(",") if host.strip()}
        secret = _secret(settings.audit_witness_secret_file)
        made.append(HttpWitness(settings.audit_witness_url, secret, hosts=hosts))
    refuse_nulls(settings.environment, *made)
    return tuple(made)


def _secret(file: Path | None) -> Secret[str] | None:
    if file is None:
        return None
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ValueError(f"{file} can be read by others than its owner")
    return Secret(file.read_text(encoding="utf-8").strip())

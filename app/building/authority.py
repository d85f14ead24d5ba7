"""Whom do we ask about a number? The authority the settings name, or nobody."""

import os

from app.core.clock import Machine
from app.core.entropy import Entropy
from app.gateways.authority import Authority, NullAuthority
from app.gateways.authority.http import AuthorityHouse, HttpAuthority
from app.gateways.authority.wary import WaryAuthority
from app.gateways.master_key import is_private, private_text
from app.settings import Settings


def authority_of(settings: Settings, machine: Machine, entropy: Entropy) -> Authority:
    """The authority; raises where a file of ours is missing, readable by others or no certificate, and then nothing starts."""
    if not settings.authority_url:
        return NullAuthority()
    secret = None
    if settings.authority_secret_file is not None:
        secret = private_text(settings.authority_secret_file, "HUFU_AUTHORITY_SECRET_FILE")
    certificate = settings.authority_certificate_file
    if certificate is not None and not is_private(certificate.stat(), reader=os.geteuid()):
        raise ValueError(f"HUFU_AUTHORITY_CERTIFICATE_FILE: {certificate} holds a key and can be read by others")
    house = AuthorityHouse(
        settings.authority_url, secret, certificate, settings.authority_ca_file, settings.authority_seconds
    )
    return WaryAuthority(HttpAuthority(house, entropy), machine)

"""How does the bank's own hardware keep the master key? By a module the bank brings; PKCS #11 has none of its own here.

`HUFU_MASTER_KEY_MODULE=bank.hufu_hsm:master_key` names a callable that takes the environment and returns a MasterKey.
"""

import importlib
from collections.abc import Callable

from app.core.environment import Environment
from app.gateways.master_key import MasterKey, MasterKeyUnfit

NEEDED = ("name", "environment", "wrap", "unwrap")


def from_module(named: str, environment: Environment) -> MasterKey:
    """The master key of that module; raises MasterKeyUnfit, which says what is missing."""
    module, _, name = named.partition(":")
    if not module or not name:
        raise MasterKeyUnfit(
            "HUFU_MASTER_KEY_FROM=module needs HUFU_MASTER_KEY_MODULE=package.module:callable: Hufu brings no driver of a"
            " PKCS #11 device, the bank's module speaks to it and returns what app.gateways.master_key.MasterKey describes"
        )
    try:
        make: Callable[[Environment], MasterKey] = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as absent:
        raise MasterKeyUnfit(f"HUFU_MASTER_KEY_MODULE={named}: {absent}") from absent
    made = make(environment)
    if missing := [each for each in NEEDED if not hasattr(made, each)]:
        raise MasterKeyUnfit(f"HUFU_MASTER_KEY_MODULE={named}: what it returns has no {', '.join(missing)}")
    if made.environment is not environment:
        raise MasterKeyUnfit(f"HUFU_MASTER_KEY_MODULE={named}: made for {made.environment}, this is {environment}")
    return made

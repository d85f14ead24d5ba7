"""Does anything stand in for a gateway where it must not? Nulls serve a desk, a sandbox and tests."""

from app.core.environment import Environment

NULL = "Null"
"""How the class of every stand-in begins; what is made of one is one."""


class NullInProduction(Exception):
    """A stand-in was given to production, which would send nothing or accept whatever it was told."""


def refuse_nulls(environment: Environment, *gateways: object) -> None:
    """Raise NullInProduction, which names the class, where one of the gateways is a stand-in."""
    if environment is not Environment.PRODUCTION:
        return
    for gateway in gateways:
        for kind in type(gateway).__mro__:
            if kind.__name__.startswith(NULL):
                raise NullInProduction(f"production refuses {kind.__name__}")

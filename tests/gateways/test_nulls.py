"""Does production refuse every stand-in by name?"""

import inspect
import pkgutil
from importlib import import_module

import pytest

import app.gateways
from app.core.environment import Environment
from app.gateways.authority import NullAuthority
from app.gateways.messages import NullMessages
from app.gateways.nulls import NullInProduction, refuse_nulls
from app.gateways.vision.null import NullVision
from app.gateways.witness import NullWitness
from tests.flows.conftest import Eyes


def stand_ins() -> set[type]:
    """Every class of ours that stands in for a gateway, wherever it is."""
    modules = [import_module(found.name) for found in pkgutil.walk_packages(app.gateways.__path__, "app.gateways.")]
    classes = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return {kind for kind in classes if kind.__module__.startswith("app.") and ".Null" in f".{kind.__name__}"}


def test_there_are_these_and_no_others() -> None:
    """The authority's twin may stand in production: it confirms nobody, so every level stays at none without it (R45)."""
    assert stand_ins() - {NullInProduction} == {NullMessages, NullVision, NullWitness, NullAuthority}


@pytest.mark.parametrize("kind", [NullMessages, NullVision, NullWitness, Eyes])
def test_production_refuses_it_by_name(kind: type) -> None:
    stand_in: object = object.__new__(kind)
    with pytest.raises(NullInProduction, match=r"production refuses Null(Messages|Vision|Witness)"):
        refuse_nulls(Environment.PRODUCTION, object(), stand_in)
    refuse_nulls(Environment.SANDBOX, stand_in)

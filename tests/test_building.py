"""Is the house built only from parts that belong together?"""

from pathlib import Path
from typing import Any

import pytest

from app.building import policy_of
from app.building.authority import authority_of
from app.core.clock import SystemClock
from app.core.entropy import SystemEntropy
from app.gateways.authority import NullAuthority
from app.gateways.authority.wary import WaryAuthority
from app.settings import Settings
from app.verification.policy import PolicyBroken
from tests.house.production import secret_file

ASKED: dict[str, Any] = {
    "authority_url": "https://authority.example/check",
    "authority_hosts": "authority.example",
}


@pytest.mark.rule("R92")
def test_a_policy_made_for_another_environment_is_refused() -> None:
    with pytest.raises(PolicyBroken, match="HUFU_POLICY"):
        policy_of(Settings(policy="production-1"))


def test_each_environment_has_a_policy_of_its_own() -> None:
    assert policy_of(Settings()).environment == "development"


@pytest.mark.rule("R45")
def test_where_no_authority_is_set_nobody_is_asked() -> None:
    assert isinstance(authority_of(Settings(), SystemClock(), SystemEntropy()), NullAuthority)


@pytest.mark.rule("A123")
def test_an_authority_that_is_down_is_left_alone_for_a_while(tmp_path: Path) -> None:
    settings = Settings(**ASKED | {"authority_secret_file": secret_file(tmp_path, "secret")})
    assert isinstance(authority_of(settings, SystemClock(), SystemEntropy()), WaryAuthority)


def test_a_certificate_that_others_can_read_is_shown_to_nobody(tmp_path: Path) -> None:
    open_to_all = secret_file(tmp_path, "certificate")
    open_to_all.chmod(0o644)
    settings = Settings(**ASKED | {"authority_certificate_file": open_to_all})
    with pytest.raises(ValueError, match="HUFU_AUTHORITY_CERTIFICATE_FILE"):
        authority_of(settings, SystemClock(), SystemEntropy())

"""Is the house built only from parts that belong together?"""

import pytest

from app.building import policy_of
from app.settings import Settings
from app.verification.policy import PolicyBroken


@pytest.mark.rule("R92")
def test_a_policy_made_for_another_environment_is_refused() -> None:
    with pytest.raises(PolicyBroken, match="HUFU_POLICY"):
        policy_of(Settings(policy="production-1"))


def test_each_environment_has_a_policy_of_its_own() -> None:
    assert policy_of(Settings()).environment == "development"

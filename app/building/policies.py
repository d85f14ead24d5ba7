"""Which decision policies are there to choose among? Ours and the bank's own, each made for one environment."""

from importlib import resources
from importlib.resources.abc import Traversable

from app.services.policies import Policies
from app.settings import Settings
from app.verification.policy import Policy, PolicyBroken, parse_policy


def policy_of(settings: Settings) -> Policy:
    """The decision policy the settings name; raises PolicyBroken or FileNotFoundError.

    A policy made for another environment is refused: development's, chosen in production, would accept uncalibrated.
    """
    for folder in _policy_folders(settings):
        file = folder / f"{settings.policy_name}.toml"
        if file.is_file():
            policy = parse_policy(file.read_text(encoding="utf-8"))
            if policy.environment == settings.environment.value:
                return policy
            raise PolicyBroken(
                f"HUFU_POLICY={settings.policy_name} is for {policy.environment}, not {settings.environment}"
            )
    raise FileNotFoundError(f"HUFU_POLICY={settings.policy_name}: there is no such policy")


def policies_of(settings: Settings) -> Policies:
    """Every decision policy made for this environment, for two officers to choose among; raises PolicyBroken."""
    files = [file for folder in _policy_folders(settings) for file in folder.iterdir() if file.name.endswith(".toml")]
    found = [parse_policy(file.read_text(encoding="utf-8")) for file in files]
    ours = {policy.version: policy for policy in found if policy.environment == settings.environment.value}
    if len({policy.version for policy in found}) < len(found):
        raise PolicyBroken(f"two policies of one version below {settings.policies_folder}")
    return Policies(ours, policy_of(settings))


def _policy_folders(settings: Settings) -> list[Traversable]:
    """Ours, and the bank's own."""
    own = [] if settings.policies_folder is None else [settings.policies_folder]
    return [resources.files("app.verification") / "policies", *own]

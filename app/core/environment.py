"""Where does this run? What one environment made counts in no other."""

from enum import StrEnum


class Environment(StrEnum):
    """At a desk, at an integrator's, or with people's money behind it."""

    DEVELOPMENT = "development"
    SANDBOX = "sandbox"
    PRODUCTION = "production"

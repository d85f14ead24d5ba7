"""What does the house consist of? Settings become gateways and services; the API and the worker stand on the same."""

from app.building.ground import Ground, ground, master_key_of, owners_ground
from app.building.house import (
    common_passwords_of,
    deliveries_of,
    examinations_of,
    house_of,
    outbox_of,
    passwords_of,
    quotas_of,
    rotations_of,
    standing_of,
    tokens_of,
)
from app.building.policies import policies_of, policy_of
from app.building.record import appending_of

__all__ = [
    "Ground",
    "appending_of",
    "common_passwords_of",
    "deliveries_of",
    "examinations_of",
    "ground",
    "house_of",
    "master_key_of",
    "outbox_of",
    "owners_ground",
    "passwords_of",
    "policies_of",
    "policy_of",
    "quotas_of",
    "rotations_of",
    "standing_of",
    "tokens_of",
]

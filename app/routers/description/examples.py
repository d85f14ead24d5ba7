"""What does a call look like, in and out? An example wherever an operation's address, body or answer holds words."""

import json
from importlib import resources
from typing import Any, Final

EXAMPLES: Final[dict[str, dict[str, Any]]] = json.loads(
    (resources.files("app.routers.description") / "examples.json").read_text(encoding="utf-8")
)
"""Operation → request and answer, as one journey with drawn people saw them; tokens are shortened."""
PAGE: Final = "<!doctype html>"
IN_ADDRESSES: Final = {
    "proofing_id": "prf_7sq2ixvvytsyxfaejunvu77adp",
    "challenge_id": "liv_7sq2ixvvytsyxfaejunvu77adp",
    "performance_id": "con_7sq2ixvvytsyxfaejunvu77adp",
    "subscriber_id": "per_mx2p6hwk3vdzq4yrt7ucne5jof",
    "login_id": "lgn_kkgvuiizbjqxckna62k4hoj6am",
    "session_id": "ses_q6ofk6pnp5emaenxwi55q4ywjd",
    "device_id": "dev_u6sn4r7o2cdkyqmxwv3hbz5g4e",
    "sign_in_id": "sgn_emmeol7x36ddq2ksg2ct2svkev",
    "proposal_id": "prp_yqdvj3gh3222waeqbqe7fvz5ri",
    "review_id": "rev_dfgs4mugji5qchgjvespnastp7",
    "side": "portrait",
    "kind": "face",
    "code": "wrong_proof",
    "name": "main.js",
}


def show(operation: dict[str, Any]) -> None:
    """Put the operation's examples where they belong."""
    found = EXAMPLES.get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and parameter["name"] in IN_ADDRESSES:
            parameter["example"] = IN_ADDRESSES[parameter["name"]]
    _fill(operation.get("requestBody", {}), found.get("request"))
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            _fill(answer, found.get("answer"))


def _fill(place: dict[str, Any], example: object) -> None:
    for form, media in place.get("content", {}).items():
        if form == "text/html":
            media["example"] = PAGE
        elif example is not None:
            media["example"] = example

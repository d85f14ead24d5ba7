"""What does the walk stand on? The parties, what was found so far, and an independent look at tokens."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import jwt
import pyotp

from app.cli.demo.parties import Applicant, FrontEnd, Kiosk, Registered
from app.cli.demo.steps import Differs, Steps, expect, same
from app.core.clock import SystemClock


@dataclass(slots=True)
class Stage:
    """What the walk stands on, and what it has found so far."""

    steps: Steps
    http: httpx.Client
    kiosk: Kiosk
    front_end: FrontEnd
    core: Registered
    seed: int
    on: date
    phone: str
    password: str
    enrolment_code: str = ""
    login_code: str = ""
    spent_refresh: object = None
    live_refresh: object = None
    totp: pyotp.TOTP | None = None
    rejected: Applicant | None = None
    """Somebody whose rejection can be appealed."""


def next_code(stage: Stage) -> str:
    """A code the person's app will show next: the one that bound it is used, and waiting half a minute shows nothing."""
    if stage.totp is None:
        raise Differs("no TOTP authenticator")
    now = SystemClock().now()
    code = stage.totp.at(now)
    return stage.totp.at(now, counter_offset=1) if code == stage.enrolment_code else code


def validated(stage: Stage, token: object, audience: str) -> dict[str, Any]:
    """The claims, as PyJWT, which the product does not use, finds them from the published keys alone."""
    keys = jwt.PyJWKClient(str(stage.http.base_url.join("/oauth2/jwks")))
    key = keys.get_signing_key_from_jwt(str(token)).key
    claims: dict[str, Any] = jwt.decode(str(token), key, algorithms=["ES256"], audience=audience)
    same("typ", jwt.get_unverified_header(str(token))["typ"], "at+jwt")
    return claims


def introspected(stage: Stage, token: object) -> dict[str, Any]:
    """What the bank's core learns of a token it was shown."""
    return expect(stage.http.post("/oauth2/introspect", data={"token": str(token)}, auth=stage.core.basic), 200)

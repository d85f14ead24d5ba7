"""What does a route need? Typed aliases, resolved from the request; nothing else."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.routers.language import preferred
from app.services.accounts import Accounts
from app.services.bindings import Bindings
from app.services.callers import Origin
from app.services.clients import Clients
from app.services.deliveries import Deliveries
from app.services.doors import Doors
from app.services.logins import Logins
from app.services.proofings import Proofings
from app.services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class House:
    """Every service, as `main` built them."""

    accounts: Accounts
    bindings: Bindings
    clients: Clients
    deliveries: Deliveries
    doors: Doors
    logins: Logins
    proofings: Proofings
    tokens: Tokens
    issuer: str


def house_of(request: Request) -> House:
    """The services of the application that serves this request."""
    found: House = request.app.state.house
    return found


def origin_of(request: Request) -> Origin:
    """Where it came from."""
    return Origin(request.client.host if request.client else None)


def language_of(request: Request) -> str:
    """The caller's language."""
    return preferred(request.headers.get("accept-language"))


Served = Annotated[House, Depends(house_of)]
Came = Annotated[Origin, Depends(origin_of)]
Language = Annotated[str, Depends(language_of)]

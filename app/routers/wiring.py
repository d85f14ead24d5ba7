"""What does a route need? Typed aliases, resolved from the request; nothing else."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from app.core import ids
from app.routers.language import preferred
from app.routers.malformed import malformed
from app.services.accounts import Accounts
from app.services.audit_reading import AuditReading
from app.services.bindings import Bindings
from app.services.block_list import BlockList
from app.services.callers import Origin
from app.services.captures import Captures
from app.services.clients import Clients
from app.services.counter import Counter
from app.services.deliveries import Deliveries
from app.services.document_readings import DocumentReadings
from app.services.doors import Doors
from app.services.face_comparisons import FaceComparisons
from app.services.face_enrolments import FaceEnrolments
from app.services.idempotency import Idempotency
from app.services.known_devices import KnownDevices
from app.services.liveness import Liveness
from app.services.liveness_batches import LivenessBatches
from app.services.logins import Logins
from app.services.presented_tokens import PresentedTokens
from app.services.progress import Progress
from app.services.proofings import Proofings
from app.services.proposals import Proposals
from app.services.quotas import Quotas
from app.services.reviews import Reviews
from app.services.sandbox_time import SandboxTime
from app.services.sms_logins import SmsLogins
from app.services.staff_enrolment import StaffEnrolments
from app.services.staff_people import StaffPeople
from app.services.staff_signin import StaffDoors, StaffSignIns
from app.services.standing import Standing
from app.services.tokens import Tokens
from app.services.typed_fields import TypedFields


@dataclass(frozen=True, slots=True)
class House:
    """Every service, as `main` built them."""

    accounts: Accounts
    audit_reading: AuditReading
    bindings: Bindings
    block_list: BlockList
    captures: Captures
    clients: Clients
    counter: Counter
    deliveries: Deliveries
    document_readings: DocumentReadings
    doors: Doors
    face_comparisons: FaceComparisons
    face_enrolments: FaceEnrolments
    idempotency: Idempotency
    known_devices: KnownDevices
    liveness: Liveness
    liveness_batches: LivenessBatches
    logins: Logins
    presented_tokens: PresentedTokens
    progress: Progress
    proofings: Proofings
    proposals: Proposals
    quotas: Quotas
    reviews: Reviews
    sandbox_time: SandboxTime
    sms_logins: SmsLogins
    staff_doors: StaffDoors
    staff_enrolments: StaffEnrolments
    staff_people: StaffPeople
    staff_sign_ins: StaffSignIns
    standing: Standing
    tokens: Tokens
    typed_fields: TypedFields
    issuer: str


def house_of(request: HTTPConnection) -> House:
    """The services of the application that serves this request."""
    found: House = request.app.state.house
    return found


def origin_of(request: HTTPConnection) -> Origin:
    """Where it came from."""
    client = request.scope["client"]
    return Origin(_address(client[0]) if client else None)


@lru_cache(maxsize=1024)
def _address(given: str) -> str | None:
    """The address in its one spelling; behind a proxy it is what a header says, and that may be a page of anything."""
    try:
        found = ip_address(given)
    except ValueError:
        return None
    return str(getattr(found, "ipv4_mapped", None) or found)


def language_of(request: HTTPConnection) -> str:
    """The caller's language."""
    return preferred(request.headers.get("accept-language"))


# FastAPI sends a plain function to a thread and back; a coroutine that only looks something up costs nothing.
async def _house(request: HTTPConnection) -> House:
    return house_of(request)


async def _origin(request: HTTPConnection) -> Origin:
    return origin_of(request)


async def _language(request: HTTPConnection) -> str:
    return language_of(request)


async def addressed(request: HTTPConnection) -> None:
    """Every id of an address could be one: a NUL or a page of text reaches neither the database nor the audit."""
    for name, given in request.path_params.items():
        if not ids.possible(given):
            raise malformed("string_pattern_mismatch", ["path", name], language=language_of(request))


Served = Annotated[House, Depends(_house)]
Came = Annotated[Origin, Depends(_origin)]
Language = Annotated[str, Depends(_language)]

"""Who is calling? Bearer and Basic credentials out of headers, and the callers they make."""

import base64
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from app.assertion.oauth import InvalidClient
from app.core.secret import Secret
from app.routers.capture_cookie import CaptureToken
from app.routers.wiring import Came, House, Served
from app.services.callers import (
    ApplicantCaller,
    CaptureCaller,
    ClientCaller,
    Origin,
    PresentingCaller,
    StaffCaller,
    SubscriberCaller,
)
from app.services.clients import Credentials
from app.staff.roles import Role

APPLICANT_PREFIX = "hat_"


def bearer_of(request: HTTPConnection) -> str | None:
    """The token of `Authorization: Bearer …`, RFC 6750 §2.1; only there, never in an address (A107)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    # Of blanks alone: `strip()` takes a no-break space too, and one token would have many spellings.
    return token.strip(" ") or None if scheme.lower() == "bearer" else None


def basic_of(request: Request) -> Credentials | None:
    """The pair of `Authorization: Basic …`, form-encoded within, RFC 6749 §2.3.1; raises InvalidClient."""
    header = request.headers.get("authorization", "")
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:  # not base64, not ASCII, not UTF-8
        raise InvalidClient from None
    if not colon:
        raise InvalidClient
    return Credentials(unquote_plus(name), Secret(unquote_plus(secret)), header)


class BearerScheme(SecurityBase):
    """One kind of bearer token, under the name the interface's description gives it."""

    def __init__(self, name: str, form: str, description: str) -> None:
        self.scheme_name = name
        self.model = HTTPBearer(bearerFormat=form, description=description)

    async def __call__(self, request: Request) -> str | None:
        """The token that was brought; whoever needs one says no."""
        return bearer_of(request)


CLIENT = BearerScheme("client", "at+jwt", "Access token of a client, by the grant `client_credentials`.")
APPLICANT = BearerScheme("applicant", "opaque", "Applicant token: shown when a proofing is opened, good for it alone.")
SUBSCRIBER = BearerScheme("subscriber", "at+jwt", "Access token of a subscriber, by the grant `authorization_code`.")
STAFF = BearerScheme("staff", "opaque", "Session token of a member of staff, by their own sign-in of two factors.")
ClientBearer = Annotated[str | None, Depends(CLIENT)]
ApplicantBearer = Annotated[str | None, Depends(APPLICANT)]
SubscriberBearer = Annotated[str | None, Depends(SUBSCRIBER)]
StaffBearer = Annotated[str | None, Depends(STAFF)]


def client_with(scope: str) -> Callable[..., Awaitable[ClientCaller]]:
    """A client whose access token covers `scope`."""

    async def client(house: Served, bearer: ClientBearer, origin: Came) -> ClientCaller:
        return await _client(house, bearer, scope, origin)

    return client


def subscriber_with(scope: str) -> Callable[..., Awaitable[SubscriberCaller]]:
    """A subscriber whose access token covers `scope`."""

    async def subscriber(house: Served, bearer: SubscriberBearer, origin: Came) -> SubscriberCaller:
        found = await house.doors.subscriber(bearer, scope, origin)
        house.quotas.person(found.subscriber_id)
        return found

    return subscriber


def staff_with(*roles: Role) -> Callable[..., Awaitable[StaffCaller]]:
    """A member of staff in a living session, with one of these roles."""
    wanted = frozenset(roles)

    async def staff(house: Served, bearer: StaffBearer, origin: Came) -> StaffCaller:
        return await house.staff_doors.admit(bearer, wanted, origin)

    return staff


async def applicant(house: Served, bearer: ApplicantBearer, origin: Came) -> ApplicantCaller:
    """The holder of an applicant token; whether it opens this proofing is judged where its row is held."""
    found = await house.doors.applicant(bearer, origin)
    # By the token, good or not: a made-up one uses up nobody's share but its own.
    house.quotas.person(found.token.reveal())
    return found


async def on_the_page(house: House, token: Secret[str], origin: Origin) -> CaptureCaller:
    """Whoever holds the capture page's cookie, good for its one proofing."""
    found = await house.captures.admit(token, origin)
    house.quotas.person(token.reveal())
    return found


async def presenting(house: Served, bearer: ApplicantBearer, cookie: CaptureToken, origin: Came) -> PresentingCaller:
    """Whoever presents evidence: by the applicant token, or on the capture page. A token that was brought decides alone."""
    if bearer is None and cookie is not None:
        return await on_the_page(house, cookie, origin)
    return await applicant(house, bearer, origin)


async def presenting_or_client(
    house: Served,
    bearer: ApplicantBearer,
    cookie: CaptureToken,
    _: Annotated[str | None, Security(CLIENT, scopes=["proofing:read"])],
    origin: Came,
) -> PresentingCaller | ClientCaller:
    """Whoever may read a proofing: its applicant, or the client that opened it. The header is the same for both."""
    if bearer is None and cookie is not None:
        return await on_the_page(house, cookie, origin)
    if bearer is not None and bearer.startswith(APPLICANT_PREFIX):
        return await applicant(house, bearer, origin)
    return await _client(house, bearer, "proofing:read", origin)


async def _client(house: House, bearer: str | None, scope: str, origin: Origin) -> ClientCaller:
    found = await house.doors.client(bearer, scope, origin)
    house.quotas.client_id(found.client_id)
    return found


Applicant = Annotated[ApplicantCaller, Depends(applicant)]
Presenting = Annotated[PresentingCaller, Depends(presenting)]
ProofingReader = Annotated[PresentingCaller | ClientCaller, Depends(presenting_or_client)]
DocumentReader = Annotated[ClientCaller, Security(client_with("documents:read"), scopes=["documents:read"])]
FaceReader = Annotated[ClientCaller, Security(client_with("faces:read"), scopes=["faces:read"])]
FaceEnroller = Annotated[ClientCaller, Security(client_with("faces:enrol"), scopes=["faces:enrol"])]
FaceComparer = Annotated[ClientCaller, Security(client_with("faces:compare"), scopes=["faces:compare"])]
PictureComparer = Annotated[
    ClientCaller, Security(client_with("faces:compare-pictures"), scopes=["faces:compare-pictures"])
]
ProofingOpener = Annotated[ClientCaller, Security(client_with("proofing:create"), scopes=["proofing:create"])]
AccountReader = Annotated[SubscriberCaller, Security(subscriber_with("account:read"), scopes=["account:read"])]
SessionKeeper = Annotated[SubscriberCaller, Security(subscriber_with("sessions:manage"), scopes=["sessions:manage"])]
AnyStaff = Annotated[StaffCaller, Depends(staff_with(*Role))]
Reviewer = Annotated[StaffCaller, Depends(staff_with(Role.REVIEWER))]
Officer = Annotated[StaffCaller, Depends(staff_with(Role.SECURITY_OFFICER))]
Deciding = Annotated[StaffCaller, Depends(staff_with(Role.REVIEWER, Role.SECURITY_OFFICER))]
"""Whoever has a part in what becomes of people."""
Auditor = Annotated[StaffCaller, Depends(staff_with(Role.AUDITOR))]

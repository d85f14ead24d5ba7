"""Who is calling? Bearer and Basic credentials out of headers, and the callers they make."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import Depends, Request

from app.assertion.oauth import InvalidClient
from app.core.secret import Secret
from app.routers.wiring import Came, Served
from app.services.callers import ApplicantCaller, ClientCaller, SubscriberCaller
from app.services.clients import Credentials
from app.services.doors import Unauthenticated

APPLICANT_PREFIX = "hat_"


def bearer_of(request: Request) -> str | None:
    """The token of `Authorization: Bearer …`, RFC 6750 §2.1; only there, never in an address (A107)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def basic_of(request: Request) -> Credentials | None:
    """The pair of `Authorization: Basic …`, form-encoded within, RFC 6749 §2.3.1; raises InvalidClient."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise InvalidClient from None
    if not colon:
        raise InvalidClient
    return Credentials(unquote_plus(name), Secret(unquote_plus(secret)))


Bearer = Annotated[str | None, Depends(bearer_of)]


def client_with(scope: str) -> Callable[..., Awaitable[ClientCaller]]:
    """A client whose access token covers `scope`."""

    async def client(house: Served, bearer: Bearer, origin: Came) -> ClientCaller:
        return await house.doors.client(bearer, scope, origin)

    return client


def subscriber_with(scope: str) -> Callable[..., Awaitable[SubscriberCaller]]:
    """A subscriber whose access token covers `scope`."""

    async def subscriber(house: Served, bearer: Bearer, origin: Came) -> SubscriberCaller:
        return await house.doors.subscriber(bearer, scope, origin)

    return subscriber


async def applicant(bearer: Bearer, origin: Came) -> ApplicantCaller:
    """The holder of an applicant token; whether it opens this proofing is judged where its row is held."""
    if bearer is None:
        raise Unauthenticated
    return ApplicantCaller(Secret(bearer), origin)


async def applicant_or_client(house: Served, bearer: Bearer, origin: Came) -> ApplicantCaller | ClientCaller:
    """Whoever may read a proofing: its applicant, or the client that opened it."""
    if bearer is not None and bearer.startswith(APPLICANT_PREFIX):
        return await applicant(bearer, origin)
    return await house.doors.client(bearer, "proofing:read", origin)


Applicant = Annotated[ApplicantCaller, Depends(applicant)]
ProofingReader = Annotated[ApplicantCaller | ClientCaller, Depends(applicant_or_client)]
ProofingOpener = Annotated[ClientCaller, Depends(client_with("proofing:create"))]
AccountReader = Annotated[SubscriberCaller, Depends(subscriber_with("account:read"))]
SessionKeeper = Annotated[SubscriberCaller, Depends(subscriber_with("sessions:manage"))]

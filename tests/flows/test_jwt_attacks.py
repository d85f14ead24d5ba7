"""Does any forged token open anything, wherever one is taken? Every place is found in the description, a new one by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.routers.callers import APPLICANT_PREFIX
from app.routers.description import METHODS
from app.settings import Settings
from tests.flows.conftest import Bank
from tests.flows.feeding import Fed
from tests.flows.people import bearer
from tests.flows.staff_feeding import Feeder
from tests.gateways.forgeries import FORGERIES, Forger

pytestmark = pytest.mark.timeout(600)
FORM = "application/x-www-form-urlencoded"
NO_TOKENS = {
    "grant_type", "scope", "resource", "code_verifier", "redirect_uri", "client_id", "client_secret", "token_type_hint", "language",
}  # fmt: skip
"""Fields of a form that open nothing by themselves; any other is a place that takes a token."""
ELSEWHERE = {"basic", "capture"}
"""No bearers: a client's own secret, and the capture page's cookie, which test_capture holds to one answer."""
SIGNED = {"client", "subscriber"}
"""Callers whose tokens are JWTs; everybody else's are opaque, and the best of JWTs is nothing there."""
HONEST = {("revoke", "wrong aud")}
"""No forgery there: whoever issued a token ends it, whomever it is for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token is taken: whose it is as a bearer, or the field of a form."""

    operation: str
    method: str
    path: str
    kind: str


def places() -> Iterator[Place]:
    """Every one of them."""
    application = create_app(Settings()).inner
    assert isinstance(application, FastAPI)
    for path, told in application.openapi()["paths"].items():
        for method in METHODS & told.keys():
            operation = told[method]
            kinds = {scheme for wanted in operation.get("security", ()) for scheme in wanted} - ELSEWHERE
            form = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            kinds |= form.get("properties", {}).keys() - NO_TOKENS
            yield from (Place(operation["operationId"], method.upper(), path, kind) for kind in sorted(kinds))


PLACES = sorted(places(), key=lambda place: place.operation)
KINDS = sorted({place.kind for place in PLACES})


async def honest(feeder: Feeder, place: Place) -> Fed:
    """A request that would be done, with the token of the kind that is taken here."""
    while True:
        fed: Fed = await getattr(feeder, place.operation)()
        if place.kind == "applicant" and not brought(place, fed).startswith(APPLICANT_PREFIX):
            continue
        if "basic" not in fed.headers.get("authorization", "").lower() and form_of(place) != FORM:
            return Fed(fed.path, bearer(await feeder.bank.kiosk_token()), fed.body) if place.kind == "client" else fed
        if isinstance(fed.body, dict) and place.kind in fed.body:
            return fed


def form_of(place: Place) -> str | None:
    """The form's media type where the token is a field of it."""
    return FORM if place.path.startswith(("/oauth2/", "/capture")) else None


def brought(place: Place, fed: Fed) -> str:
    """The honest token in it."""
    if form_of(place) and isinstance(fed.body, dict):
        return str(fed.body[place.kind])
    return fed.headers["authorization"].removeprefix("Bearer ")


async def ask(bank: Bank, place: Place, fed: Fed, token: str) -> httpx.Response:
    """The same request with this token."""
    address = re.sub(r"{(\w+)}", lambda found: fed.path[found[1]], place.path)
    if form_of(place) and isinstance(fed.body, dict):
        form = fed.body | {place.kind: token}
        return await bank.http.request(place.method, address, data=form, headers=fed.headers)
    octets = token.encode("latin-1") if max(token, default="") <= "\xff" else token.encode()
    headers = {b"authorization": b"Bearer " + octets, b"accept-language": b"en"}
    body = sent(fed.body)
    return await bank.http.request(place.method, address, headers=headers, **body)


def sent(body: object) -> dict[str, Any]:
    """As it travels: a picture itself, pictures in parts, or JSON."""
    if isinstance(body, bytes):
        return {"content": body}
    if isinstance(body, dict) and any(isinstance(value, bytes) for value in body.values()):
        return {"files": body}
    return {"json": body}


def visible(answer: httpx.Response) -> tuple[object, ...]:
    """All of an answer that could tell two forgeries apart."""
    return answer.status_code, answer.content, tuple(sorted(set(answer.headers.items()) - {("x-request-id", answer.headers["x-request-id"])}))  # fmt: skip


async def attacks(bank: Bank, place: Place, token: str) -> list[tuple[str, str, str | None]]:
    """What is brought instead: its name, itself, and the flaw to be recorded where flaws are."""
    signed = token if token.count(".") == 2 else await bank.kiosk_token()
    forger = Forger(signed, bank.ground.keys.chain.signing[0].private.reveal(), int(bank.clock.now().timestamp()))
    found = [(name, forge(forger), flaw.value if place.kind in SIGNED else None) for name, forge, flaw in FORGERIES]
    if signed != token:
        spelled = {"cut": token[:-1], "padded": token + "=", "twice": token * 2, "other case": token.swapcase()}
        spelled["last letter"] = token[:-1] + ("A" if token[-1] != "A" else "B")
        found += [(f"opaque, {name}", other, None) for name, other in spelled.items()]
        found.append(("a good JWT", signed, None))
    if place.kind == "applicant" and replace(place, kind="client") in PLACES:
        # Two places at one address: what is not spelled as an applicant's token is taken for a client's, and judged there.
        found = [each for each in found if each[1].startswith(APPLICANT_PREFIX)]
    return [each for each in found if (place.operation, each[0]) not in HONEST]


def recorded(bank: Bank, since: int) -> list[dict[str, Any]]:
    """Events later than that one, but for the end of a performance that somebody began before and sends nothing to."""
    rows = bank.sql(
        "SELECT outcome, reason, detail FROM audit_events"
        " WHERE sequence > %s AND action <> 'liveness.judge' ORDER BY sequence",
        since,
    )
    return [dict(zip(("outcome", "reason", "detail"), row, strict=True)) for row in rows]


def newest(bank: Bank) -> int:
    return int(bank.sql("SELECT coalesce(max(sequence), 0) FROM audit_events")[0][0])


def worked(bank: Bank, place: Place, answer: httpx.Response) -> bool:
    """Whether the token did what it is for; revocation says so in the audit alone (RFC 7009 §2.2)."""
    if place.operation == "introspect":
        return bool(answer.json()["active"])
    if place.operation == "revoke":
        return bool(recorded(bank, newest(bank) - 1)[0]["detail"]["revoked"])
    if place.operation == "enter_capture":
        return "set-cookie" in answer.headers  # whoever is turned away is sent to a page too
    return answer.is_success


def remembered(place: Place, event: dict[str, Any], flaw: str | None) -> bool:
    """Whether the audit tells of this try as the house tells of it here."""
    if place.operation == "introspect":
        return event["detail"].get("active") is False
    if place.operation == "revoke":
        return event["detail"].get("revoked") is False
    return (event["outcome"], event["detail"].get("flaw")) == ("refused", flaw)


@pytest.mark.rule("A86", "A94", "A95", "A96", "A99", "A100")
@pytest.mark.parametrize("kind", KINDS)
async def test_every_forgery_meets_one_answer_is_remembered_and_the_honest_token_works(bank: Bank, kind: str) -> None:
    feeder = Feeder(bank)
    for place in (each for each in PLACES if each.kind == kind):
        fed = await honest(feeder, place)
        token = brought(place, fed)
        tries = await attacks(bank, place, token)
        since, answers = newest(bank), dict[tuple[object, ...], str]()
        for name, forgery, _ in tries:
            answer = await ask(bank, place, fed, forgery)
            assert not worked(bank, place, answer), (place, name)
            answers.setdefault(visible(answer), name)
        assert len(answers) == 1, (place, answers)
        events = recorded(bank, since)
        assert len(events) == len(tries), place
        for (name, _, flaw), event in zip(tries, events, strict=True):
            assert remembered(place, event, flaw), (place, name, event)
        honestly = await ask(bank, place, fed, token)
        assert worked(bank, place, honestly), (place, honestly.text)


def test_every_kind_of_token_there_is_was_found() -> None:
    assert KINDS == ["applicant", "client", "code", "refresh_token", "staff", "subscriber", "token"]

"""Who may do what? Every role at every route of staff: each is let in where it belongs and nowhere else."""

import re

import httpx
import pytest

from app.staff.roles import Role
from tests.flows.conftest import Bank

OFFICER, AUDITOR, REVIEWER = {Role.SECURITY_OFFICER}, {Role.AUDITOR}, {Role.REVIEWER}
ALLOWED: dict[tuple[str, str], set[Role]] = {
    ("GET", "/v1/staff/me"): set(Role),
    ("GET", "/v1/staff/people"): OFFICER,
    ("GET", "/v1/staff/proposals"): OFFICER,
    ("GET", "/v1/staff/face-listings"): OFFICER,
    ("POST", "/v1/staff/proposals"): OFFICER,
    ("POST", "/v1/staff/proposals/none/approval"): OFFICER,
    ("POST", "/v1/staff/proposals/none/rejection"): OFFICER,
    ("GET", "/v1/audit/events"): AUDITOR,
    ("PUT", "/v1/staff/me/number"): REVIEWER | OFFICER,
    ("GET", "/v1/reviews"): REVIEWER,
    ("GET", "/v1/reviews/none"): REVIEWER,
    ("POST", "/v1/reviews/none/claim"): REVIEWER,
    ("GET", "/v1/reviews/none/images/none"): REVIEWER,
    ("POST", "/v1/reviews/none/votes"): REVIEWER,
    ("POST", "/v1/proofings/none/in-person"): REVIEWER,
    ("DELETE", "/v1/staff/session"): set(Role),
}


@pytest.mark.parametrize("role", Role)
async def test_a_role_opens_its_own_doors_and_no_other(bank: Bank, role: Role) -> None:
    headers = await bank.staff("rui", role)
    for (method, path), allowed in ALLOWED.items():
        answer = await bank.http.request(method, path, headers=headers)
        assert (answer.status_code != httpx.codes.FORBIDDEN) is (role in allowed), (path, answer.text)


async def test_every_door_asks_for_a_session(bank: Bank) -> None:
    for method, path in ALLOWED:
        answer = await bank.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_no_door_of_staff_is_missing_here(bank: Bank) -> None:
    document = (await bank.http.get("/openapi.json")).json()["paths"]
    guarded = {
        (method.upper(), re.sub(r"{\w+}", "none", path))
        for path, operations in document.items()
        for method, operation in operations.items()
        if any("staff" in each for each in operation.get("security", ()))
    }
    assert guarded == set(ALLOWED)
